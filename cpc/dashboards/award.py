"""An award's page: who receives it, its ledger and period, and what falls due and was reported for it."""

from dataclasses import dataclass

from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activities.deadlines.explain import title_of
from activities.deadlines.lines import TAG_KINDS, off_or_none, tag_of
from activities.deadlines.models import Deadline
from activities.deadlines.queries import gaps_of, rows_of, stale_job_message
from activities.deadlines.status import OPEN, Status
from activities.reporting.models import Report, ReportVersion
from activities.reporting.rules import NOT_STARTED
from cpc.core.dates import PreciseDate
from cpc.core.periods import Period as Days
from funding.awards import ledger
from funding.awards.ledger import lines_of, period_of, with_awarded
from funding.awards.permissions import may_describe
from funding.models import Award, AwardRecipient
from partners.asof import asked_days
from partners.pages import partnership_page
from partners.permissions import may

from .award_parts import Sub, documents_of, history_of, meter_of_sub, spending_of, subs_of

NEWEST = 8  # reports shown at once; the earlier ones open below


@require_safe
@partnership_page("read.awards")
def award_detail(request, partnership, key):
    days, asof = asked_days(request, partnership)
    when = {"as_of": days.as_of, "known_on": days.known_on}
    award, subs = award_with_subs(request.user, partnership, key, when)
    lines = lines_of(award, **when)
    actions = [line.action for line in lines if line.counts]
    recipients = list(AwardRecipient.objects.filter(award=award).select_related("organization", "source"))
    period = period_of(actions)
    reports = reports_of(request.user, award, days)
    invented = {place_of(line.report.organization_id, line.report) for line in reports if line.report.is_sample}
    open_ones, past = deadlines_of(request.user, partnership, award, days, invented)
    return render(
        request,
        "dashboards/award_detail.html",
        {
            "partnership": partnership,
            "days": days,
            "asof": asof,
            "form": asof,
            "award": award,
            "recipients": [Recipient.of(recipient) for recipient in recipients],
            "period": period,
            "standing": period.standing(days.as_of),
            "changes": [Change.of(action) for action in period.changes],
            "lines": lines,
            "balance": balance_of(lines),
            "subs": subs,
            "meter": meter_of_sub(award, recipients, actions, when) if award.level == Award.Level.SUB else None,
            "parent_is_seen": award.parent and Award.objects.visible_to(request.user).filter(pk=award.parent_id).exists(),
            "spending": spending_of(request.user, partnership, award, when),
            "documents": documents_of(award, recipients, lines, when),
            "history": history_of(award, lines),
            "open_deadlines": open_ones,
            "stale": stale_job_message(partnership, today=days.today),
            "past_deadlines": past,
            "gaps": [reason for gap in gaps_of(partnership, [(award, actions, recipients)]) for reason in gap.reasons],
            "may_report": may(request.user, "read.reports", partnership.pk),
            "may_describe": may_describe(request.user, award),
            "may_propose": may(request.user, "money.propose", partnership.pk),
            "reports": reports[:NEWEST],
            "earlier_reports": reports[NEWEST:],
            "crumbs": [crumb] if (crumb := way_back(request, partnership)) else [],
        },
        status=200 if asof.is_valid() else 400,
    )


def award_with_subs(user, partnership, key: str, when: dict) -> tuple[Award, list[Sub]]:
    """The award and what was passed on from it. Raises Http404 for one out of scope or not known yet."""
    family = Award.objects.visible_to(user).filter(Q(key=key) | Q(parent__key=key), partnership=partnership)
    found = list(with_awarded(family, **when).select_related("parent", "pass_through", "source", "partnership"))
    award = next((one for one in found if one.key == key), None)
    if award is None:
        raise Http404
    return award, subs_of(award, [one for one in found if one.key != key], when)


def way_back(request, partnership) -> dict | None:
    """To the funding page, for those who may read it."""
    if not may(request.user, "read.funding", partnership.pk):
        return None
    return {"label": _("Funding"), "url": reverse("funding:list", args=[partnership.key])}


@dataclass(frozen=True)
class Recipient:
    """Who receives the award; `start` and `end` of an own period, None where the award's own holds."""

    row: AwardRecipient
    start: PreciseDate | None
    end: PreciseDate | None

    @classmethod
    def of(cls, row: AwardRecipient) -> "Recipient":
        start = PreciseDate.of(row.start_on, row.start_precision) if row.start_on else None
        end = PreciseDate.of(row.end_on, row.end_precision) if row.end_on else None
        return cls(row, start, end)


@dataclass(frozen=True)
class Change:
    """A step that set or moved the award's period."""

    action: object
    effective: PreciseDate
    start: PreciseDate | None
    end: PreciseDate | None

    @classmethod
    def of(cls, action) -> "Change":
        start = PreciseDate.of(action.start_on, action.start_precision) if action.start_on else None
        end = PreciseDate.of(action.new_end_on, action.new_end_precision) if action.new_end_on else None
        return cls(action, action.effective, start, end)


def balance_of(lines: list[ledger.Line]):
    """What the counting lines add up to; None where no amount of them is known."""
    return lines[-1].balance if lines else None


@dataclass(frozen=True)
class Line:
    """A deadline with its title, and its state in words and look. `is_sample`: an invented report stands behind it."""

    row: Deadline
    title: str
    tag: str
    tag_kind: str
    is_sample: bool

    @classmethod
    def of(cls, row: Deadline, invented: set[tuple]) -> "Line":
        kind = TAG_KINDS.get(row.status, off_or_none(row.status))
        return cls(row, title_of(row), tag_of(row), kind, place_of(row.recipient_id, row) in invented)


def place_of(organization_id: int | None, row) -> tuple:
    """Whose report of which period: what ties a deadline of an award to its report."""
    return organization_id, row.period_from, row.period_to


def deadlines_of(user, partnership, award, days, invented: set[tuple]) -> tuple[list[Line], list[Line]]:
    """The deadlines still open, and those that are over, as they stand today: deadlines follow the present facts."""
    rows = list(rows_of(user, partnership, today=days.today).filter(award=award).exclude(status=Status.SUPERSEDED))
    lines = [Line.of(row, invented) for row in rows]
    return [line for line in lines if line.row.status in OPEN], [line for line in lines if line.row.status not in OPEN]


@dataclass(frozen=True)
class ReportLine:
    report: Report
    period: Days
    state: str


def reports_of(user, award, days) -> list[ReportLine]:
    """Reports begun, and those of periods that have begun, newest first."""
    rows = Report.objects.visible_to(user).filter(award=award).current(days.today).for_list()
    states = {**dict(ReportVersion.State.choices), NOT_STARTED: _("Not yet started")}
    return [ReportLine(report, Days(report.period_from, report.period_to), states[report.state]) for report in rows]
