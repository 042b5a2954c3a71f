"""What a question about money is answered with: the shape that every measure shares, so that page, export and API show the same.

Amounts are Decimal with two places in the row's currency; None is not known, which is not zero. Currencies are never added.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from partners.ledger import Qualifier

from .rules import PERIOD_GROUPS, combined, share_of


@dataclass(frozen=True)
class Asked:
    """What is added up. `currency` and `rate_basis` ask for a conversion at reading; None: each amount in its own currency."""

    measure: str = "awarded"
    level: str = "prime"
    group_by: str = "none"
    currency: str | None = None
    rate_basis: str | None = None


@dataclass(frozen=True)
class SumRow:
    """One row of a summary. `amount` is null where none of its rows has a known one; `n_unknown` counts those left out.

    `filters` are the parameters with which the list of `resource` (a resource of the API) shows the very rows that were added.
    """

    key: str
    label: str
    allocated: bool
    currency: str
    amount: Decimal | None
    qualifier: Qualifier
    share: Decimal | None
    n_rows: int
    n_unknown: int
    is_sample: bool
    filters: dict[str, str]
    resource: str = "award-action"


@dataclass(frozen=True)
class Total:
    currency: str
    amount: Decimal
    qualifier: Qualifier


@dataclass(frozen=True)
class UsedRate:
    """A rate that a conversion rests on: one unit of `base` is `rate` units of `quote`."""

    base: str
    quote: str
    rate: Decimal
    record_date: date
    source: str


@dataclass(frozen=True)
class Summary:
    """The answer to "how much, as of that day, as known on that day". No row in force: `rows` and `totals` are empty. `level` is
    None for host money, which has no levels."""

    partnership: str
    measure: str
    level: str | None
    group_by: str
    as_of: date
    known_on: date
    currency: str | None = None
    rate_basis: str | None = None
    rates: list[UsedRate] = field(default_factory=list)
    rows: list[SumRow] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    @property
    def not_reported(self) -> int:
        """How many rows have an amount that is not known; they are left out of the totals."""
        return sum(row.n_unknown for row in self.rows)

    @property
    def is_sample(self) -> bool:
        return any(row.is_sample for row in self.rows)


def totals_of(parts: Iterable[tuple[str, Decimal | None, Qualifier]]) -> list[Total]:
    """One total for each currency in which an amount is known, in the order of the codes. A part that is not known still lends
    the sum its word, such as "at least"."""
    parts = list(parts)
    currencies = sorted({currency for currency, amount, _word in parts if amount is not None})
    return [
        Total(
            currency,
            sum((amount for one, amount, _word in parts if one == currency and amount is not None), Decimal(0)),
            combined(word for one, _amount, word in parts if one == currency),
        )
        for currency in currencies
    ]


def share_in(amount: Decimal | None, currency: str, totals: list[Total]) -> Decimal | None:
    """The part of the total of its currency, to four places; None where either is not known or the total is 0."""
    return share_of(amount, next((total.amount for total in totals if total.currency == currency), None))


def in_order(rows: list[SumRow], group_by: str) -> list[SumRow]:
    """Periods one after the other, what lies in none of them last; of everything else the largest amount first."""
    if group_by in PERIOD_GROUPS:
        return sorted(rows, key=lambda row: (not row.allocated, row.key, row.currency))
    return sorted(rows, key=lambda row: (row.amount is None, -(row.amount or 0), row.key, row.currency))
