"""The acts on a contribution: enter it, put it right, void it; confirm or dispute it for the own government."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import slug_re
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cpc.core import clock
from cpc.core.labels import day_label
from cpc.core.pages import conflict
from cpc.core.texts import text_in
from partners.pages import partnership_page
from partners.permissions import memberships_of

from . import services
from .choices import choices_of
from .comparison import compare
from .forms import ContributionForm, DisputeForm, ReasonForm, ReplacementForm, from_itself, from_last
from .history import side_name
from .models import Contribution
from .permissions import may_change_contribution, may_enter_contribution, may_speak, side_of
from .queries import last_entry_of, with_life

FORM = "funding/contribution_form.html"


@require_http_methods(["GET", "HEAD", "POST"])
@partnership_page("read.pledges")
def contribution_new(request, partnership):
    may_enter_contribution(request.user, partnership).require()
    today = clock.today(partnership.time_zone)
    choices = choices_of(partnership, today)
    own = {"choices": choices, "partnership": partnership, "today": today}
    context = {"partnership": partnership, "once": once_of(request)}
    if request.method != "POST":
        start = start_of(request, partnership, choices)
        return render(request, FORM, context | {"form": ContributionForm(initial=start.pop("initial"), **own), **start})
    form = ContributionForm(request.POST, **own)
    if form.is_valid():
        try:
            row = services.enter_contribution(partnership.pk, form.given, actor=request.user, today=today, once=context["once"])
        except ValidationError as error:
            form.add_service_errors(error)
        else:
            return saved(request, partnership, row)
    return render(request, FORM, context | {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@partnership_page("read.pledges")
def contribution_replace(request, partnership, key):
    """Put a row right: the form starts from it, and what is sent becomes a new row while the old one is voided."""
    old, today = row_of(request, partnership, key), clock.today(partnership.time_zone)
    may_enter_contribution(request.user, partnership).require()
    choices = choices_of(partnership, today, also=old)
    own = {"choices": choices, "partnership": partnership, "today": today}
    context = {"partnership": partnership, "contribution": old, "once": once_of(request)}
    if request.method != "POST":
        may_change_contribution(request.user, old).require()
        return render(request, FORM, context | {"form": ReplacementForm(initial=from_itself(old, choices), **own)})
    form = ReplacementForm(request.POST, **own)
    if not form.is_valid():
        return render(request, FORM, context | {"form": form})
    try:
        row = services.replace_contribution(
            old.pk, form.given, actor=request.user, today=today, reason=form.cleaned_data["reason"], once=context["once"]
        )
    except ValidationError as error:
        form.add_service_errors(error)
        return render(request, FORM, context | {"form": form})
    except services.Overtaken:
        return overtaken(request, partnership, key, form, context)
    return saved(request, partnership, row)


@require_http_methods(["GET", "HEAD", "POST"])
@partnership_page("read.pledges")
def contribution_void(request, partnership, key):
    row, today = row_of(request, partnership, key), clock.today(partnership.time_zone)
    may_change_contribution(request.user, row).require()
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.void_contribution(row.pk, actor=request.user, today=today, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error("reason", error.error_dict["reason"])
        else:
            messages.success(request, _("Voided. It counts nowhere and stays readable with your reason."))
            return redirect("pledges:contribution", partnership.key, row.key)
    return render(request, "funding/contribution_void.html", {"partnership": partnership, "contribution": row, "form": form})


@require_POST
@partnership_page("read.pledges")
def contribution_confirm(request, partnership, key):
    """One click; the second of two writes nothing. From the list of what waits it leads back there."""
    row = row_of(request, partnership, key)
    word = services.confirm_contribution(row.pk, actor=request.user, today=clock.today(partnership.time_zone))
    said = {"side": side_name(partnership, word.side), "what": text_in(row, "words")}
    messages.success(request, _("Confirmed for %(side)s: %(what)s.") % said)
    if request.POST.get("then") == "list":
        return redirect(reverse("pledges:list", args=[partnership.key]) + "#waiting")
    return redirect("pledges:contribution", partnership.key, row.key)


@require_http_methods(["GET", "HEAD", "POST"])
@partnership_page("read.pledges")
def contribution_dispute(request, partnership, key):
    row, today = row_of(request, partnership, key), clock.today(partnership.time_zone)
    may_speak(request.user, row).require()
    form = DisputeForm(request.POST or None, contribution=row)
    if request.method == "POST" and form.is_valid():
        try:
            services.dispute_contribution(row.pk, actor=request.user, today=today, **form.cleaned_data)
        except ValidationError as error:
            for name, errors in error.error_dict.items():
                form.add_error(name if name in form.fields else None, errors)
        else:
            messages.success(request, _("Disputed. Both values stand side by side until the governments agree."))
            return redirect("pledges:contribution", partnership.key, row.key)
    side = side_name(partnership, side_of(request.user, partnership.pk))
    return render(
        request,
        "funding/contribution_dispute.html",
        {"partnership": partnership, "contribution": row, "form": form, "side": side},
    )


def row_of(request, partnership, key) -> Contribution:
    """The contribution of that key, in force or void; 404 where the reader knows of none."""
    rows = with_life(Contribution.objects.visible_to(request.user), known_on=clock.today(partnership.time_zone))
    return get_object_or_404(rows, partnership=partnership, key=key)


def once_of(request) -> str:
    """The name of this one sending of the form; a new one where what came back is none."""
    try:
        return str(uuid.UUID(request.POST.get("once", "")))
    except ValueError:
        return str(uuid.uuid4())


def start_of(request, partnership, choices) -> dict:
    """What a new form is filled with: the contribution of `?from=`, nothing with `?empty=1`, else the last entry of this
    person."""
    if key := request.GET.get("from"):
        if not slug_re.match(key):
            raise Http404
        other = row_of(request, partnership, key)
        return {"initial": from_itself(other, choices), "duplicate_of": other}
    last = None if request.GET.get("empty") else last_entry_of(request.user, partnership)
    return {"initial": from_last(last, choices, own_entity(request.user, partnership)), "last": last}


def own_entity(user, partnership) -> str:
    """The key of the organization for which `user` speaks here, if there is one."""
    named = (m.organization for m in memberships_of(user) if m.partnership_id == partnership.pk and m.organization)
    return next((organization.key for organization in named), "")


def saved(request, partnership, row):
    messages.success(request, _("Saved: %(what)s. Nobody has confirmed it yet.") % {"what": text_in(row, "words")})
    if request.POST.get("then") == "another":
        return redirect("pledges:contribution-new", partnership.key)
    return redirect("pledges:contribution", partnership.key, row.key)


def overtaken(request, partnership, key, form, context):
    """409: what was typed beside the row that stands there now. Sent again it corrects that row; where there is none any more,
    it is a new entry."""
    old = row_of(request, partnership, key)
    current = newest(request, partnership, old)
    route, args = ("pledges:contribution-replace", [partnership.key, current.key]) if current else (
        "pledges:contribution-new", [partnership.key]
    )  # fmt: skip
    void = old.voided_by
    context |= {
        "form": form,
        "contribution": current,
        "action": reverse(route, args=args),
        "conflict": {
            "rows": compare(form, current) if current else [],
            "who": void.entered_by or _("a program"),
            "when": day_label(void.known_on),
            "reason": void.reason,
        },
        "fresh_url": reverse("pledges:contribution", args=[partnership.key, (current or old).key]),
    }
    return conflict(request, FORM, context)


def newest(request, partnership, row: Contribution) -> Contribution | None:
    """The row that stands in the place of `row` today; None where it was voided for good."""
    while row is not None and hasattr(row, "voided_by"):
        row = row_of(request, partnership, row.replaced_by.key) if hasattr(row, "replaced_by") else None
    return row
