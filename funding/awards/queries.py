"""The one query layer of U.S. money: page, export and API take every sum from here.

Amounts are Decimal in the currency of the row; nothing is converted and currencies are never added. Days are civil days in the
partnership's zone, both included.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Count, Q, QuerySet, Sum, Value
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cpc.core.labels import key_label
from cpc.core.texts import text_in
from funding.models import Award, AwardAction
from partners.ledger import Qualifier
from partners.models import Organization, Partnership

from .ledger import ALLOCATED, BUCKETS, counted, in_force, with_currency
from .rules import ADDING_KINDS, PERIOD_GROUPS, TAKING_KINDS, UNALLOCATED, combined, qualifier_of, share_of


@dataclass(frozen=True)
class SumRow:
    """One row of a summary. `amount` is null where none of its actions has a known one; `n_unknown` counts those left out.

    `filters` are the parameters with which the list of award actions shows the very rows that were added.
    """

    key: str
    label: str
    allocated: bool
    currency: str
    amount: Decimal | None
    qualifier: Qualifier
    share: Decimal | None
    n_actions: int
    n_unknown: int
    is_sample: bool
    filters: dict[str, str]


@dataclass(frozen=True)
class Total:
    currency: str
    amount: Decimal
    qualifier: Qualifier


@dataclass(frozen=True)
class Summary:
    """The answer to "how much, as of that day, as known on that day". No row in force: `rows` and `totals` are empty."""

    partnership: str
    measure: str
    level: str
    group_by: str
    as_of: date
    known_on: date
    rows: list[SumRow] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    @property
    def not_reported(self) -> int:
        """How many actions have an amount that is not known; they are left out of the totals."""
        return sum(row.n_unknown for row in self.rows)

    @property
    def is_sample(self) -> bool:
        return any(row.is_sample for row in self.rows)


def summary(
    partnership: Partnership,
    *,
    as_of: date,
    known_on: date,
    measure: str = "awarded",
    level: str = "prime",
    group_by: str = "none",
) -> Summary:
    """The sums of one level's actions, by one of `GROUPS`. At most four queries, whatever the number of rows.

    The caller has asked whether the reader may. Raises KeyError for a group that does not exist.
    """
    actions = in_force(
        AwardAction.objects.filter(award__partnership=partnership, award__level=level), as_of=as_of, known_on=known_on
    )
    groups = [group for group in _groups(counted(actions, measure), group_by) if not _is_settled(group)]
    totals = _totals(groups)
    labels = _labels(groups, group_by, level)
    question = {"partnership": partnership.key, "measure": measure, "level": level}
    days = {"as_of": as_of.isoformat(), "known_on": known_on.isoformat()}
    whole = {total.currency: total.amount for total in totals}
    rows = [
        SumRow(
            key=group["bucket"],
            label=labels[group["bucket"]],
            allocated=group["allocated"],
            currency=group["money_currency"],
            amount=group["total"],
            qualifier=_qualifier(group),
            share=share_of(group["total"], whole.get(group["money_currency"])),
            n_actions=group["n"],
            n_unknown=group["n_unknown"],
            is_sample=group["has_sample"],
            filters={**question, **_filters(group, group_by), "currency": group["money_currency"], **days},
        )
        for group in groups
    ]
    rows.sort(key=_by_period if group_by in PERIOD_GROUPS else _by_amount)
    result = Summary(partnership.key, measure, level, group_by, as_of, known_on, rows, totals)
    result.messages.extend(_messages(result, actions))
    return result


def _groups(actions: QuerySet, group_by: str) -> list[dict]:
    unknown = Q(amount__isnull=True)
    return list(
        with_currency(actions)
        .annotate(bucket=BUCKETS[group_by], allocated=ALLOCATED.get(group_by, Value(True)))
        .order_by("bucket", "money_currency")
        .values("bucket", "money_currency", "allocated")
        .annotate(
            total=Sum("amount"),
            n=Count("*"),
            n_unknown=Count("pk", filter=unknown),
            n_adding=Count("pk", filter=unknown & Q(kind__in=ADDING_KINDS)),
            n_taking=Count("pk", filter=unknown & Q(kind__in=TAKING_KINDS)),
            has_sample=BoolOr("is_sample"),
        )
    )


def _is_settled(group: dict) -> bool:
    """Whether all that had no recipient has found one since: the split has become known, and nothing is left to show."""
    return not group["allocated"] and not group["n_unknown"] and group["total"] == 0


def _qualifier(group: dict) -> Qualifier:
    n_other = group["n_unknown"] - group["n_adding"] - group["n_taking"]
    return qualifier_of(n_adding=group["n_adding"], n_taking=group["n_taking"], n_other=n_other)


def _totals(groups: list[dict]) -> list[Total]:
    """One total for each currency in which an amount is known, in the order of the codes."""
    currencies = sorted({group["money_currency"] for group in groups if group["total"] is not None})
    return [_total(currency, [group for group in groups if group["money_currency"] == currency]) for currency in currencies]


def _total(currency: str, groups: list[dict]) -> Total:
    amount = sum((group["total"] for group in groups if group["total"] is not None), Decimal(0))
    return Total(currency, amount, combined(_qualifier(group) for group in groups))


def _filters(group: dict, group_by: str) -> dict[str, str]:
    key = group["bucket"]
    if group_by == "none":
        return {}
    if group_by == "partner":
        return {"recipient": key} if group["allocated"] else {"award": _award_of(key), "allocated": "false"}
    return {group_by: key}


def _award_of(key: str) -> str:
    return key.removeprefix(f"{UNALLOCATED}-")


def _by_amount(row: SumRow):
    return row.amount is None, -(row.amount or 0), row.key, row.currency


def _by_period(row: SumRow):
    return not row.allocated, row.key, row.currency


def _labels(groups: list[dict], group_by: str, level: str) -> dict[str, str]:
    """What each key is called in the reader's language."""
    keys = {group["bucket"] for group in groups}
    if group_by == "none":
        whole = _("All sub-award actions") if level == "sub" else _("All award actions")
        return dict.fromkeys(keys, whole)
    if group_by == "award":
        return {award.key: str(text_in(award, "title")) for award in Award.objects.filter(key__in=keys)}
    if group_by == "partner":
        return _partner_labels(groups)
    return {key: _("Known by year only") if key == UNALLOCATED else key_label(key) for key in keys}


