"""The page of public figures beside the ledger: each statement compared as of its own day, nothing averaged or corrected."""

from dataclasses import dataclass
from decimal import Decimal

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cpc.core.dates import PreciseDate
from cpc.core.money import format_money
from cpc.core.sheets import Column, Sheet
from cpc.core.texts import text_in
from funding.awards.ledger import in_force, period_of
from funding.awards.queries import Step, awarded_steps, total_on
from funding.models import AwardAction
from funding.pledges.queries import Promise, promises
from partners.asof import Days, asked_days
from partners.ledger import Qualifier
from partners.models import Statement, TermEvent
from partners.pages import partnership_page
from partners.permissions import may
from partners.queries import end_of

from .compared import (
    FLOORS,
    Claim,
    amount_words,
    contradictions,
    day_difference_words,
    day_of,
    difference_words,
    end_words,
    headline,
)
from .plot import NARROW, WIDE, Plot, Said, draw, millions
from .worth import tables_of

US_MEASURES = (Statement.Measure.US_TOTAL, Statement.Measure.AWARDED)


@dataclass(frozen=True)
class Compared:
    """A statement, what the ledger held on its day, and the difference; all three in words, the amounts also as numbers."""

    statement: Statement
    effective: PreciseDate
    said: str
    held: str
    difference: str
    amount_held: Decimal | None = None


@dataclass(frozen=True)
class Facts:
    """What this reader may see of the ledger, by which any earlier day can be read without a query. None: not for this role."""

    steps: list[Step] | None
    promises: list[Promise] | None
    term: list[TermEvent]
    award_ends: dict[str, list[AwardAction]]


@require_safe
@partnership_page("read.statements")
def statement_list(request, partnership):
    days, asof = asked_days(request, partnership)
    statements = list(
        Statement.objects.filter(partnership=partnership)
        .in_force(as_of=days.as_of, known_on=days.known_on)
        .select_related("source")
        .order_by("effective_on", "pk")
    )
    facts = gather(request.user, partnership, days)
    compared = [compare(statement, facts) for statement in statements]
    if request.GET.get("format") == "csv" and asof.is_valid():
        return SHEET.for_people(compared)
    totals = [one for one in compared if is_us_total(one.statement)]
    currency = totals[0].statement.currency if totals else "USD"
    plots = [plot_of(totals, facts.steps or [], currency, shape) for shape in (WIDE, NARROW)]
    return render(
        request,
        "dashboards/statement_list.html",
        {
            "partnership": partnership,
            "days": days,
            "asof": asof,
            "form": asof,
            "headline": headline(stated(totals, currency), currency),
            "held": total_on(facts.steps or [], days.as_of, currency),
            "currency": currency,
            "totals": totals,
            "others": [one for one in compared if not is_us_total(one.statement)],
            "plots": [plot for plot in plots if plot],
            "pairs": pairs_of(compared),
            "worth": tables_of(facts.promises or [], compared, facts.term, days),
            "may_sum": facts.steps is not None,
            "may_pledge": facts.promises is not None,
        },
        status=200 if asof.is_valid() else 400,
    )


def is_us_total(statement: Statement) -> bool:
    return statement.measure in US_MEASURES and statement.amount is not None


def stated(totals: list[Compared], currency: str) -> list[tuple[Decimal, str]]:
    return [(one.statement.amount, one.statement.qualifier) for one in totals if one.statement.currency == currency]


def gather(user, partnership, days: Days) -> Facts:
    """Four statements, whatever the number of rows. A total beside the own award would tell a partner the other's."""
    asked = {"as_of": days.as_of, "known_on": days.known_on}
    actions = AwardAction.objects.visible_to(user).filter(award__partnership=partnership, new_end_on__isnull=False)
    award_ends = {}
    for action in in_force(actions, **asked).select_related("award").order_by("effective_on", "pk"):
        award_ends.setdefault(action.award.key, []).append(action)
    term = TermEvent.objects.filter(partnership=partnership).in_force(**asked).order_by("effective_on", "pk")
    return Facts(
        steps=awarded_steps(partnership, **asked) if may(user, "read.funding", partnership.pk) else None,
        promises=promises(partnership, **asked) if may(user, "read.pledges", partnership.pk) else None,
        term=list(term),
        award_ends=award_ends,
    )


def compare(statement: Statement, facts: Facts) -> Compared:
    effective = statement.effective
    if statement.amount is None:
        return of_day(statement, effective, facts)
    is_pledge = statement.measure == Statement.Measure.PLEDGED
    if (facts.promises if is_pledge else facts.steps) is None:
        words = amount_words(statement.amount, statement.currency, statement.qualifier)
        return Compared(statement, effective, words, _("not part of your role"), _("not part of your role"))
    if is_pledge:
        return of_pledge(statement, effective, facts.promises)
    return of_amount(statement, effective, total_on(facts.steps, statement.effective_on, statement.currency))


