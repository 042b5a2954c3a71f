"""A statement beside the ledger: what was said, what the ledger held on that day in that measure, the difference, and why."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from cpc.core.dates import PreciseDate
from cpc.core.money import format_money
from funding.awards.ledger import in_force, period_of
from funding.awards.rules import combined
from funding.models import Award, AwardAction, ExchangeRate
from funding.pledges.queries import Promise, promises
from partners.asof import Days
from partners.models import Statement, TermEvent
from partners.queries import end_of

from .compared import Claim, amount_words, contradictions, day_difference_words, day_of, difference_words, end_words
from .held import WHOLE, Held, held_by
from .reasons import Figure, Known, of_a_rate, of_another_end, reasons_of

Measure = Statement.Measure
# The measure of the ledger in which a statement is compared: a public "total" is what was awarded.
LEDGER_MEASURES = {
    Measure.US_TOTAL: "awarded", Measure.AWARDED: "awarded", Measure.OBLIGATED: "obligated", Measure.DISBURSED: "disbursed",
    Measure.SPENT: "spent", Measure.CONTRIBUTED: "contributed",
}  # fmt: skip
US_MEASURES = ("awarded", "obligated", "disbursed", "spent")


@dataclass(frozen=True)
class Compared:
    """A statement, what the ledger held on its day, and the difference; in words, the amounts also as numbers. `reasons`:
    sentences on why they may differ. `award`: the one of which it speaks, if the reader may see it."""

    statement: Statement
    effective: PreciseDate
    said: str
    held: str
    difference: str
    amount_held: Decimal | None = None
    reasons: tuple[str, ...] = ()
    award: Award | None = None

    @property
    def gap(self) -> Decimal | None:
        """What was said less what the ledger held; None where either is not known, or not for this reader."""
        if self.statement.amount is None or self.amount_held is None:
            return None
        return self.statement.amount - self.amount_held

    @property
    def is_us_total(self) -> bool:
        """Whether it stands in the chart: an amount about all awards together."""
        statement = self.statement
        return statement.measure in (Measure.US_TOTAL, Measure.AWARDED) and not statement.award_key


@dataclass(frozen=True)
class Facts:
    """What this reader may see of the ledger, by which any earlier day can be read without a query. `promises` None: not for this
    role. `rates`: day and rate of the pledges' pairs of currencies."""

    held: Held
    promises: list[Promise] | None
    term: list[TermEvent]
    award_ends: dict[str, list[AwardAction]]
    awards: dict[str, Award]
    rates: dict[tuple[str, str], list[tuple]]


def gather(user, partnership, days: Days, statements: list[Statement]) -> Facts:
    """At most nine statements, whatever the number of rows."""
    asked = {"as_of": days.as_of, "known_on": days.known_on}
    actions = AwardAction.objects.visible_to(user).filter(award__partnership=partnership, new_end_on__isnull=False)
    award_ends = {}
    for action in in_force(actions, **asked).select_related("award").order_by("effective_on", "pk"):
        award_ends.setdefault(action.award.key, []).append(action)
    term = TermEvent.objects.filter(partnership=partnership).in_force(**asked).order_by("effective_on", "pk")
    held = held_by(user, partnership, days)
    named = {statement.award_key for statement in statements if statement.award_key}
    awards = Award.objects.visible_to(user).filter(partnership=partnership, key__in=named).known(days.known_on)
    made = promises(partnership, **asked) if held.host else None
    return Facts(
        held=held,
        promises=made,
        term=list(term),
        award_ends=award_ends,
        awards={award.key: award for award in awards} if named else {},
        rates=rates_of(made or [], days),
    )


def rates_of(made: list[Promise], days: Days) -> dict[tuple[str, str], list[tuple]]:
    """(base, quote) to the days and rates of it, for the pairs in which a pledge has a rate of its own."""
    pairs = {(one.at_signature.rate.base, one.at_signature.rate.quote) for one in made if one.at_signature}
    found = {pair: [] for pair in pairs}
    if pairs:
        rows = ExchangeRate.objects.filter(record_date__lte=min(days.as_of, days.known_on)).exclude(
            kind=ExchangeRate.Kind.YEAR_AVERAGE
        )
        rows = rows.filter(base__in={base for base, _quote in pairs}, quote__in={quote for _base, quote in pairs})
        for base, quote, on, rate in rows.order_by("record_date").values_list("base", "quote", "record_date", "rate"):
            found.get((base, quote), []).append((on, rate))
    return found


def compare(statement: Statement, facts: Facts) -> Compared:
    effective = statement.effective
    if statement.amount is None:
        return of_day(statement, effective, facts)
    if statement.measure == Measure.PLEDGED:
        return of_pledge(statement, effective, facts) if facts.promises is not None else not_for_role(statement, effective)
    measure, held = LEDGER_MEASURES[statement.measure], facts.held
    is_own = statement.award_key in facts.awards
    if not (held.host if measure == "contributed" else held.sums or is_own):
        return not_for_role(statement, effective)
    if statement.award_key and not is_own:
        return not_for_role(statement, effective)
    return of_amount(statement, effective, measure, facts)


def not_for_role(statement, effective) -> Compared:
    words = amount_words(statement.amount, statement.currency, statement.qualifier)
    return Compared(statement, effective, words, _("not part of your role"), _("not part of your role"))


