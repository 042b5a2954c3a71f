"""What is due and what waits: the card of reports, the next dialogue, and the three alerts at the head of the dashboard."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.deadlines.looking_back import rows_as_of
from activities.deadlines.models import Deadline, Kind
from activities.deadlines.queries import rows_of
from activities.deadlines.status import DUE_SOON_DAYS, OPEN, Status
from activities.deadlines.sync import REPORT_KINDS
from cpc.core.labels import day_label, format_number, locale_of, short_month_label
from cpc.core.money import format_money
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
    is_sample: bool

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

    @property
    def is_sample(self) -> bool:
        return any(one.is_sample for one in self.late + self.soon)


def reports_card(rows: Iterable[Deadline], as_of: date, *, sampled: frozenset[tuple[int, int]]) -> ReportsCard:
    """The open reports of `rows`, oldest first. Source of lateness: the deadlines' own states. `sampled`: see `Facts`."""
    triples = {}
    for row in rows:
        if row.kind in REPORT_KINDS and row.status in OPEN:
            triples.setdefault((row.award_id, row.recipient_id, row.period_from, row.period_to), row)
    owed = [_owed(row, as_of, sampled) for row in sorted(triples.values(), key=lambda row: (row.due_on, row.key))]
    return ReportsCard(
        late=[one for one in owed if one.is_late],
        soon=[one for one in owed if not one.is_late and (one.due_on - as_of).days <= DUE_SOON_DAYS],
        n_open=len(owed),
    )


def _owed(row: Deadline, as_of: date, sampled: frozenset) -> Owed:
    return Owed(
        recipient=str(row.recipient),
        period=_("final report") if row.kind == Kind.FINAL_REPORT else short_period(Period(row.period_from, row.period_to)),
        due_on=row.due_on,
        days_late=(as_of - row.due_on).days,
        key=row.key,
        is_late=row.due_on < as_of,
        is_sample=(row.award_id, row.recipient_id) in sampled,
    )


def short_period(period: Period) -> str:
    """ "Oct–Dec 2019" for a narrow place, "Dec 2019 – Feb 2020" over the turn of a year."""
    first, last = short_month_label(period.first), short_month_label(period.last)
    if first == last:
        return last
    if period.first.year == period.last.year:
        return f"{format_date(period.first, 'MMM', locale=locale_of())}–{last}"
    return f"{first} – {last}"


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


def alerts_of(partnership, days: Days, *, rows, reports: ReportsCard | None, commitments, waiting) -> list[Alert]:
    """The three that matter most: what is late first, the longest first; then what has waited longest.

    `waiting`: (contribution, days since it was entered) of those that the United States has not confirmed."""
    asked = f"?{days.query}" if days.query else ""
    found = [*_late_reports(partnership, reports), *_late_commitments(partnership, commitments, asked)]
    found += [*_late_dates(partnership, rows), *_waiting(partnership, waiting, asked)]
    return sorted(found, key=lambda alert: (not alert.is_late, -alert.days))[:N_ALERTS]


def _late_reports(partnership, reports):
    for owed in reports.late if reports else ():
        url = reverse("deadlines:list", args=[partnership.key]) + f"#{owed.key}"
        act = _("Ask %(who)s for its report") % {"who": owed.recipient}
        yield Alert(act, url, owed.label, late_words(owed.days_late), True, owed.days_late, owed.is_sample)


def _late_commitments(partnership, card, asked):
    for standing in card.late:
        commitment = standing.commitment
        url = reverse("dialogues:detail", args=[partnership.key, commitment.dialogue.key]) + f"{asked}#{commitment.key}"
        act = _("Ask about: %(text)s") % {"text": _short(str(text_in(commitment, "text")))}
        yield Alert(
            act, url, str(commitment.owner), late_words(standing.days_late), True, standing.days_late, commitment.is_sample
        )


def _late_dates(partnership, rows):
    for row in rows:
        if row.kind in (Kind.TERM_DECISION, Kind.DIALOGUE) and row.status == Status.OVERDUE:
            days = (row.asked_on - row.due_on).days
            url = reverse("deadlines:list", args=[partnership.key]) + f"#{row.key}"
            yield Alert(row.get_kind_display(), url, _("Both governments"), late_words(days), True, days)


def _waiting(partnership, waiting, asked):
    for contribution, days in waiting:
        act = _("Confirm or dispute: %(what)s") % {"what": _what(contribution)}
        how_long = ngettext("waiting %(n)s day", "waiting %(n)s days", days) % {"n": days}
        url = reverse("pledges:list", args=[partnership.key]) + f"{asked}#{contribution.key}"
        yield Alert(act, url, _("U.S."), how_long, False, days, contribution.is_sample)


def _what(contribution) -> str:
    """A contribution in few words: its amount, else how many of what, else the beginning of its own words."""
    if contribution.amount is not None:
        return format_money(contribution.amount, contribution.currency)
    if contribution.quantity is not None:
        return f"{format_number(contribution.quantity)} {contribution.get_kind_display().lower()}"
    return _short(str(text_in(contribution, "words")))


def _short(text: str, most: int = 24) -> str:
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"
