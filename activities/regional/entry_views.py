"""The one screen on which an activity is logged or edited, with its warnings and its conflicts."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import slug_re
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cpc.core import clock
from cpc.core.labels import moment_label
from cpc.core.pages import conflict, posted_version
from cpc.core.rendering import Problem, problems
from partners.models import Partnership

from . import entry
from .choices import choices_of
from .comparison import compare
from .forms import ActivityForm
from .history import last_change_of
from .models import Activity
from .permissions import may_edit_activity, may_log_activity, organizations_to_log_for
from .protection import is_exact_for
from .queries import counts_of, last_entry_of, readable, stored_warnings, warnings_about, with_coverage
from .services import Conflict, edit_activity, log_activity
from .views import activity_in_scope, crumbs, never_stored, partnership_in_scope

TEMPLATE = "activities/activity_form.html"


@require_http_methods(["GET", "HEAD", "POST"])
def activity_new(request, partnership):
    partnership = partnership_in_scope(request, partnership)
    may_log_activity(request.user, partnership).require()
    today = clock.today(partnership.time_zone)
    choices = _choices(request, partnership, today)
    context = {"partnership": partnership, "crumbs": crumbs(partnership), "once": _once(request)}
    if request.method != "POST":
        start = _start(request, partnership, choices, today)
        return _form_page(request, ActivityForm(initial=start.pop("initial"), choices=choices), context | start)
    form = ActivityForm(request.POST, choices=choices)
    context["seen"] = request.POST.get("seen", "")
    if not form.is_valid() or _asks_about_warnings(form, partnership, today, context):
        return _form_page(request, form, context)
    try:
        activity = log_activity(
            partnership.pk, actor=request.user, today=today, once=context["once"], counts=form.counts, **form.values
        )
    except ValidationError as error:
        form.add_service_errors(error)
        return _form_page(request, form, context)
    messages.success(request, _("Saved: %(title)s.") % {"title": activity.title})
    if request.POST.get("then") == "another":
        return redirect("activities:new", partnership.key)
    return redirect("activities:detail", partnership.key, activity.key)


@require_http_methods(["GET", "HEAD", "POST"])
def activity_edit(request, partnership, key):
    partnership = partnership_in_scope(request, partnership)
    today = clock.today(partnership.time_zone)
    rows = with_coverage(readable(Activity.objects.all()), today=today)
    activity = activity_in_scope(request, partnership, key, rows)
    may_edit_activity(request.user, activity).require()
    choices, counts = _choices(request, partnership, today), counts_of(activity)
    context = {
        "partnership": partnership,
        "crumbs": crumbs(partnership, activity),
        "activity": activity,
        "version": activity.version,
    }
    stored = entry.from_itself(activity, counts, choices)
    own = {"choices": choices, "also": counts, "also_under": stored["under"]}
    if request.method != "POST":
        found = stored_warnings(activity, today)
        context |= {"warnings": found, "seen": codes_of(found)}
        return _form_page(request, ActivityForm(initial=stored, **own), context)
    form = ActivityForm(request.POST, **own)
    context |= {"version": posted_version(request), "seen": request.POST.get("seen", "")}
    if not form.is_valid() or _asks_about_warnings(form, partnership, today, context):
        return _form_page(request, form, context)
    try:
        edit_activity(activity.pk, actor=request.user, today=today, version=context["version"], counts=form.counts, **form.values)
    except ValidationError as error:
        form.add_service_errors(error)
        return _form_page(request, form, context)
    except Conflict as overtaken:
        return _conflict_page(request, form, overtaken.current, context)
    messages.success(request, _("Saved: %(title)s.") % {"title": form.values["title"]})
    return redirect("activities:detail", partnership.key, activity.key)


def _choices(request, partnership, today):
    return choices_of(
        Partnership.objects.filter(pk=partnership.pk), request.user, today=today,
        only_for=organizations_to_log_for(request.user, partnership),
    )  # fmt: skip


def _once(request) -> str:
    """The name of this one sending of the form; a new one where what came back is none."""
    try:
        return str(uuid.UUID(request.POST.get("once", "")))
    except ValueError:
        return str(uuid.uuid4())


def _start(request, partnership, choices, today) -> dict:
    """What a new form is filled with: the activity of `?from=`, nothing with `?empty=1`, else the last entry of this person."""
    if key := request.GET.get("from"):
        if not slug_re.match(key):
            raise Http404
        other = activity_in_scope(request, partnership, key)
        initial = entry.from_other(other, choices, today, exact=is_exact_for(request.user, other))
        return {"initial": initial, "duplicate_of": other}
    last = None if request.GET.get("empty") else last_entry_of(request.user, partnership)
    if last is None:
        return {"initial": entry.defaults(choices, today)}
    return {"initial": entry.from_last(last, choices, today), "last": last}


def _asks_about_warnings(form, partnership, today, context) -> bool:
    """Whether the form must be shown once more, because it gives rise to warnings that this person has not seen yet."""
    values, region = form.values, form.chosen_region
    found = warnings_about(
        partnership,
        today=today,
        region_name=region and region.name,
        covered_from=region and region.covered_from,
        **{name: values[name] for name in ("state", "starts_on", "ends_on")},
    )
    seen = context["seen"].split()
    is_new = any(concern.code not in seen for concern in found)
    context |= {"warnings": found, "seen": codes_of(found), "asks": is_new}
    return is_new


def codes_of(found) -> str:
    """What the form carries to say which warnings its reader has seen."""
    return " ".join(concern.code for concern in found)


def _form_page(request, form, context):
    context = {"form": form, "grid": form.grid, "problems": _problems(form), **context}
    return never_stored(render(request, TEMPLATE, context))


def _problems(form) -> list[Problem]:
    """The error summary; a cell of the counts is named, as it is above the table."""
    cells = {field.anchor: field.label for field in form.grid.faults}
    return [
        Problem(_("%(cell)s: %(error)s") % {"cell": cells[problem.anchor], "error": problem.message}, problem.anchor)
        if problem.anchor in cells
        else problem
        for problem in problems(form)
    ]


def _conflict_page(request, form, current: Activity, context):
    """Both versions, and the form with what was typed, ready to be saved over the version that is now there."""
    change = last_change_of(current)
    context |= {
        "form": form,
        "grid": form.grid,
        "version": current.version,
        "conflict": {
            "rows": compare(form, current, counts_of(current)),
            "who": change.who or _("a program"),
            "when": moment_label(change.at, current.partnership.time_zone),
        },
        "fresh_url": reverse("activities:edit", args=[current.partnership.key, current.key]),
    }
    return never_stored(conflict(request, TEMPLATE, context))
