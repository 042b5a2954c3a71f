"""One amount under every basis, side by side. Pure: a table of rates in, what each basis makes of the amount out.

The amount is the same in every line, so whatever lies between two of them is the exchange rate alone.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from .models import ExchangeRate
from .rates import Basis, RateTable
from .rules import converted

LABELS = {
    Basis.SIGNATURE: _("at signature"),
    Basis.TRANSACTION: _("on its own day"),
    Basis.YEAR_AVERAGE: _("average of its year"),
    Basis.LATEST: _("latest"),
}


@dataclass(frozen=True)
class Shown:
    """The amount by one basis. `amount` None: there is no rate. `difference`: to the line that the others are measured by; None
    without a rate on either side."""

    basis: Basis
    rate: ExchangeRate | None
    amount: Decimal | None
    difference: Decimal | None
    is_measure: bool

    @property
    def label(self) -> str:
        """What the basis is for one amount, where a sum speaks of its rows."""
        return str(LABELS[self.basis])


@dataclass(frozen=True)
class Told:
    """A figure that somebody has stated, beside the lines. `difference` is the whole one, to the measuring line; `by_rate`, the
    part that the choice of a rate explains; `rest`, the part that no basis explains."""

    amount: Decimal
    difference: Decimal
    by_rate: Decimal
    rest: Decimal


@dataclass(frozen=True)
class SideBySide:
    """`measure`: the line at signature, else the first one with a rate; None where no basis has one. `spread`: how far the lines
    lie apart."""

    lines: tuple[Shown, ...]
    measure: Shown | None
    lowest: Shown | None
    highest: Shown | None

    @property
    def spread(self) -> Decimal | None:
        return self.highest.amount - self.lowest.amount if self.measure else None

    def told(self, amount: Decimal | None) -> Told | None:
        """What of the difference to a stated figure is only exchange rate: as far as the lines reach towards it."""
        if amount is None or self.measure is None:
            return None
        reach = min(max(amount, self.lowest.amount), self.highest.amount)
        return Told(amount, amount - self.measure.amount, reach - self.measure.amount, amount - reach)


def side_by_side(
    amount: Decimal, currency: str, *, table: RateTable, day: date, only_year: bool, signature: ExchangeRate | None
) -> SideBySide:
    """`amount` of `day` by each basis, in the other currency of the table. `only_year`: of the day only its year is known;
    `signature`: the rate of the pledge."""
    found = {}
    for basis in Basis:
        rate = table.of_row(basis, day, only_year=only_year, signature=signature)
        worth = rate and converted(amount, currency, base=rate.base, quote=rate.quote, rate=rate.rate)
        found[basis] = (rate, worth[0]) if worth else (None, None)
    first = next((basis for basis, (_rate, worth) in found.items() if worth is not None), None)
    lines = tuple(
        Shown(basis, rate, worth, None if worth is None else worth - found[first][1], basis == first)
        for basis, (rate, worth) in found.items()
    )
    priced = [line for line in lines if line.amount is not None]
    measure = next((line for line in lines if line.is_measure), None)
    lowest = min(priced, key=lambda line: line.amount, default=None)
    return SideBySide(lines, measure, lowest, max(priced, key=lambda line: line.amount, default=None))
