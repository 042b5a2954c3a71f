"""One month of dates as a calendar shows it: whole weeks from Monday on, with the holidays of both countries."""

import calendar
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cpc.core.labels import month_and_weekday_label, month_label, month_name_label, short_weekday_label, weekday_label
from cpc.core.months import EARLIEST, LATEST, add_months
from cpc.core.texts import text_in
from cpc.core.workdays import US, is_holiday
from partners.models import Partnership

from .above import Review
from .lines import page_of
from .models import Deadline, Kind
from .queries import rests_on_sample
from .status import Status
from .sync import REPORT_KINDS

LOOKS = {Status.OVERDUE: "al-late", Status.DUE_TODAY: "al-due", Status.DUE_SOON: "al-due"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A date in its cell: `words` say whose and what, `url` opens its page, `look` is how it stands."""

    words: str
    url: str
    look: str
    is_sample: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One day. `rest` is what follows its number where it stands alone. `is_out`: of the month before or after. `holidays`: the
    countries in which nobody works, in words."""

    day: date
    rest: str
    is_out: bool
    is_today: bool
    holidays: list[str]
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Month:
    """`before` and `after`: the months that one can turn to, each as an address asks for it and in words; None where the calendar
    ends. `heads`: the days of the week, short and long."""

    label: str
    before: tuple[str, str] | None
    after: tuple[str, str] | None
    heads: list[tuple[str, str]]
    weeks: list[list[Cell]]


def asked_month(text: str | None, *, default: date) -> date:
    """The first day of the month that an address asks for ("2020-02"), else that of `default`. Raises BadRequest."""
    if text is None:
        return default.replace(day=1)
    if re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text):
        first = date(int(text[:4]) or 1, int(text[5:]), 1)
        if EARLIEST <= first <= LATEST:
            return first
    raise BadRequest(
        _("Write the month like 2020-02, from %(first)s to %(last)s.") % {"first": EARLIEST.year, "last": LATEST.year}
    )


def month_of(
    rows: Iterable[Deadline],
    partnership: Partnership,
    *,
    first: date,
    today: date,
    closed_days: Mapping[str, Set[date]],
    reviews: Iterable[Review] = (),
) -> Month:
    """The month that begins on `first`. `rows` as `queries.rows_of` gives them, with their reports attached; those of other days
    are left out, and so are `reviews`, which an officer answers by a day. `closed_days` as in `PartnershipFacts`."""
    entries = defaultdict(list)
    for row in rows:
        entries[row.due_on].append(entry_of(row))
    for review in reviews:
        entries[review.due_on].append(entry_of_review(review, today))
    countries = {US: _("United States"), partnership.host_country.key: str(text_in(partnership.host_country, "name"))}

    def cell(day: date) -> Cell:
        free = [name for code, name in countries.items() if is_holiday(day, code, closed_days)]
        rest = month_and_weekday_label(day)
        return Cell(day, rest, day.month != first.month, day == today, free, entries[day])

    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    heads = [(short_weekday_label(day), weekday_label(day)) for day in weeks[0]]
    return Month(
        month_label(first), neighbor(first, -1), neighbor(first, 1), heads, [[cell(day) for day in week] for week in weeks]
    )


def neighbor(first: date, n: int) -> tuple[str, str] | None:
    months = first.year * 12 + first.month - 1 + n
    if not EARLIEST.year * 12 <= months < (LATEST.year + 1) * 12:
        return None
    day = add_months(first, n)
    return f"{day:%Y-%m}", month_name_label(day) if day.year == first.year else month_label(day)


def entry_of(row: Deadline) -> Entry:
    return Entry(words_of(row), page_of(row), LOOKS.get(row.status, ""), rests_on_sample(row))


def entry_of_review(review: Review, today: date) -> Entry:
    look = "al-late" if review.due_on < today else "al-due"
    return Entry(_("Answer to %(who)s") % {"who": review.organization}, review.url, look, review.is_sample)


def words_of(row: Deadline) -> str:
    """Whose and what, as short as a cell is narrow: "ILO: SF-425"."""
    if row.recipient is None or row.kind not in REPORT_KINDS:
        return row.get_kind_display()
    is_final = row.kind == Kind.FINAL_REPORT
    half = "financial" if row.kind == Kind.FINANCIAL_REPORT or row.key.endswith("-financial") else "performance"
    return REPORTS[is_final, half] % {"who": row.recipient.short_name or text_in(row.recipient, "name")}


REPORTS = {
    (False, "performance"): gettext_lazy("%(who)s: report"),
    (False, "financial"): gettext_lazy("%(who)s: SF-425"),
    (True, "performance"): gettext_lazy("%(who)s: final report"),
    (True, "financial"): gettext_lazy("%(who)s: final SF-425"),
}
