"""What pages, the API and other slices read of deadlines: rows with their state, and why a date does not exist."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, DateField, ExpressionWrapper, F, Func, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext as _

from funding.models import Award, AwardRecipient
from partners.models import Organization, Partnership

from .above import Review
from .award_dates import award_dates
from .due import Gap
from .explain import explain_gap
from .facts import PartnershipFacts
from .gather import award_facts
from .jobs import is_stale
from .models import Deadline, DueDateChange, Kind
from .rulebook import shipped
from .status import DUE_SOON_DAYS, ENDS, Status
from .sync import REPORT_KINDS, triple_of

# Reports and commitments stand above the deadlines: who shows both hands the search in. Reader and rows in. Out, by award,
# recipient and period: what has `key`, `state`, `back_due_on` and `is_sample`; by the key of a commitment: an `above.Promise`.
FindReports = Callable[..., Mapping[tuple, object]]


class LocalDay(Func):
    """The civil day of an instant in a zone: `LocalDay(instant, zone)`."""

    template = "(%(expressions)s)::date"
    arg_joiner = " AT TIME ZONE "
    output_field = DateField()


def with_status(rows: QuerySet, day: date | Mapping[str, date]) -> QuerySet:
    """Adds `asked_on`, `met_on` (days in the partnership's zone) and `status` (`status.Status`), which may be filtered by.

    `day`: one for all rows, or the day of each zone by its name, where rows of several partnerships stand in one list. Says in
    SQL what `status.status_on` says."""
    return rows.annotate(asked_on=asked_day(day), met_on=LocalDay("met_at", "partnership__time_zone")).annotate(
        status=Case(
            When(superseded_at__isnull=False, then=Value(Status.SUPERSEDED)),
            When(IS_MET & (Q(met_on__lte=F("due_on")) | IS_BEFORE_RECORDS), then=Value(Status.MET)),
            When(IS_MET, then=Value(Status.MET_LATE)),
            When(IS_BEFORE_RECORDS, then=Value(Status.BEFORE_RECORDS)),
            When(due_on__lt=F("asked_on"), kind__in=ENDS, then=Value(Status.MET)),
            When(due_on__lt=F("asked_on"), then=Value(Status.OVERDUE)),
            When(due_on=F("asked_on"), then=Value(Status.DUE_TODAY)),
            When(due_on__lte=IN_TWO_WEEKS, then=Value(Status.DUE_SOON)),
            default=Value(Status.UPCOMING),
        )
    )


IS_MET = Q(met_on__lte=F("asked_on"))
IS_UNTRACKED = Q(partnership__tracked_from=None)
TRACKED_FROM = F("partnership__tracked_from")
IS_BEFORE_RECORDS = Q(period_to__isnull=False) & (IS_UNTRACKED | Q(period_to__lt=TRACKED_FROM)) | (
    Q(period_to=None) & ~Q(kind__in=ENDS) & Q(due_on__lt=F("asked_on")) & (IS_UNTRACKED | Q(due_on__lt=TRACKED_FROM))
)
IN_TWO_WEEKS = ExpressionWrapper(F("asked_on") + Value(timedelta(days=DUE_SOON_DAYS)), output_field=DateField())


def asked_day(day: date | Mapping[str, date]):
    """`day` as an expression on a row."""
    if isinstance(day, date):
        return Value(day, output_field=DateField())
    whens = [When(partnership__time_zone=zone, then=Value(local)) for zone, local in day.items()]
    return Case(*whens, output_field=DateField())


def with_changes(rows: QuerySet) -> QuerySet:
    """Adds `wanted_on` and `wanted_at`: the later day that somebody asked for, and when, while the request waits for its answer;
    and `granted_on`, the latest day that was granted. Null where there is none."""
    changes = DueDateChange.objects.filter(deadline=OuterRef("pk"))
    waiting, granted = changes.waiting().order_by(), changes.filter(granted_on__isnull=False).order_by("-granted_on")
    return rows.annotate(
        wanted_on=Subquery(waiting.values("wanted_on")[:1]),
        wanted_at=Subquery(waiting.values("asked_at")[:1]),
        granted_on=Subquery(granted.values("granted_on")[:1]),
    )


def attach_changes(rows: list[Deadline], *, day: date) -> None:
    """What `with_changes` adds, for rows that are not stored: as it stood at the end of `day` in each partnership's zone. One
    query."""
    changes = DueDateChange.objects.filter(deadline__key__in=[row.key for row in rows]).order_by("asked_at", "pk")
    by_key = {row.key: row for row in rows}
    for change in changes.select_related("deadline"):
        row = by_key[change.deadline.key]
        asked, decided = row.partnership.day_of(change.asked_at), change.decided_at and row.partnership.day_of(change.decided_at)
        if decided is not None and decided <= day:
            row.granted_on = max(filter(None, (row.granted_on, change.granted_on)), default=None)
        elif asked <= day:
            row.wanted_on, row.wanted_at = change.wanted_on, change.asked_at


def requests_waiting(user, partnership: Partnership) -> list[DueDateChange]:
    """The requests for a later day that wait for an answer, those that `user` may see, the oldest first; one for each report,
    with its earliest date. A request whose report was handed in meanwhile waits no more. One query."""
    dates = Deadline.objects.visible_to(user).filter(partnership=partnership, superseded_at=None, met_at=None)
    rows = DueDateChange.objects.waiting().filter(deadline__in=dates.values("pk"))
    found = {}
    for change in rows.select_related("deadline__award", "deadline__recipient", "asked_by").order_by(
        "asked_at", "deadline__due_on", "deadline__key"
    ):
        change.deadline.partnership = partnership
        found.setdefault(triple_of(change.deadline), change)
    return list(found.values())


def rows_of(user, partnership: Partnership, *, today: date) -> QuerySet:
    """The deadlines of a partnership that `user` may see, with their state today, as a list needs them."""
    rows = Deadline.objects.visible_to(user).filter(partnership=partnership)
    rows = with_changes(with_status(rows, today)).select_related("award", "recipient", "partnership", "superseded_by")
    return rows.order_by("due_on", "key")


def attach_reports(rows: list[Deadline], user, find_reports: FindReports, reviews: Mapping[tuple, Review] | None = None) -> None:
    """Give each row the `report` that discharges it or the `promise` that it is about, as far as `user` may open them, or None,
    and its `review` among `reviews`, if it waits for one. At most two queries."""
    found = find_reports(user, [row for row in rows if row.kind in (*REPORT_KINDS, Kind.COMMITMENT)])
    for row in rows:
        row.promise = found.get(row.subject_key) if row.kind == Kind.COMMITMENT else None
        row.report = found.get(triple_of(row)) if row.kind in REPORT_KINDS else None
        row.review = (reviews or {}).get(triple_of(row)) if row.kind in REPORT_KINDS else None


def rests_on_sample(row: Deadline) -> bool:
    """Whether an invented row of the demonstration (its report, its award, its commitment) stands behind a deadline."""
    return any(one.is_sample for one in (row.report, row.promise, row.award) if one)


@dataclass(frozen=True)
class AwardGaps:
    """An award, and for each date that it lacks whose date that would be (None: the award's own) and why there is none."""

    award: Award
    reasons: tuple[tuple[Organization | None, str], ...]


def gaps_of(partnership: Partnership, loaded) -> list[AwardGaps]:
    """The awards that lack a date, with the reasons. `loaded`: each with its actions in force and its recipients; no
    query."""
    book = shipped()
    facts = PartnershipFacts(partnership.key, partnership.host_country.key)
    found = []
    for award, actions, recipients, *_rest in loaded:
        gaps = [one for one in award_dates(award_facts(award, actions, recipients, book), facts, book) if isinstance(one, Gap)]
        if gaps:
            found.append(AwardGaps(award, tuple(words_of(gaps, recipients))))
    return found


def words_of(gaps: list[Gap], recipients: list[AwardRecipient]):
    organizations = {recipient.organization.key: recipient.organization for recipient in recipients}
    for gap in gaps:
        yield organizations.get(gap.recipient), explain_gap(gap)


def stale_job_message(partnership: Partnership, *, today: date) -> str:
    """What a page and an answer must say while the nightly job has not run for two days in the partnership's zone; else empty."""
    if not is_stale(partnership.time_zone, today=today):
        return ""
    return _("The nightly check of deadlines has not run for two days. Dates may miss what came into force since.")
