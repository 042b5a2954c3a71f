"""What was said in public beside what the ledger holds: differences in words, and pairs that cannot both be right. Pure.

Nothing is corrected or averaged. A difference is what was said less what the ledger held on the day of which it was said.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations

from django.utils.translation import gettext as _

from cpc.core.dates import PreciseDate
from cpc.core.labels import precise_label
from cpc.core.money import format_money
from partners.ledger import Qualifier

FLOORS = (Qualifier.AT_LEAST, Qualifier.MORE_THAN)
ENDLESS = Decimal("Infinity")


def amount_words(amount: Decimal, currency: str, qualifier: str) -> str:
    """ "more than US$ 11,000,000": the qualifier belongs to the figure."""
    shown = format_money(amount, currency)
    if qualifier == Qualifier.EXACT:
        return shown
    return _("%(qualifier)s %(amount)s") % {"qualifier": Qualifier(qualifier).label, "amount": shown}


def difference_words(said: Decimal, held: Decimal | None, currency: str, qualifier: str) -> str:
    """The difference between a stated amount and the ledger of its day, with what the qualifier makes of it."""
    if held is None:
        return _("the ledger held nothing yet")
    gap = said - held
    if qualifier in FLOORS and gap <= 0 or qualifier == Qualifier.AT_MOST and gap >= 0:
        return _("both can hold")
    if gap == 0:
        return _("none")
    shown = format_money(gap, currency, signed=True)
    if qualifier in (Qualifier.EXACT, Qualifier.PLANNED):
        return shown
    return _("%(qualifier)s %(amount)s") % {"qualifier": Qualifier(qualifier).label, "amount": shown}


def day_difference_words(said: PreciseDate | None, held: PreciseDate | None) -> str:
    """Whether a stated end and the ledger's are the same, as exactly as both are known."""
    if said is None:
        return _("no day was said, so there is nothing to compare")
    if held is None:
        return _("the ledger knew no end yet")
    if said.first <= held.last and held.first <= said.last:
        return _("none")
    return _("%(n)s days") % {"n": f"{(said.last - held.last).days:+d}".replace("-", "−")}


@dataclass(frozen=True)
class Claim:
    """A stated amount as bounds on a day: what a pair of them must share to be able to hold together."""

    key: str
    measure: str
    currency: str
    effective: PreciseDate
    amount: Decimal
    qualifier: str

    @property
    def bounds(self) -> tuple[Decimal, Decimal] | None:
        """The least and the greatest value that the claim allows; None for one that binds nothing ("about", "planned")."""
        if self.qualifier in (Qualifier.ABOUT, Qualifier.PLANNED):
            return None
        if self.qualifier == Qualifier.AT_MOST:
            return -ENDLESS, self.amount
        return self.amount, ENDLESS if self.qualifier in FLOORS else self.amount


def contradictions(claims: Iterable[Claim]) -> list[tuple[Claim, Claim]]:
    """Pairs about one measure and currency whose days may be the same and whose amounts cannot."""
    return [(one, other) for one, other in combinations(claims, 2) if contradict(one, other)]


def contradict(one: Claim, other: Claim) -> bool:
    if (one.measure, one.currency) != (other.measure, other.currency) or not (one.bounds and other.bounds):
        return False
    if one.effective.first > other.effective.last or other.effective.first > one.effective.last:
        return False
    low, high = max(one.bounds[0], other.bounds[0]), min(one.bounds[1], other.bounds[1])
    return low > high


def headline(amounts: list[tuple[Decimal, str]], currency: str) -> str:
    """The finding in one sentence: from the least to the greatest public total, each with its qualifier."""
    if not amounts:
        return _("No public total yet")
    low, high = min(amounts), max(amounts)
    if low[0] == high[0]:
        return _("The public total is %(amount)s") % {"amount": amount_words(high[0], currency, high[1])}
    words = {"low": amount_words(low[0], currency, low[1]), "high": amount_words(high[0], currency, high[1])}
    return _("Public totals run from %(low)s to %(high)s") % words


def end_words(end: PreciseDate | None, unless: str) -> str:
    return precise_label(end) if end else unless


def day_of(on: date | None, precision: str) -> PreciseDate | None:
    return PreciseDate.of(on, precision) if on else None
