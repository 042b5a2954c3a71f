"""From facts and rules to dates: pure, without clock, database or Django. The same facts always give the same dates.

`raw` is trigger plus offset, `due` what counts after the rule's shift, and 30 days after the decision where one taken here
brought the date about too late (`births`). Source: 2 CFR 200 as cited in rules.yaml.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from cpc.core.months import add_months
from cpc.core.periods import Period, calendar_quarter, quarter_key, reporting_periods
from cpc.core.workdays import US, ShiftPolicy, next_working_day, shift

from .births import Births
from .facts import AwardFacts, PartnershipFacts, RecipientFacts
from .rulebook import Rule, RuleBook

if TYPE_CHECKING:
    from cpc.core.dates import PreciseDate

REPORTS = ("performance", "financial")


@dataclass(frozen=True, slots=True)
class DueDate:
    """One date that falls due. `base` is the trigger's day as its source gives it ("2020-12"), `base_on` the day counted from.
    `met_on` is set where the facts themselves say that it was done. Where `due_on` rests on a decision, not on the rule alone,
    `legal_on` is the day by the rule, and `decided_on` that of the decision."""

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

    @property
    def day_by_rule(self) -> date:
        return self.legal_on or self.due_on


@dataclass(frozen=True, slots=True)
class Gap:
    """A date that does not exist, and why: `no_period`, `no_start`, `no_end`, `bad_period`, `no_recipient`, `no_guidance`,
    `no_rule`, `unknown_end` (of a term or pledge), `no_dialogue`, `after_term`. `report` and `frequency` say which report a
    rule is missing for; `on` is the day that would be due."""

    reason: str
    subject: str
    recipient: str | None = None
    rule_class: str | None = None
    report: str | None = None
    frequency: str | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that falls due, by day and key, and everything that does not."""

    due: tuple[DueDate, ...]
    gaps: tuple[Gap, ...]


def compute(facts: PartnershipFacts, book: RuleBook) -> Outcome:
    """All deadlines of a partnership."""
    found = [*pledge_dates(facts, book), *followed(facts, facts, lambda one: own_dates(one, book))]
    for award in facts.awards:
        found += followed(award, facts, lambda one: award_dates(one, facts, book))
    due = sorted(only_dates(found), key=lambda one: (one.due_on, one.key))
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


def only_dates(found: Iterable[DueDate | Gap]) -> list[DueDate]:
    return [one for one in found if isinstance(one, DueDate)]


def own_dates(facts: PartnershipFacts, book: RuleBook):
    """The dates that follow from the term: its own, and those of the dialogues held under it."""
    yield from term_dates(facts, book)
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


def pledge_dates(facts: PartnershipFacts, book: RuleBook):
    for pledge in facts.pledges:
        if pledge.ends is None:
            yield Gap("unknown_end", pledge.key)
            continue
        for rule in book.once("pledge_end"):
            yield fall_due(rule, facts, key=f"{pledge.key}-end", subject=pledge.key, base=pledge.ends)


def dialogue_dates(facts: PartnershipFacts, book: RuleBook):
    """After each dialogue the next one falls due, and is met by it; none falls due after the term."""
    held = sorted(facts.dialogues, key=lambda one: (one.last_day.last, one.key))
    if not held:
        yield Gap("no_dialogue", facts.key)
        return
    for one, following in zip(held, [*held[1:], None], strict=True):
        for rule in book.once("previous_dialogue"):
            met_on = following.last_day.last if following else None
            date_due = fall_due(rule, facts, key=f"{one.key}-next", subject=one.key, base=one.last_day, met_on=met_on)
            if following is None and facts.term_end is not None and date_due.due_on > facts.term_end.last:
                yield Gap("after_term", one.key, on=date_due.due_on)
            else:
                yield date_due


