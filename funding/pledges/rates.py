"""Which rate holds on a day, and for what. Pure: rate rows in, a rate or None out. There is no rate between two rates: where none
holds, the answer is "no rate".

A U.S. Treasury rate holds from its effective date for the three months after its record date (Treasury Financial Manual, volume
1, part 2, chapter 3200); an amendment is a row of its own with a later effective date, and takes over on that day. A central
bank's daily rate holds until the next day with one, a week at most; a yearly average in its year. The latest rate is that of the
newest end of a quarter, so that the figure of today's view stands still until the next one. Sources are asked in the order
Treasury, central bank, International Monetary Fund, others; within one the newest effective date wins, then the later record
date, then the source that comes first in the alphabet.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cpc.core.dates import add_months
from cpc.core.months import last_of_month

from .models import ExchangeRate

SOURCES = ("TREASURY", "BCRP", "IMF")
DAILY_HOLDS_FOR = timedelta(days=7)
# No rate of a period holds longer after its record date: three months, and what is left of the third.
PERIOD_HOLDS_FOR = timedelta(days=123)
QUARTER_MONTHS = (3, 6, 9, 12)


class Basis(TextChoices):
    """The day whose rate shows an amount in another currency."""

    SIGNATURE = "signature", _("at signature")
    TRANSACTION = "transaction", _("on the day of each row")
    YEAR_AVERAGE = "year_average", _("average of each row's year")
    LATEST = "latest", _("latest")


@dataclass(frozen=True)
class RateTable:
    """The rates of one pair of currencies, in either direction, as they were on `as_of`: none of a later day is in it."""

    rates: tuple[ExchangeRate, ...]
    as_of: date

    @classmethod
    def of(cls, rates: Iterable[ExchangeRate], pair: set[str], *, as_of: date) -> "RateTable":
        fits = (rate for rate in rates if {rate.base, rate.quote} == pair and max(rate.effective_date, rate.record_date) <= as_of)
        return cls(tuple(fits), as_of)

    def on(self, day: date) -> ExchangeRate | None:
        """The rate in force on `day`."""
        for series in self._by_source:
            if found := best(rate for rates in series if (rate := newest_in_force(rates, day))):
                return found
        return None

    def average_of(self, year: int) -> ExchangeRate | None:
        return self._averages.get(year)

    def latest(self) -> ExchangeRate | None:
        """The rate of the newest end of a quarter that any source has by the day; what lies between two ends is not asked."""
        return self._latest

    def of_row(self, basis: str, day: date, *, only_year: bool, signature: ExchangeRate | None = None) -> ExchangeRate | None:
        """The rate for a row of `day`; `only_year`: no more than its year is known, so that the average stands for the day.
        `signature`: the pledge's own rate."""
        if basis == Basis.SIGNATURE:
            return signature
        if basis == Basis.LATEST:
            return self.latest()
        return self.average_of(day.year) if basis == Basis.YEAR_AVERAGE or only_year else self.on(day)

    # Each is sorted once for all rows of a sum: a table may hold years of daily rates.

    @cached_property
    def _by_source(self) -> list[list[list[ExchangeRate]]]:
        """For each source, in the order in which they are asked, its daily rates and its rates of periods, oldest first."""
        found = {}
        for rate in sorted(self._dated, key=lambda rate: (rank_of(rate.source), *age_of(rate))):
            daily, periods = found.setdefault(rank_of(rate.source), ([], []))
            (daily if rate.kind == ExchangeRate.Kind.DAILY else periods).append(rate)
        return list(found.values())

    @cached_property
    def _averages(self) -> dict[int, ExchangeRate]:
        averages = {}
        for rate in self.rates:
            if rate.kind == ExchangeRate.Kind.YEAR_AVERAGE:
                averages.setdefault(rate.record_date.year, []).append(rate)
        return {year: best(rates) for year, rates in averages.items()}

    @cached_property
    def _latest(self) -> ExchangeRate | None:
        ends = [rate for rate in self._dated if is_end_of_quarter(rate.record_date)]
        newest = max((rate.record_date for rate in ends), default=None)
        return best(rate for rate in ends if rate.record_date == newest)

    @property
    def _dated(self) -> list[ExchangeRate]:
        return [rate for rate in self.rates if rate.kind != ExchangeRate.Kind.YEAR_AVERAGE]


def newest_in_force(rates: Sequence[ExchangeRate], day: date) -> ExchangeRate | None:
    """Of the rates of one source, oldest first and either all daily or none, the newest one that holds on `day`."""
    until = bisect_right(rates, day, key=lambda rate: rate.effective_date)
    for index in range(until - 1, -1, -1):
        if holds_on(rates[index], day):
            return rates[index]
        if rates[index].kind == ExchangeRate.Kind.DAILY:
            break  # those before it are older still
    return None


def is_end_of_quarter(day: date) -> bool:
    return day.month in QUARTER_MONTHS and day == last_of_month(day.year, day.month)


def holds_on(rate: ExchangeRate, day: date) -> bool:
    """Whether a rate that is no average is still in force on `day`."""
    if rate.effective_date > day:
        return False
    if rate.kind == ExchangeRate.Kind.DAILY:
        return day - rate.effective_date <= DAILY_HOLDS_FOR
    third = add_months(rate.record_date.replace(day=1), 3)
    return day <= last_of_month(third.year, third.month)


def best(rates: Iterable[ExchangeRate]) -> ExchangeRate | None:
    """The one that wins, whatever the order in which they come."""
    return max(rates, key=lambda rate: (-rank_of(rate.source), *age_of(rate)), default=None)


def age_of(rate: ExchangeRate):
    """What is greater the newer a rate is; of two as new, greater for the source that comes first in the alphabet."""
    return rate.effective_date, rate.record_date, [-ord(letter) for letter in rate.source], rate.kind, rate.pk or 0


def rank_of(source: str) -> int:
    """The place of a source in the order in which they are asked; "IMF-IFS" and "IMF_EOP" belong to "IMF"."""
    family = re.split("[-_]", source, maxsplit=1)[0]
    return SOURCES.index(family) if family in SOURCES else len(SOURCES)
