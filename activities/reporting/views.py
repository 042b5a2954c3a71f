"""Pages to read reports: the list, one report with its tasks and acts, the contents of a version, the receipt."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from activities.deadlines.changes import waiting_among
from activities.deadlines.explain import explain
from activities.deadlines.permissions import may_ask
from cpc.core import clock
from cpc.core.pages import paginate
from partners.exports import asks_for_file, file_of
from partners.pages import partnership_page

from .completeness import tasks_of
from .contents import read_contents
from .export import report_sheet
from .filters import ReportFilter
from .labels import (
    NARRATIVE_HINTS,
    STATE_KINDS,
    STATE_LABELS,
    lateness_kind,
    lateness_label,
    name_of,
    organization_name,
    parts_label,
    place_label,
    report_title,
    where_labels,
)
from .models import Report, Transition
from .moves import receipt_of
from .pages import Opened, history_lines, place_of, report_page, started
from .permissions import PREPARE, acts_of
from .queries import deadlines_of, history_of, standing_of, submissions_of
from .rules import FINANCIAL, NARRATIVES
from .showing import Figures, lines_of, tables_of

WASHINGTON = "America/New_York"


@require_safe
@partnership_page("read.reports")
def report_list(request, partnership):
    """Every report that this reader may see, the newest period first; as a file with `?format=csv` or `xlsx`."""
    today = clock.today(partnership.time_zone)
    rows = Report.objects.visible_to(request.user).filter(partnership=partnership).current(today).for_list()
    found = ReportFilter(request.GET, queryset=rows, request=request, partnership=partnership)
    is_valid = found.is_valid()
    if asks_for_file(request):
        if not is_valid:
            raise BadRequest(_("This list comes as a file only with filters that it knows."))
        return file_of(request, report_sheet(clock.today), found.qs, partnership=partnership, filters=found)
    page = paginate(request, found.qs if is_valid else rows.none())
    page.object_list = list(shown_rows(page.object_list, today))
    context = {
        "partnership": partnership,
        "filter": found,
        "form": found.form,
        "page": page,
        "found": found_label(page) if is_valid else "",
        "is_sample": any(row.is_sample for row in page.object_list),
        "has_filters": any(found.form[name].value() for name in found.form.fields),
    }
    return render(request, "activities/report_list.html", context, status=200 if is_valid else 400)


def shown_rows(reports, today):
    """Each row with its standing and its words."""
    for report in reports:
        report.standing = standing_of(report, today=today)
        report.title = report_title(report)
        report.organization_name = organization_name(report.organization)
        report.award_title = name_of(report.award, "title")
        report.state_label, report.state_kind = STATE_LABELS[report.state], STATE_KINDS[report.state]
        report.late_label, report.late_kind = lateness_label(report.standing), lateness_kind(report.standing)
        yield report


def found_label(page) -> str:
    n = page.count
    return ngettext("%(n)s report", "%(n)s reports", n) % {"n": n}


@require_safe
@report_page
def report_detail(request, opened: Opened):
    """One report: its tasks for who fills it in, what this reader may do and why not the rest, when it is due and why, its
    moves."""
    report, version = opened.report, opened.version
    acts = acts_of(request.user, report, version)
    may = next(act.may for act in acts if act.name == PREPARE)
    versions = list(report.versions.all()) if version else []
    contents = read_contents(report, version) if version else None
    tasks = tasks_of(contents, is_final=report.is_final) if contents else []
    dates = list(deadlines_of(report).select_related("partnership").order_by("due_on", "key"))
    context = opened.context | {
        "crumbs": opened.crumbs(inner=False),
        "acts": {act.name: act.may for act in acts},
        "refused": [act for act in acts if not act.may],
        "can_do": version
        and (len(versions) > 1 or any(act.may for act in acts if act.name not in (PREPARE, "submit")) or not may),
        "groups": task_groups(tasks),
        "n_done": sum(task.is_completed for task in tasks),
        "n_tasks": len(tasks),
        "n_problems": sum(bool(task.problems) for task in tasks),
        "is_ready": bool(tasks) and all(task.is_completed for task in tasks),
        "items": open_questions(contents),
        "dates": [(date, explain(date) if date.inputs else None) for date in dates],
        **later_day(request.user, dates, clock.today(opened.partnership.time_zone)),
        "history": history_lines(opened, history_of(report), request.user),
        "versions": versions,
    }
    return render(request, "activities/report_detail.html", context)


def later_day(user, dates, today) -> dict:
    """Whether this reader may ask for a later due day, for which date, and the request that waits for its answer."""
    if not dates:
        return {}
    waiting = next(iter(waiting_among(dates)), None)
    return {"asks_for": dates[0], "may_ask": may_ask(user, dates[0], today=today, waiting=waiting), "waiting": waiting}


def task_groups(tasks):
    """The tasks under three heads, as a person goes through them."""
    groups = [(_("1. Check"), tasks[:1]), (_("2. Report"), tasks[1:])]
    return [group for group in groups if group[1]]


def open_questions(contents) -> list:
    """The return items of the last round, with the words for their places."""
    if contents is None:
        return []
    last = [item for item in contents.items if item.round == contents.round]
    places = where_labels(contents) if last else {}
    return [(item, place_label(contents, item.section_key, item.field, places)) for item in last]


@require_safe
@report_page
@started
def report_contents(request, opened: Opened, number: int):
    """What stands in a version, to read and to print; a version that was submitted stays readable for good."""
    version = get_object_or_404(opened.report.versions.select_related("certified_by", "reviewer"), number=number)
    context = opened.context | contents_context(opened, version)
    return render(request, "activities/report_contents.html", context | {"crumbs": opened.crumbs(), "shown_version": version})


def contents_context(opened: Opened, version) -> dict:
    """Everything in a version, in the words of this reader."""
    contents = read_contents(opened.report, version)
    sections = contents.sections
    return {
        "contents": contents,
        "tables": tables_of(contents.blocks, Figures(opened.report), exact=opened.exact),
        "texts": [
            {"key": task.key, "title": task.title, "hint": NARRATIVE_HINTS[task.key], "section": sections.get(task.key)}
            for task in tasks_of(contents, is_final=opened.report.is_final)
            if task.key in NARRATIVES
        ],
        "lines": lines_of(contents) if FINANCIAL in contents.keys else [],
        "financial": contents.financial,
        "currency": opened.report.award.currency,
        "award_title": name_of(opened.report.award, "title"),
    }


@require_safe
@report_page
@started
def report_receipt(request, opened: Opened):
    """What the partner keeps: the number of the submission, who certified, when in both capitals, and what comes next."""
    submissions = submissions_of(opened.version)
    if opened.version.submitted_at is None or not submissions:
        messages.info(request, _("This report is not submitted, so there is no receipt."))
        return redirect(opened.url("detail"))
    last: Transition = submissions[-1]
    context = opened.context | {
        "crumbs": opened.crumbs(),
        "submission": last,
        "number": receipt_of(opened.report, opened.version, len(submissions)),
        "parts": parts_label(read_contents(opened.report, opened.version).parts),
        "washington": WASHINGTON,
        "host_place": place_of(opened.partnership.time_zone),
    }
    return render(request, "activities/report_receipt.html", context)
