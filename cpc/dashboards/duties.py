"""What is due and what waits: the card of reports, the next dialogue, and the three alerts at the head of the dashboard."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.deadlines.looking_back import rows_as_of
from activities.deadlines.models import DueDateChange, Kind
from activities.deadlines.permissions import answers_requests
from activities.deadlines.queries import rows_of
from activities.deadlines.status import OPEN, Status
from activities.reporting.labels import organization_name
from activities.reporting.models import Report
from activities.reporting.queries import Standing, reports_overview
from cpc.core.labels import day_label, format_number, locale_of, short_month_label
from cpc.core.money import format_money
from cpc.core.periods import Period
from cpc.core.texts import text_in
from funding.pledges.models import ContributionConfirmation
from partners.asof import Days
from partners.models import Organization, Partnership

N_ALERTS = 3


@dataclass(frozen=True)
class Due:
    """A date of both governments with its state (`status.Status`) on the day asked for."""

    key: str
    kind: str
    due_on: date
    status: str


GOVERNMENT_KINDS = (Kind.TERM_DECISION, Kind.DIALOGUE)


def dates_today(user, partnership, today: date) -> QuerySet:
    """Those that `user` may see, as JSON. `partnership` may be an OuterRef, so that they can stand in another statement."""
    rows = rows_of(user, partnership, today=today).filter(superseded_at=None, kind__in=GOVERNMENT_KINDS)
    return rows.values(json=JSONObject(key="key", kind="kind", due_on="due_on", status="status"))


def dates_of(user, partnership, days: Days, stored: list[dict]) -> list[Due]:
    """The dates of both governments on the day asked for. `stored`: the rows of `dates_today`."""
    if days.is_looking_back:
        rows = rows_as_of(user, partnership, as_of=days.as_of, known_on=days.known_on, of_awards=False)
        return [Due(row.key, row.kind, row.due_on, row.status) for row in rows if row.kind in GOVERNMENT_KINDS]
    return [Due(row["key"], row["kind"], date.fromisoformat(row["due_on"]), row["status"]) for row in stored]


@dataclass(frozen=True)
class Request:
    """A request for a later due day that waits for an officer: for the date with this key, since `asked_at`."""

    key: str
    organization: Organization
    asked_at: datetime
    is_sample: bool


def requests_today(user, partnership_id: int, partnership) -> QuerySet:
    """The requests that `user` may answer, as JSON, the oldest first; one for each report, with the first of its dates.
    `partnership` as in `dates_today`."""
    if not answers_requests(user, partnership_id):
        return DueDateChange.objects.none().values(json=JSONObject())
    owed = {"deadline__partnership": partnership, "deadline__superseded_at": None, "deadline__met_at": None}
    rows = DueDateChange.objects.visible_to(user).waiting().filter(**owed)
    same = DueDateChange.objects.waiting().filter(
        deadline__award=OuterRef("deadline__award"),
        deadline__recipient=OuterRef("deadline__recipient"),
        deadline__period_to=OuterRef("deadline__period_to"),
        deadline__key__lt=OuterRef("deadline__key"),
    )
    rows = rows.filter(~Exists(same)).order_by("asked_at", "deadline__key")[:N_ALERTS]
    names = {name: f"deadline__recipient__{name}" for name in NAMES}
    return rows.values(json=JSONObject(key="deadline__key", asked_at="asked_at", is_sample="deadline__award__is_sample", **names))


NAMES = ("short_name", "name_en", "name_es")


def request_of(fields: dict) -> Request:
    """A row of `requests_today`, instants as JSON has them."""
    organization = Organization(**{name: fields[name] for name in NAMES})
    return Request(fields["key"], organization, datetime.fromisoformat(fields["asked_at"]), fields["is_sample"])


@dataclass(frozen=True)
class ReportsCard:
    """`late` the latest first, `soon` the nearest first. Source of lateness: the standings that list and reminders use."""

    late: list[Standing]
    soon: list[Standing]
    is_sample: bool

    @property
    def sentence(self) -> str:
        if not self.late:
            return _("No report is late.")
        days = self.late[0].days_late
        return ngettext("The oldest is %(n)s day late.", "The oldest is %(n)s days late.", days) % {"n": days}

    @property
    def shown(self) -> list[tuple[Standing, str]]:
        """The most urgent with their names: "ILO, Oct–Dec 2019"."""
        return [(one, f"{one.report.organization}, {short_name(one.report)}") for one in (self.late + self.soon)[:N_SHOWN]]


N_SHOWN = 4


def reports_card(partnership: Partnership, days: Days) -> ReportsCard:
    found = reports_overview(partnership, days.as_of, days.known_on)
    is_sample = any(one.report.is_sample for one in found.overdue + found.due_soon)
    return ReportsCard(found.overdue, found.due_soon, is_sample)


def short_name(report: Report) -> str:
    return _("final report") if report.is_final else short_period(Period(report.period_from, report.period_to))


def short_period(period: Period) -> str:
    """ "Oct–Dec 2019" for a narrow place, "Dec 2019 – Feb 2020" over the turn of a year."""
    first, last = short_month_label(period.first), short_month_label(period.last)
    if first == last:
        return last
    if period.first.year == period.last.year:
        return f"{format_date(period.first, 'MMM', locale=locale_of())}–{last}"
    return f"{first} – {last}"


def next_dialogue(rows: Iterable[Due], as_of: date) -> str:
    """A sentence about the next Bilateral Dialogue, from its deadline; empty where none is due."""
    due = min((row.due_on for row in rows if row.kind == Kind.DIALOGUE and row.status in OPEN), default=None)
    if due is None:
        return ""
    days = (due - as_of).days
    if days < 0:
        text = ngettext("The next Bilateral Dialogue is %(n)s day late", "The next Bilateral Dialogue is %(n)s days late", -days)
        return text % {"n": -days}
    text = ngettext(
        "Next Bilateral Dialogue due in %(n)s day, by %(day)s", "Next Bilateral Dialogue due in %(n)s days, by %(day)s", days
    )
    return text % {"n": days, "day": day_label(due)}


@dataclass(frozen=True)
class Alert:
    """One thing that needs somebody: what to do, with whom, and how late or how long it waits."""

    act: str
    url: str
    who: str
    how_late: str
    is_late: bool
    days: int
    is_sample: bool = False


def late_words(days: int) -> str:
    return ngettext("%(n)s day late", "%(n)s days late", days) % {"n": days}


def alerts_of(partnership, days: Days, *, rows, reports: ReportsCard | None, commitments, waiting, requests=()) -> list[Alert]:
    """The three that matter most: what is late first, the longest first; then what has waited longest.

    `waiting`: contributions of which one government has said nothing yet; `requests`: for a later due day."""
    asked = f"?{days.query}" if days.query else ""
    found = [*_late_reports(partnership, reports), *_late_commitments(partnership, commitments, asked)]
    found += [*_late_dates(partnership, rows, days.as_of), *_waiting(partnership, waiting, days.as_of)]
    found += _requests(partnership, requests, days.as_of)
    return sorted(found, key=lambda alert: (not alert.is_late, -alert.days))[:N_ALERTS]


def _late_reports(partnership, reports):
    for one in reports.late if reports else ():
        act = _("Ask %(who)s for its report") % {"who": one.report.organization}
        yield Alert(act, one.url, short_name(one.report), late_words(one.days_late), True, one.days_late, one.report.is_sample)


def _late_commitments(partnership, card, asked):
    for standing in card.late:
        commitment = standing.commitment
        url = reverse("dialogues:detail", args=[partnership.key, commitment.dialogue.key]) + f"{asked}#{commitment.key}"
        act = _("Ask about: %(text)s") % {"text": _short(str(text_in(commitment, "text")))}
        yield Alert(
            act, url, str(commitment.owner), late_words(standing.days_late), True, standing.days_late, commitment.is_sample
        )


def _late_dates(partnership, rows, as_of):
    for row in rows:
        if row.status == Status.OVERDUE:
            days = (as_of - row.due_on).days
            url = reverse("deadlines:detail", args=[partnership.key, row.key])
            yield Alert(str(Kind(row.kind).label), url, _("Both governments"), late_words(days), True, days)


def _waiting(partnership, waiting, as_of):
    who = text_in(partnership, "host_name") if waiting.side == ContributionConfirmation.Side.HOST else _("U.S.")
    for contribution in waiting.rows:
        days = max((as_of - contribution.known_on).days, 0)
        act = _("Confirm or dispute: %(what)s") % {"what": _what(contribution)}
        url = reverse("pledges:contribution", args=[partnership.key, contribution.key])
        yield Alert(act, url, str(who), waiting_words(days), False, days, contribution.is_sample)


def _requests(partnership, requests, as_of):
    for one in requests:
        days = max((as_of - partnership.day_of(one.asked_at)).days, 0)
        url = reverse("deadlines:answer", args=[partnership.key, one.key])
        act = _("Answer: a later due day is asked for")
        yield Alert(act, url, organization_name(one.organization), waiting_words(days), False, days, one.is_sample)


def waiting_words(days: int) -> str:
    return ngettext("waiting %(n)s day", "waiting %(n)s days", days) % {"n": days}


def _what(contribution) -> str:
    """A contribution in few words: its amount, else how many of what, else the beginning of its own words."""
    if contribution.amount is not None:
        return format_money(contribution.amount, contribution.currency)
    if contribution.quantity is not None:
        return f"{format_number(contribution.quantity)} {contribution.get_kind_display().lower()}"
    return _short(str(text_in(contribution, "words")))


def _short(text: str, most: int = 24) -> str:
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"
