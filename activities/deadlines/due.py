"""One date that falls due, or why there is none, and how a rule makes it of its trigger. Pure: no clock, database or Django."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from cpc.core.months import add_months, add_years
from cpc.core.periods import Period
from cpc.core.workdays import US, ShiftPolicy, next_working_day, shift

from .facts import AwardFacts, Granted, Override, PartnershipFacts
from .rulebook import Rule

if TYPE_CHECKING:
    from cpc.core.dates import PreciseDate


@dataclass(frozen=True, slots=True)
class DueDate:
    """One date that falls due. `base` is the trigger's day as its source gives it ("2020-12"), `base_on` the day counted from.
    `met_on` is set where the facts themselves say that it was done. Where `due_on` rests on a decision, not on the rule alone,
    `legal_on` is the day by the rule, and `decided_on` that of the decision; `granted` is the later day that was granted, if it
    is the one that counts. `override`: what the award's own terms say instead of the rule. `since`: the day from which on the
    date could be known, where its trigger lies ahead."""

    key: str
    rule: str
    kind: str
    subject: str
    raw_on: date
    due_on: date
    next_business_on: date
    base: str
    base_on: date
    award: str | None = None
    recipient: str | None = None
    period: Period | None = None
    guidance: str | None = None
    met_on: date | None = None
    legal_on: date | None = None
    decided_on: date | None = None
    override: Override | None = None
    granted: Granted | None = None
    since: date | None = None

    @property
    def day_by_rule(self) -> date:
        return self.legal_on or self.due_on


@dataclass(frozen=True, slots=True)
class Gap:
    """A date that does not exist, and why: `no_period`, `no_start`, `no_end`, `bad_period`, `no_recipient`, `no_guidance`,
    `no_rule`, `unknown_end` (of a term or pledge), `no_dialogue`, `after_term`, `no_day` (of a commitment). `report` and
    `frequency` say which report a rule is missing for ("liquidation" and "once" for that); `on` is the day that would be due."""

    reason: str
    subject: str
    recipient: str | None = None
    rule_class: str | None = None
    report: str | None = None
    frequency: str | None = None
    on: date | None = None


def only_dates(found: Iterable[DueDate | Gap]) -> list[DueDate]:
    return [one for one in found if isinstance(one, DueDate)]


def fall_due(rule: Rule, facts: PartnershipFacts, *, base: PreciseDate | None, base_on: date | None = None, **rest) -> DueDate:
    """Apply a rule to its trigger: a precise date, or a plain day in `base_on`."""
    base_on = base.last if base is not None else base_on
    raw = step(base_on, rule)
    due = shift(raw, rule.shift, facts.host_country, facts.closed_days)
    hint = next_working_day(raw, [US], facts.closed_days) if rule.shift == ShiftPolicy.NONE else due
    return DueDate(
        rule=rule.id,
        kind=rule.kind,
        raw_on=raw,
        due_on=due,
        next_business_on=hint,
        base=base.iso if base is not None else base_on.isoformat(),
        base_on=base_on,
        **rest,
    )


def step(day: date, rule: Rule) -> date:
    """The rule's offset from a day; months and years are held to the end of a shorter month."""
    if rule.unit == "day":
        return day + timedelta(days=rule.offset)
    return add_years(day, rule.offset) if rule.unit == "year" else add_months(day, rule.offset)


def under_terms(award: AwardFacts, rules: Iterable[Rule]) -> list[tuple[Rule, Override | None]]:
    """The rules as the award's own terms change them, each with what changed it; without those that they suppress."""
    terms = {one.rule: one for one in award.overrides}
    return [(changed(rule, terms.get(rule.id)), terms.get(rule.id)) for rule in rules if not is_suppressed(terms.get(rule.id))]


def is_suppressed(terms: Override | None) -> bool:
    return terms is not None and terms.is_suppressed


def changed(rule: Rule, terms: Override | None) -> Rule:
    if terms is None:
        return rule
    offset = rule.offset if terms.offset is None else terms.offset
    return replace(rule, offset=offset, shift=terms.shift or rule.shift)


def granted_later(one: DueDate, facts: PartnershipFacts) -> DueDate:
    """The date with the later day that was granted for it, if one was and it lies after the day that counts otherwise."""
    granted = facts.granted.get(one.key)
    if granted is None or granted.day <= one.due_on:
        return one
    hint = next_working_day(granted.day, [US], facts.closed_days)
    return replace(one, due_on=granted.day, legal_on=one.day_by_rule, granted=granted, next_business_on=hint)
