"""An administrator's pages of the account behind an access: its state, and what can be done to it."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cpc.accounts.models import ApiToken
from cpc.accounts.sessions import sessions_of
from cpc.core.pages import conflict
from partners.pages import partnership_page

from . import account_services
from .forms import AccountReasonForm, EmailForm
from .mail import send_account_mail, send_invitation
from .permissions import MANAGE, may_manage_account
from .queries import access_to
from .services import Overtaken
from .views import around, invitation_of


@require_GET
@partnership_page(MANAGE)
def account_detail(request, partnership, pk):
    membership = get_object_or_404(access_to(partnership), pk=pk)
    account = membership.user
    context = {
        "membership": membership,
        "account": account,
        "may": may_manage_account(request.user, account),
        "invitation": invitation_of(account, timezone.now()),
        "has_second_factor": Authenticator.objects.filter(user=account).exists(),
        "n_sessions": sessions_of(account).count(),
        "n_tokens": ApiToken.objects.filter(user=account).count(),
        "roles": access_to(partnership).filter(user=account),
    }
    return render(request, "partners/people/account_detail.html", context | around(partnership))


@require_http_methods(["GET", "HEAD", "POST"])
@partnership_page(MANAGE)
def account_switch_off(request, partnership, pk):
    def act(membership, *, reason):
        account = account_services.switch_off(membership.user_id, actor=request.user, reason=reason)
        return tell(request, "switched_off", account)

    membership = manageable(request, partnership, pk)
    words = {
        "title": _("Switch off the account of %(name)s") % {"name": membership.user},
        "text": _("Nobody signs in with it any more. Sessions end at once, tokens are revoked for good. Roles and what the person"
                  " wrote stay."),
        "submit": _("Switch off"),
        "done": _("The account of %(name)s is switched off.") % {"name": membership.user},
    }  # fmt: skip
    return ask(request, partnership, membership, AccountReasonForm(request.POST or None), act, words)


@require_http_methods(["GET", "HEAD", "POST"])
@partnership_page(MANAGE)
def account_switch_on(request, partnership, pk):
    def act(membership, *, reason):
        account = account_services.switch_on(membership.user_id, actor=request.user, reason=reason, now=timezone.now())
        return tell_or_invite(request, "switched_on", membership, account)

    membership = manageable(request, partnership, pk)
    words = {
        "title": _("Switch on the account of %(name)s") % {"name": membership.user},
        "text": _(
            "The person signs in as before, with the roles that they have. Tokens that were revoked have to be made again."
        ),
        "submit": _("Switch on"),
        "done": _("The account of %(name)s is switched on.") % {"name": membership.user},
    }
    return ask(request, partnership, membership, AccountReasonForm(request.POST or None), act, words)


@require_http_methods(["GET", "HEAD", "POST"])
@partnership_page(MANAGE)
def account_email(request, partnership, pk):
    def act(membership, *, email, seen, reason):
        account = account_services.change_email(
            membership.user_id, actor=request.user, email=email, seen=seen, reason=reason, now=timezone.now()
        )
        if account.invited_at is None:
            tell(request, "email_left", account, to=seen)
        return tell_or_invite(request, "email_changed", membership, account)

    membership = manageable(request, partnership, pk)
    words = {
        "title": _("Change the e-mail of %(name)s") % {"name": membership.user},
        "text": _("The person signs in with the new address. Both addresses get a mail; sessions end, and links sent to the old"
                  " address stop working."),
        "submit": _("Change the e-mail"),
        "done": _("The e-mail of %(name)s is changed.") % {"name": membership.user},
    }  # fmt: skip
    form = EmailForm(request.POST or None, initial={"seen": membership.user.email})
    return ask(request, partnership, membership, form, act, words)


@require_http_methods(["GET", "HEAD", "POST"])
@partnership_page(MANAGE)
def account_second_factor(request, partnership, pk):
    def act(membership, *, reason):
        account = account_services.reset_second_factor(membership.user_id, actor=request.user, reason=reason)
        return tell(request, "second_factor_reset", account)

    membership = manageable(request, partnership, pk)
    words = {
        "title": _("Reset the second factor of %(name)s") % {"name": membership.user},
        "text": _("Only after you have made sure by another way that it is this person who asks: from now on the password alone"
                  " opens the account, until a new app is set up. Sessions end."),
        "submit": _("Reset the second factor"),
        "done": _("The second factor of %(name)s is reset.") % {"name": membership.user},
    }  # fmt: skip
    return ask(request, partnership, membership, AccountReasonForm(request.POST or None), act, words)


def manageable(request, partnership, pk):
    """The access with this number, whose account this reader may manage; 404 or 403."""
    membership = get_object_or_404(access_to(partnership), pk=pk)
    may_manage_account(request.user, membership.user).require()
    return membership


def ask(request, partnership, membership, form, act, words):
    """Asks for the reason, acts, and says what was done. `act` returns whether the mail to the person went out."""
    back = reverse("partners:people-account", args=[partnership.key, membership.pk])
    if request.method == "POST" and form.is_valid():
        try:
            is_sent = act(membership, **form.cleaned_data)
        except Overtaken:
            reason = _("Somebody else changed the account of %(name)s meanwhile.") % {"name": membership.user}
            return conflict(request, "409.html", {"reason": reason})
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, words["done"])
            if not is_sent:
                messages.warning(request, _("The mail about it could not be sent. Tell the person yourself."))
            return redirect(back)
    crumbs = [*around(partnership)["crumbs"], {"label": str(membership.user), "url": back}]
    context = {"partnership": partnership, "form": form, "back": back, "crumbs": crumbs, **words}
    return render(request, "partners/people/account_act.html", context)


def tell(request, act, account, *, to=""):
    return send_account_mail(request, act, account, to=to or account.email)


def tell_or_invite(request, act, membership, account):
    """Somebody who has not answered the invitation gets a new one instead."""
    if account.invited_at is None:
        return tell(request, act, account)
    membership.user = account
    return send_invitation(request, membership)
