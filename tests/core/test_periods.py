import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpc.core import periods
from cpc.core.periods import Period, reporting_periods

days = st.dates(date(2010, 1, 1), date(2045, 12, 31))
lengths = st.integers(0, 4000)
schedules = st.sampled_from([(f, us) for f in periods.FREQUENCIES for us in (False, True)])


@pytest.mark.parametrize(
    ("day", "quarter", "fiscal_year", "fiscal_quarter"),
    [
        (date(2020, 2, 6), "2020-Q1", 2020, 2),
        (date(2017, 10, 1), "2017-Q4", 2018, 1),
        (date(2022, 6, 30), "2022-Q2", 2022, 3),
        (date(2020, 9, 30), "2020-Q3", 2020, 4),
        (date(2019, 12, 31), "2019-Q4", 2020, 1),
    ],
)
def test_labels_of_the_oracle(day, quarter, fiscal_year, fiscal_quarter):
    assert periods.quarter_key(day) == quarter
    assert (periods.us_fiscal_year(day), periods.us_fiscal_quarter(day)) == (fiscal_year, fiscal_quarter)
    assert periods.fiscal_year_key(day) == f"FY{fiscal_year}"
    assert periods.calendar_year_key(day) == f"CY{day.year}"


def test_formulas_hold_on_every_day():
    day = date(2016, 1, 1)
    while day < date(2041, 1, 1):
        assert periods.us_fiscal_year(day) == day.year + (day.month >= 10)
        assert periods.us_fiscal_quarter(day) == ((day.month - 10) % 12) // 3 + 1
        assert periods.quarter_key(day) == f"{day.year}-Q{(day.month - 1) // 3 + 1}"
        day += timedelta(days=1)


@given(days, st.integers(1, 12))
def test_every_key_names_a_period_that_holds_its_day(day, start_month):
    assert periods.parse_quarter_key(periods.quarter_key(day)) == periods.calendar_quarter(day)
    keys = [periods.quarter_key(day), periods.calendar_year_key(day), periods.fiscal_year_key(day)]
    for key in [*keys, periods.host_year_key(day, start_month)]:
        assert day in periods.period_of_key(key, host_start_month=start_month)


@given(st.integers(2000, 2050), st.integers(1, 12))
def test_fiscal_years_follow_each_other(year, start_month):
    one, other = periods.fiscal_year_period(year, start_month), periods.fiscal_year_period(year + 1, start_month)
    assert one.last + timedelta(days=1) == other.first
    assert one.last.year == year


def test_host_year_starts_in_its_own_month():
    assert periods.host_year_key(date(2019, 3, 1)) == "HY2019"
    assert periods.host_year_key(date(2019, 6, 30), 7) == "HY2019"
    assert periods.host_year_key(date(2019, 7, 1), 7) == "HY2020"
    assert periods.period_of_key("HY2020", host_start_month=7) == Period(date(2019, 7, 1), date(2020, 6, 30))


@pytest.mark.parametrize(
    "key", ["2020-Q5", "2020-Q0", "2020Q1", "20-Q1", "2020-q1", "FY20", "XY2020", "", "２０２０-Q1", "0000-Q1"]
)
def test_another_key_is_refused(key):
    with pytest.raises(ValueError):
        periods.period_of_key(key)


def test_a_period_cannot_end_before_it_starts():
    with pytest.raises(ValueError, match="cannot end on"):
        Period(date(2020, 1, 2), date(2020, 1, 1))
    assert Period(date(2020, 1, 1), date(2020, 1, 1)).n_days == 1


@given(days, lengths, days, lengths)
def test_overlap_holds_exactly_the_common_days(first, length, other_first, other_length):
    one = Period(first, first + timedelta(days=length))
    other = Period(other_first, other_first + timedelta(days=other_length))
    both = one.overlap(other)
    assert both == other.overlap(one)
    for day in (one.first, one.last, other.first, other.last):
        assert (both is not None and day in both) == (day in one and day in other)
    if both:
        assert both in one
        assert both in other


def test_words_of_a_period():
    assert periods.calendar_quarter(date(2021, 2, 1)).label("en") == "January–March 2021"
    assert periods.calendar_quarter(date(2021, 2, 1)).label("es") == "enero–marzo de 2021"


@given(days, lengths, schedules)
def test_reporting_periods_tile_the_award(start, length, schedule):
    frequency, us_fiscal = schedule
    end = start + timedelta(days=length)
    made = reporting_periods(start, end, frequency, us_fiscal=us_fiscal)
    assert made[0].first == start
    assert made[-1].last == end
    for one, following in zip(made, made[1:], strict=False):
        assert one.last + timedelta(days=1) == following.first
    longest = {"quarterly": 92, "semiannual": 184, "annual": 366, "anniversary": 367}[frequency]
    assert all(period.n_days <= longest for period in made)


@given(days, lengths, st.integers(1, 1500), schedules)
def test_a_later_end_leaves_all_but_the_last_period_alone(start, length, more, schedule):
    frequency, us_fiscal = schedule
    end = start + timedelta(days=length)
    before = reporting_periods(start, end, frequency, us_fiscal=us_fiscal)
    after = reporting_periods(start, end + timedelta(days=more), frequency, us_fiscal=us_fiscal)
    assert after[: len(before) - 1] == before[:-1]
    assert after[len(before) - 1].first == before[-1].first


@given(days, lengths)
def test_calendar_periods_end_where_their_calendar_does(start, length):
    end = start + timedelta(days=length)
    ends = {
        ("quarterly", False): {"03-31", "06-30", "09-30", "12-31"},
        ("quarterly", True): {"03-31", "06-30", "09-30", "12-31"},
        ("semiannual", False): {"06-30", "12-31"},
        ("semiannual", True): {"03-31", "09-30"},
        ("annual", False): {"12-31"},
        ("annual", True): {"09-30"},
    }
    for (frequency, us_fiscal), closing in ends.items():
        for period in reporting_periods(start, end, frequency, us_fiscal=us_fiscal)[:-1]:
            assert period.last.isoformat()[5:] in closing


def test_perus_first_award_has_thirteen_quarters():
    made = reporting_periods(date(2017, 10, 1), date(2020, 12, 31), "quarterly")
    assert len(made) == 13
    assert made[0] == Period(date(2017, 10, 1), date(2017, 12, 31))
    assert made[-1] == Period(date(2020, 10, 1), date(2020, 12, 31))


def test_an_award_that_begins_on_a_quarters_last_day_has_a_period_of_one_day():
    made = reporting_periods(date(2017, 9, 30), date(2017, 12, 31), "quarterly")
    assert made == [Period(date(2017, 9, 30), date(2017, 9, 30)), Period(date(2017, 10, 1), date(2017, 12, 31))]


def test_anniversaries_are_counted_from_the_first_day_and_not_from_a_clamped_one():
    starts = [period.first for period in reporting_periods(date(2020, 2, 29), date(2024, 12, 31), "anniversary")]
    assert starts == [date(2020, 2, 29), date(2021, 2, 28), date(2022, 2, 28), date(2023, 2, 28), date(2024, 2, 29)]


def test_refused_schedules():
    with pytest.raises(ValueError, match="no reporting frequency"):
        reporting_periods(date(2018, 1, 1), date(2018, 2, 1), "monthly")
    with pytest.raises(ValueError, match="cannot start"):
        reporting_periods(date(2018, 2, 1), date(2018, 1, 1), "quarterly")


def test_the_arithmetic_needs_no_django():
    code = "import sys, cpc.core.periods, cpc.core.workdays; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
