"""Steps of months and years, and the span of days that the system accepts. Free of Django: the deadline engine uses it."""

import calendar
from datetime import date

# Days outside this span are refused at every door, so that no rule can step over the ends of the calendar.
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


def last_of_month(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def add_months(day: date, n: int) -> date:
    """`n` months after `day` (before, if negative), clamped to the end of a shorter month: 31 Aug + 3 is 30 Nov.

    Steps of a series are always counted from the original anchor, never from a clamped day.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    last = last_of_month(year, month + 1)
    return last.replace(day=min(day.day, last.day))


def add_years(day: date, n: int) -> date:
    """`n` years after `day`; 29 Feb becomes 28 Feb where there is none."""
    return add_months(day, 12 * n)
