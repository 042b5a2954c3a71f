"""The rows behind the sums of `disbursed` and `spent`: the accepted reports that count, each with what it adds. Page and API ask
here, with the filters that a sum's key is a value of."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from cpc.core.fingerprints import Measured
from cpc.core.sheets import Column, Sheet
from funding.awards.filters import period_filter
from funding.awards.models import Award
from funding.awards.rules import PERIOD_GROUPS
from partners.models import Partnership

from .filters import ReportFilter
from .spending import LINES, Increment, increments

# What means nothing for a report unless a measure says which money is meant.
NEED_A_MEASURE = (*PERIOD_GROUPS, "as_of", "known_on")


class CountedFilter(ReportFilter):
    """The filters of the list of reports, and those of what they add to a sum: `measure` and the period. The period is that of
    the money, not of the report: what straddles two is `unallocated`."""

    measure = filters.ChoiceFilter(choices=[(name, name) for name in LINES], method="of_money", label=_("Counted as"))
    level = filters.ChoiceFilter(field_name="award__level", choices=Award.Level.choices, label=_("Level"))
    currency = filters.CharFilter(field_name="award__currency", label=_("Currency"))
    fiscal_year = period_filter(
        r"^(FY[0-9]{4}|unallocated)\Z", _("“%(value)s” is no U.S. fiscal year. Write it like FY2020."), _("U.S. fiscal year")
    )
    calendar_year = period_filter(
        r"^(CY[0-9]{4}|unallocated)\Z", _("“%(value)s” is no calendar year. Write it like CY2020."), _("Calendar year")
    )
    quarter = period_filter(
        r"^([0-9]{4}-Q[1-4]|unallocated)\Z", _("“%(value)s” is no quarter. Write it like 2020-Q1."), _("Quarter")
    )

    def offer(self, rows):
        """Nobody chooses from a list here, so that it is only read where the address names a value to be found in it."""
        if self.data.get("organization") or self.data.get("award"):
            super().offer(rows)

    def of_money(self, queryset, name, value):
        """Says which money is meant, and narrows no report: `counted` reads it."""
        return queryset

    of_period = of_money


def counted(partnership: Partnership, measure: str, asked: dict[str, str], **days: date) -> list[Increment]:
    """What the accepted reports add to `measure` as of and as known on `days`, as far as `asked` (names of the filters above to
    their values) narrows it. The caller has asked who may read it."""
    found = increments(partnership, measure, **days)
    return [one for one in found if fits(one, asked)]


def fits(one: Increment, asked: dict[str, str]) -> bool:
    row = one.row
    own = {"level": row.level, "currency": row.currency, "award": row.award, "organization": row.partner}
    if any(asked.get(name) and asked[name] != value for name, value in own.items()):
        return False
    return all(one.group(name)[0] == asked[name] for name in PERIOD_GROUPS if asked.get(name))


def measured_of(found: list[Increment]) -> Measured:
    """What a file of these rows says of itself: its control totals by currency."""
    totals = defaultdict(Decimal)
    for one in found:
        if one.amount is not None:
            totals[one.row.currency] += one.amount
    n_unknown = sum(one.amount is None for one in found)
    return Measured(len(found), dict(sorted(totals.items())), n_unknown, any(one.row.is_sample for one in found))


COUNTED = Sheet(
    "counted-reports",
    (
        Column("award", _("Award"), lambda one: one.row.award),
        Column("organization", _("Organization"), lambda one: one.row.partner),
        Column("organization_name", _("Name of the organization"), lambda one: one.row.partner_name),
        Column("period_from", _("First day of the period"), lambda one: one.row.period_from),
        Column("period_to", _("Last day of the period"), lambda one: one.row.period_to),
        Column("counted_from", _("Counted from"), lambda one: one.since.first),
        Column("amount", _("Amount"), lambda one: one.amount),
        Column("total", _("As reported, since the award began"), lambda one: one.total),
        Column("currency", _("Currency"), lambda one: one.row.currency),
        Column("level", _("Level"), lambda one: one.row.level),
        Column("is_sample", _("Sample"), lambda one: one.row.is_sample),
    ),
    title=_("Accepted reports"),
)
