"""What fits together in a statement. Pure."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from cpc.core.dates import PreciseDate
from partners.models import Statement

Measure = Statement.Measure
ABOUT_DAYS = (Measure.TERM_END, Measure.AWARD_END)
# What can be said of one award as well as of all of them.
OF_AN_AWARD = (Measure.AWARDED, Measure.OBLIGATED, Measure.DISBURSED, Measure.SPENT, Measure.AWARD_END)


def fault_of(
    measure: str, *, amount: Decimal | None, currency: str, day: PreciseDate | None, award_key: str, as_of: PreciseDate,
    today: date,
) -> dict[str, str]:  # fmt: skip
    """A sentence for each field that does not fit; empty where all do."""
    faults = {}
    if measure in ABOUT_DAYS:
        if amount is not None:
            faults["amount"] = _("A statement about an end says a day, not an amount.")
    elif amount is None:
        faults["amount"] = _("Enter the amount that was said, for example 7,200,000.00.")
    elif not currency:
        faults["currency"] = _("An amount needs a currency, for example USD.")
    if measure not in ABOUT_DAYS and day is not None:
        faults["day"] = _("Only a statement about an end says a day. The day of which it speaks stands in its own field.")
    if measure == Measure.AWARD_END and not award_key:
        faults["award"] = _("Choose the award whose end this is.")
    elif award_key and measure not in OF_AN_AWARD:
        faults["award"] = _("This measure speaks of the whole partnership. Leave the award out.")
    if as_of.first > today:
        faults["as_of"] = _("This day is still to come.")
    elif as_of.last > today:
        faults["as_of"] = _(
            "A month or a year counts from its last day, %(last)s, which is still to come. Write the day of the source, for "
            "example %(today)s."
        ) % {"last": as_of.last.isoformat(), "today": today.isoformat()}
    return faults