def _partner_labels(groups: list[dict]) -> dict[str, str]:
    partners = [group["bucket"] for group in groups if group["allocated"]]
    labels = {one.key: str(text_in(one, "name")) for one in Organization.objects.filter(key__in=partners)}
    awards = [_award_of(group["bucket"]) for group in groups if not group["allocated"]]
    for award in Award.objects.filter(key__in=awards).prefetch_related("recipients__organization"):
        names = [str(text_in(recipient.organization, "name")) for recipient in award.recipients.all()]
        labels[f"{UNALLOCATED}-{award.key}"] = unallocated_label(names)
    return labels


def unallocated_label(names: list[str]) -> str:
    """What money is called of which only the circle of recipients is known."""
    if not names:
        return _("Unallocated: recipients not published")
    return _("Unallocated: %(recipients)s, split not published") % {"recipients": get_text_list(names, _("and"))}


def _messages(result: Summary, actions: QuerySet) -> list[str]:
    """What the reader must know to read the figures right."""
    said = []
    if n := result.not_reported:
        said.append(
            ngettext(
                "%(n)s amount is not known; it is left out of the totals.",
                "%(n)s amounts are not known; they are left out of the totals.",
                n,
            )
            % {"n": n}
        )
    if result.is_sample:
        said.append(_("This answer rests on sample rows, invented for the demonstration."))
    if result.measure == "obligated" and not result.rows and counted(actions, "awarded").exists():
        said.append(_("No action in force on this day is known to be signed; those in the ledger are announced only."))
    return said
