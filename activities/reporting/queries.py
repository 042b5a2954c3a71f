"""What pages, the API and the roof read of reports: where each stands on a day, and what a partner owes."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from activities.deadlines.models import Deadline
from activities.deadlines.queries import LocalDay, asked_day
from activities.deadlines.rulebook import shipped
from cpc.core.periods import Period
from partners.models import Partnership, organizations_of

from .models import REPORT_KINDS, Report, ReportVersion, Transition
from .rules import ACCEPTED, DRAFT, EDITABLE, NOT_STARTED, RETURNED, days_late, is_before_records

SOON_DAYS = 14
NEXT_ACTS = {NOT_STARTED: gettext_lazy("Start"), DRAFT: gettext_lazy("Go on"), RETURNED: gettext_lazy("Answer")}


@dataclass(frozen=True)
class Standing:
    """Where a report stands on a day. `due_on` None: nothing asks for it any more. `days_late` counts to the submission, or
    to the day while the report is with its partner; `days_left` is negative once the due day is past. `parts` is what is
    owed."""

    report: Report
    state: str
    due_on: date | None
    submitted_on: date | None
    days_late: int
    days_left: int | None
    is_before_records: bool
    parts: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_with_partner(self) -> bool:
        return self.state == NOT_STARTED or self.state in EDITABLE

    @property
    def is_overdue(self) -> bool:
        return self.is_with_partner and self.days_late > 0

    @property
    def is_due_soon(self) -> bool:
        return (
            self.is_with_partner
            and not self.is_before_records
            and self.days_left is not None
            and 0 <= self.days_left <= SOON_DAYS
        )

    @property
    def period(self) -> Period:
        return Period(self.report.period_from, self.report.period_to)

    @property
    def next_act(self) -> str:
        """What its organization does next, in words; empty while the report is with the officer or accepted."""
        return str(NEXT_ACTS.get(self.state, ""))

    @property
    def url(self) -> str:
        return reverse("reports:detail", args=[self.report.partnership.key, self.report.key])


def standing_of(report: Report, *, today: date, parts: frozenset[str] = frozenset()) -> Standing:
    """The standing of a row of `with_state()`, today. The report's partnership must be loaded."""
    zone = ZoneInfo(report.partnership.time_zone)
    submitted_on = report.submitted_at and report.submitted_at.astimezone(zone).date()
    return _standing(report, report.state, report.due_on, submitted_on, today, parts)


def _standing(report, state, due_on, submitted_on, today, parts=frozenset()) -> Standing:
    before = is_before_records(report.period_to, report.partnership.tracked_from)
    late = days_late(state=state, due_on=due_on, submitted_on=submitted_on, today=today, before_records=before)
    left = None if due_on is None else (due_on - today).days
    return Standing(report, state, due_on, submitted_on, late, left, before, parts)


def late_reports(rows: QuerySet, days: Mapping[str, date]) -> QuerySet:
    """The rows of `with_state()` that are late, or were sent late. `days` is the day in each zone. Says in SQL what
    `days_late` says."""
    with_partner = Q(state__in=[NOT_STARTED, *EDITABLE])
    tracked = Q(partnership__tracked_from__isnull=False, period_to__gte=F("partnership__tracked_from"))
    rows = rows.annotate(asked_on=asked_day(days), submitted_on=LocalDay("submitted_at", "partnership__time_zone"))
    return rows.filter(tracked & (with_partner & Q(due_on__lt=F("asked_on")) | ~with_partner & Q(due_on__lt=F("submitted_on"))))


def owed_by(user, partnership: Partnership, today: date) -> list[Standing]:
    """What the organizations that `user` speaks for owe in a partnership, most urgent first: every report whose period has
    begun and that is not with the officer, with its parts; none from before records unless it was begun. Two queries, and one
    for the memberships."""
    rows = Report.objects.filter(partnership=partnership, organization__in=organizations_of(user)).current(today).for_list()
    parts = parts_by_report(partnership)
    found = [standing_of(report, today=today, parts=parts[_triple(report)]) for report in rows]
    owed = [one for one in found if one.is_with_partner and one.due_on and (one.state in EDITABLE or not one.is_before_records)]
    return sorted(owed, key=lambda one: (one.due_on, one.report.key))


