"""What is due and what waits: the card of reports, the next dialogue, and the three alerts at the head of the dashboard."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.deadlines.looking_back import rows_as_of
from activities.deadlines.models import Deadline, Kind
from activities.deadlines.queries import rows_of
from activities.deadlines.status import DUE_SOON_DAYS, OPEN, Status
from activities.deadlines.sync import REPORT_KINDS
from cpc.core.labels import day_label, period_label
from cpc.core.periods import Period
from cpc.core.texts import text_in
from partners.asof import Days

N_ALERTS = 3


def deadlines_on(user, partnership, days: Days) -> list[Deadline]:
    """The deadlines that `user` may see with their `status` on the day asked for."""
    if days.is_looking_back:
        return rows_as_of(user, partnership, as_of=days.as_of, known_on=days.known_on)
    return list(rows_of(user, partnership, today=days.today).filter(superseded_at=None))


@dataclass(frozen=True)
class Owed:
    """One report that is open: performance and financial report of one period are one thing to hand in."""

    recipient: str
    period: str
    due_on: date
    days_late: int
    key: str
    is_late: bool

    @property
    def label(self) -> str:
        return f"{self.recipient}, {self.period}"


@dataclass(frozen=True)
class ReportsCard:
    late: list[Owed]
    soon: list[Owed]
    n_open: int

    @property
    def sentence(self) -> str:
        if not self.late:
            return _("No report is late.")
        days = self.late[0].days_late
        return ngettext("The oldest is %(n)s day late.", "The oldest is %(n)s days late.", days) % {"n": days}

    @property
    def shown(self) -> list[Owed]:
        return (self.late + self.soon)[:4]


def reports_card(rows: Iterable[Deadline], as_of: date) -> ReportsCard:
    """The open reports of `rows`, oldest first. Source of lateness: the deadlines' own states."""
    triples = {}
    for row in rows:
        if row.kind in REPORT_KINDS and row.status in OPEN:
            triples.setdefault((row.award_id, row.recipient_id, row.period_from, row.period_to), row)
    owed = [_owed(row, as_of) for row in sorted(triples.values(), key=lambda row: (row.due_on, row.key))]
    return ReportsCard(
        late=[one for one in owed if one.is_late],
        soon=[one for one in owed if not one.is_late and (one.due_on - as_of).days <= DUE_SOON_DAYS],
        n_open=len(owed),
    )


def _owed(row: Deadline, as_of: date) -> Owed:
    return Owed(
        recipient=str(row.recipient),
        period=period_label(Period(row.period_from, row.period_to)),
        due_on=row.due_on,
        days_late=(as_of - row.due_on).days,
        key=row.key,
        is_late=row.due_on < as_of,
    )


def next_dialogue(rows: Iterable[Deadline], as_of: date) -> str:
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


def alerts_of(partnership, *, rows, reports: ReportsCard | None, commitments, waiting) -> list[Alert]:
    """The three that matter most: what is late first, the longest first; then what has waited longest.

    `waiting`: (contribution, days since it was entered) of those that the United States has not confirmed."""
    found = [*_late_reports(partnership, reports), *_late_commitments(partnership, commitments), *_late_dates(partnership, rows)]
    found += _waiting(partnership, waiting)
    return sorted(found, key=lambda alert: (not alert.is_late, -alert.days))[:N_ALERTS]


def _late_reports(partnership, reports):
    for owed in reports.late if reports else ():
        url = reverse("deadlines:list", args=[partnership.key]) + f"#{owed.key}"
        act = _("Ask for the report of %(period)s") % {"period": owed.period}
        yield Alert(act, url, owed.recipient, late_words(owed.days_late), True, owed.days_late)


def _late_commitments(partnership, card):
    for standing in card.late:
        commitment = standing.commitment
        url = reverse("dialogues:detail", args=[partnership.key, commitment.dialogue.key]) + f"#{commitment.key}"
        act = _("Ask about a commitment: %(text)s") % {"text": _short(str(text_in(commitment, "text")))}
        owner = str(text_in(commitment.owner, "name"))
        yield Alert(act, url, owner, late_words(standing.days_late), True, standing.days_late, commitment.is_sample)


def _late_dates(partnership, rows):
    for row in rows:
        if row.kind in (Kind.TERM_DECISION, Kind.DIALOGUE) and row.status == Status.OVERDUE:
            days = (row.asked_on - row.due_on).days
            url = reverse("deadlines:list", args=[partnership.key]) + f"#{row.key}"
            yield Alert(row.get_kind_display(), url, _("Both governments"), late_words(days), True, days)


def _waiting(partnership, waiting):
    for contribution, days in waiting:
        words = str(text_in(contribution, "words"))
        act = _("Confirm or dispute: %(what)s") % {"what": _short(words)}
        how_long = ngettext("waiting %(n)s day", "waiting %(n)s days", days) % {"n": days}
        url = reverse("pledges:list", args=[partnership.key]) + f"#{contribution.key}"
        yield Alert(act, url, _("United States"), how_long, False, days, contribution.is_sample)


def _short(text: str, most: int = 48) -> str:
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"
