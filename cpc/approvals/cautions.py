"""What a decider should stop at, though it may be approved: money taken below what was spent, a sub-award that cannot be held
against its parent, an extension of what has ended already. Plain JSON values, kept with the consequences."""

from collections import defaultdict
from decimal import Decimal

from activities.reporting.spending import increments
from cpc.core.dates import PreciseDate
from funding.awards.acts import by_recipient, known_total
from funding.awards.rules import ADDING_KINDS, EXTENDS
from funding.models import Award, AwardAction
from partners.acts import Approval
from partners.models import TermEvent

from .picture import Picture


def cautions_of(rows: list, before: Picture, after: Picture, *, by: Approval) -> list[dict]:
    """What to say about the `rows` that a proposal wrote. One statement more where an award loses
    money."""
    actions = [row for row in rows if isinstance(row, AwardAction)]
    found = [one for action in actions if (one := unchecked(action, by))]
    found += [one for action in actions if (one := extends_what_ended(action, before, by))]
    found += [one for row in rows if isinstance(row, TermEvent) and (one := extends_an_ended_term(row, before, by))]
    return found + below_spent(actions, before, after, by)


def unchecked(action: AwardAction, by: Approval) -> dict | None:
    """A sub-award that gets money, where nobody can say whether it rises above what it is passed on from."""
    award = action.award
    if award.level != Award.Level.SUB or action.kind not in ADDING_KINDS or action.amount is None:
        return None
    if award.parent is None:
        return {"caution": "parent_unknown", "award": award.key}
    if known_total(award.parent, by) is None:
        return {"caution": "parent_amount_unknown", "award": award.key, "parent": award.parent.key}
    return None


def extends_what_ended(action: AwardAction, before: Picture, by: Approval) -> dict | None:
    end = before.awards.get(action.award.key, {}).get("end")
    if action.kind not in EXTENDS or not end or PreciseDate.parse(end).last >= by.on:
        return None
    return {"caution": "period_ended", "award": action.award.key, "ended": end, "days": days_since(end, by)}


def extends_an_ended_term(event: TermEvent, before: Picture, by: Approval) -> dict | None:
    if event.kind != TermEvent.Kind.EXTENDED or not before.term or PreciseDate.parse(before.term).last >= by.on:
        return None
    return {"caution": "term_ended", "ended": before.term, "days": days_since(before.term, by)}


def days_since(end: str, by: Approval) -> int:
    return (by.on - PreciseDate.parse(end).last).days


def below_spent(actions: list[AwardAction], before: Picture, after: Picture, by: Approval) -> list[dict]:
    """Awards that would hold less than their accepted reports say was spent, or in which a recipient would."""
    fallen = {action.award.key: action.award for action in actions if lost_money(action.award, before, after)}
    if not fallen:
        return []
    partnership = next(iter(fallen.values())).partnership
    spent = defaultdict(lambda: defaultdict(Decimal))
    for one in increments(partnership, "spent", as_of=by.on, known_on=by.on):
        spent[one.row.award][one.row.partner] += one.amount or 0
    return [one for key, award in fallen.items() if (one := below(award, spent[key], by))]


def lost_money(award: Award, before: Picture, after: Picture) -> bool:
    key = f"{award.key} {award.currency}"
    was, now = (picture.sums[f"{award.level} award"].get(key) for picture in (before, after))
    return was is not None and (now is None or Decimal(now) < Decimal(was))


def below(award: Award, spent: dict[str, Decimal], by: Approval) -> dict | None:
    """The whole award first; then the recipient for whom least is left, even if all that is not told apart were its own."""
    held = {one and one.key: amount for one, amount in by_recipient(award, by).items()}
    whole, gone = sum(held.values(), Decimal(0)), sum(spent.values(), Decimal(0))
    if gone > whole:
        return caution_of(award, None, whole, gone)
    shared = held.get(None, Decimal(0))
    short = {one: (held.get(one, Decimal(0)) + shared, amount) for one, amount in spent.items()}
    short = {one: pair for one, pair in short.items() if pair[1] > pair[0]}
    if not short:
        return None
    worst = min(short, key=lambda one: (short[one][0] - short[one][1], one))
    return caution_of(award, worst, *short[worst])


def caution_of(award: Award, recipient: str | None, left: Decimal, spent: Decimal) -> dict:
    return {
        "caution": "below_spent", "award": award.key, "recipient": recipient, "left": str(left), "spent": str(spent),
        "currency": award.currency,
    }  # fmt: skip
