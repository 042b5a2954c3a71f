"""Money and its shares in tables and bars."""

from decimal import Decimal

from django.utils.translation import gettext as _

from cpc.core.labels import NBSP, format_number
from cpc.core.money import currency_symbol, format_money, round_half_up


def percent_of(share: Decimal | None) -> str:
    """ "74.6%" for 0.7463; in words where the share is not known."""
    if share is None:
        return _("not known")
    return _("%(number)s%%") % {"number": format_number(round_half_up(share * 100, 1))}


def width_of(share: Decimal | None) -> str:
    """The length of a bar out of 100, the same in every language: 0 for what is not known or negative, at most 100."""
    return "0" if share is None else f"{min(max(share, Decimal(0)), Decimal(1)) * 100:.2f}"


def digits_of(amount: Decimal, currency: str) -> str:
    """ "5,000,000": for a table whose head names the currency."""
    return format_money(amount, currency).replace(f"{currency_symbol(currency)}{NBSP}", "", 1)
