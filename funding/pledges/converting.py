"""Host money in another currency, at reading: which rates a sum or a list may need, and what each makes of a row."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q, QuerySet

from funding.awards.answers import Asked
from partners.models import Partnership

from .models import Contribution, ExchangeRate, Pledge
from .rates import PERIOD_HOLDS_FOR, QUARTER_MONTHS, Basis, RateTable
from .rules import converted_sum

# A promise is worth what it was on its day; a gift what it was on the day it was given.
DEFAULT_BASIS = {"pledged": Basis.SIGNATURE, "contributed": Basis.TRANSACTION}


class Given(NamedTuple):
    """Rows that are added: one, or all of one group, currency and word. `key` and `name` are those of the group, the name empty
    where the key says it; `amount` is the sum of the known ones. What a conversion asks of one row: its day, and `rate`, the
    primary key of the pledge's own rate row."""

    key: str
    name: str
    currency: str
    amount: Decimal | None
    qualifier: str
    is_sample: bool
    n_rows: int = 1
    n_unknown: int = 0
    effective_on: date | None = None
    only_year: bool = False
    rate: int | None = None
    amounts: list[Decimal] | None = None


class Shown(NamedTuple):
    """What enters the sum: in the currency that was asked for, with the rate that took; without one not known."""

    given: Given
    currency: str
    amount: Decimal | None
    rate: ExchangeRate | None = None
    lacks_rate: bool = False

    @property
    def n_valued(self) -> int:
        """How many of its rows have a price in their own currency."""
        return self.given.n_rows - self.given.n_unknown

    @property
    def n_unknown(self) -> int:
        """How many of its rows are left out of the total."""
        return self.given.n_rows if self.amount is None else self.given.n_unknown


def rows_in_force(partnership: Partnership, measure: str, **days: date) -> QuerySet:
    """The pledges or the contributions that a sum adds up: `as_of` and `known_on` say when."""
    model = Pledge if measure == "pledged" else Contribution
    return model.objects.filter(partnership=partnership).in_force(**days)


def span_of(given: list[Given]) -> tuple[date, date] | None:
    """The first and the last day of the rows; None where there is none."""
    days = [one.effective_on for one in given]
    return (min(days), max(days)) if days else None


@dataclass
class Converter:
    """Shows rows in `currency` at the rates that `basis` names. `rates` are those that may be asked for; `signature` is the rate
    of the first pledge that has one, for what has none of its own."""

    currency: str
    basis: str
    until: date
    rates: dict[int, ExchangeRate]
    signature: int | None = None
    tables: dict[str, RateTable] = field(default_factory=dict)
    found: dict[tuple, ExchangeRate | None] = field(default_factory=dict)

    @classmethod
    def of(
        cls, partnership: Partnership, asked: Asked, *, as_of: date, known_on: date, span: tuple[date, date] | None = None
    ) -> "Converter":
        """Two statements at most. `asked.rate_basis` None: what is usual for the measure. A rate recorded after the day of
        knowledge is not known. `span`: the first and the last day of the rows, where the caller knows them."""
        basis, until = asked.rate_basis or DEFAULT_BASIS[asked.measure], min(as_of, known_on)
        if basis != Basis.SIGNATURE:
            rates = rates_needed(asked.currency, basis, until=until, span=span)
            return cls(asked.currency, basis, until, {rate.pk: rate for rate in rates})
        own = Pledge.objects.filter(partnership=partnership).values("rate")
        pledges = rows_in_force(partnership, "pledged", as_of=as_of, known_on=known_on).exclude(rate=None)
        signature = pledges.order_by("effective_on", "pk").values_list("rate", flat=True).first()
        return cls(asked.currency, basis, until, ExchangeRate.objects.filter(pk__in=own).in_bulk(), signature)

    def shown(self, row: Given) -> Shown:
        """Each row to the cent; without a rate its amount is not known."""
        if row.amount is None or row.currency == self.currency:
            return Shown(row, self.currency, row.amount)
        rate = self.rate_of(row)
        found = rate and converted_sum(
            row.amounts or [row.amount], row.currency, base=rate.base, quote=rate.quote, rate=rate.rate
        )
        if not found or found[1] != self.currency:
            return Shown(row, self.currency, None, lacks_rate=True)
        return Shown(row, self.currency, found[0], rate)

    def rate_of(self, row: Given) -> ExchangeRate | None:
        """Looked up once for all rows of one day."""
        asked = row.currency, row.effective_on, row.only_year, row.rate
        if asked not in self.found:
            own = self.rates.get(row.rate or self.signature) if self.basis == Basis.SIGNATURE else None
            table = self.table(row.currency)
            self.found[asked] = table.of_row(self.basis, row.effective_on, only_year=row.only_year, signature=own)
        return self.found[asked]

    def table(self, currency: str) -> RateTable:
        if currency not in self.tables:
            self.tables[currency] = RateTable.of(self.rates.values(), {currency, self.currency}, as_of=self.until)
        return self.tables[currency]


def rates_needed(currency: str, basis: str, *, until: date, span: tuple[date, date] | None) -> QuerySet:
    """The rates from or to `currency` that `basis` may ask for, of those recorded and in force by `until`."""
    rates = ExchangeRate.objects.filter(Q(base=currency) | Q(quote=currency), record_date__lte=until, effective_date__lte=until)
    if basis == Basis.LATEST:
        return rates.exclude(kind=ExchangeRate.Kind.YEAR_AVERAGE).filter(record_date__month__in=QUARTER_MONTHS)
    if basis == Basis.YEAR_AVERAGE:
        rates = rates.filter(kind=ExchangeRate.Kind.YEAR_AVERAGE)
    if span:
        first, last = span
        oldest = min(first - PERIOD_HOLDS_FOR, date(first.year, 1, 1))
        rates = rates.filter(record_date__range=(oldest, date(last.year, 12, 31)))
    return rates
