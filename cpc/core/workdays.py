"""Working days of any country: its weekend, its public holidays with their observed days, and days closed besides.

Free of Django and of any clock. Holidays come from the `holidays` package; what it does not know (closures by decree) is
handed in as `extra`, a mapping of ISO 3166-1 country code to a set of days. A country that the package does not know has
Saturday and Sunday as its weekend and the holidays in `extra`.
"""

from collections.abc import Callable, Iterable, Mapping, Set
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

import holidays

US = "US"
NO_EXTRA: Mapping[str, Set[date]] = MappingProxyType({})
_DAY = timedelta(days=1)


class ShiftPolicy(StrEnum):
    """Where a due day moves when it is not a working day. HOST is the partner government's country; BOTH means that the
    day must be a working day in the United States and there. A notice that must arrive before a date only moves back."""

    NONE = "NONE"
    NEXT_US = "NEXT_US"
    NEXT_HOST = "NEXT_HOST"
    NEXT_BOTH = "NEXT_BOTH"
    PREV_US = "PREV_US"
    PREV_HOST = "PREV_HOST"
    PREV_BOTH = "PREV_BOTH"


def is_working_day(day: date, countries: Iterable[str], extra: Mapping[str, Set[date]] = NO_EXTRA) -> bool:
    """Whether people work on `day` in every one of `countries` (ISO 3166-1 alpha-2)."""
    countries = [countries] if isinstance(countries, str) else countries
    return all(day not in extra.get(country, ()) and day not in _closed_days(country, day.year) for country in countries)


def is_holiday(day: date, country: str, extra: Mapping[str, Set[date]] = NO_EXTRA) -> bool:
    """Whether `day` is a public holiday there, an observed day included, or closed besides. A weekend alone is none."""
    return day in extra.get(country, ()) or day in _holidays(country, day.year)


def next_working_day(day: date, countries: Iterable[str], extra: Mapping[str, Set[date]] = NO_EXTRA) -> date:
    """`day` itself if it is a working day in every one of `countries`, else the next one that is."""
    return _walk(day, _DAY, countries, extra)


def previous_working_day(day: date, countries: Iterable[str], extra: Mapping[str, Set[date]] = NO_EXTRA) -> date:
    """`day` itself if it is a working day in every one of `countries`, else the last one before it that is."""
    return _walk(day, -_DAY, countries, extra)


def shift(day: date, policy: str, host: str | None = None, extra: Mapping[str, Set[date]] = NO_EXTRA) -> date:
    """The day that `policy` makes of `day`. `host` is the partner government's country code.

    Raises ValueError for an unknown policy, and for one that asks for the host's working days when no host is given.
    """
    policy = ShiftPolicy(policy)
    if policy is ShiftPolicy.NONE:
        return day
    direction, _, where = policy.partition("_")
    if where != "US" and not host:
        raise ValueError(f"{policy} needs the code of the host country.")
    countries = {"US": [US], "HOST": [host], "BOTH": [US, host]}[where]
    move: Callable = next_working_day if direction == "NEXT" else previous_working_day
    return move(day, countries, extra)


def _walk(day: date, step: timedelta, countries: Iterable[str], extra: Mapping[str, Set[date]]) -> date:
    countries = [countries] if isinstance(countries, str) else list(countries)
    while not is_working_day(day, countries, extra):
        day += step
    return day


@lru_cache(maxsize=1024)
def _closed_days(country: str, year: int) -> frozenset[date]:
    """Weekend days and public holidays of one year, observed days included."""
    days = [date(year, 1, 1) + n * _DAY for n in range(366)]
    try:
        # a calendar of its own for each year: the package fills a shared one while it is read, which threads must not
        calendar = holidays.country_holidays(country, years=year)
    except NotImplementedError:
        return frozenset(day for day in days if day.year == year and day.weekday() >= 5)
    return frozenset(day for day in days if day.year == year and not calendar.is_working_day(day))


@lru_cache(maxsize=1024)
def _holidays(country: str, year: int) -> frozenset[date]:
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()
