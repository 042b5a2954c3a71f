"""The engine against a second implementation written apart, and the properties that hold for every award."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.deadlines.engine import compute
from activities.deadlines.facts import AwardFacts, DialogueFacts, PartnershipFacts, PledgeFacts, RecipientFacts
from activities.deadlines.rulebook import shipped
from cpc.core.dates import PreciseDate
from tests.activities.deadlines.oracle import AwardShape, award_dates, partnership_dates

ONE_DAY = timedelta(days=1)
CLASSES = ("recipient_2cfr200", "subrecipient_2cfr200", "fpe")
days = st.dates(date(2017, 1, 1), date(2040, 12, 31))
shapes = st.builds(
    lambda rule_class, first_day, n_days, money_on, absorbs: AwardShape(
        rule_class, first_day, first_day + n_days * ONE_DAY, money_on, absorbs
    ),
    st.sampled_from(CLASSES),
    st.dates(date(2017, 1, 1), date(2036, 1, 1)),
    st.integers(0, 1800),
    days,
    st.booleans(),
)


def facts_of(shape):
    recipient = RecipientFacts("r", shape.rule_class, shipped().guidance_on(shape.money_on))
    award = AwardFacts("a", "quarterly", PreciseDate(shape.first_day), PreciseDate(shape.last_day), (recipient,), shape.absorbs)
    return PartnershipFacts("p", "PE", awards=(award,))


def dates_by_engine(facts):
    return {
        (one.rule, one.period and one.period.first, one.period and one.period.last, one.raw_on, one.due_on)
        for one in compute(facts, shipped()).due
        if one.award
    }


# every kind of first and last day: whole quarters, one day, month ends, leap days, year ends, both sides of the new guidance
FIRST_DAYS = ("2017-06-15", "2017-10-01", "2017-12-31", "2018-07-01", "2019-11-30", "2020-02-29", "2023-05-31")
N_DAYS = (0, 1, 45, 91, 364, 730, 1187)


@pytest.mark.parametrize("first_day", FIRST_DAYS)
@pytest.mark.parametrize("n_days", N_DAYS)
def test_engine_agrees_with_the_second_implementation(first_day, n_days):
    first_day = date.fromisoformat(first_day)
    for rule_class in CLASSES:
        for money_on in (date(2020, 11, 11), date(2020, 11, 12)):
            for absorbs in (True, False):
                shape = AwardShape(rule_class, first_day, first_day + n_days * ONE_DAY, money_on, absorbs)
                assert dates_by_engine(facts_of(shape)) == award_dates(shape), shape


@given(shapes)
def test_engine_agrees_for_any_award(shape):
    assert dates_by_engine(facts_of(shape)) == award_dates(shape)


@given(days, st.lists(days, max_size=3), st.lists(days, max_size=5, unique=True).map(sorted))
def test_engine_agrees_for_any_partnership(term_end, pledge_ends, dialogues):
    facts = PartnershipFacts(
        "p",
        "PE",
        term_end=PreciseDate(term_end),
        pledges=tuple(PledgeFacts(f"pledge-{n}", PreciseDate(day)) for n, day in enumerate(pledge_ends)),
        dialogues=tuple(DialogueFacts(f"d-{n}", PreciseDate(day)) for n, day in enumerate(dialogues)),
    )
    found = {(one.rule, one.due_on, one.met_on) for one in compute(facts, shipped()).due}
    assert found == partnership_dates(term_end, pledge_ends, dialogues)


@given(shapes)
def test_interims_and_final_tile_the_award(shape):
    rows = compute(facts_of(replace(shape, absorbs=True)), shipped()).due
    periods = sorted({one.period for one in rows if one.period}, key=lambda period: period.first)
    assert periods[0].first == shape.first_day
    assert periods[-1].last == shape.last_day
    assert all(after.first - before.last == ONE_DAY for before, after in zip(periods, periods[1:], strict=False))


@given(shapes)
def test_no_report_is_due_before_its_period_has_ended(shape):
    rows = [one for one in compute(facts_of(shape), shipped()).due if one.period]
    assert rows
    assert all(one.due_on > one.period.last for one in rows)
    assert all(one.raw_on >= one.due_on for one in rows)


@given(shapes, st.integers(1, 800))
def test_extension_never_moves_an_interim_and_never_brings_a_final_earlier(shape, n_days):
    longer = replace(shape, absorbs=True, last_day=shape.last_day + n_days * ONE_DAY)
    before, after = (
        {one.key: one for one in compute(facts_of(one), shipped()).due} for one in (replace(shape, absorbs=True), longer)
    )
    for key, one in before.items():
        if one.kind in ("performance_report", "financial_report"):
            assert after[key].due_on == one.due_on

    def last_final(rows):
        return max(one.due_on for one in rows.values() if one.kind == "final_report")

    assert last_final(after) == last_final(before) + n_days * ONE_DAY


@given(shapes, st.integers(1, 800))
def test_extension_taken_back_gives_the_dates_of_before(shape, n_days):
    facts = facts_of(shape)
    award = facts.awards[0]
    extended = replace(facts, awards=(replace(award, ends=PreciseDate(shape.last_day + n_days * ONE_DAY)),))
    assert compute(extended, shipped()) != compute(facts, shipped())
    assert compute(replace(extended, awards=(replace(extended.awards[0], ends=award.ends),)), shipped()) == compute(
        facts, shipped()
    )


@given(shapes)
def test_keys_are_unique(shape):
    keys = [one.key for one in compute(facts_of(shape), shipped()).due]
    assert len(keys) == len(set(keys))
