"""From facts and rules to dates: pure, without clock, database or Django. The same facts always give the same dates.

`raw` is trigger plus offset, `due` what counts after the rule's shift, 30 days after the decision where one taken here brought
the date about too late (`births`), and a later day where one was granted. Source: 2 CFR 200 as cited in rules.yaml.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from cpc.core.months import add_years

from .award_dates import award_dates
from .births import Births
from .due import DueDate, Gap, fall_due, granted_later, only_dates
from .facts import AwardFacts, PartnershipFacts
from .rulebook import RuleBook


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that falls due, by day and key, and everything that does not."""

    due: tuple[DueDate, ...]
    gaps: tuple[Gap, ...]


def compute(facts: PartnershipFacts, book: RuleBook) -> Outcome:
    """All deadlines of a partnership."""
    found = [*pledge_dates(facts, book), *commitment_dates(facts, book)]
    found += followed(facts, facts, lambda one: own_dates(one, book))
    for award in facts.awards:
        found += followed(award, facts, lambda one: award_dates(one, facts, book))
    dates = [granted_later(one, facts) for one in only_dates(found)]
    due = sorted(dates, key=lambda one: (one.due_on, one.key))
    return Outcome(due=tuple(due), gaps=tuple(one for one in found if isinstance(one, Gap)))


def followed(now: AwardFacts | PartnershipFacts, facts: PartnershipFacts, dates_of: Callable) -> list[DueDate | Gap]:
    """The dates and gaps of `now`, none of them born overdue. `dates_of` gives those of any stage."""
    found = list(dates_of(now))
    if not now.stages:
        return found
    births = Births(facts.closed_days)
    *earlier, last = now.stages
    for stage in earlier:
        births.follow(only_dates(dates_of(stage.facts)), on=stage.on, decided=stage.decided)
    due = births.follow(only_dates(found), on=last.on, decided=last.decided)
    return [*due, *(one for one in found if isinstance(one, Gap))]


def own_dates(facts: PartnershipFacts, book: RuleBook):
    """The dates that follow from the term: its own, the yearly targets, and those of the dialogues held under it."""
    yield from term_dates(facts, book)
    yield from target_dates(facts, book)
    yield from dialogue_dates(facts, book)


def term_dates(facts: PartnershipFacts, book: RuleBook):
    """The end of the term and what counts from it. A declared end is the decision that was asked for."""
    if facts.term_end is None:
        yield Gap("unknown_end", facts.key)
        return
    for rule in book.once("term_end"):
        met_on = facts.term_closed_on if rule.kind == "term_decision" else None
        name = rule.kind.replace("_", "-")
        yield fall_due(rule, facts, key=f"{facts.key}-{name}", subject=facts.key, base=facts.term_end, met_on=met_on)


def target_dates(facts: PartnershipFacts, book: RuleBook):
    """Targets fall due on each anniversary of the signing, from the first one on, while the term runs. Those of a partnership's
    year are the targets of the calendar year in which it begins; once one is set they count as met on their day, since nobody
    keeps the day on which a target was set."""
    for day in anniversaries(facts.signed_on, facts.term_end.last if facts.term_end else None):
        key = f"{facts.key}-targets-{day.year}"
        for rule in book.once("partnership_year_start"):
            one = fall_due(rule, facts, key=key, subject=key, base=None, base_on=day)
            met_on = one.due_on if day.year in facts.target_years else None
            yield fall_due(rule, facts, key=key, subject=key, base=None, base_on=day, met_on=met_on)


def anniversaries(first: date | None, last: date | None):
    """Every anniversary of `first` until `last`, clamped from the original day; none where a bound is not known."""
    if first is None or last is None:
        return
    n = 1
    while (day := add_years(first, n)) <= last:
        yield day
        n += 1


def pledge_dates(facts: PartnershipFacts, book: RuleBook):
    for pledge in facts.pledges:
        if pledge.ends is None:
            yield Gap("unknown_end", pledge.key)
            continue
        for rule in book.once("pledge_end"):
            yield fall_due(rule, facts, key=f"{pledge.key}-end", subject=pledge.key, base=pledge.ends)


def commitment_dates(facts: PartnershipFacts, book: RuleBook):
    """The day that a commitment itself names, until it is carried over or dropped."""
    for one in facts.commitments:
        if one.is_settled:
            continue
        if one.due_on is None:
            yield Gap("no_day", one.key)
            continue
        for rule in book.once("commitment_due"):
            rest = {"base_on": one.due_on, "met_on": one.closed_on, "since": one.known_on}
            yield fall_due(rule, facts, key=f"{one.key}-due", subject=one.key, base=None, **rest)


def dialogue_dates(facts: PartnershipFacts, book: RuleBook):
    """After each dialogue the next one falls due, and is met by it; none falls due after the term. For the next one the key
    indicators are agreed before the day for which it is planned, else before that on which it falls due."""
    held = sorted(facts.dialogues, key=lambda one: (one.last_day.last, one.key))
    if not held:
        yield Gap("no_dialogue", facts.key)
        if facts.planned:
            yield from indicator_dates(facts.key, None, facts.planned.first, facts, book)
        return
    for one, following in zip(held, [*held[1:], None], strict=True):
        for rule in book.once("previous_dialogue"):
            met_on = following.last_day.last if following else None
            date_due = fall_due(rule, facts, key=f"{one.key}-next", subject=one.key, base=one.last_day, met_on=met_on)
            is_over = following is None and facts.term_end is not None and date_due.due_on > facts.term_end.last
            yield Gap("after_term", one.key, on=date_due.due_on) if is_over else date_due
            if following is None and (facts.planned or not is_over):
                base_on = facts.planned.first if facts.planned else date_due.due_on
                yield from indicator_dates(one.key, one.last_day.last, base_on, facts, book)


def indicator_dates(subject: str, since: date | None, base_on: date, facts: PartnershipFacts, book: RuleBook):
    """`subject`: the dialogue held last, on `since`, or the partnership while none was; `base_on`: the day of the next one. A
    planned day of which only the month or year is known counts from its first."""
    for rule in book.once("dialogue_date"):
        rest = {"base_on": base_on, "since": since}
        yield fall_due(rule, facts, key=f"{subject}-next-indicators", subject=subject, base=None, **rest)
