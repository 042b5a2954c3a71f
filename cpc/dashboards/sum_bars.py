"""Rows of a sum as bars, each leading to the very rows that it adds up."""

from dataclasses import dataclass

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from cpc.core.money import currency_symbol, format_money
from funding.awards.answers import SumRow
from funding.awards.labels import digits_of, percent_of, width_of
from partners.asof import Days


@dataclass(frozen=True)
class Bar:
    """One row of a summary as it is shown. `query` is the address, on this page, of the very rows that it adds up."""

    row: SumRow
    width: str
    percent: str
    amount: str
    query: str


@dataclass(frozen=True)
class Bars:
    """The rows of one grouping as bars. `head`: the sign of their currency, if they share one; the figures then stand alone."""

    head: str
    lines: list[Bar]


def bars(rows: list[SumRow], days: Days, unknown: str) -> Bars:
    """`unknown`: what an amount that is not known is called."""
    currencies = {row.currency for row in rows}
    is_one = len(currencies) == 1

    def amount_of(row: SumRow) -> str:
        if row.amount is None:
            return unknown
        return digits_of(row.amount, row.currency) if is_one else format_money(row.amount, row.currency)

    lines = [Bar(row, width_of(row.share), percent_of(row.share), amount_of(row), query_of(row.filters, days)) for row in rows]
    return Bars(currency_symbol(currencies.pop()) if is_one else _("Amount"), lines)


def query_of(filters: dict[str, str], days: Days) -> str:
    """The filters of a sum's rows for this page's address; without days where the page speaks of today."""
    unsaid = {"partnership"} if days.is_looking_back else {"partnership", "as_of", "known_on"}
    return urlencode({name: value for name, value in filters.items() if name not in unsaid})
