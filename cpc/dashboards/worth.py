"""What a pledge is in another currency, by the day of the rate: it depends on the day, and the pledge itself never moves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from cpc.core.dates import PreciseDate
from cpc.core.periods import calendar_quarter
from funding.pledges.models import ExchangeRate, Pledge
from funding.pledges.queries import Promise
from funding.pledges.rules import converted
from partners.asof import Days
from partners.models import Statement, TermEvent


@dataclass(frozen=True)
class Worth:
    """One line: a conversion at a named rate, or (`rate` None) what somebody said. `words` is set for what was said alone."""

    on: PreciseDate
    what: str
    rate: ExchangeRate | None
    amount: Decimal | None
    words: str = ""


@dataclass(frozen=True)
class Table:
    pledge: Pledge
    currency: str
    lines: list[Worth]

    @property
    def sources(self) -> str:
        return ", ".join(sorted({line.rate.source for line in self.lines if line.rate}))


def tables_of(promises: list[Promise], said: list, term: list[TermEvent], days: Days) -> list[Table]:
    """A table for each pledge that has a rate of its own. `said`: the compared statements about pledges. One statement."""
    made = [promise for promise in promises if promise.at_signature]
    asked = {promise.pledge.pk: wanted_days(promise, said, term, days) for promise in made}
    found = rates_on(made, {day for wanted in asked.values() for day in wanted}, days)
    return [table_of(promise, asked[promise.pledge.pk], said, found) for promise in made]


def wanted_days(promise: Promise, said: list, term: list[TermEvent], days: Days) -> dict[date, str]:
    """The days of which a rate tells something, with what each is: quarters in which an amount was said, ends that are past."""
    wanted = {
        calendar_quarter(one.statement.effective_on).last: _("End of the quarter in which that was said")
        for one in said
        if is_in_dollars(one, promise)
    }
    ends = [(event.new_end_on, _("End of the term as extended")) for event in term if event.kind == TermEvent.Kind.EXTENDED]
    if promise.pledge.ends_on:
        ends.insert(0, (promise.pledge.ends_on, _("End of the pledge")))
    for end, what in ends:
        if end and end <= min(days.as_of, days.known_on):
            wanted[end] = f"{wanted[end]}; {what}" if end in wanted else what
    return wanted


def is_in_dollars(one, promise: Promise) -> bool:
    """Whether an amount was said in the currency into which the pledge's own rate converts."""
    statement = one.statement
    is_pledge = statement.measure == Statement.Measure.PLEDGED and statement.amount is not None
    return is_pledge and statement.currency == promise.at_signature.currency


def rates_on(made: list[Promise], wanted: Iterable[date], days: Days) -> dict[tuple[str, str, date], ExchangeRate]:
    """The end-of-period rate of each pair and day, of the source that the pledge's own rate has."""
    own = [promise.at_signature.rate for promise in made]
    rows = ExchangeRate.objects.filter(
        record_date__in=[day for day in wanted if day <= days.known_on],
        kind=ExchangeRate.Kind.END_OF_PERIOD,
        source__in={rate.source for rate in own},
    )
    return {(row.base, row.quote, row.record_date): row for row in rows} if own else {}


def table_of(promise: Promise, wanted: dict[date, str], said: list, found: dict) -> Table:
    pledge, at = promise.pledge, promise.at_signature
    lines = [Worth(PreciseDate.of(at.rate.record_date), _("At signature, the pledge's own rate"), at.rate, at.amount)]
    lines += [Worth(one.effective, _("As said in public"), None, None, one.said) for one in said if is_in_dollars(one, promise)]
    for day, what in wanted.items():
        rate = found.get((at.rate.base, at.rate.quote, day))
        if rate and day != at.rate.record_date:
            amount, _currency = converted(pledge.amount, pledge.currency, base=rate.base, quote=rate.quote, rate=rate.rate)
            lines.append(Worth(PreciseDate.of(day), what, rate, amount))
    return Table(pledge, at.currency, sorted(lines, key=lambda line: line.on.last))
