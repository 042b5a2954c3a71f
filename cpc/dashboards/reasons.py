"""Why a public figure and the ledger may differ, as far as the ledger itself can tell. Pure: possible reasons, never a verdict.

Each rule looks for something in the ledger that gives the stated figure: another day, another measure, a rate, or rounding. Only
where none does, money is named that the ledger may not hold. A figure that is rounded is taken to have two digits at least: "7.2
million" stands for 7.15 to 7.25 million.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from cpc.core.dates import PreciseDate
from cpc.core.labels import day_label, format_number
from cpc.core.money import format_money, round_half_up
from partners.ledger import Qualifier

FLOORS = (Qualifier.AT_LEAST, Qualifier.MORE_THAN)
FEWEST_DIGITS = 2
SOON = timedelta(days=366)  # within which an announced step is taken to be one that a figure may already have counted
Series = Sequence[tuple[date, Decimal]]


@dataclass(frozen=True)
class Figure:
    """A stated amount, the word that belongs to it, and the day of which it speaks."""

    amount: Decimal
    currency: str
    qualifier: str
    effective: PreciseDate

    def fits(self, other: Decimal) -> bool:
        """Whether the statement can have meant `other`."""
        if self.qualifier in FLOORS:
            return other >= self.amount
        if self.qualifier == Qualifier.AT_MOST:
            return other <= self.amount
        return abs(other - self.amount) <= self.half_a_unit

    @cached_property
    def half_a_unit(self) -> Decimal:
        """Half of the last place that is not a zero, or of the second one: what rounding can hide."""
        return rounding_unit(self.amount) / 2


def rounding_unit(amount: Decimal) -> Decimal:
    """Of 7,200,000 it is 100,000; of 11,000,000 a million; of 6,712,345.67 a cent."""
    cents = int(amount * 100)
    if not cents:
        return Decimal("0.01")
    digits, zeros = len(str(cents)), len(str(cents)) - len(str(cents).rstrip("0"))
    return Decimal(10) ** min(zeros, max(digits - FEWEST_DIGITS, 0)) / 100


@dataclass(frozen=True)
class Known:
    """What the ledger has beside the figure: `held` on its day, its totals day by day (`series`, oldest first, also later ones),
    and what it held of other measures (`others`: their names, None is nothing).

    `unexplained`: what may be missing where the figure is higher than anything of this; empty where that cannot be said.
    """

    held: Decimal | None
    series: Series = ()
    others: Mapping[str, Decimal | None] = field(default_factory=dict)
    unexplained: str = ""


def reasons_of(said: Figure, known: Known) -> list[str]:
    """Sentences, the likeliest first; empty where both can hold."""
    if known.held is not None and (said.amount == known.held or said.qualifier != Qualifier.PLANNED and binds(said, known.held)):
        return []
    if known.held is not None and said.qualifier not in (*FLOORS, Qualifier.AT_MOST) and said.fits(known.held):
        return [_("Rounding: the figure has its last digit at %(unit)s.") % {"unit": money(rounding_unit(said.amount), said)}]
    found = [*of_another_day(said, known.series), *of_another_measure(said, known.others)]
    return found or of_what_is_missing(said, known)


def binds(said: Figure, held: Decimal) -> bool:
    """Whether a floor or a ceiling already lets both hold."""
    return said.qualifier in (*FLOORS, Qualifier.AT_MOST) and said.fits(held)


def of_another_day(said: Figure, series: Series) -> list[str]:
    """The ledger gives the figure, but on another day: in the month or year that was named, later, or before."""
    first, last = said.effective.first, said.effective.last
    found = []
    for number, (on, total) in enumerate(series):
        if not said.fits(total):
            continue
        until = series[number + 1][0] - timedelta(days=1) if number + 1 < len(series) else date.max
        words = {"total": money(total, said), "day": day_label(on)}
        if on > last:
            found.append(_("A later step: the ledger holds %(total)s from %(day)s on.") % words)
            break
        if until < first:
            words["day"] = day_label(until)
            found = [_("A later step may not be counted in it: the ledger held %(total)s until %(day)s.") % words]
        elif until < last:
            found = [_("The day is not known more exactly: the ledger held %(total)s in that time.") % words]
    return found


def of_another_measure(said: Figure, others: Mapping[str, Decimal | None]) -> list[str]:
    return [
        _("Another measure: “%(measure)s” was %(amount)s on that day.") % {"measure": name, "amount": money(amount, said)}
        for name, amount in others.items()
        if amount is not None and said.fits(amount)
    ]


def of_what_is_missing(said: Figure, known: Known) -> list[str]:
    """What nothing in the ledger gives: of a higher figure first the part that the next step brings, if it came soon."""
    held, found = known.held or Decimal(0), []
    if said.amount < held:
        return [_("%(gap)s of what the ledger holds may not be counted in it.") % {"gap": money(held - said.amount, said)}]
    soon = said.effective.last + SOON
    step = next(((on, total) for on, total in known.series if said.effective.last < on <= soon), None)
    if step and held < step[1] < said.amount:
        held = step[1]
        words = {"total": money(held, said), "day": day_label(step[0])}
        found.append(_("A later step explains a part: the ledger holds %(total)s from %(day)s on.") % words)
    if known.unexplained:
        found.append(known.unexplained % {"gap": money(said.amount - held, said)})
    return found


def of_a_rate(said: Figure, pledged: Decimal, pledge_currency: str, rates: Iterable[tuple[date, Decimal]]) -> list[str]:
    """Why an amount said in another currency differs from the pledge at its own rate. `rates`: day, and units of the pledge's
    currency for one unit of the figure's."""
    if not said.amount:
        return []
    half = said.half_a_unit
    fitting = [(on, rate) for on, rate in rates if abs(pledged / rate - said.amount) <= half and on <= said.effective.last]
    implied = round_half_up(pledged / said.amount, 4).normalize()
    words = {"quote": pledge_currency, "base": said.currency, "rate": format_number(implied)}
    if not fitting:
        return [_("Exchange rate: it would take %(rate)s %(quote)s for 1 %(base)s; no rate that we hold gives that.") % words]
    on, rate = max(fitting)
    words |= {"rate": format_number(rate.normalize()), "day": day_label(on)}
    return [_("Exchange rate: at that of %(day)s, %(rate)s %(quote)s for 1 %(base)s, and rounded, it is the same.") % words]


def of_another_end(said: PreciseDate | None, on: date, ends: Sequence[tuple[date, PreciseDate]]) -> list[str]:
    """Why an end that was said differs from the one the ledger held `on` that day. `ends`: since when the ledger says which."""
    if said is None:
        return []
    same = [(since, end) for since, end in ends if said.first <= end.last and end.first <= said.last]
    held = [end for since, end in ends if since <= on]
    if not same or held and held[-1] == same[-1][1]:
        return []
    later = next((since for since, _end in same if since > on), None)
    if later:
        return [_("A later step: the ledger has this end from %(day)s on.") % {"day": day_label(later)}]
    return [_("A later step may not be counted in it: the ledger had this end since %(day)s.") % {"day": day_label(same[-1][0])}]


def money(amount: Decimal, said: Figure) -> str:
    return format_money(amount, said.currency)