def of_amount(statement, effective, measure: str, facts: Facts) -> Compared:
    amount, currency, award = statement.amount, statement.currency, statement.award_key or WHOLE
    held = facts.held.on(statement.effective_on, measure, currency, award)
    figure = Figure(amount, currency, statement.qualifier, effective)
    known = Known(held, facts.held.series(measure, currency, award), others_of(statement, measure, facts), unexplained(statement))
    return Compared(
        statement,
        effective,
        amount_words(amount, currency, statement.qualifier),
        _("nothing") if held is None else format_money(held, currency),
        difference_words(amount, held, currency, statement.qualifier),
        held,
        tuple(reasons_of(figure, known)),
        facts.awards.get(statement.award_key),
    )


def others_of(statement, measure: str, facts: Facts) -> dict[str, Decimal | None]:
    """What the ledger held on the day in the other measures of U.S. money, by their names."""
    if measure not in US_MEASURES:
        return {}
    held, award = facts.held, statement.award_key or WHOLE
    return {
        str(Measure(other).label): held.on(statement.effective_on, other, statement.currency, award)
        for other in US_MEASURES
        if other != measure
    }


def unexplained(statement) -> str:
    if statement.measure == Measure.CONTRIBUTED:
        return _("%(gap)s are not in this ledger: contributions that were not entered, or not valued in money.")
    if statement.measure in (Measure.DISBURSED, Measure.SPENT):
        return _("%(gap)s are not in accepted reports: of a time not yet reported, or of an award that is not in this ledger.")
    if statement.award_key:
        return _("%(gap)s are not in this ledger: a step of the award of which we hold no source.")
    return _("%(gap)s are not in this ledger: another award or programme may be counted.")


def of_pledge(statement, effective, facts: Facts) -> Compared:
    """In the pledge's own currency against what was pledged; in another against it at its own rate, which the words name."""
    known = [promise for promise in facts.promises if promise.pledge.effective_on <= statement.effective_on]
    priced = [one.pledge for one in known if one.pledge.amount is not None]
    words = amount_words(statement.amount, statement.currency, statement.qualifier)
    own = [pledge for pledge in priced if pledge.currency == statement.currency]
    if own:
        held = sum((pledge.amount for pledge in own), Decimal(0))
        qualifier = combined(pledge.qualifier for pledge in own)
        gap = _("none") if statement.amount == held else difference_words(statement.amount, held, statement.currency, "exact")
        return Compared(statement, effective, words, amount_words(held, statement.currency, qualifier), gap, held)
    made = [one for one in known if one.at_signature and one.at_signature.currency == statement.currency]
    if not made or len(made) < len(priced):
        return Compared(statement, effective, words, _("no rate"), _("not comparable without a rate"))
    at = sum((one.at_signature.amount for one in made), Decimal(0))
    held = amount_words(at, statement.currency, combined(one.pledge.qualifier for one in made))
    gap = difference_words(statement.amount, at, statement.currency, statement.qualifier)
    figure = Figure(statement.amount, statement.currency, statement.qualifier, effective)
    return Compared(
        statement,
        effective,
        words,
        _("%(amount)s at signature") % {"amount": held},
        gap,
        at,
        rate_reasons(figure, made, at, facts),
    )


def rate_reasons(figure: Figure, made: list[Promise], at: Decimal, facts: Facts) -> tuple[str, ...]:
    pledges = {one.pledge.currency for one in made}
    if figure.amount == at or len(pledges) > 1:
        return ()
    pledged, rate = sum((one.pledge.amount for one in made), Decimal(0)), made[-1].at_signature.rate
    since = made[0].at_signature.rate.record_date
    rates = [(on, value) for on, value in facts.rates.get((rate.base, rate.quote), []) if on >= since]
    return tuple(of_a_rate(figure, pledged, pledges.pop(), rates)) if rate.base == figure.currency else ()


def of_day(statement, effective, facts: Facts) -> Compared:
    said, held = day_of(statement.day_on, statement.day_precision), held_end(statement, facts)
    return Compared(
        statement,
        effective,
        end_words(said, _("no day said")),
        end_words(held, _("not known")),
        day_difference_words(said, held),
        reasons=tuple(of_another_end(said, statement.effective_on, ends_of(statement, facts))),
        award=facts.awards.get(statement.award_key),
    )


def ends_of(statement, facts: Facts) -> list[tuple]:
    """Since when the ledger has which end: of the term, or of the award that the statement names."""
    if statement.measure == Measure.TERM_END:
        return [(event.effective_on, end_of(event)) for event in facts.term]
    return [
        (action.effective_on, PreciseDate.of(action.new_end_on, action.new_end_precision))
        for action in facts.award_ends.get(statement.award_key, [])
    ]


def held_end(statement, facts: Facts) -> PreciseDate | None:
    """The end that the ledger held on the statement's day."""
    if statement.measure != Measure.TERM_END:
        actions = facts.award_ends.get(statement.award_key, [])
        return period_of([action for action in actions if action.effective_on <= statement.effective_on]).end
    return next((end for since, end in reversed(ends_of(statement, facts)) if since <= statement.effective_on), None)


def pairs_of(compared: list[Compared]) -> list[tuple[Compared, Compared]]:
    """Pairs of statements that cannot both hold, if they speak of the same day."""
    by_key = {one.statement.key: one for one in compared}
    claims = [claim_of(one) for one in compared if one.statement.amount is not None]
    return [(by_key[one.key], by_key[other.key]) for one, other in contradictions(claims)]


def claim_of(one: Compared) -> Claim:
    statement = one.statement
    subject = f"{statement.measure} {statement.award_key}"
    return Claim(statement.key, subject, statement.currency, one.effective, statement.amount, statement.qualifier)
