"""The rules of the ladder: which step is due on which day."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cpc.notices.rules import DEFAULT, RETRY_MINUTES, Ladder, faults_of, retry_after

DUE = date(2020, 1, 30)
EXAMPLES = pytest.mark.parametrize("n", [25, pytest.param(500, marks=pytest.mark.deep)])
LADDERS = st.builds(
    Ladder,
    st.lists(st.integers(-60, 60), min_size=1, max_size=8, unique=True).map(lambda days: tuple(sorted(days))),
    st.none() | st.integers(1, 30),
)


def check(n, body, **strategies):
    settings(max_examples=n, deadline=None)(given(**strategies)(body))()


@pytest.mark.parametrize(
    ("gone", "step"),
    [(-31, None), (-30, -30), (-15, -30), (-14, -14), (-7, -7), (-2, -7), (-1, -1), (0, 0), (1, 1), (6, 1), (7, 7), (13, 7)]
    + [(14, 14), (20, 14), (21, 21), (700, 700), (706, 700)],
)  # fmt: skip
def test_usual_ladder_has_the_steps_of_the_contract(gone, step):
    assert DEFAULT.step_on(DUE, DUE + timedelta(days=gone)) == step


@EXAMPLES
def test_step_is_reached_never_ahead_and_never_falls_back(n):
    def body(ladder, gone):
        step = ladder.step_on(DUE, DUE + timedelta(days=gone))
        after = ladder.step_on(DUE, DUE + timedelta(days=gone + 1))
        assert step is None or step <= gone
        assert step is None or after >= step

    check(n, body, ladder=LADDERS, gone=st.integers(-90, 400))


@EXAMPLES
def test_each_day_of_the_ladder_is_a_step_and_later_ones_come_every_so_many_days(n):
    def body(ladder):
        said = {ladder.step_on(DUE, DUE + timedelta(days=gone)) for gone in range(-90, 300)} - {None}
        last = max(0, *ladder.days)
        assert set(ladder.days) <= said
        later = sorted(step for step in said if step > last)
        assert later == (list(range(last + ladder.repeat, 300, ladder.repeat)) if ladder.repeat else [])

    check(n, body, ladder=LADDERS)


@EXAMPLES
def test_standstill_of_any_length_leaves_the_newest_step_alone(n):
    def body(ladder, gone, away):
        """Whoever wakes after `away` days is told what a worker that never slept would have told last."""
        awake = [ladder.step_on(DUE, DUE + timedelta(days=day)) for day in range(gone, gone + away + 1)]
        assert ladder.step_on(DUE, DUE + timedelta(days=gone + away)) == awake[-1]
        assert awake == sorted(awake, key=lambda step: -1000 if step is None else step)

    check(n, body, ladder=LADDERS, gone=st.integers(-60, 60), away=st.integers(0, 90))


@pytest.mark.parametrize(
    ("days", "repeat", "field"),
    [([], 7, "days"), ([1, 1], 7, "days"), ([366], 7, "days"), (list(range(21)), 7, "days"), ([1], 0, "repeat")],
)  # fmt: skip
def test_ladder_that_makes_no_sense_is_refused_at_its_field(days, repeat, field):
    assert list(faults_of(days, repeat)) == [field]


def test_usual_ladder_and_one_without_repeats_are_good():
    assert faults_of(DEFAULT.days, DEFAULT.repeat) == faults_of([-5, 0], None) == {}


def test_waits_grow_and_end_after_some_days():
    waits = [retry_after(n) for n in range(1, len(RETRY_MINUTES) + 1)]
    assert waits == sorted(waits)
    assert timedelta(days=2) < sum(waits, timedelta()) < timedelta(days=5)
    assert retry_after(len(RETRY_MINUTES) + 1) is None
