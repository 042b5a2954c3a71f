"""The arithmetic of host money: conversion at reading, and what two governments' words make of a contribution.

No query and no clock in here. The original currency is the truth; a conversion names its rate and is never stored.
"""

from decimal import Decimal, localcontext

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cpc.core.money import round_half_up


class Agreement(TextChoices):
    """Who stands by a contribution: the newest word of each side counts. One side that disagrees makes it disputed."""

    BOTH = "both", _("Both governments")
    US = "us", _("United States only")
    HOST = "host", _("Host government only")
    NONE = "none", _("Not confirmed yet")
    DISPUTED = "disputed", _("Disputed")


def converted(amount: Decimal, currency: str, *, base: str, quote: str, rate: Decimal) -> tuple[Decimal, str] | None:
    """`amount` in the other currency of the pair, to the cent, half-up: S/ 8,000,000 at 3.2475 is US$ 2,463,433.41.

    `rate` is how many units of `quote` one unit of `base` is worth. None where the pair does not hold `currency`: there is no
    rate then, and none is made up.
    """
    with localcontext() as context:
        context.prec = 60
        if currency == quote:
            return round_half_up(amount / rate), base
        return (round_half_up(amount * rate), quote) if currency == base else None
