"""When figures of an indicator may be added, and what comes of it. Pure.

A cell holds a number, or one of the reasons why there is none, or is not reported yet. Categories of one cell row part the
same people or things, so they always add; over quarters, regions and organizations only the indicator's own rule says so,
because a person can be counted again. Figures of several organizations are never added here. Source: domain rules of the
product, "Aggregation rules".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

NOT_COLLECTED, NOT_APPLICABLE, WITHHELD = "not_collected", "not_applicable", "withheld"
EMPTIES = (NOT_COLLECTED, NOT_APPLICABLE, WITHHELD)
FLOW, STOCK = "flow", "stock"


@dataclass(frozen=True)
class Total:
    """A sum. `value` None: nothing known, or not added because of `refused` (a sentence). `is_whole` False: some part of it is
    not known, so the figure is a lower bound."""

    value: int | None = None
    is_whole: bool = True
    refused: str = ""


@dataclass(frozen=True)
class Adding:
    """An indicator's rules: whether its figure is counted in the period or at its end, and in which directions it adds."""

    flow: str = FLOW
    over_periods: bool = False
    over_regions: bool = False

    @classmethod
    def of(cls, indicator) -> "Adding":
        return cls(indicator.flow, indicator.adds_over_periods, indicator.adds_over_regions)


def add_categories(cells: Iterable[int | str | None]) -> Total:
    """The sum of a row: numbers, reasons from EMPTIES, and None for what is not reported yet. Not applicable takes nothing
    away."""
    cells = list(cells)
    known = [cell for cell in cells if isinstance(cell, int)]
    is_whole = all(isinstance(cell, int) or cell == NOT_APPLICABLE for cell in cells)
    return Total(sum(known) if known else None, is_whole)


def add_totals(totals: Iterable[Total]) -> Total:
    """The sum of sums that may be added. A refused one refuses the whole."""
    totals = list(totals)
    if refused := next((total.refused for total in totals if total.refused), ""):
        return Total(None, False, refused)
    known = [total.value for total in totals if total.value is not None]
    return Total(sum(known) if known else None, all(total.is_whole for total in totals))


def over_periods(adding: Adding, totals: Sequence[Total]) -> Total:
    """One figure for several periods, oldest first: a stock's is that of the last period, a flow's the sum where its rule
    allows."""
    if not totals:
        return Total(is_whole=False)
    if adding.flow == STOCK or len(totals) == 1:
        return totals[-1]
    if adding.over_periods:
        return add_totals(totals)
    return Total(None, False, _("Quarters are not added: the same people may be counted again."))


def over_regions(adding: Adding, totals: Sequence[Total]) -> Total:
    if len(totals) == 1:
        return totals[0]
    if adding.over_regions:
        return add_totals(totals)
    return Total(None, False, _("Regions are not added: the same people may be counted again."))
