"""A row that makes the difference between an export and today."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cpc.core.dates import PreciseDate

MOST_CHANGES = 200  # of each comparison; their number is told in full


@dataclass(frozen=True)
class Change:
    """A row that has come since (`is_new`), or is gone: void (`is_void`), or it no longer fits the filters.

    `since`: the day from which it, or its void, is known. `where`: its address, None where this reader has none.
    """

    is_new: bool
    is_void: bool
    key: str
    words: str
    on: PreciseDate
    since: date
    amount: Decimal | None
    currency: str
    reason: str
    where: str | None
    is_sample: bool
