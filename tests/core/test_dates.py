from datetime import date, timedelta

import pytest
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from cpc.core.dates import PreciseDate, Precision, add_months, add_years, parse_day, precision_field

days = st.dates(date(1900, 1, 1), date(2199, 12, 31))
precisions = st.sampled_from(list(Precision))


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("2017-06-15", date(2017, 6, 15), date(2017, 6, 15), "day"),
        ("2017-10", date(2017, 10, 1), date(2017, 10, 31), "month"),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29), "month"),
        ("2022-06", date(2022, 6, 1), date(2022, 6, 30), "month"),
        ("2017", date(2017, 1, 1), date(2017, 12, 31), "year"),
    ],
)
def test_a_date_is_as_exact_as_its_text(text, first, last, precision):
    read = PreciseDate.parse(text)
    assert (read.first, read.last, read.working_day, read.precision, read.iso) == (first, last, last, precision, text)
    assert read.is_exact == (precision == "day")


@pytest.mark.parametrize(
    "text",
    ["", " ", "2017-13", "2017-00", "2017-02-29", "2100-02-29", "2017-06-31", "0000", "0000-01-01", "10000", "2017-6-15",
     "17-06-15",
     "2017-06-15 ", "2017/06/15", "15/06/2017", "01/02/2026", "June 2017", "２０１７", "٢٠١٧-٠٦", "2017-06-15T00:00",
     "2017-", "-2017",
     "2017-06\n", "1899", "2200", "9999-12-31", "\x00", None, 2017],
)  # fmt: skip
def test_anything_else_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match=r"\.$"):
        PreciseDate.parse(text)


@pytest.mark.parametrize("text", ["2017", "2017-06", "2017-02-30", "20170615", "", None])
def test_a_day_is_a_whole_iso_day(text):
    with pytest.raises(ValueError, match="2020-02-06|2017-06-15"):
        parse_day(text)
    assert parse_day("2020-02-06") == date(2020, 2, 6)


@given(days, precisions)
def test_parse_reads_what_iso_writes(day, precision):
    made = PreciseDate.of(day, precision)
    assert PreciseDate.parse(made.iso) == made == PreciseDate.parse(str(made))
    assert made.first <= day <= made.last


@given(days, precisions)
def test_every_day_of_the_month_or_year_makes_the_same_date(day, precision):
    made = PreciseDate.of(day, precision)
    assert {PreciseDate.of(made.first, precision), PreciseDate.of(made.last, precision)} == {made}


@given(days, days)
def test_order_is_that_of_the_last_days(one, other):
    for first_precision in Precision:
        for second_precision in Precision:
            a, b = PreciseDate.of(one, first_precision), PreciseDate.of(other, second_precision)
            if a.last != b.last:
                assert (a < b) == (a.last < b.last)


def test_of_two_dates_with_one_last_day_the_exact_one_comes_first():
    assert sorted(PreciseDate.parse(text) for text in ("2017", "2017-12", "2017-12-31")) == [
        PreciseDate.parse("2017-12-31"), PreciseDate.parse("2017-12"), PreciseDate.parse("2017"),
    ]  # fmt: skip


def test_a_month_cannot_be_held_by_a_day_in_its_middle():
    with pytest.raises(ValueError, match="not the last day"):
        PreciseDate(date(2017, 10, 1), Precision.MONTH)
    with pytest.raises(ValueError, match="century"):
        PreciseDate(date(2017, 10, 1), "century")


@pytest.mark.parametrize(
    ("day", "n", "result"),
    [
        (date(2020, 8, 31), 3, date(2020, 11, 30)),
        (date(2020, 8, 31), 6, date(2021, 2, 28)),
        (date(2020, 8, 31), 9, date(2021, 5, 31)),
        (date(2020, 1, 31), -2, date(2019, 11, 30)),
        (date(2020, 12, 15), 1, date(2021, 1, 15)),
        (date(2020, 2, 29), 12, date(2021, 2, 28)),
    ],
)
def test_months_are_clamped_to_the_end_of_a_shorter_one(day, n, result):
    assert add_months(day, n) == result


def test_three_years_after_a_leap_day_is_the_28th():
    assert add_years(date(2020, 2, 29), 3) == date(2023, 2, 28)
    assert add_years(date(2020, 2, 29), 4) == date(2024, 2, 29)


@given(days, st.integers(-1200, 1200))
def test_months_move_the_month_by_n_and_never_the_day_upward(day, n):
    moved = add_months(day, n)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == n
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(days=1)).day == 1)


def test_precision_column_defaults_to_the_day():
    field = precision_field(blank=True)
    assert isinstance(field, models.CharField)
    assert (field.max_length, field.default, field.blank) == (5, "day", True)
    assert all(len(value) <= field.max_length for value in Precision.values)
