"""What is computed and what must hold, without a database."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.reporting.adding import (
    EMPTIES,
    NOT_APPLICABLE,
    NOT_COLLECTED,
    WITHHELD,
    Adding,
    Total,
    add_categories,
    add_totals,
    over_periods,
    over_regions,
)
from activities.reporting.forms import read_cell, reasons, text_of
from activities.reporting.rules import (
    ACCEPTED,
    DRAFT,
    EDITABLE,
    MOVES,
    NOT_STARTED,
    RETURNED,
    STATES,
    SUBMITTED,
    days_late,
    due_again,
    is_before_records,
    task_keys,
)
from activities.reporting.sf425 import CUMULATIVE, FORMULAS, LABELS, REQUIRED, TYPED, Lines, find_problems, missing_lines
from cpc.core.money import ReadingError

amounts = st.none() | st.decimals(0, Decimal("999999999999.99"), places=2)
lines_of = st.builds(Lines, **dict.fromkeys("abdefijlmn", amounts))
cells = st.none() | st.integers(0, 10_000) | st.sampled_from(EMPTIES)
SOUND = Lines(*(Decimal(n) for n in (100, 90, 500, 90, 20)))


def codes(lines, **rest):
    return [found.code for found in find_problems(lines, **({"basis": "cash", "remarks": "", "is_final": False} | rest))]


# SF-425


@given(lines_of)
def test_computed_lines_are_exact_or_unknown(lines):
    for computed, (one, sign, other) in {"c": "a-b", "g": "e+f", "h": "d-g", "k": "i-j"}.items():
        first, second = getattr(lines, one), getattr(lines, other)
        expected = None if None in (first, second) else first + second if sign == "+" else first - second
        assert getattr(lines, computed) == expected
        assert lines[f"10{computed}"] == expected


def test_unexpended_income_takes_the_alternative_that_is_used():
    assert Lines(l=Decimal(10), m=Decimal(4)).o == 6
    assert Lines(l=Decimal(10), n=Decimal(3)).o == 7
    assert Lines(l=Decimal(10), m=Decimal(4), n=Decimal(0)).o == 6
    assert Lines(l=Decimal(10)).o is None
    assert Lines(m=Decimal(4)).o is None


def test_every_line_is_typed_or_computed():
    assert [f"10{letter}" for letter in "abcdefghijklmno"] == list(LABELS)
    assert set(TYPED) | set(FORMULAS) == set(LABELS)
    with pytest.raises(KeyError):
        SOUND["10p"]


def test_null_is_missing_and_zero_is_not():
    assert missing_lines(Lines()) == list(REQUIRED)
    assert missing_lines(Lines(*[Decimal(0)] * 5)) == []


@given(lines_of)
def test_a_report_compared_with_itself_never_falls(lines):
    assert "lower_than_before" not in codes(lines, previous=lines)


@given(lines_of, lines_of)
def test_remarks_explain_what_fell_and_nothing_else_does(before, now):
    fell = [line for line in CUMULATIVE if None not in (before[line], now[line]) and now[line] < before[line]]
    assert codes(now, previous=before).count("lower_than_before") == len(fell)
    assert "lower_than_before" not in codes(now, previous=before, remarks="A correction of the second quarter.")
    assert codes(now, previous=before, remarks="  ").count("lower_than_before") == len(fell)


@given(lines_of)
def test_federal_share_is_never_above_what_is_authorized_unsaid(lines):
    is_over = lines.h is not None and lines.h < 0
    assert ("over_authorized" in codes(lines)) == is_over


@pytest.mark.parametrize(
    ("changes", "rest", "expected"),
    [
        ({}, {}, []),
        ({"e": Decimal("480.01")}, {}, ["over_authorized"]),
        ({"e": Decimal("480.00")}, {}, []),
        ({"l": Decimal(5), "m": Decimal(1), "n": Decimal(1)}, {}, ["two_alternatives"]),
        ({"l": Decimal(5), "m": Decimal(6)}, {}, ["income_overspent"]),
        ({}, {"previous_basis": "accrual"}, ["basis_changed"]),
        ({}, {"is_final": True}, ["final_unliquidated"]),
        ({"f": Decimal(0)}, {"is_final": True}, []),
        ({"f": Decimal(0), "b": Decimal(80)}, {"is_final": True}, ["final_differs"]),
        ({"f": Decimal(0), "b": Decimal(80)}, {"is_final": True, "remarks": "A refund is on its way."}, []),
    ],
)
def test_checks(changes, rest, expected):
    assert codes(replace(SOUND, **changes), **rest) == expected


# Adding


@given(st.lists(cells, max_size=8))
def test_order_of_categories_never_matters_and_unknown_is_never_zero(row):
    total = add_categories(row)
    assert total == add_categories(reversed(row))
    known = [cell for cell in row if isinstance(cell, int)]
    assert total.value == (sum(known) if known else None)
    assert total.is_whole == all(isinstance(cell, int) or cell == NOT_APPLICABLE for cell in row)


@given(st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=6))
def test_sum_of_rows_is_the_sum_of_all_cells(rows):
    whole = add_totals(add_categories(row) for row in rows)
    assert whole.value == add_categories(cell for row in rows for cell in row).value


def test_quarters_add_only_where_the_rule_says_so():
    quarters = [Total(5), Total(7)]
    assert over_periods(Adding(over_periods=True), quarters) == Total(12)
    refused = over_periods(Adding(), quarters)
    assert refused.value is None
    assert "same people" in refused.refused
    assert over_periods(Adding(), quarters[:1]) == Total(5)


def test_a_stock_takes_the_last_period_even_if_it_is_not_known():
    assert over_periods(Adding(flow="stock"), [Total(5), Total(7)]) == Total(7)
    assert over_periods(Adding(flow="stock", over_periods=True), [Total(5), Total(None, False)]).value is None


def test_regions_add_only_where_the_rule_says_so():
    assert over_regions(Adding(over_regions=True), [Total(1), Total(2)]) == Total(3)
    assert "same people" in over_regions(Adding(), [Total(1), Total(2)]).refused
    assert over_regions(Adding(), [Total(4)]) == Total(4)


def test_one_refusal_refuses_the_whole():
    assert add_totals([Total(1), Total(None, False, "Not added.")]).refused == "Not added."


def test_what_is_missing_makes_a_sum_a_lower_bound():
    assert add_categories([3, WITHHELD]) == Total(3, False)
    assert add_categories([3, None]) == Total(3, False)
    assert add_categories([3, NOT_APPLICABLE]) == Total(3, True)
    assert add_categories([NOT_COLLECTED]) == Total(None, False)
    assert over_periods(Adding(), []).is_whole is False


# Cells as they are typed


@given(cells)
def test_what_a_cell_shows_is_read_back(content):
    assert read_cell(text_of(content)) == content


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused_with_a_sentence(text):
    try:
        content = read_cell(text)
    except ReadingError as error:
        refusal = str(error)
    else:
        refusal = ""
        assert content is None or content in EMPTIES or 0 <= content <= 999_999_999
    assert refusal == "" or refusal.endswith(".")


def test_reasons_are_known_in_both_languages_by_their_words_and_keys():
    assert set(reasons().values()) == set(EMPTIES)
    assert {"not collected", "not_collected", "withheld for safety"} <= set(reasons())


# States and days

days = st.dates(date(2017, 1, 1), date(2040, 12, 31))


@given(days, days, days, st.sampled_from(STATES))
def test_lateness_counts_to_the_submission_or_to_today(due, submitted, today, state):
    late = days_late(state=state, due_on=due, submitted_on=submitted, today=today, before_records=False)
    counted = today if state in (NOT_STARTED, *EDITABLE) else submitted
    assert late == max(0, (counted - due).days)
    assert days_late(state=state, due_on=due, submitted_on=submitted, today=today, before_records=True) == 0
    assert days_late(state=state, due_on=None, submitted_on=submitted, today=today, before_records=False) == 0


def test_due_day_itself_is_not_late():
    due = date(2020, 1, 30)
    common = {"state": DRAFT, "due_on": due, "submitted_on": None, "before_records": False}
    assert days_late(today=due, **common) == 0
    assert days_late(today=due + timedelta(days=1), **common) == 1


def test_records_begin_with_the_period_that_ends_on_that_day():
    assert is_before_records(date(2019, 12, 31), None)
    assert is_before_records(date(2019, 12, 31), date(2020, 1, 1))
    assert not is_before_records(date(2019, 12, 31), date(2019, 12, 31))


def test_a_returned_report_is_due_in_two_weeks():
    assert due_again(date(2020, 2, 20)) == date(2020, 3, 5)


def test_table_of_moves_is_the_contract():
    """Product contract, report states: nothing leaves accepted, and every return comes from a review."""
    assert {(move.start, move.end) for move in MOVES} == {
        ("draft", "submitted"), ("submitted", "in_review"), ("in_review", "accepted"), ("in_review", "returned"),
        ("returned", "submitted"), ("in_review", "submitted"), ("submitted", "draft"),
    }  # fmt: skip
    assert not [move for move in MOVES if move.start == ACCEPTED]
    assert {DRAFT, RETURNED} == EDITABLE
    assert SUBMITTED not in EDITABLE


def test_tasks_follow_what_is_owed():
    assert task_keys({"performance", "financial"}, [1, 2, None])[:4] == ["award", "indicators-1", "indicators-2", "indicators-0"]
    assert task_keys({"performance"}, []) == [
        "award",
        "summary",
        "context",
        "progress",
        "coordination",
        "sustainability",
        "lessons",
    ]
    assert task_keys({"financial"}, [1]) == ["award", "financial"]
