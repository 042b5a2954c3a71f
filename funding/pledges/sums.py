"""Sums of host money: what was pledged and what was contributed, by group, in its own currency or converted at reading.

Progress towards a pledge is never measured here: it is PEN over PEN, in `queries.py`. The caller has asked whether the reader
may.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Case, CharField, F, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, ExtractQuarter, ExtractYear
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cpc.core.dates import Precision
from cpc.core.labels import key_label
from funding.awards.answers import Asked, Summary, SumRow, UsedRate, in_order, share_in, totals_of
from funding.awards.ledger import in_language
from funding.awards.rules import PERIOD_GROUPS, UNALLOCATED, combined
from partners.ledger import Qualifier, sample_message
from partners.models import Partnership

from .models import Contribution, ExchangeRate, Pledge
from .rates import Basis, RateTable
from .rules import converted

HOST_MEASURES = ("pledged", "contributed")
GROUPS_OF = {"pledged": ("none",), "contributed": ("none", "entity", "kind", "region", *PERIOD_GROUPS)}
BASES = tuple(Basis.values)
# A promise is worth what it was on its day; a gift what it was on the day it was given.
DEFAULT_BASIS = {"pledged": Basis.SIGNATURE, "contributed": Basis.TRANSACTION}
# The resource of the API that lists the rows.
RESOURCE_OF = {"pledged": "pledge", "contributed": "contribution"}

_YEAR = ExtractYear("effective_on")
_STARTS = "partnership__host_country__fiscal_year_starts"
_HOST_YEAR = _YEAR + Case(When(**{f"{_STARTS}__gt": 1}, effective_on__month__gte=F(_STARTS), then=1), default=0)
_BY_YEAR_ONLY = Q(effective_precision=Precision.YEAR)
_NOTHING = Value("", output_field=TextField())


def _text(expression):
    return Cast(expression, CharField())


# A year's row lies in no quarter, and in a fiscal year of the host only where that is the calendar year.
BUCKETS = {
    "none": Value("all", output_field=CharField()),
    "entity": F("entity__key"),
    "kind": F("kind"),
    "region": Coalesce("region__key", Value(UNALLOCATED)),
    "fiscal_year": Case(
        When(_BY_YEAR_ONLY, **{f"{_STARTS}__gt": 1}, then=Value(UNALLOCATED)),
        default=Concat(Value("HY"), _text(_HOST_YEAR)),
        output_field=CharField(),
    ),
    "calendar_year": Concat(Value("CY"), _text(_YEAR)),
    "quarter": Case(
        When(_BY_YEAR_ONLY, then=Value(UNALLOCATED)),
        default=Concat(_text(_YEAR), Value("-Q"), _text(ExtractQuarter("effective_on"))),
        output_field=CharField(),
    ),
}


def with_currency(rows: QuerySet) -> QuerySet:
    """Adds `money_currency`: the row's own, or the host's where it has no price."""
    own = Case(When(currency="", then=F("partnership__host_currency")), default=F("currency"))
    return rows.annotate(money_currency=own)


class Given(NamedTuple):
    """One row that is added. `key` and `name` are those of its group, the name empty where the key says it; `rate` is the
    primary key of the pledge's own rate row."""

    key: str
    name: str
    currency: str
    amount: Decimal | None
    qualifier: str
    effective_on: date
    only_year: bool
    is_sample: bool
    rate: int | None


class Shown(NamedTuple):
    """A row as it enters the sum: in the currency that was asked for, with the rate that took; without one not known."""

    given: Given
    currency: str
    amount: Decimal | None
    rate: ExchangeRate | None = None
    lacks_rate: bool = False


def host_summary(partnership: Partnership, asked: Asked, *, as_of: date, known_on: date) -> Summary:
    """The sums of `pledged` or `contributed`. `partnership.host_country` should be loaded. At most three statements."""
    days = {"as_of": as_of, "known_on": known_on}
    given = map(Given._make, given_rows(partnership, asked.measure, asked.group_by, **days))
    converter = Converter.of(partnership, asked, **days) if asked.currency else None
    shown = [converter.shown(one) if converter else Shown(one, one.currency, one.amount) for one in given]
    basis = converter and converter.basis
    totals = totals_of((one.currency, one.amount, word_of(one)) for one in shown)
    groups = defaultdict(list)
    for one in shown:
        groups[one.given.key, one.currency].append(one)
    filters = {"partnership": partnership.key}
    when = {name: day.isoformat() for name, day in days.items()}
    when |= {"converted_to": asked.currency, "rate_basis": str(basis)} if basis else {}
    rows = in_order([sum_row(ones, totals, asked, filters, when) for ones in groups.values()], asked.group_by)
    result = Summary(
        partnership.key, asked.measure, None, asked.group_by, **days, currency=asked.currency, rate_basis=basis,
        rates=rates_used(shown), rows=rows, totals=totals,
    )  # fmt: skip
    result.messages.extend(messages_of(result, shown))
    return result


def rows_in_force(partnership: Partnership, measure: str, **days: date) -> QuerySet:
    """The pledges or the contributions that a sum adds up: `as_of` and `known_on` say when."""
    model = Pledge if measure == "pledged" else Contribution
    return model.objects.filter(partnership=partnership).in_force(**days)


