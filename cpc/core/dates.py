"""Days whose exactness is known: a source that says "June 2022" is kept as a month, never as an invented day.

A model stores such a date in two columns: `<x>_on` (DateField) and `<x>_precision` (`precision_field()`). For a date that
money or an end counts from, `<x>_on` is the last day that fits; for the start of a period it is the first.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cpc.core.months import EARLIEST, LATEST, add_months, add_years, last_of_month

__all__ = ["EARLIEST", "LATEST", "Precision", "PreciseDate", "add_months", "add_years", "parse_day", "precision_field"]

_SHAPE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


class Precision(models.TextChoices):
    """How much of a date its source gives. The names sort from exact to vague."""

    DAY = "day", gettext_lazy("day")
    MONTH = "month", gettext_lazy("month")
    YEAR = "year", gettext_lazy("year")


@dataclass(frozen=True, order=True)
class PreciseDate:
    """A date as exact as its source. `last` is the latest day that fits; sorts by it, the more exact one first.

    Raises ValueError when `last` is not the last day of the month or year that it stands for; `of` takes any day of it.
    """

    last: date
    precision: Precision = Precision.DAY

    def __post_init__(self):
        object.__setattr__(self, "precision", Precision(self.precision))
        if self.last != _last_day(self.last, self.precision):
            raise ValueError(f"{self.last} is not the last day of its {self.precision}.")

    @classmethod
    def of(cls, day: date, precision: str = Precision.DAY) -> "PreciseDate":
        """The date that two columns hold: `day` may be any day of the month or year."""
        return cls(_last_day(day, precision), Precision(precision))

    @classmethod
    def parse(cls, text: str) -> "PreciseDate":
        """Read "2017-06-15", "2017-10" or "2017". Raises ValueError with a sentence for the person who typed it."""
        found = _SHAPE.fullmatch(text) if isinstance(text, str) else None
        if not found:
            raise ValueError(_("Write a day, a month or a year like 2017-06-15, 2017-10 or 2017."))
        year, month, day = (int(part) if part else None for part in found.groups())
        precision = Precision.DAY if day is not None else Precision.MONTH if month is not None else Precision.YEAR
        try:
            first = date(year, 1 if month is None else month, 1 if day is None else day)
        except ValueError:
            raise ValueError(_("%(text)s is not in the calendar. Example: 2017-06-15.") % {"text": text}) from None
        return cls.of(_within_span(first), precision)

    @property
    def first(self) -> date:
        """The earliest day that fits."""
        if self.precision == Precision.YEAR:
            return self.last.replace(month=1, day=1)
        return self.last.replace(day=1) if self.precision == Precision.MONTH else self.last

    @property
    def iso(self) -> str:
        """ISO 8601, no more exact than the source: "2017-06-15", "2017-10", "2017"."""
        return self.last.isoformat()[: {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[self.precision]]

    @property
    def is_exact(self) -> bool:
        return self.precision == Precision.DAY

    @property
    def working_day(self) -> date:
        """The day that the system counts with. Where it is not exact, every label says that it is assumed."""
        return self.last

    def __str__(self):
        return self.iso


def parse_day(text: str) -> date:
    """Read one ISO day, "2017-06-15". Raises ValueError with a sentence for the person who typed it."""
    found = _SHAPE.fullmatch(text) if isinstance(text, str) else None
    if not found or not found.group(3):
        raise ValueError(_("Write a day as year-month-day, for example 2020-02-06."))
    return PreciseDate.parse(text).last


def precision_field(**kw) -> models.CharField:
    """The column beside a DateField that says how exact it is; default: the day."""
    return models.CharField(**{"max_length": 5, "choices": Precision.choices, "default": Precision.DAY} | kw)


def _last_day(day: date, precision: str) -> date:
    if precision == Precision.YEAR:
        return day.replace(month=12, day=31)
    return last_of_month(day.year, day.month) if precision == Precision.MONTH else day


def _within_span(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise ValueError(_("Years run from %(first)s to %(last)s.") % {"first": EARLIEST.year, "last": LATEST.year})
    return day
