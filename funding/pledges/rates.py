"""Which rate holds on a day, and for what. Pure: rate rows in, a rate or None out. There is no rate between two rates: where none
holds, the answer is "no rate".

A U.S. Treasury rate holds from its effective date for the three months after its record date (Treasury Financial Manual, volume
1, part 2, chapter 3200); a central bank's daily one until the next day with one, a week at most; a yearly average in its year.
Sources are asked in the order Treasury, central bank, International Monetary Fund, others; within one the newest effective date
wins, then the later record date.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cpc.core.dates import add_months
from cpc.core.months import last_of_month

from .models import ExchangeRate

SOURCES = ("TREASURY", "BCRP", "IMF")
DAILY_HOLDS_FOR = timedelta(days=7)


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
        return best(rate for rate in self.rates if rate.kind != ExchangeRate.Kind.YEAR_AVERAGE and holds_on(rate, day))

    def average_of(self, year: int) -> ExchangeRate | None:
        kind = ExchangeRate.Kind.YEAR_AVERAGE
        return best(rate for rate in self.rates if rate.kind == kind and rate.record_date.year == year)

    def latest(self) -> ExchangeRate | None:
        """The newest rate of all that are known by the day, whatever its source."""
        rates = [rate for rate in self.rates if rate.kind != ExchangeRate.Kind.YEAR_AVERAGE]
        newest = max((rate.effective_date for rate in rates), default=None)
        return best(rate for rate in rates if rate.effective_date == newest)

    def of_row(self, basis: str, day: date, *, only_year: bool, signature: ExchangeRate | None = None) -> ExchangeRate | None:
        """The rate for a row of `day`; `only_year`: no more than its year is known, so that the average stands for the day.
        `signature`: the pledge's own rate."""
        if basis == Basis.SIGNATURE:
            return signature
        if basis == Basis.LATEST:
            return self.latest()
        return self.average_of(day.year) if basis == Basis.YEAR_AVERAGE or only_year else self.on(day)


def holds_on(rate: ExchangeRate, day: date) -> bool:
    """Whether a rate that is no average is still in force on `day`."""
    if rate.effective_date > day:
        return False
    if rate.kind == ExchangeRate.Kind.DAILY:
        return day - rate.effective_date <= DAILY_HOLDS_FOR
    third = add_months(rate.record_date.replace(day=1), 3)
    return day <= last_of_month(third.year, third.month)


def best(rates: Iterable[ExchangeRate]) -> ExchangeRate | None:
    return max(rates, key=lambda rate: (-rank_of(rate.source), rate.effective_date, rate.record_date, rate.pk or 0), default=None)


def rank_of(source: str) -> int:
    """The place of a source in the order in which they are asked; "IMF-IFS" belongs to "IMF"."""
    return next((number for number, name in enumerate(SOURCES) if source.split("-")[0] == name), len(SOURCES))
