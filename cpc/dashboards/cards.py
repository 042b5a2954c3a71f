"""The cards of the dashboard: each one number, one sentence, the rows behind it, and the day it speaks of.

Every figure comes from the query layer of its app; a card only chooses words. `days` is what the page was asked.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.dialogues.models import Commitment
from activities.dialogues.queries import SideCount, Standing, commitments_on, count_by_side
from activities.regional.sums import NATIONAL, HeldCounts, Participants, held_counts, participants
from activities.reporting.spending import increments, sum_of
from cpc.core.labels import assumed_label, day_label, key_label, precise_label
from cpc.core.periods import Period, parse_quarter_key, quarter_key
from cpc.core.texts import text_in
from funding.awards.answers import Asked
from funding.awards.queries import summaries
from partners.asof import Days
from partners.queries import Term, coverage_on, term_on

from .bars import Bar, scaled
from .facts import Facts, PublicTotal, totals_words
from .silence import Grid, build_grid, quarters_between
from .term_line import TermLine, draw_term


@dataclass(frozen=True)
class TermCard:
    term: Term
    sentence: str
    line: TermLine | None

    @property
    def steps(self):
        """(the step, its day as far as it is known), oldest first."""
        return [(event, event.effective) for event in self.term.events]

    @property
    def is_sample(self) -> bool:
        return any(event.is_sample for event in self.term.events)


def term_card(partnership, days: Days) -> TermCard:
    term = term_on(partnership, as_of=days.as_of, known_on=days.known_on)
    line = draw_term([(event.effective_on, event.new_end_on) for event in term.events], as_of=days.as_of)
    return TermCard(term, term_sentence(term), line)


def term_sentence(term: Term) -> str:
    """When it ends, how often it was extended, and what is assumed."""
    if term.ends is None:
        return _("Not signed yet on that day.")
    when = precise_label(term.ends)
    if term.ended_days_ago is not None:
        sentence = _("Ended: %(when)s.") % {"when": when}
    elif term.n_extensions:
        sentence = ngettext(
            "Ends: %(when)s, extended %(n)s time.", "Ends: %(when)s, extended %(n)s times.", term.n_extensions
        ) % {"when": when, "n": term.n_extensions}
    else:
        sentence = _("Ends: %(when)s, as signed.") % {"when": when}
    assumed = assumed_label(term.ends)
    return f"{sentence} {assumed[:1].upper()}{assumed[1:]}." if assumed else sentence


@dataclass(frozen=True)
class FundsCard:
    """`totals`: what was awarded, by currency; `bars`: awarded, obligated, spent on one scale."""

    totals: list
    sentence: str
    bars: list[Bar]
    currency: str
    n_actions: int
    public_totals: str
    is_sample: bool


def funds_card(partnership, days: Days, *, said: list[PublicTotal]) -> FundsCard:
    """`said`: the totals of U.S. funds said in public. Bars are of the first currency alone; every total is in the number."""
    questions = [Asked("awarded", group_by="award"), Asked("obligated")]
    awarded, obligated = summaries(partnership, questions, as_of=days.as_of, known_on=days.known_on)
    total = awarded.totals[0] if awarded.totals else None
    signed = next((one.amount for one in obligated.totals if total and one.currency == total.currency), None)
    currency = total.currency if total else ""
    spent = spent_on(partnership, days, currency)
    whole = max((amount for amount in (total and total.amount, signed, spent.amount) if amount is not None), default=None)
    bars = [
        scaled(_("Awarded"), total and total.amount, whole, words=_("nothing yet")),
        scaled(_("Obligated"), signed, whole, words=_("not public")),
        scaled(_("Spent"), spent.amount, whole, words=_("not reported"), fill="al-f1", is_sample=spent.is_sample),
    ]
    return FundsCard(
        totals=awarded.totals,
        sentence=funds_sentence(awarded, signed, spent),
        bars=bars,
        currency=currency,
        n_actions=sum(row.n_rows for row in awarded.rows),
        public_totals=totals_words(said, currency),
        is_sample=any(row.is_sample for row in awarded.rows),
    )


@dataclass(frozen=True)
class Spent:
    """What the accepted reports say was spent: None where none says it. `until`: the earliest and the latest day to which the
    newest report of an award and recipient that says it reaches."""

    amount: Decimal | None
    until: tuple[date, date] | None
    is_sample: bool


def spent_on(partnership, days: Days, currency: str) -> Spent:
    """The answer to `spent` for the prime awards in `currency`, as page, API and export give it."""
    asked = {"as_of": days.as_of, "known_on": days.known_on}
    found = [
        one
        for one in increments(partnership, "spent", **asked)
        if one.row.level == "prime" and one.row.currency == currency and one.amount is not None
    ]
    if not found:
        return Spent(None, None, False)
    reached = {}
    for one in found:
        reached[one.row.award, one.row.partner] = one.row.period_to  # oldest first
    is_sample = any(one.row.is_sample for one in found)
    return Spent(sum_of(found), (min(reached.values()), max(reached.values())), is_sample)


def funds_sentence(awarded, signed, spent) -> str:
    """How many awards, whether signed amounts are known, and until when spending is reported."""
    n = len(awarded.rows)
    if not n:
        return _("No award is in force.")
    if signed is None:
        words = ngettext("%(n)s award, signed amounts not public.", "%(n)s awards, signed amounts not public.", n) % {"n": n}
    else:
        words = ngettext("%(n)s award.", "%(n)s awards.", n) % {"n": n}
    return f"{words} {spent_sentence(spent)}"


def spent_sentence(spent: Spent) -> str:
    if spent.until is None:
        return _("No accepted report of spending.")
    first, last = spent.until
    if first == last:
        return _("Spent is reported to %(when)s.") % {"when": day_label(last)}
    return _("Spent is reported to %(when)s or later.") % {"when": day_label(first)}


@dataclass(frozen=True)
class CommitmentsCard:
    counts: list[SideCount]
    late: list[Standing]
    n_open: int
    n_all: int
    is_sample: bool

    @property
    def sentence(self) -> str:
        if not self.n_all:
            return _("No commitment is recorded.")
        if not self.late:
            return _("None is past its date.")
        return ngettext("%(n)s is past its date.", "%(n)s are past their date.", len(self.late)) % {"n": len(self.late)}

    @property
    def rows(self):
        """(side's label, closed, open, late, and the widths of the three parts of its bar, of 100) on one scale."""
        whole = Decimal(max((count.total for count in self.counts), default=0) or 1)
        rows = []
        for count in self.counts:
            widths = [100 * Decimal(n) / whole for n in (count.closed, count.open, count.late)]
            starts = [Decimal(0), widths[0], widths[0] + widths[1]]
            parts = [
                (fill, f"{start:.2f}", f"{width:.2f}")
                for fill, start, width in zip(("al-f2", "al-f3", "al-fx"), starts, widths, strict=True)
                if width
            ]
            rows.append((count, parts))
        return rows


def commitments_card(partnership, days: Days) -> CommitmentsCard:
    commitments = Commitment.objects.filter(dialogue__partnership=partnership)
    standings = commitments_on(commitments, as_of=days.as_of, known_on=days.known_on)
    late = sorted((s for s in standings if s.days_late is not None), key=lambda s: -s.days_late)
    return CommitmentsCard(
        counts=count_by_side(standings),
        late=late,
        n_open=sum(s.is_open for s in standings),
        n_all=len(standings),
        is_sample=any(s.commitment.is_sample for s in standings),
    )


@dataclass(frozen=True)
class Held:
    """The grid of what was held, and what it was built from."""

    grid: Grid
    counts: HeldCounts
    coverage: list
    objectives: list


@dataclass(frozen=True)
class ActivitiesCard:
    """What was held in the last full quarter, and the grid over all quarters."""

    quarter: str
    n: int
    n_before: int
    n_regions: int
    people: Participants
    held: Held

    @property
    def grid(self) -> Grid:
        return self.held.grid

    @property
    def title(self) -> str:
        return _("Activities held, %(quarter)s") % {"quarter": key_label(self.quarter)}

    @property
    def comparison(self) -> str:
        more = self.n - self.n_before
        if more == 0:
            words = _("As many as the quarter before.")
        elif more > 0:
            words = ngettext("%(n)s more than the quarter before.", "%(n)s more than the quarter before.", more) % {"n": more}
        else:
            words = ngettext("%(n)s fewer than the quarter before.", "%(n)s fewer than the quarter before.", -more) % {"n": -more}
        if not (n_national := self.held.counts.of(region=NATIONAL, quarter=self.quarter)):
            return words
        national = ngettext("%(n)s was national.", "%(n)s were national.", n_national) % {"n": n_national}
        return f"{words} {national}"

    @property
    def people_sentence(self) -> str:
        if self.people.children is None:
            text = ngettext("%(n)s adult took part.", "%(n)s adults took part.", self.people.adults)
            return (text % {"n": f"{self.people.adults:,}"}) + " " + _("Counts of children are protected.")
        total = self.people.adults + self.people.children
        return ngettext("%(n)s person took part.", "%(n)s people took part.", total) % {"n": f"{total:,}"}

    @property
    def finding(self) -> str:
        """The headline over the grid."""
        found = self.grid.finding()
        if found is None and not self.grid.covered:
            return _("No region was in the partnership for a full quarter yet")
        if found is None:
            return _("Every region and objective had activity, %(quarter)s") % {"quarter": key_label(self.grid.last_full)}
        objective, since, regions = found
        names = ", ".join(str(text_in(region, "name")) for region in regions)
        if len(regions) == len(self.held.coverage) and len(regions) > 1:
            names = _("any region")
        return _("%(objective)s: nothing held in %(regions)s since %(quarter)s") % {
            "objective": text_in(objective, "short"), "regions": names, "quarter": key_label(since),
        }  # fmt: skip

    @property
    def map_rows(self):
        """(name, outline, activities held in the quarter) of each region; None where it came in later."""
        return [(str(text_in(row.region, "name")), row.region.outline, self._n_in(row)) for row in self.held.coverage]

    def _n_in(self, coverage) -> int | None:
        n = self.held.counts.of(region=coverage.region.key, quarter=self.quarter)
        return n if n or quarter_key(coverage.from_on) <= self.quarter else None

    @property
    def period(self) -> Period:
        return parse_quarter_key(self.quarter)


def grid_day(term: Term, days: Days) -> date:
    """The day on which the grid ends: after the term there is no work agreed, and so no silence."""
    return min(days.as_of, term.ends.last) if term.ends else days.as_of


def held_on(partnership, days: Days, objectives: list, until: date) -> Held:
    """The grid to `until`. Two statements, whatever the number of activities."""
    coverage = coverage_on(partnership, as_of=days.as_of, known_on=days.known_on)
    counts = held_counts(partnership, as_of=until)
    grid = build_grid(coverage=coverage, objectives=objectives, counts=counts, as_of=until, begins=partnership.signed_on)
    return Held(grid, counts, coverage, objectives)


def activities_card(partnership, days: Days, facts: Facts, *, until: date, exact: bool) -> ActivitiesCard:
    """`facts`: those of the last full quarter by `until` (see `grid_day`)."""
    held = held_on(partnership, days, facts.objectives, until)
    counts, quarter = held.counts, held.grid.last_full
    before = quarters_between(f"{int(quarter[:4]) - 1}-Q1", quarter)[-2]
    return ActivitiesCard(
        quarter=quarter,
        n=counts.of(quarter=quarter),
        n_before=counts.of(quarter=before),
        n_regions=len({region for (region, _o, q), n in counts.by_cell.items() if q == quarter and region and n}),
        people=participants(facts.people, exact=exact),
        held=held,
    )
