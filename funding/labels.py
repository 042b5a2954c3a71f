"""Shares of money in words and as the length of a bar."""

from decimal import Decimal

from django.utils.translation import gettext as _

from cpc.core.labels import format_number
from cpc.core.money import round_half_up


def percent_of(share: Decimal | None) -> str:
    """ "74.6%" for 0.7463; in words where the share is not known."""
    if share is None:
        return _("not known")
    return _("%(number)s%%") % {"number": format_number(round_half_up(share * 100, 1))}


def width_of(share: Decimal | None) -> str:
    """The length of a bar out of 100, the same in every language: 0 for what is not known or negative, at most 100."""
    return "0" if share is None else f"{min(max(share, Decimal(0)), Decimal(1)) * 100:.2f}"