def of_amount(statement, effective, held: Decimal | None) -> Compared:
    words = amount_words(statement.amount, statement.currency, statement.qualifier)
    shown = _("nothing") if held is None else format_money(held, statement.currency)
    gap = difference_words(statement.amount, held, statement.currency, statement.qualifier)
    return Compared(statement, effective, words, shown, gap, held)


def of_pledge(statement, effective, made: list[Promise]) -> Compared:
    """In the pledge's own currency against the pledge; in another against it at its own rate, which the words name."""
    known = [promise for promise in made if promise.pledge.effective_on <= statement.effective_on]
    own = [one.pledge for one in known if one.pledge.currency == statement.currency and one.pledge.amount is not None]
    words = amount_words(statement.amount, statement.currency, statement.qualifier)
    if own:
        held, qualifier = own[-1].amount, own[-1].qualifier
        gap = _("none") if statement.amount == held else difference_words(statement.amount, held, statement.currency, "exact")
        return Compared(statement, effective, words, amount_words(held, statement.currency, qualifier), gap, held)
    for promise in reversed(known):
        at = promise.at_signature
        if at and at.currency == statement.currency:
            held = _("%(amount)s at signature") % {"amount": amount_words(at.amount, at.currency, promise.pledge.qualifier)}
            gap = difference_words(statement.amount, at.amount, at.currency, statement.qualifier)
            return Compared(statement, effective, words, held, gap, at.amount)
    return Compared(statement, effective, words, _("no rate"), _("not comparable without a rate"))


def of_day(statement, effective, facts: Facts) -> Compared:
    said = day_of(statement.day_on, statement.day_precision)
    held = held_end(statement, facts)
    return Compared(
        statement, effective, end_words(said, _("no day said")), end_words(held, _("not known")), day_difference_words(said, held)
    )


def held_end(statement, facts: Facts) -> PreciseDate | None:
    """The end that the ledger held on the statement's day: of the term, or of the award that it names."""
    day = statement.effective_on
    if statement.measure == Statement.Measure.TERM_END:
        events = [event for event in facts.term if event.effective_on <= day]
        return end_of(events[-1]) if events else None
    actions = [action for action in facts.award_ends.get(statement.award_key, []) if action.effective_on <= day]
    return period_of(actions).end


def plot_of(totals: list[Compared], steps: list[Step], currency: str, shape) -> Plot | None:
    said = [drawn(one) for one in totals if one.statement.currency == currency]
    ledger = [(step.on, step.total) for step in steps if step.currency == currency]
    return draw(said, ledger, shape=shape)


def drawn(one: Compared) -> Said:
    statement = one.statement
    number = words = millions(statement.amount)
    if statement.qualifier != Qualifier.EXACT:
        words = _("%(qualifier)s %(amount)s") % {"qualifier": statement.get_qualifier_display(), "amount": number}
    is_planned = statement.qualifier == Qualifier.PLANNED
    return Said(statement.effective_on, statement.amount, words, is_planned, statement.qualifier in FLOORS, one.amount_held)


def pairs_of(compared: list[Compared]) -> list[tuple[Compared, Compared]]:
    """Pairs of statements that cannot both hold, if they speak of the same day."""
    by_key = {one.statement.key: one for one in compared}
    claims = [claim_of(one) for one in compared if one.statement.amount is not None]
    return [(by_key[one.key], by_key[other.key]) for one, other in contradictions(claims)]


def claim_of(one: Compared) -> Claim:
    statement = one.statement
    return Claim(statement.key, statement.measure, statement.currency, one.effective, statement.amount, statement.qualifier)


SHEET = Sheet(
    "statements",
    (
        Column("key", _("Key"), lambda one: one.statement.key),
        Column("measure", _("Measure"), lambda one: one.statement.measure),
        Column("as_of", _("As of"), lambda one: one.effective.iso),
        Column("words", _("As said"), lambda one: text_in(one.statement, "words")),
        Column("qualifier", _("Qualifier"), lambda one: one.statement.qualifier),
        Column("amount", _("Amount"), lambda one: one.statement.amount),
        Column("currency", _("Currency"), lambda one: one.statement.currency),
        Column("day_on", _("Day"), lambda one: one.statement.day_on),
        Column("ledger_amount", _("Ledger of that day"), lambda one: one.amount_held),
        Column("ledger", _("Ledger in words"), lambda one: one.held),
        Column("difference", _("Difference"), lambda one: one.difference),
        Column("source", _("Source"), lambda one: one.statement.source and one.statement.source.title),
        Column("certainty", _("Certainty"), lambda one: one.statement.certainty),
        Column("is_sample", _("Sample"), lambda one: one.statement.is_sample),
    ),
)
