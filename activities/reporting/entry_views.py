"""Pages of who fills in a report: begin it, check the answers, certify and submit, withdraw."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cpc.core import clock
from cpc.core.periods import Period

from . import drafts, moves
from .completeness import tasks_of
from .contents import read_contents
from .forms import CertifyForm, WithdrawForm
from .pages import Opened, not_now, posted_moves, report_page, started
from .permissions import may_move, may_prepare
from .rules import SUBMITTED
from .services import open_report
from .signed_out import gives_back
from .task_views import award_facts
from .views import contents_context


@gives_back("reports:detail")
@require_POST
@report_page
def report_open(request, opened: Opened):
    """Begin the report; the first task follows."""
    report = opened.report
    may_prepare(request.user, report, None).require()
    period = Period(report.period_from, report.period_to)
    open_report(report.award, report.organization, period, actor=request.user, at=clock.now(opened.partnership.time_zone))
    return redirect(opened.url("detail"))


@require_safe
@report_page
@started
def report_check(request, opened: Opened):
    """Every answer on one page, each with its way to change it, before the report is certified."""
    if (elsewhere := not_now(request, opened, may_prepare(request.user, opened.report, opened.version))) is not None:
        return elsewhere
    contents = read_contents(opened.report, opened.version)
    tasks = tasks_of(contents, is_final=opened.report.is_final)
    context = opened.context | contents_context(opened, opened.version)
    context |= award_facts(opened) | {
        "crumbs": opened.crumbs(),
        "tasks": tasks,
        "unfinished": [task for task in tasks if not task.is_completed],
        "may_submit": may_move(request.user, opened.report, opened.version, "submit"),
    }
    return render(request, "activities/report_check.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@report_page
@started
def report_submit(request, opened: Opened):
    """Certify and submit. Sent twice, it gives the same receipt."""
    may = may_move(request.user, opened.report, opened.version, "submit")
    if may.code == "state" and was_sent_by(request.user, opened.version):
        return redirect(opened.url("receipt"))
    if (elsewhere := not_now(request, opened, may)) is not None:
        return elsewhere
    contents = read_contents(opened.report, opened.version)
    unfinished = [task for task in tasks_of(contents, is_final=opened.report.is_final) if not task.is_completed]
    form = CertifyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            at = clock.now(opened.partnership.time_zone)
            moves.submit(opened.version.pk, actor=request.user, at=at, certified=True, seen=posted_moves(request))
        except ValidationError as error:
            form.add_error(None, error)
        except drafts.Overtaken as overtaken:
            if not was_sent_by(request.user, overtaken.version):
                raise
            return redirect(opened.url("receipt"))
        else:
            return redirect(f"{opened.url('receipt')}?saved=all")
    context = opened.context | {"crumbs": opened.crumbs(), "form": form, "unfinished": unfinished}
    return render(request, "activities/report_submit.html", context)


def was_sent_by(user, version) -> bool:
    """Whether the second of two clicks comes here: the report is already submitted, by the same person."""
    return version.state == SUBMITTED and version.certified_by_id == user.pk


@gives_back("reports:withdraw")
@require_http_methods(["GET", "HEAD", "POST"])
@report_page
@started
def report_withdraw(request, opened: Opened):
    """Take the report back before anybody reviews it; asks once more."""
    if (elsewhere := not_now(request, opened, may_move(request.user, opened.report, opened.version, "withdraw"))) is not None:
        return elsewhere
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        at = clock.now(opened.partnership.time_zone)
        comment = form.cleaned_data["comment"]
        moves.withdraw(opened.version.pk, actor=request.user, at=at, comment=comment, seen=posted_moves(request))
        messages.success(request, _("Withdrawn. The report is a draft again, and its due day counts as before."))
        return redirect(opened.url("detail"))
    context = opened.context | {"crumbs": opened.crumbs(), "form": form}
    return render(request, "activities/report_withdraw.html", context)
