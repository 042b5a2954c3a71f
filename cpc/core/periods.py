"""Quarters and years of every calendar in use, and the periods a recipient reports on. Free of Django and of any clock.

Keys: `2020-Q1` (calendar quarter), `CY2020`, `FY2020` (U.S. federal, starts 1 October of the year before), `HY2019` (host
government). Formulas: domain rules of the product, "Period conventions"; U.S. fiscal year: 31 U.S.C. 1102.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from cpc.core.months import add_months, last_of_month

FREQUENCIES = ("quarterly", "semiannual", "annual", "anniversary")
US_FISCAL_START = 10
_DAY = timedelta(days=1)
_QUARTER_KEY = re.compile(r"([0-9]{4})-Q([1-4])")
_YEAR_KEY = re.compile(r"(CY|FY|HY)([0-9]{4})")


@dataclass(frozen=True, order=True)
class Period:
    """Days from `first` to `last`, both included. Raises ValueError when it would end before it starts."""

    first: date
    last: date

    def __post_init__(self):
        if self.last < self.first:
            raise ValueError(f"A period that starts on {self.first} cannot end on {self.last}.")

    @property
    def n_days(self) -> int:
        return (self.last - self.first).days + 1

    def contains(self, other: "date | Period") -> bool:
        first, last = (other.first, other.last) if isinstance(other, Period) else (other, other)
        return self.first <= first and last <= self.last

    __contains__ = contains

    def overlap(self, other: "Period") -> "Period | None":
        """The days that both hold, or None."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Period(first, last) if first <= last else None

    def label(self, language: str | None = None) -> str:
        """In words: "January–March 2020", "2020", "15 Jun 2017 – 30 Jun 2017"; `language` defaults to the active one."""
        from cpc.core.labels import period_label  # late: labels asks Django for the language, this module must not

        return period_label(self, language)


def calendar_quarter(day: date) -> Period:
    """The calendar quarter that `day` lies in."""
    month = (day.month - 1) // 3 * 3 + 1
    return Period(date(day.year, month, 1), last_of_month(day.year, month + 2))


def quarter_key(day: date) -> str:
    """ "2020-Q1" for 2020-02-06."""
    return f"{day.year:04}-Q{(day.month - 1) // 3 + 1}"


def parse_quarter_key(key: str) -> Period:
    """The days of "2020-Q1". Raises ValueError for any other shape."""
    found = _QUARTER_KEY.fullmatch(key)
    if not found:
        raise ValueError(f"{key!r} is not a quarter; a quarter is written like 2020-Q1.")
    return calendar_quarter(date(int(found.group(1)), 3 * int(found.group(2)), 1))


def fiscal_year(day: date, start_month: int) -> int:
    """The fiscal year that `day` lies in, named for the calendar year in which it ends. `start_month` is 1 to 12."""
    return day.year + (start_month > 1 and day.month >= start_month)


def fiscal_year_period(year: int, start_month: int) -> Period:
    """All days of a fiscal year named for the calendar year in which it ends."""
    first = date(year - (start_month > 1), start_month, 1)
    return Period(first, add_months(first, 12) - _DAY)


def us_fiscal_year(day: date) -> int:
    """2020 for 2019-10-01 up to 2020-09-30."""
    return fiscal_year(day, US_FISCAL_START)


def us_fiscal_quarter(day: date) -> int:
    """1 to 4; 2 for 2020-02-06."""
    return (day.month - US_FISCAL_START) % 12 // 3 + 1


def fiscal_year_key(day: date) -> str:
    """ "FY2020" for 2020-02-06."""
    return f"FY{us_fiscal_year(day):04}"


def calendar_year_key(day: date) -> str:
    """ "CY2020" for 2020-02-06."""
    return f"CY{day.year:04}"


def host_year_key(day: date, start_month: int = 1) -> str:
    """ "HY2019" for a day of the host government's fiscal year 2019, which starts in `start_month`."""
    return f"HY{fiscal_year(day, start_month):04}"


def period_of_key(key: str, *, host_start_month: int = 1) -> Period:
    """The days behind `2020-Q1`, `CY2020`, `FY2020` or `HY2020`. Raises ValueError for any other key."""
    found = _YEAR_KEY.fullmatch(key)
    if not found:
        return parse_quarter_key(key)
    start_month = {"CY": 1, "FY": US_FISCAL_START, "HY": host_start_month}[found.group(1)]
    return fiscal_year_period(int(found.group(2)), start_month)


def reporting_periods(start: date, end: date, frequency: str, *, us_fiscal: bool = False) -> list[Period]:
    """The periods from `start` to `end` (both included), oldest first; they tile it, so the first and last may be partial.

    `quarterly` ends with the calendar quarters; `semiannual` and `annual` end with the calendar year's halves and years, or
    the U.S. fiscal year's where `us_fiscal`; `anniversary` runs in years counted from `start`, each
    held to the month's end by itself (29 Feb, three times 28 Feb, 29 Feb). Raises ValueError for another frequency or when `end`
    is before `start`.
    """
    if end < start:
        raise ValueError(f"Reporting cannot start on {start} and end on {end}.")
    periods, first = [], start
    for last in _ends(start, frequency, us_fiscal):
        periods.append(Period(first, min(last, end)))
        if last >= end:
            return periods
        first = last + _DAY


def _ends(start: date, frequency: str, us_fiscal: bool) -> Iterator[date]:
    """Ends of whole periods from the one that holds `start` on, without end."""
    if frequency == "anniversary":
        n = 0
        while True:
            n += 12
            yield add_months(start, n) - _DAY
    months = {"quarterly": 3, "semiannual": 6, "annual": 12}.get(frequency)
    if months is None:
        raise ValueError(f"{frequency!r} is no reporting frequency; use one of {', '.join(FREQUENCIES)}.")
    closing = US_FISCAL_START - 1 if us_fiscal else 12
    month = last_of_month(start.year, start.month)
    while (month.month - closing) % months:
        month = add_months(month.replace(day=1), 1)
    while True:
        yield last_of_month(month.year, month.month)
        month = add_months(month.replace(day=1), months)
