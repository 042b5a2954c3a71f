"""Who has access to a partnership: list, invite, change, end."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cpc.accounts.invitations import LIFETIME
from cpc.core.pages import conflict, paginate
from partners.pages import partnership_page
from partners.permissions import may

from . import services
from .forms import ChangeForm, InvitationForm, ReasonForm
from .mail import send_invitation
from .permissions import MANAGE, SEE, may_change
from .queries import access_to


@require_GET
@partnership_page(SEE)
def people_list(request, partnership):
    page = paginate(request, access_to(partnership))
    now = timezone.now()
    rows = [
        {"membership": membership, "may": may_change(request.user, membership), "invitation": invitation_of(membership.user, now)}
        for membership in page
    ]
    context = {
        "partnership": partnership,
        "page": page,
        "rows": rows,
        "manages": may(request.user, MANAGE, partnership.pk),
    }
    return render(request, "partners/people/people_list.html", context)


def invitation_of(user, now):
    """(the instant until which an invitation can be answered, whether that is past) for somebody invited, else None."""
    if user.invited_at is None:
        return None
    until = user.invited_at + LIFETIME
    return until, until < now


@require_http_methods(["GET", "HEAD", "POST"])
@partnership_page(SEE)
def people_invite(request, partnership):
    initial = {"language": request.user.language}
    form = InvitationForm(request.POST or None, actor=request.user, partnership=partnership, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            membership = services.invite(partnership, actor=request.user, now=timezone.now(), **form.values)
        except ValidationError as error:
            form.add_service_errors(error)
        else:
            if not membership.user.is_active:
                sentence = _("%(name)s has the role, but the account is switched off. It stays so until somebody switches it on.")
                messages.warning(request, sentence % {"name": membership.user})
                return redirect("partners:people-account", partnership.key, membership.pk)
            say_sent(request, membership)
            return redirect("partners:people", partnership.key)
    return render(request, "partners/people/people_invite.html", {"form": form, **around(partnership)})


@require_http_methods(["GET", "HEAD", "POST"])
@partnership_page(SEE)
def people_change(request, partnership, pk):
    membership = get_object_or_404(access_to(partnership), pk=pk)
    may_change(request.user, membership).require()
    initial = {
        "role": membership.role,
        "organization": membership.organization.key if membership.organization else "",
        "exact_counts": membership.exact_counts,
        "seen": services.state_of(membership),
    }
    form = ChangeForm(request.POST or None, membership=membership, actor=request.user, partnership=partnership, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_access(membership.pk, actor=request.user, **form.values)
        except services.Overtaken:
            reason = _("Somebody else changed the access of %(name)s meanwhile.") % {"name": membership.user}
            return conflict(request, "409.html", {"reason": reason})
        except ValidationError as error:
            form.add_service_errors(error)
        else:
            messages.success(request, _("The access of %(name)s is changed.") % {"name": membership.user})
            return redirect("partners:people", partnership.key)
    return render(request, "partners/people/people_change.html", {"form": form, "membership": membership, **around(partnership)})


@require_http_methods(["GET", "HEAD", "POST"])
@partnership_page(SEE)
def people_end(request, partnership, pk):
    membership = get_object_or_404(access_to(partnership), pk=pk)
    may_change(request.user, membership).require()
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.end_access(membership.pk, actor=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The access of %(name)s is ended.") % {"name": membership.user})
        return redirect("partners:people", partnership.key)
    return render(request, "partners/people/people_end.html", {"form": form, "membership": membership, **around(partnership)})


@require_POST
@partnership_page(SEE)
def people_invite_again(request, partnership, pk):
    membership = get_object_or_404(access_to(partnership), pk=pk)
    try:
        services.invite_again(membership, actor=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        say_sent(request, membership)
    return redirect("partners:people", partnership.key)


def say_sent(request, membership):
    if send_invitation(request, membership):
        messages.success(request, _("An invitation is on its way to %(email)s.") % {"email": membership.user.email})
    else:
        sentence = _("%(email)s has access, but the mail could not be sent. Send the invitation again later.")
        messages.warning(request, sentence % {"email": membership.user.email})


def around(partnership) -> dict:
    """What the pages below the list share."""
    back = reverse("partners:people", args=[partnership.key])
    return {"partnership": partnership, "back": back, "crumbs": [{"label": _("Who has access"), "url": back}]}
