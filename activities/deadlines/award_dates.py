"""The dates of an award: its end, the reports of each recipient, and what else counts from its end and its finals. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cpc.core.periods import Period, calendar_quarter, quarter_key, reporting_periods

from .due import Gap, fall_due, under_terms
from .facts import AwardFacts, FinalFacts, Override, PartnershipFacts, RecipientFacts
from .rulebook import Rule, RuleBook

if TYPE_CHECKING:
    from cpc.core.dates import PreciseDate

REPORTS = ("performance", "financial")
EXTENSIONS = ("extension_request", "extension_notice")
DAY = timedelta(days=1)


def award_dates(award: AwardFacts, facts: PartnershipFacts, book: RuleBook):
    """Every date and gap of an award as it stands."""
    yield from end_dates(award, facts, book)
    if award.is_prime:
        yield from closeout_dates(award, facts, book)
    if not award.recipients:
        yield Gap("no_recipient", award.key)
    for recipient in award.recipients:
        yield from report_dates(award, recipient, facts, book)
        yield from recipient_dates(award, recipient, facts, book)


def end_dates(award: AwardFacts, facts: PartnershipFacts, book: RuleBook):
    for rule in book.once("award_end"):
        if rule.kind != "award_end":
            continue
        if award.ends is not None:
            yield fall_due(rule, facts, key=f"{award.key}-award-end", subject=award.key, award=award.key, base=award.ends)
        for recipient in award.recipients:
            if recipient.ends is not None:
                key = f"{award.key}-award-end-{recipient.key}"
                owner = {"award": award.key, "recipient": recipient.key}
                yield fall_due(rule, facts, key=key, subject=award.key, base=recipient.ends, **owner)


def closeout_dates(award: AwardFacts, facts: PartnershipFacts, book: RuleBook):
    """When the agency completes the close-out: counted from the award's end, under the text of 2014 from the day on which the
    last final report was accepted."""
    if award.ends is None or award.begins is None or award.ends.last < award.begins.first:
        return
    bases = {"award_end": award.ends, "final_reports_accepted": finals_accepted_on(award, facts)}
    for trigger, base in bases.items():
        rules = [rule for rule in book.once(trigger, guidance=award.guidance) if rule.kind == "closeout"]
        for rule, terms in under_terms(award, rules if base is not None else ()):
            day = {"base": base} if trigger == "award_end" else {"base": None, "base_on": base}
            rest = {"guidance": award.guidance, "met_on": award.closed_on, "override": terms}
            yield fall_due(rule, facts, key=f"{award.key}-closeout", subject=award.key, award=award.key, **day, **rest)


def finals_accepted_on(award: AwardFacts, facts: PartnershipFacts):
    """The day on which the last recipient's final report was accepted; None while one is not."""
    finals = [final_of(award, recipient, facts) for recipient in award.recipients]
    days = [one.accepted_on for one in finals if one is not None and one.accepted_on is not None]
    return max(days) if days and len(days) == len(award.recipients) else None


def final_of(award: AwardFacts, recipient: RecipientFacts, facts: PartnershipFacts) -> FinalFacts | None:
    """The final report for the end as it stands; one that was handed in for an earlier end is none."""
    ends = recipient.ends or award.ends
    return facts.finals.get((award.key, recipient.key, ends.last)) if ends is not None else None


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
    periods = reporting_periods(begins.first, ends.last, award.frequency, us_fiscal=award.report_year == "us_fiscal")
    interims = under_terms(award, rules[award.frequency])
    for period in periods[:-1] if absorbs else periods:
        base = ends if period.last == ends.last else None
        for rule, terms in interims:
            yield report_date(rule, award, recipient, facts, period=period, base=base, terms=terms)
    final_period = periods[-1] if absorbs else Period(begins.first, ends.last)
    for rule, terms in under_terms(award, rules["final"]):
        yield report_date(rule, award, recipient, facts, period=final_period, base=ends, terms=terms)
    for frequency, known in rules.items():
        yield from find_missing_rules(award, recipient, book, frequency=frequency, known=known)
    if not book.has_liquidation(recipient.rule_class):
        yield Gap("no_rule", award.key, recipient.key, recipient.rule_class, "liquidation", "once")
    elif recipient.guidance is None:
        yield Gap("no_guidance", award.key, recipient.key, recipient.rule_class, "liquidation", "once")


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


def recipient_dates(award: AwardFacts, recipient: RecipientFacts, facts: PartnershipFacts, book: RuleBook):
    """What one recipient owes or may do once: ask for an extension before the end, liquidate after it, keep the records. Nobody
    asks for the extension of an award that was closed out."""
    begins, ends = recipient.begins or award.begins, recipient.ends or award.ends
    if find_period_problem(begins, ends):
        return
    final = final_of(award, recipient, facts)
    who = {"rule_class": recipient.rule_class, "guidance": recipient.guidance}
    for rule, terms in under_terms(award, book.of_recipient("award_end", **who)):
        if award.closed_on is not None and rule.kind in EXTENSIONS:
            continue
        met_on = liquidated_on(award, final) if rule.kind == "liquidation" else None
        yield recipient_date(rule, award, recipient, facts, terms=terms, base=ends, met_on=met_on)
    if final is not None:
        for rule, terms in under_terms(award, book.of_recipient("final_sf425_submitted", **who)):
            yield recipient_date(rule, award, recipient, facts, terms=terms, base=None, base_on=final.submitted_on)


def liquidated_on(award: AwardFacts, final: FinalFacts | None):
    """The day on which the final SF-425 said that no obligation is left, else that of the close-out; None while neither is."""
    return final.submitted_on if final is not None and final.has_no_obligations else award.closed_on


def recipient_date(
    rule: Rule, award: AwardFacts, recipient: RecipientFacts, facts: PartnershipFacts, *, terms: Override | None, **rest
):
    return fall_due(
        rule,
        facts,
        key=f"{award.key}-{recipient.key}-{rule.kind.replace('_', '-')}",
        subject=award.key,
        award=award.key,
        recipient=recipient.key,
        guidance=recipient.guidance if rule.needs_guidance else None,
        override=terms,
        **rest,
    )


def report_date(
    rule: Rule,
    award: AwardFacts,
    recipient: RecipientFacts,
    facts: PartnershipFacts,
    *,
    period: Period,
    base: PreciseDate | None,
    terms: Override | None,
):
    """A report's date. `base` is the end of the award where the period ends with it, None for the end of a whole period."""
    key = f"{award.key}-{recipient.key}-{period_key(period)}"
    key += f"-final-{rule.report}" if rule.frequency == "final" else f"-{rule.report}"
    is_anniversary = rule.trigger == "award_anniversary"
    return fall_due(
        rule,
        facts,
        key=key,
        subject=award.key,
        base=None if is_anniversary else base,
        base_on=period.last + DAY if is_anniversary else period.last,
        award=award.key,
        recipient=recipient.key,
        period=period,
        guidance=recipient.guidance if rule.needs_guidance else None,
        override=terms,
    )


def period_key(period: Period) -> str:
    """`2020-q1` for a period inside one calendar quarter, whole or not; else both its days."""
    if calendar_quarter(period.first).contains(period):
        return quarter_key(period.first).lower()
    return f"{period.first}-{period.last}"
