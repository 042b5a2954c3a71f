"""The pages of activities: list, one activity, log, edit, void."""

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from cpc.core import clock
from cpc.core.pages import paginate
from partners.exports import asks_for_file, file_of
from partners.models import Partnership

from .choices import choices_of
from .export import activity_sheet
from .filters import ActivityFilter
from .forms import VoidForm
from .history import history_of
from .labels import STATE_TAGS, when_label
from .models import Activity
from .permissions import may_edit_activity, may_log_activity, may_read_activities, may_void_activity
from .protection import is_exact_for
from .queries import counts_of, readable, stored_warnings, with_coverage
from .services import void_activity
from .tables import counts_table


def partnership_in_scope(request, key: str) -> Partnership:
    """The partnership, for who may read its activities. Raises Http404 out of scope, else PermissionDenied with the reason."""
    partnership = get_object_or_404(Partnership.objects.visible_to(request.user), key=key)
    may_read_activities(request.user, partnership).require()
    return partnership


def activity_in_scope(request, partnership: Partnership, key: str, queryset=None) -> Activity:
    rows = Activity.objects.all() if queryset is None else queryset
    activity = get_object_or_404(rows.visible_to(request.user), partnership=partnership, key=key)
    activity.partnership = partnership
    return activity


def never_stored(response):
    """Exact figures stay out of the browser's store."""
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
def activity_list(request, partnership):
    partnership = partnership_in_scope(request, partnership)
    today = clock.today(partnership.time_zone)
    choices = choices_of(Partnership.objects.filter(pk=partnership.pk), request.user, today=today)
    rows = Activity.objects.filter(partnership=partnership).visible_to(request.user)
    found = ActivityFilter(request.GET, queryset=rows, request=request, choices=choices)
    if asks_for_file(request):
        return _download(request, partnership, found)
    is_valid = found.is_valid()
    page = paginate(request, found.qs.order_by("-starts_on", "-pk") if is_valid else rows.none())
    # Names and sums are looked up for the rows of this page alone, not for those before it.
    shown = readable(Activity.objects.filter(pk__in=page.object_list.values("pk"))).order_by("-starts_on", "-pk")
    page.object_list = [_shown(row, request.user) for row in shown]
    context = {
        "partnership": partnership,
        "filter": found,
        "form": found.form,
        "page": page,
        "found": _count_line(page.count) if is_valid else "",
        "is_sample": any(row.is_sample for row in page.object_list),
        "is_protected": any(not row.is_exact for row in page.object_list),
        "has_filters": any(found.form[name].value() for name in found.form.fields),
        "may_log": may_log_activity(request.user, partnership),
    }
    return never_stored(render(request, "activities/activity_list.html", context, status=200 if is_valid else 400))


def _download(request, partnership, found):
    """Exactly what the filters find, written while it is read."""
    if not found.is_valid():
        raise BadRequest(" ".join(message for messages in found.form.errors.values() for message in messages))
    rows = readable(found.qs.order_by("-starts_on", "-pk"))
    return never_stored(file_of(request, activity_sheet(request.user), rows, partnership=partnership, filters=found))


def _count_line(n):
    return ngettext("%(n)s activity", "%(n)s activities", n) % {"n": n}


def _shown(activity: Activity, user) -> Activity:
    """The row with what its reader may see of it: `is_exact`, `when` and how its state is tagged."""
    activity.is_exact = is_exact_for(user, activity)
    activity.when = when_label(activity, exact=activity.is_exact)
    activity.state_tag = STATE_TAGS[activity.state]
    return activity


@require_safe
def activity_detail(request, partnership, key):
    partnership = partnership_in_scope(request, partnership)
    today = clock.today(partnership.time_zone)
    rows = with_coverage(readable(Activity.objects.all()), today=today)
    activity = _shown(activity_in_scope(request, partnership, key, rows), request.user)
    may_edit = may_edit_activity(request.user, activity)
    counts = counts_of(activity)
    context = {
        "partnership": partnership,
        "activity": activity,
        "table": counts_table(counts, exact=activity.is_exact),
        "warnings": stored_warnings(activity, today) if may_edit else [],
        "history": history_of(activity, request.user),
        "may_log": may_log_activity(request.user, partnership),
        "may_edit": may_edit,
        "may_void": may_void_activity(request.user, activity),
        "crumbs": crumbs(partnership),
    }
    return never_stored(render(request, "activities/activity_detail.html", context))


def crumbs(partnership: Partnership, activity: Activity | None = None) -> list[dict]:
    trail = [{"label": _("Activities"), "url": reverse("activities:list", args=[partnership.key])}]
    if activity is not None:
        trail.append({"label": activity.title, "url": reverse("activities:detail", args=[partnership.key, activity.key])})
    return trail


@require_http_methods(["GET", "HEAD", "POST"])
def activity_void(request, partnership, key):
    partnership = partnership_in_scope(request, partnership)
    activity = activity_in_scope(request, partnership, key)
    may_void_activity(request.user, activity).require()
    form = VoidForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            void_activity(activity.pk, actor=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error("reason", error.messages)
        else:
            messages.success(request, _("Voided. The activity stays readable and is counted nowhere."))
            return redirect("activities:detail", partnership.key, activity.key)
    context = {"partnership": partnership, "activity": activity, "form": form, "crumbs": crumbs(partnership, activity)}
    return render(request, "activities/activity_void.html", context)
