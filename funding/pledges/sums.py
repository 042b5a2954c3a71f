"""Sums of host money: what was pledged and what was contributed, by group, in its own currency or converted at reading.

Progress towards a pledge is never measured here: it is PEN over PEN, in `queries.py`. The caller has asked whether the reader
may.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cpc.core.dates import Precision
from cpc.core.labels import key_label
from cpc.core.periods import fiscal_year, quarter_key
from cpc.core.texts import text_in
from funding.awards.answers import Asked, Summary, SumRow, UsedRate, share_in, totals_of
from funding.awards.rules import UNALLOCATED, combined
from partners.ledger import Qualifier
from partners.models import Partnership

from .models import Contribution, ExchangeRate, Pledge
from .queries import contributions_on
from .rates import Basis, RateTable
from .rules import converted

HOST_MEASURES = ("pledged", "contributed")
PERIODS = ("fiscal_year", "calendar_year", "quarter")
GROUPS_OF = {"pledged": ("none",), "contributed": ("none", "entity", "kind", "region", *PERIODS)}
BASES = tuple(Basis.values)
# The resource of the API that lists the rows.
RESOURCE_OF = {"pledged": "pledge", "contributed": "contribution"}


@dataclass(frozen=True)
class Given:
    """One row that is added: `key` of its group, what it is called, its amount after conversion, and the rate that took."""

    key: str
    label: str
    allocated: bool
    currency: str
    amount: Decimal | None
    qualifier: Qualifier
    is_sample: bool
    rate: ExchangeRate | None = None
    lacks_rate: bool = False


def host_summary(partnership: Partnership, asked: Asked, *, as_of: date, known_on: date) -> Summary:
    """The sums of `pledged` or `contributed`. `partnership.host_country` should be loaded. At most four statements."""
    rows = rows_of(partnership, asked.measure, as_of=as_of, known_on=known_on)
    given = convert(
        partnership, [(row, group_of(row, asked.group_by, partnership)) for row in rows], asked, as_of=as_of, known_on=known_on
    )
    totals = totals_of((one.currency, one.amount, one.qualifier) for one in given)
    when = {"as_of": as_of.isoformat(), "known_on": known_on.isoformat()}
    groups = defaultdict(list)
    for one in given:
        groups[one.key, one.currency].append(one)
    rows = [
        sum_row(
            ones, totals, {"partnership": partnership.key, **filters_of(asked.group_by, key), **when}, RESOURCE_OF[asked.measure]
        )
        for (key, _currency), ones in groups.items()
    ]
    rows.sort(key=_by_period if asked.group_by in PERIODS else _by_amount)
    rates = {one.rate.pk: one.rate for one in given if one.rate}
    result = Summary(
        partnership.key, asked.measure, asked.level, asked.group_by, as_of, known_on, asked.currency, asked.rate_basis,
        [UsedRate(r.base, r.quote, r.rate, r.record_date, r.source) for r in sorted(rates.values(), key=lambda r: r.record_date)],
        rows, totals,
    )  # fmt: skip
    result.messages.extend(messages_of(result, given))
    return result


def rows_of(partnership: Partnership, measure: str, *, as_of: date, known_on: date) -> list[Pledge] | list[Contribution]:
    if measure == "pledged":
        found = Pledge.objects.filter(partnership=partnership).in_force(as_of=as_of, known_on=known_on).select_related("rate")
    else:
        found = contributions_on(partnership, as_of=as_of, known_on=known_on).select_related("entity", "region")
    return list(found.order_by("effective_on", "pk"))


def group_of(row, group_by: str, partnership: Partnership) -> tuple[str, str, bool]:
    """Key, label and whether the row is allocated. A year's row lies in no quarter, and in a host fiscal year only where that is
    the calendar year."""
    only_year = row.effective_precision == Precision.YEAR
    start = partnership.host_country.fiscal_year_starts
    if group_by == "entity":
        return row.entity.key, str(text_in(row.entity, "name")), True
    if group_by == "kind":
        return row.kind, row.get_kind_display(), True
    if group_by == "region":
        return (row.region.key, str(text_in(row.region, "name")), True) if row.region else (UNALLOCATED, _("National"), False)
    if group_by == "calendar_year":
        return _period(f"CY{row.effective_on.year}")
    if group_by == "fiscal_year" and not (only_year and start != 1):
        return _period(f"HY{fiscal_year(row.effective_on, start)}")
    if group_by == "quarter" and not only_year:
        return _period(quarter_key(row.effective_on))
    if group_by in PERIODS:
        return UNALLOCATED, _("Known by year only"), False
    return "all", _("All pledges") if isinstance(row, Pledge) else _("All contributions"), True


def _period(key: str) -> tuple[str, str, bool]:
    return key, key_label(key), True


def convert(partnership: Partnership, grouped: list, asked: Asked, *, as_of: date, known_on: date) -> list[Given]:
    """Each row with its amount, in the currency that was asked for where a rate is found; without one its amount is not known."""
    tables, signature = {}, None
    if asked.currency:
        rates = list(ExchangeRate.objects.order_by("pk"))
        own = rows_of(partnership, "pledged", as_of=as_of, known_on=known_on) if asked.rate_basis == Basis.SIGNATURE else []
        signature = next((pledge.rate for pledge in own if pledge.rate), None)
        for currency in {row.currency for row, _group in grouped if row.currency}:
            tables[currency] = RateTable.of(rates, {currency, asked.currency}, as_of=as_of)
    return [given_of(row, group, asked, tables, signature) for row, group in grouped]


def given_of(row, group: tuple, asked: Asked, tables: dict[str, RateTable], signature: ExchangeRate | None) -> Given:
    amount, currency, rate, lacks_rate = row.amount, row.currency, None, False
    if asked.currency and amount is not None and currency != asked.currency:
        own = row.rate if isinstance(row, Pledge) else signature
        only_year = row.effective_precision == Precision.YEAR
        rate = tables[currency].of_row(asked.rate_basis, row.effective_on, only_year=only_year, signature=own)
        found = rate and converted(amount, currency, base=rate.base, quote=rate.quote, rate=rate.rate)
        amount, lacks_rate, rate = (found[0], False, rate) if found and found[1] == asked.currency else (None, True, None)
    shown = asked.currency or currency
    return Given(*group, shown, amount, Qualifier(getattr(row, "qualifier", Qualifier.EXACT)), row.is_sample, rate, lacks_rate)


def sum_row(ones: list[Given], totals, filters: dict[str, str], resource: str) -> SumRow:
    amounts = [one.amount for one in ones if one.amount is not None]
    amount = sum(amounts, Decimal(0)) if amounts else None
    first = ones[0]
    return SumRow(
        key=first.key, label=first.label, allocated=first.allocated, currency=first.currency, amount=amount,
        qualifier=combined(one.qualifier for one in ones if one.amount is not None),
        share=share_in(amount, first.currency, totals), n_rows=len(ones), n_unknown=len(ones) - len(amounts),
        is_sample=any(one.is_sample for one in ones), filters=filters, resource=resource,
    )  # fmt: skip


def filters_of(group_by: str, key: str) -> dict[str, str]:
    return {} if group_by == "none" else {group_by: key}


def messages_of(result: Summary, given: list[Given]) -> list[str]:
    said = []
    if n := sum(one.lacks_rate for one in given):
        said.append(
            ngettext(
                "No rate holds for %(n)s row; it is left out of the totals.",
                "No rate holds for %(n)s rows; they are left out of the totals.",
                n,
            )
            % {"n": n}
        )
    if n := result.not_reported - sum(one.lacks_rate for one in given):
        said.append(
            ngettext(
                "%(n)s row has no price: it is counted, not valued, and left out of the totals.",
                "%(n)s rows have no price: they are counted, not valued, and left out of the totals.",
                n,
            )
            % {"n": n}
        )
    if len(result.rates) > 1:
        said.append(_("Each row is converted at its own rate; the total is the sum of the converted rows."))
    if result.is_sample:
        said.append(_("This answer rests on sample rows, invented for the demonstration."))
    return said


def _by_amount(row: SumRow):
    return row.amount is None, -(row.amount or 0), row.key, row.currency


def _by_period(row: SumRow):
    return not row.allocated, row.key, row.currency