def parts_by_report(partnership: Partnership) -> dict[tuple, frozenset[str]]:
    """What each report must hold, by award, organization and period, as the open deadlines ask for it; one query."""
    parts_of_rule = {rule.id: rule.report for rule in shipped().rules}
    found = defaultdict(frozenset)
    rows = Deadline.objects.open().filter(partnership=partnership, kind__in=REPORT_KINDS)
    for *triple, rule in rows.values_list("award", "recipient", "period_from", "period_to", "rule"):
        if part := parts_of_rule.get(rule):
            found[tuple(triple)] |= {part}
    return found


@dataclass(frozen=True)
class Overview:
    """The reports of a partnership on a day. `overdue` the latest first, `due_soon` the nearest first, `waiting` for an
    officer."""

    as_of: date
    overdue: list[Standing]
    due_soon: list[Standing]
    waiting: list[Standing]

    @property
    def is_sample(self) -> bool:
        return any(one.report.is_sample for one in [*self.overdue, *self.due_soon, *self.waiting])


def reports_overview(partnership: Partnership, as_of: date, known_on: date | None = None) -> Overview:
    """How the reports of a partnership stood at the end of `as_of`, as far as could be known at the end of `known_on` (default:
    the same), days in its zone. Two queries."""
    found = standings_on(partnership, as_of, known_on)
    overdue = sorted((one for one in found if one.is_overdue), key=lambda one: -one.days_late)
    soon = sorted((one for one in found if one.is_due_soon), key=lambda one: one.due_on)
    return Overview(as_of, overdue, soon, [one for one in found if not one.is_with_partner and one.state != ACCEPTED])


def standings_on(partnership: Partnership, as_of: date, known_on: date | None = None) -> list[Standing]:
    """Every report of an award known by `known_on` (default: `as_of`) whose period had begun by `as_of`, as its moves up to both
    days say it stood. The due day of a report that was not begun is the one known today: deadlines keep no past."""
    zone, known_on = ZoneInfo(partnership.time_zone), known_on or as_of
    last, submitted = _last_moves(partnership, end_of(min(as_of, known_on), zone))
    found = []
    rows = Report.objects.filter(partnership=partnership, award__known_on__lte=known_on)
    for report in rows.current(as_of).for_list():
        move = last.get(report.pk)
        if move is None and report.period_from > as_of:
            continue
        at = submitted.get(report.pk)
        state, own_due = (move.end, move.own_due_on) if move else (NOT_STARTED, None)
        found.append(_standing(report, state, own_due or report.first_due_on, at and at.astimezone(zone).date(), as_of))
    return found


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The first instant after `day`."""
    return datetime.combine(day + timedelta(days=1), time.min, zone)


def _last_moves(partnership: Partnership, before: datetime) -> tuple[dict[int, Transition], dict[int, datetime]]:
    """By report: its newest move before an instant, carrying the own due day in force, and when its newest version was
    submitted."""
    last: dict[int, Transition] = {}
    submitted: dict[int, datetime] = {}
    rows = Transition.objects.filter(version__report__partnership=partnership, at__lt=before).select_related("version")
    for move in rows.defer("contents").order_by("version__number", "at", "pk"):
        report = move.version.report_id
        previous = last.get(report)
        same_version = previous is not None and previous.version_id == move.version_id
        move.own_due_on = move.due_on or (previous.own_due_on if same_version else None)
        last[report] = move
        if move.move == "submit":
            submitted[report] = move.at
        elif move.move in ("withdraw", "reopen"):
            submitted.pop(report, None)
    return last, submitted


def deadlines_of(report: Report) -> QuerySet:
    """The open deadlines that one report discharges."""
    return Deadline.objects.open().filter(
        award=report.award_id,
        recipient=report.organization_id,
        period_from=report.period_from,
        period_to=report.period_to,
        kind__in=REPORT_KINDS,
    )


def history_of(report: Report) -> list[Transition]:
    """Every move of every version, newest first."""
    rows = Transition.objects.filter(version__report=report).select_related("actor", "version").defer("contents")
    return list(rows.order_by("-at", "-pk"))


def submissions_of(version: ReportVersion) -> list[Transition]:
    """The submissions of a version with what each froze, oldest first."""
    return list(version.transitions.filter(move="submit").select_related("actor").order_by("at", "pk"))


def _triple(report: Report) -> tuple:
    return report.award_id, report.organization_id, report.period_from, report.period_to
