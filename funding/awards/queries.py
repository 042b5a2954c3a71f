"""The one query layer of U.S. money: page, export and API take every sum from here.

Amounts are Decimal in the currency of the row; nothing is converted and currencies are never added. Days are civil days in the
partnership's zone, both included.
"""

from collections import defaultdict
from datetime import date

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Count, Q, QuerySet, Sum, Value
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cpc.core.labels import key_label
from funding.awards.models import AwardAction
from partners.ledger import Qualifier, sample_message
from partners.models import Partnership

from .answers import Asked, Summary, SumRow, in_order, share_in, totals_of
from .ledger import BUCKETS, counted, in_force, naming, with_currency
from .rules import ADDING_KINDS, PERIOD_GROUPS, TAKING_KINDS, UNALLOCATED, is_settled, qualifier_of


def summary(partnership: Partnership, *, as_of: date, known_on: date, **question: str) -> Summary:
    """The sums of one measure and level, by group: `summary(p, as_of=…, known_on=…, group_by="partner")`.

    The caller has asked whether the reader may.
    """
    return summaries(partnership, [Asked(**question)], as_of=as_of, known_on=known_on)[0]


def summaries(partnership: Partnership, questions: list[Asked], *, as_of: date, known_on: date) -> list[Summary]:
    """The answers to several questions about the same days, in one statement however many there are. A measure is one of
    `MEASURES`, a level one of `LEVELS`, a group one of `GROUPS` (else KeyError); nothing is converted."""
    actions = in_force(AwardAction.objects.filter(award__partnership=partnership), as_of=as_of, known_on=known_on)
    besides = [Asked("awarded", level) for level in sorted({one.level for one in questions if one.measure == "obligated"})]
    parts = [_groups(actions, question, number) for number, question in enumerate(questions + besides)]
    groups = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    found = defaultdict(list)
    for group in groups:
        found[group["number"]].append(group)
    announced = {question.level for number, question in enumerate(besides, len(questions)) if found[number]}
    answers = []
    for number, question in enumerate(questions):
        result = _summary(partnership.key, question, found[number], as_of=as_of, known_on=known_on)
        result.messages.extend(_messages(result, announced))
        answers.append(result)
    return answers


def _summary(partnership: str, question: Asked, groups: list[dict], **days: date) -> Summary:
    measure, level, group_by = question.measure, question.level, question.group_by
    totals = totals_of((group["money_currency"], group["total"], _qualifier(group)) for group in groups)
    by_partner = group_by == "partner"
    shown = [group for group in groups if not (by_partner and _is_settled(group))]
    asked = {"partnership": partnership, "measure": measure, "level": level}
    when = {name: day.isoformat() for name, day in days.items()}
    rows = [
        SumRow(
            key=group["bucket"],
            label=_label(group, question),
            allocated=group["allocated"],
            currency=group["money_currency"],
            amount=group["total"],
            qualifier=Qualifier.EXACT if group["total"] is None else _qualifier(group, by_partner=by_partner),
            share=share_in(group["total"], group["money_currency"], totals),
            n_rows=group["n"],
            n_unknown=group["n_unknown"],
            is_sample=group["has_sample"],
            filters={**asked, **_filters(group, group_by), "currency": group["money_currency"], **when},
        )
        for group in shown
    ]
    rows = in_order(rows, group_by)
    return Summary(partnership, measure, level, group_by, **days, rows=rows, totals=totals)


def _groups(actions: QuerySet, question: Asked, number: int) -> QuerySet:
    """One row for each group and currency, with what is needed to name it."""
    unknown = Q(amount__isnull=True)
    names = ("bucket", "money_currency", "allocated", "name", "circle")
    return (
        with_currency(counted(actions.filter(award__level=question.level), question.measure))
        .annotate(bucket=BUCKETS[question.group_by], **naming(question.group_by))
        .order_by()
        .values(*names)
        .annotate(
            number=Value(number),
            total=Sum("amount"),
            n=Count("*"),
            n_unknown=Count("pk", filter=unknown),
            n_adding=Count("pk", filter=unknown & Q(kind__in=ADDING_KINDS)),
            n_taking=Count("pk", filter=unknown & Q(kind__in=TAKING_KINDS)),
            n_allocations=Count("pk", filter=Q(kind=AwardAction.Kind.ALLOCATION)),
            has_sample=BoolOr("is_sample"),
        )
    )


def _is_settled(group: dict) -> bool:
    return not group["allocated"] and is_settled(
        total=group["total"], n_unknown=group["n_unknown"], n_allocations=group["n_allocations"]
    )


def _qualifier(group: dict, *, by_partner: bool = False) -> Qualifier:
    """The word for what the group adds up to. An allocation whose amount is not known moves money between partners: it blurs
    their rows, and no other sum."""
    n_moved = group["n_unknown"] - group["n_adding"] - group["n_taking"]
    return qualifier_of(n_adding=group["n_adding"], n_taking=group["n_taking"], n_other=n_moved if by_partner else 0)


def _filters(group: dict, group_by: str) -> dict[str, str]:
    key = group["bucket"]
    if group_by == "none":
        return {}
    if group_by == "partner":
        return {"recipient": key} if group["allocated"] else {"award": _award_of(key), "allocated": "false"}
    return {group_by: key}


def _award_of(key: str) -> str:
    return key.removeprefix(f"{UNALLOCATED}-")


def _label(group: dict, question: Asked) -> str:
    """What the group is called in the reader's language."""
    if question.group_by == "none":
        return _("All sub-award actions") if question.level == "sub" else _("All award actions")
    if question.group_by in PERIOD_GROUPS:
        return key_label(group["bucket"]) if group["allocated"] else _("Known by year only")
    return group["name"] if group["allocated"] else unallocated_label(group["circle"])


def unallocated_label(names: list[str]) -> str:
    """What money is called of which only the circle of recipients is known."""
    if not names:
        return _("Unallocated: recipients not published")
    return _("Unallocated: %(recipients)s, split not published") % {"recipients": get_text_list(names, _("and"))}


def _messages(result: Summary, announced: set[str]) -> list[str]:
    """What the reader must know to read the figures right. `announced`: the levels at which anything was awarded."""
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
        said.append(sample_message())
    if result.measure == "obligated" and not result.rows and result.level in announced:
        said.append(_("No action in force on this day is known to be signed; those in the ledger are announced only."))
    return said
