"""Sums of host money: what was pledged and what was contributed, by group, in its own currency or converted at reading.

Progress towards a pledge is never measured here: it is PEN over PEN, in `queries.py`. The caller has asked whether the reader
may.
"""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from django.contrib.postgres.aggregates import ArrayAgg, BoolOr
from django.db.models import Case, CharField, Count, F, IntegerField, Max, Min, Q, QuerySet, Sum, TextField, Value, When
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

from .converting import DEFAULT_BASIS, Converter, Given, Shown, rows_in_force, span_of
from .models import Contribution
from .rates import Basis

HOST_MEASURES = ("pledged", "contributed")
GROUPS_OF = {"pledged": ("none",), "contributed": ("none", "entity", "kind", "region", *PERIOD_GROUPS)}
BASES = tuple(Basis.values)
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


def host_summary(partnership: Partnership, asked: Asked, *, as_of: date, known_on: date) -> Summary:
    """The sums of `pledged` or `contributed`. `partnership.host_country` should be loaded. At most three statements."""
    days = {"as_of": as_of, "known_on": known_on}
    basis = None
    if asked.currency:
        basis = asked.rate_basis or DEFAULT_BASIS[asked.measure]
        given = [Given(*one) for one in rows_of_one_rate(partnership, asked, basis, **days)]
        converter = Converter.of(partnership, asked, span=span_of(given), **days)
        shown = [converter.shown(one) for one in given]
    else:
        given = (Given(*one) for one in summed_rows(partnership, asked, **days))
        shown = [Shown(one, one.currency, one.amount) for one in given]
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


def grouped(partnership: Partnership, asked: Asked, **days: date) -> QuerySet:
    """The rows, each with the `bucket` it belongs to, its currency and its word."""
    if asked.group_by not in GROUPS_OF[asked.measure]:
        raise KeyError(asked.group_by)
    path = {"entity": "entity__name", "region": "region__name"}.get(asked.group_by)
    return with_currency(rows_in_force(partnership, asked.measure, **days)).annotate(
        bucket=BUCKETS[asked.group_by],
        bucket_name=Coalesce(in_language(path), _NOTHING) if path else _NOTHING,
        word=F("qualifier") if asked.measure == "pledged" else Value(Qualifier.EXACT.value),
    )


def summed_rows(partnership: Partnership, asked: Asked, **days: date) -> QuerySet:
    """The first eight values of `Given` for each group, currency and word: the database adds up."""
    rows = grouped(partnership, asked, **days).order_by().values_list("bucket", "bucket_name", "money_currency")
    return rows.annotate(
        total=Sum("amount"),
        of_word=F("word"),
        has_sample=BoolOr("is_sample"),
        n=Count("*"),
        n_unknown=Count("*") - Count("amount"),
    )


def rows_of_one_rate(partnership: Partnership, asked: Asked, basis: str, **days: date) -> QuerySet:
    """All values of `Given` for each group, currency, word and lot of rows that one rate converts. Each amount is handed over: a
    conversion is rounded row by row."""
    own = F("rate") if asked.measure == "pledged" else Value(None, output_field=IntegerField())
    lot = {Basis.SIGNATURE: own, Basis.TRANSACTION: F("effective_on"), Basis.YEAR_AVERAGE: _YEAR, Basis.LATEST: Value(0)}[basis]
    rows = grouped(partnership, asked, **days).annotate(lot=lot, only_year=Case(When(_BY_YEAR_ONLY, then=True), default=False))
    lots = (
        rows.order_by()
        .values("bucket", "bucket_name", "money_currency", "word", "lot", "only_year")
        .annotate(
            total=Sum("amount"),
            has_sample=BoolOr("is_sample"),
            n=Count("*"),
            n_unknown=Count("*") - Count("amount"),
            day=Min("effective_on"),
            own_rate=Max("rate") if asked.measure == "pledged" else Value(None, output_field=IntegerField()),
            amounts=ArrayAgg("amount", filter=Q(amount__isnull=False)),
        )
    )
    names = ("bucket", "bucket_name", "money_currency", "total", "word", "has_sample", "n", "n_unknown", "day")
    return lots.values_list(*names, "only_year", "own_rate", "amounts")


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
        share=share_in(amount, currency, totals), n_rows=sum(one.given.n_rows for one in ones),
        n_unknown=sum(one.n_unknown for one in ones),
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
    n_without_rate = sum(one.n_valued for one in shown if one.lacks_rate)
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
    if sum(one.n_valued for one in shown if one.rate) > 1:
        said.append(_("Each row is converted and rounded to the cent; the total is the sum of the converted rows."))
    if result.is_sample:
        said.append(sample_message())
    return said