def award_dates(award: AwardFacts, facts: PartnershipFacts, book: RuleBook):
    """The end of an award and the reports of each recipient."""
    for rule in book.once("award_end"):
        if award.ends is not None:
            yield fall_due(rule, facts, key=f"{award.key}-award-end", subject=award.key, award=award.key, base=award.ends)
        for recipient in award.recipients:
            if recipient.ends is not None:
                key = f"{award.key}-award-end-{recipient.key}"
                owner = {"award": award.key, "recipient": recipient.key}
                yield fall_due(rule, facts, key=key, subject=award.key, base=recipient.ends, **owner)
    if not award.recipients:
        yield Gap("no_recipient", award.key)
    for recipient in award.recipients:
        yield from report_dates(award, recipient, facts, book)


def report_dates(award: AwardFacts, recipient: RecipientFacts, facts: PartnershipFacts, book: RuleBook):
    """The interim reports of each period and the final ones. The final takes the place of the last interim unless the award says
    otherwise; then its period is the whole award."""
    begins, ends = recipient.begins or award.begins, recipient.ends or award.ends
    if problem := find_period_problem(begins, ends):
        yield Gap(problem, award.key, recipient.key, recipient.rule_class)
        return
    absorbs = award.final_absorbs_last_interim
    rules = {
        frequency: book.reports(rule_class=recipient.rule_class, frequency=frequency, guidance=recipient.guidance)
        for frequency in (award.frequency, "final")
    }
    periods = reporting_periods(begins.first, ends.last, award.frequency)
    for period in periods[:-1] if absorbs else periods:
        base = ends if period.last == ends.last else None
        for rule in rules[award.frequency]:
            yield report_date(rule, award, recipient, facts, period=period, base=base)
    final_period = periods[-1] if absorbs else Period(begins.first, ends.last)
    for rule in rules["final"]:
        yield report_date(rule, award, recipient, facts, period=final_period, base=ends)
    for frequency, known in rules.items():
        yield from find_missing_rules(award, recipient, book, frequency=frequency, known=known)


def find_period_problem(begins: PreciseDate | None, ends: PreciseDate | None) -> str | None:
    if begins is None and ends is None:
        return "no_period"
    if begins is None:
        return "no_start"
    if ends is None:
        return "no_end"
    return "bad_period" if ends.last < begins.first else None


def find_missing_rules(award: AwardFacts, recipient: RecipientFacts, book: RuleBook, *, frequency: str, known: list[Rule]):
    """Say for which report of a recipient no rule is known, or which rule waits for the guidance version to be known."""
    for report in REPORTS:
        if any(rule.report == report for rule in known):
            continue
        waits = recipient.guidance is None and book.has_rule_under_some_guidance(recipient.rule_class, frequency, report)
        reason = "no_guidance" if waits else "no_rule"
        yield Gap(reason, award.key, recipient.key, recipient.rule_class, report, frequency)


def report_date(
    rule: Rule, award: AwardFacts, recipient: RecipientFacts, facts: PartnershipFacts, *, period: Period, base: PreciseDate | None
) -> DueDate:
    """A report's date. `base` is the end of the award where the period ends with it, None for the end of a whole period."""
    key = f"{award.key}-{recipient.key}-{period_key(period)}"
    key += f"-final-{rule.report}" if rule.frequency == "final" else f"-{rule.report}"
    return fall_due(
        rule,
        facts,
        key=key,
        subject=award.key,
        base=base,
        base_on=period.last,
        award=award.key,
        recipient=recipient.key,
        period=period,
        guidance=recipient.guidance if rule.needs_guidance else None,
    )


def period_key(period: Period) -> str:
    """`2020-q1` for a period inside one calendar quarter, whole or not; else both its days."""
    if calendar_quarter(period.first).contains(period):
        return quarter_key(period.first).lower()
    return f"{period.first}-{period.last}"


def fall_due(rule: Rule, facts: PartnershipFacts, *, base: PreciseDate | None, base_on: date | None = None, **rest) -> DueDate:
    """Apply a rule to its trigger: a precise date, or a plain day in `base_on`."""
    base_on = base.last if base is not None else base_on
    raw = add_months(base_on, rule.offset) if rule.unit == "month" else base_on + timedelta(days=rule.offset)
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
