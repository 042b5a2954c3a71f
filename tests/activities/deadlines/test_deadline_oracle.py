"""The engine against a second implementation written apart, and the properties that hold for every award."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import strategies as st

from activities.deadlines.births import identity
from activities.deadlines.engine import compute
from activities.deadlines.facts import (
    AwardFacts,
    DialogueFacts,
    FinalFacts,
    PartnershipFacts,
    PledgeFacts,
    RecipientFacts,
    Stage,
)
from activities.deadlines.rulebook import shipped
from activities.deadlines.status import ENDS
from cpc.core.dates import PreciseDate
from tests.activities.deadlines.oracle import AwardShape, award_dates, partnership_dates
from tests.activities.properties import EXAMPLES, for_all

ONE_DAY = timedelta(days=1)
CLASSES = ("recipient_2cfr200", "subrecipient_2cfr200", "fpe")
SCHEDULES = [
    ("quarterly", "calendar"),
    ("semiannual", "calendar"),
    ("semiannual", "us_fiscal"),
    ("annual", "calendar"),
    ("annual", "us_fiscal"),
    ("anniversary", "calendar"),
]
FINALS = (None, (date(2021, 3, 30), date(2021, 4, 20)), (date(2020, 2, 29), date(2020, 2, 29)))
days = st.dates(date(2017, 1, 1), date(2040, 12, 31))
shapes = st.builds(
    lambda rule_class, first_day, n_days, money_on, absorbs, schedule, final: AwardShape(
        rule_class, first_day, first_day + n_days * ONE_DAY, money_on, absorbs, *schedule, final
    ),
    st.sampled_from(CLASSES),
    st.dates(date(2017, 1, 1), date(2036, 1, 1)),
    st.integers(0, 1800),
    days,
    st.booleans(),
    st.sampled_from(SCHEDULES),
    st.sampled_from(FINALS),
)


def facts_of(shape):
    guidance = shipped().guidance_on(shape.money_on)
    award = AwardFacts(
        "a",
        shape.frequency,
        PreciseDate(shape.first_day),
        PreciseDate(shape.last_day),
        (RecipientFacts("r", shape.rule_class, guidance),),
        shape.absorbs,
        report_year=shape.year,
        guidance=guidance,
    )
    finals = {("a", "r", shape.last_day): FinalFacts(*shape.final)} if shape.final else {}
    return PartnershipFacts("p", "PE", awards=(award,), finals=finals)


def dates_by_engine(facts):
    return {
        (one.rule, one.period and one.period.first, one.period and one.period.last, one.raw_on, one.due_on)
        for one in compute(facts, shipped()).due
        if one.award
    }


# every kind of first and last day: whole quarters, one day, month ends, leap days, year ends, both sides of the new guidance
FIRST_DAYS = ("2017-06-15", "2017-10-01", "2017-12-31", "2018-07-01", "2019-11-30", "2020-02-29", "2023-05-31")
N_DAYS = (0, 1, 45, 91, 364, 730, 1187)


def assert_agreement(shape):
    assert dates_by_engine(facts_of(shape)) == award_dates(shape), shape


@pytest.mark.parametrize("first_day", FIRST_DAYS)
@pytest.mark.parametrize("schedule", SCHEDULES, ids="-".join)
def test_engine_agrees_with_the_second_implementation(first_day, schedule):
    first_day = date.fromisoformat(first_day)
    ends = [first_day + n_days * ONE_DAY for n_days in N_DAYS]
    for number, (rule_class, last_day) in enumerate(product(CLASSES, ends)):
        money_on, final = date(2020, 11, 11 + number % 2), FINALS[number % 3]
        assert_agreement(AwardShape(rule_class, first_day, last_day, money_on, number % 4 > 0, *schedule, final))


# 54 shapes of terms: class × schedule × whether the final absorbs the last interim, and the money on either side of the new text
SHAPES = [
    (rule_class, schedule, absorbs, date(2020, 11, 11 + (number + absorbs) % 2))
    for number, (rule_class, schedule) in enumerate(product(CLASSES, SCHEDULES))
    for absorbs in (True, False, True)
]


@pytest.mark.deep
@pytest.mark.parametrize("number", range(len(SHAPES)))
def test_engine_agrees_whatever_day_from_2017_to_2040_an_award_ends_on(number):
    """Every day is the last one of an award of each shape; its first days run through the calendar as well."""
    rule_class, schedule, absorbs, money_on = SHAPES[number]
    for n in range((date(2041, 1, 1) - date(2017, 1, 1)).days):
        day = date(2017, 1, 1) + n * ONE_DAY
        length = (37 * (number + 1) + n) % 700
        final = (day + 80 * ONE_DAY, day + 90 * ONE_DAY) if n % 3 else None
        assert_agreement(AwardShape(rule_class, day - length * ONE_DAY, day, money_on, absorbs, *schedule, final))


@EXAMPLES
def test_engine_agrees_for_any_award(n):
    @for_all(n, shape=shapes)
    def agree(shape):
        assert_agreement(shape)


@EXAMPLES
def test_engine_agrees_for_any_partnership(n):
    ends, held = st.lists(days, max_size=3), st.lists(days, max_size=5, unique=True).map(sorted)

    @for_all(n, term_end=days, pledge_ends=ends, dialogues=held, signed_on=st.none() | days, planned=st.none() | days)
    def agree(term_end, pledge_ends, dialogues, signed_on, planned):
        planned = planned if dialogues else None
        facts = PartnershipFacts(
            "p",
            "PE",
            term_end=PreciseDate(term_end),
            pledges=tuple(PledgeFacts(f"pledge-{n}", PreciseDate(day)) for n, day in enumerate(pledge_ends)),
            dialogues=tuple(DialogueFacts(f"d-{n}", PreciseDate(day)) for n, day in enumerate(dialogues)),
            signed_on=signed_on,
            planned=planned and PreciseDate(planned),
        )
        found = {(one.rule, one.due_on, one.met_on) for one in compute(facts, shipped()).due}
        assert found == partnership_dates(term_end, pledge_ends, dialogues, signed_on=signed_on, planned=planned)


@EXAMPLES
def test_interims_and_final_tile_the_award(n):
    @for_all(n, shape=shapes.filter(lambda shape: shape.rule_class == "recipient_2cfr200"))
    def tile(shape):
        rows = compute(facts_of(replace(shape, absorbs=True)), shipped()).due
        periods = sorted({one.period for one in rows if one.period}, key=lambda period: period.first)
        assert periods[0].first == shape.first_day
        assert periods[-1].last == shape.last_day
        assert all(after.first - before.last == ONE_DAY for before, after in zip(periods, periods[1:], strict=False))


@EXAMPLES
def test_no_report_is_due_before_its_period_has_ended(n):
    @for_all(n, shape=shapes)
    def due_after(shape):
        rows = [one for one in compute(facts_of(shape), shipped()).due if one.period]
        assert rows
        # an annual report that comes before the anniversary is due on the last day of its year
        assert all(one.due_on > one.period.last or one.rule == "R-PPR-ANNIV" and one.due_on == one.period.last for one in rows)
        assert all(one.raw_on >= one.due_on for one in rows)


@EXAMPLES
def test_extension_never_moves_a_date_earlier_and_no_whole_interim_at_all(n):
    @for_all(n, shape=shapes, more=st.integers(1, 800))
    def extend(shape, more):
        shape = replace(shape, absorbs=True, final=None)
        longer = replace(shape, last_day=shape.last_day + more * ONE_DAY)
        before, after = ({identity(one): one for one in compute(facts_of(one), shipped()).due} for one in (shape, longer))
        assert set(before) <= set(after)
        for who, one in before.items():
            assert after[who].due_on >= one.due_on
            if one.kind in ("performance_report", "financial_report"):
                assert after[who].due_on == one.due_on


@EXAMPLES
def test_extension_decided_here_leaves_nothing_due_before_the_decision_that_was_not_due_before(n):
    """No date is born overdue: whatever an extension creates falls due on the day of its decision or later."""

    @for_all(n, shape=shapes, more=st.integers(1, 800), late=st.integers(-200, 900))
    def extend(shape, more, late):
        shape = replace(shape, final=None)
        decided_on = shape.last_day + late * ONE_DAY
        facts = facts_of(shape)
        short = facts.awards[0]
        long = replace(short, ends=PreciseDate(shape.last_day + more * ONE_DAY))
        stages = (Stage(shape.first_day, False, short), Stage(decided_on, True, long))
        before = {identity(one): one.due_on for one in compute(facts, shipped()).due}
        for one in compute(replace(facts, awards=(replace(long, stages=stages),)), shipped()).due:
            if one.kind not in ENDS and identity(one) not in before:
                assert one.due_on >= decided_on, one
            elif one.kind not in ENDS:
                assert one.due_on >= min(before[identity(one)], decided_on), one


@EXAMPLES
def test_extension_taken_back_gives_the_dates_of_before(n):
    @for_all(n, shape=shapes, more=st.integers(1, 800))
    def take_back(shape, more):
        facts = facts_of(shape)
        award = facts.awards[0]
        extended = replace(facts, awards=(replace(award, ends=PreciseDate(shape.last_day + more * ONE_DAY)),))
        assert compute(extended, shipped()) != compute(facts, shipped())
        back = replace(extended, awards=(replace(extended.awards[0], ends=award.ends),))
        assert compute(back, shipped()) == compute(facts, shipped())


@EXAMPLES
def test_keys_are_unique(n):
    @for_all(n, shape=shapes)
    def unique(shape):
        keys = [one.key for one in compute(facts_of(shape), shipped()).due]
        assert len(keys) == len(set(keys))
