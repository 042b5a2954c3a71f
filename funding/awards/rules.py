"""The arithmetic of U.S. money: which steps carry money, the word for a sum of qualified figures, shares, balances, periods.

No query and no clock in here. Amounts are Decimal with two places in one currency; None is not known, which is not zero.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cpc.core.money import round_half_up
from partners.ledger import Qualifier

MEASURES = ("awarded", "obligated")
LEVELS = ("prime", "sub")
GROUPS = ("none", "partner", "award", "fiscal_year", "calendar_year", "quarter")
# The groups whose keys are periods: each is also the name of the filter that lists the rows of one period.
PERIOD_GROUPS = ("fiscal_year", "calendar_year", "quarter")
UNALLOCATED = "unallocated"

# Kinds that move money by their nature: without an amount it is not known. The others (an end moved without cost, a contact
# changed) have none to know; where one of them has an amount all the same, it counts.
ADDING_KINDS = ("initial", "supplement", "extension_with_cost")
TAKING_KINDS = ("deobligation",)
MONEY_KINDS = (*ADDING_KINDS, *TAKING_KINDS, "allocation")

SHARE_PLACES = 4


def combined(qualifiers: Iterable[str]) -> Qualifier:
    """The word for the sum of figures that carry these words. "At least" stays in every sum that it enters.

    A floor and a ceiling together say neither: "about". A plan makes the sum a plan. Nothing to add is exact.
    """
    words = set(qualifiers) - {Qualifier.EXACT}
    if not words:
        return Qualifier.EXACT
    if Qualifier.PLANNED in words:
        return Qualifier.PLANNED
    if words <= {Qualifier.AT_LEAST, Qualifier.MORE_THAN}:
        # more than a, and at least b: together more than a + b
        return Qualifier.MORE_THAN if Qualifier.MORE_THAN in words else Qualifier.AT_LEAST
    return Qualifier.AT_MOST if words == {Qualifier.AT_MOST} else Qualifier.ABOUT


def qualifier_of(*, n_adding: int = 0, n_taking: int = 0, n_other: int = 0) -> Qualifier:
    """The word for a sum of exact amounts that leaves out so many unknown ones: unknown money that can only add makes a floor."""
    unknown = {Qualifier.AT_LEAST: n_adding, Qualifier.AT_MOST: n_taking, Qualifier.ABOUT: n_other}
    return combined(word for word, n in unknown.items() if n)


def is_settled(*, total: Decimal | None, n_unknown: int, n_allocations: int) -> bool:
    """Whether money without a recipient has found one since: allocations took all of it, and nothing is left to show. What a
    de-obligation alone brought to zero is zero, and stays."""
    return total == 0 and not n_unknown and n_allocations > 0


def share_of(amount: Decimal | None, total: Decimal | None) -> Decimal | None:
    """`amount` / `total` to four places, half-up; None where either is not known or the total is 0."""
    if amount is None or not total:
        return None
    return round_half_up(amount / total, SHARE_PLACES)


def balances(amounts: Iterable[Decimal | None]) -> list[Decimal | None]:
    """The running sum after each amount. None in front of the first known amount; an unknown one leaves the sum where it is."""
    balance, after = None, []
    for amount in amounts:
        if amount is not None:
            balance = (balance or Decimal(0)) + amount
        after.append(balance)
    return after


class Standing(TextChoices):
    """Where an award stands on a day, as far as its period is known."""

    UNKNOWN = "unknown", _("Period not published")
    PLANNED = "planned", _("Not begun")
    ACTIVE = "active", _("Active")
    ENDED = "ended", pgettext_lazy("award", "Ended")


def standing_on(day: date, start: date | None, end: date | None) -> Standing:
    """`start` and `end` are the first and the last day of the period of performance, None where not known."""
    if end is not None and day > end:
        return Standing.ENDED
    if start is not None and day < start:
        return Standing.PLANNED
    return Standing.UNKNOWN if start is None or end is None else Standing.ACTIVE


# Kinds that never carry money.
NO_MONEY = ("no_cost_extension", "administrative", "closeout", "void")
# Kinds that move the end of the period later.
EXTENDS = ("extension_with_cost", "no_cost_extension")


def fault_of_amount(kind: str, amount: Decimal | None) -> str:
    """Why a step of this kind cannot carry `amount`, in a sentence; empty where it can. None: not known."""
    if kind in NO_MONEY and amount is not None:
        return gettext("A step of this kind carries no money. Leave the amount out.")
    if amount is not None and kind in ADDING_KINDS and amount <= 0:
        return gettext("The amount is more than 0. Money is taken back by a de-obligation.")
    if kind in TAKING_KINDS and (amount is None or amount >= 0):
        return gettext("A de-obligation takes money: write the amount with a minus, for example -250,000.00.")
    return ""


def fault_of_end(kind: str, new_end, end, *, start=None) -> str:
    """Why the period cannot end on `new_end` by a step of this kind, where it runs from `start` to `end` (PreciseDate, None: not
    known)."""
    if kind in EXTENDS and new_end is None:
        return gettext("Say when the award ends from now on.")
    if kind in EXTENDS and end is not None and new_end.last <= end.last:
        return gettext("An extension ends later than the award does now: %(end)s.") % {"end": end.iso}
    if kind in ("supplement", "deobligation", "allocation") and new_end is not None:
        return gettext("A step of this kind does not move the end. Choose an extension, or propose both.")
    if new_end is not None and start is not None and new_end.last < start.first:
        return gettext("The award ends after it starts, %(start)s.") % {"start": start.iso}
    return ""