def given_rows(partnership: Partnership, measure: str, group_by: str, **days: date) -> QuerySet:
    """The rows as `Given`, each with its group."""
    if group_by not in GROUPS_OF[measure]:
        raise KeyError(group_by)
    path = {"entity": "entity__name", "region": "region__name"}.get(group_by)
    is_pledge = measure == "pledged"
    rows = with_currency(rows_in_force(partnership, measure, **days)).annotate(
        bucket=BUCKETS[group_by],
        bucket_name=Coalesce(in_language(path), _NOTHING) if path else _NOTHING,
        word=F("qualifier") if is_pledge else Value(Qualifier.EXACT.value),
        own_rate=F("rate") if is_pledge else Value(None, output_field=IntegerField()),
        only_year=Case(When(_BY_YEAR_ONLY, then=True), default=False),
    )
    names = ("bucket", "bucket_name", "money_currency", "amount", "word", "effective_on", "only_year", "is_sample", "own_rate")
    return rows.order_by("effective_on", "pk").values_list(*names)


@dataclass
class Converter:
    """Shows rows in `currency` at the rates that `basis` names, of those recorded by `until`. `signature`: the primary key of the
    rate of the first pledge that has one, for what has none of its own."""

    currency: str
    basis: str
    until: date
    rates: tuple[ExchangeRate, ...]
    signature: int | None
    tables: dict[str, RateTable] = field(default_factory=dict)

    @classmethod
    def of(cls, partnership: Partnership, asked: Asked, *, as_of: date, known_on: date) -> "Converter":
        """Two statements at most. `asked.rate_basis` None: what is usual for the measure. A rate recorded after the day of
        knowledge is not known."""
        basis, signature = asked.rate_basis or DEFAULT_BASIS[asked.measure], None
        if basis == Basis.SIGNATURE:
            pledges = rows_in_force(partnership, "pledged", as_of=as_of, known_on=known_on).exclude(rate=None)
            signature = pledges.order_by("effective_on", "pk").values_list("rate", flat=True).first()
        return cls(asked.currency, basis, min(as_of, known_on), tuple(ExchangeRate.objects.order_by("pk")), signature)

    def shown(self, row: Given) -> Shown:
        """The row to the cent; without a rate its amount is not known."""
        if row.amount is None or row.currency == self.currency:
            return Shown(row, self.currency, row.amount)
        own = self.own(row) if self.basis == Basis.SIGNATURE else None
        rate = self.table(row.currency).of_row(self.basis, row.effective_on, only_year=row.only_year, signature=own)
        found = rate and converted(row.amount, row.currency, base=rate.base, quote=rate.quote, rate=rate.rate)
        if not found or found[1] != self.currency:
            return Shown(row, self.currency, None, lacks_rate=True)
        return Shown(row, self.currency, found[0], rate)

    def table(self, currency: str) -> RateTable:
        if currency not in self.tables:
            self.tables[currency] = RateTable.of(self.rates, {currency, self.currency}, as_of=self.until)
        return self.tables[currency]

    def own(self, row: Given) -> ExchangeRate | None:
        """The rate of the row's own pledge, or the one of the signature."""
        wanted = row.rate or self.signature
        return next((rate for rate in self.rates if rate.pk == wanted), None)


def rates_used(shown: list[Shown]) -> list[UsedRate]:
    rates = {one.rate.pk: one.rate for one in shown if one.rate}.values()
    in_order = sorted(rates, key=lambda rate: (rate.record_date, rate.pk))
    return [UsedRate(one.base, one.quote, one.rate, one.record_date, one.source) for one in in_order]


def word_of(one: Shown) -> Qualifier:
    """The word that belongs to the row's amount. One without an amount has none to lend; one that no rate could convert is left
    out, so that the sum is a floor."""
    words = [one.given.qualifier] if one.given.amount is not None else []
    return combined([*words, Qualifier.AT_LEAST] if one.lacks_rate else words)


def sum_row(ones: list[Shown], totals, asked: Asked, filters: dict[str, str], when: dict[str, str]) -> SumRow:
    """`filters` and `when` are put around those that single the group out."""
    amounts = [one.amount for one in ones if one.amount is not None]
    amount = sum(amounts, Decimal(0)) if amounts else None
    key, currency = ones[0].given.key, ones[0].currency
    own = {} if asked.group_by == "none" else {asked.group_by: key}
    if not asked.currency:
        own["currency"] = currency
    return SumRow(
        key=key, label=ones[0].given.name or label_of(key, asked), allocated=key != UNALLOCATED, currency=currency, amount=amount,
        qualifier=Qualifier.EXACT if amount is None else combined(word_of(one) for one in ones),
        share=share_in(amount, currency, totals), n_rows=len(ones), n_unknown=len(ones) - len(amounts),
        is_sample=any(one.given.is_sample for one in ones), filters=filters | own | when, resource=RESOURCE_OF[asked.measure],
    )  # fmt: skip


def label_of(key: str, asked: Asked) -> str:
    """What a group without a name of its own is called."""
    if asked.group_by == "none":
        return _("All pledges") if asked.measure == "pledged" else _("All contributions")
    if asked.group_by == "kind":
        return str(Contribution.Kind(key).label)
    if key == UNALLOCATED:
        return _("National") if asked.group_by == "region" else _("Known by year only")
    return key_label(key)


def messages_of(result: Summary, shown: list[Shown]) -> list[str]:
    said = []
    n_without_rate = sum(one.lacks_rate for one in shown)
    if n := n_without_rate:
        said.append(
            ngettext(
                "No rate holds for %(n)s row; it is left out of the totals.",
                "No rate holds for %(n)s rows; they are left out of the totals.",
                n,
            )
            % {"n": n}
        )
    if n := result.not_reported - n_without_rate:
        said.append(
            ngettext(
                "%(n)s row has no price: it is counted, not valued, and left out of the totals.",
                "%(n)s rows have no price: they are counted, not valued, and left out of the totals.",
                n,
            )
            % {"n": n}
        )
    if sum(one.rate is not None for one in shown) > 1:
        said.append(_("Each row is converted and rounded to the cent; the total is the sum of the converted rows."))
    if result.is_sample:
        said.append(sample_message())
    return said
