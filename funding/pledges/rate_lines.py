"""A rate before it is stored: what a file or a publisher says."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .models import ExchangeRate

MOST_DIGITS, PLACES = 10, 8  # before and after the point, as the table holds them


@dataclass(frozen=True)
class RateLine:
    """How many units of `quote` one unit of `base` was worth. Two lines with the same `key` speak of the same rate."""

    base: str
    quote: str
    kind: str
    rate: Decimal
    record_date: date
    effective_date: date
    source: str
    citation: str = ""

    @property
    def key(self) -> tuple:
        return self.base, self.quote, self.kind, self.record_date, self.effective_date, self.source

    def __str__(self):
        days = {self.record_date: None, self.effective_date: None}
        return f"{self.base}/{self.quote} {self.kind} {' '.join(map(str, days))} {self.source}"

    def as_row(self) -> ExchangeRate:
        return ExchangeRate(**vars(self))


def key_of(rate: ExchangeRate) -> tuple:
    """The key of a stored rate."""
    return rate.base, rate.quote, rate.kind, rate.record_date, rate.effective_date, rate.source


def plain(rate: Decimal) -> str:
    """ "3.314": no more digits than it has."""
    return f"{rate.normalize():f}"
