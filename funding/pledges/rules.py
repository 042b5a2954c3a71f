"""The arithmetic of host money: conversion at reading, what two governments' words make of a contribution, and what one may be.

No query and no clock in here. The original currency is the truth; a conversion names its rate and is never stored.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cpc.core.dates import PreciseDate, Precision
from cpc.core.labels import day_label
from cpc.core.money import sum_half_up

MOST_THINGS = 1_000_000  # posts or shelters in one contribution


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
    return converted_sum([amount], currency, base=base, quote=quote, rate=rate)


def converted_sum(
    amounts: Iterable[Decimal], currency: str, *, base: str, quote: str, rate: Decimal
) -> tuple[Decimal, str] | None:
    """The sum of `amounts`, each `converted` and rounded by itself."""
    if currency == quote:
        return sum_half_up(amount / rate for amount in amounts), base
    return (sum_half_up(amount * rate for amount in amounts), quote) if currency == base else None


def faults_of_day(effective: PreciseDate, *, signed_on: date, today: date) -> Iterator[tuple[str, str]]:
    """Why something cannot have been given then, as pairs of field and sentence."""
    if effective.last > today:
        yield "effective", too_late(effective, today)
    if effective.last < signed_on:
        signed = {"day": day_label(signed_on)}
        yield "effective", gettext("A contribution counts from the signing of the partnership on, %(day)s.") % signed


def faults_of_value(*, kind: str, amount: Decimal | None, quantity: int | None, valuation: str) -> Iterator[tuple[str, str]]:
    """Why something cannot be worth that, as pairs of field and sentence. `valuation` "none": the amount, if there is one, is not
    valued."""
    if kind == "cash" and amount is None:
        yield "amount", gettext("Cash has an amount, for example 1,234.50.")
    if kind == "cash" and quantity is not None:
        yield "quantity", gettext("Cash is not counted. Leave the number empty, or choose another kind.")
    if amount is not None and kind != "cash" and valuation == "none":
        yield (
            "valuation",
            gettext("Say how the amount was valued. Without a valuation it is counted, not priced: leave the amount empty."),
        )
    if amount is None and valuation != "none":
        yield "amount", gettext("A valuation needs its amount, for example 1,234.50.")
    if quantity is not None and not 1 <= quantity <= MOST_THINGS:
        yield "quantity", gettext("Enter a number from 1 to 1,000,000, or leave it empty if it is not known.")


def too_late(effective: PreciseDate, today: date) -> str:
    """Why that day, month or year cannot be yet."""
    if effective.precision == Precision.DAY or effective.first > today:
        return gettext("This is still to come; the latest day is %(day)s.") % {"day": today.isoformat()}
    return gettext("%(period)s is not over yet: write the day, %(day)s at the latest.") % {
        "period": effective.iso, "day": today.isoformat(),
    }  # fmt: skip
