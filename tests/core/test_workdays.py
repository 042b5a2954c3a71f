from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpc.core.workdays import ShiftPolicy, is_working_day, next_working_day, previous_working_day, shift

days = st.dates(date(2017, 1, 1), date(2040, 12, 31))
countries = st.lists(st.sampled_from(["US", "PE", "GH", "PH", "JM", "MN", "CO", "CI"]), min_size=1, max_size=3)

# domain rules §2.9: quarter end + 30 days and what each policy makes of it
NEXT = [
    ("2017-04-30", "2017-05-01", "2017-05-02", "2017-05-02"),
    ("2017-07-30", "2017-07-31", "2017-07-31", "2017-07-31"),
    ("2021-01-30", "2021-02-01", "2021-02-01", "2021-02-01"),
    ("2021-10-30", "2021-11-01", "2021-11-02", "2021-11-02"),
    ("2022-01-30", "2022-01-31", "2022-01-31", "2022-01-31"),
    ("2022-04-30", "2022-05-02", "2022-05-02", "2022-05-02"),
    ("2022-07-30", "2022-08-01", "2022-08-01", "2022-08-01"),
    ("2022-10-30", "2022-10-31", "2022-10-31", "2022-10-31"),
] + [
    (day, day, day, day)
    for day in (
        "2017-10-30", "2018-01-30", "2018-04-30", "2018-07-30", "2018-10-30", "2019-01-30", "2019-04-30", "2019-07-30",
        "2019-10-30", "2020-01-30", "2020-04-30", "2020-07-30", "2020-10-30", "2021-04-30", "2021-07-30", "2023-01-30",
    )
]  # fmt: skip


@pytest.mark.parametrize(("due", "us", "host", "both"), NEXT)
def test_next_business_days_of_the_oracle(due, us, host, both):
    day = date.fromisoformat(due)
    assert shift(day, "NEXT_US", "PE").isoformat() == us
    assert shift(day, "NEXT_HOST", "PE").isoformat() == host
    assert shift(day, "NEXT_BOTH", "PE").isoformat() == both
    assert shift(day, "NONE", "PE") == shift(day, "NONE") == day


@pytest.mark.parametrize(
    ("day", "before"),
    [("2020-12-21", "2020-12-21"), ("2021-06-04", "2021-06-04"), ("2021-06-05", "2021-06-04"), ("2022-06-05", "2022-06-03"),
     ("2022-06-20", "2022-06-17")],
)  # fmt: skip
def test_notices_move_back(day, before):
    assert shift(date.fromisoformat(day), "PREV_US").isoformat() == before


@pytest.mark.parametrize(
    "observed",
    ["2017-01-02", "2017-11-10", "2018-11-12", "2020-07-03", "2021-06-18", "2021-07-05", "2021-12-24", "2021-12-31",
     "2022-06-20",
     "2022-12-26", "2023-01-02", "2023-11-10"],
)  # fmt: skip
def test_observed_federal_holidays_are_no_working_days(observed):
    assert not is_working_day(date.fromisoformat(observed), ["US"])


@pytest.mark.parametrize(
    ("day", "works"),
    [("2017-04-13", False), ("2020-04-10", False), ("2021-07-28", False), ("2021-07-29", False), ("2022-08-30", False),
     ("2021-12-09", True), ("2022-12-09", False), ("2021-08-06", True), ("2024-08-06", False), ("2024-07-23", False),
     ("2023-06-07", True), ("2024-06-07", False), ("2020-07-03", True)],
)  # fmt: skip
def test_perus_holidays_as_its_laws_added_them(day, works):
    assert is_working_day(date.fromisoformat(day), ["PE"]) is works


def test_each_country_has_its_own_weekend():
    friday, sunday = date(2019, 5, 10), date(2019, 5, 12)
    assert not is_working_day(friday, ["BD"])
    assert is_working_day(sunday, ["BD"])


def test_a_country_without_a_calendar_has_weekends_and_what_is_entered():
    decreed = {"ZZ": {date(2020, 2, 10)}}
    assert is_working_day(date(2020, 2, 10), ["ZZ"])
    assert not is_working_day(date(2020, 2, 10), ["ZZ"], decreed)
    assert not is_working_day(date(2020, 2, 9), ["ZZ"])
    assert next_working_day(date(2020, 2, 8), ["ZZ"], decreed) == date(2020, 2, 11)


def test_a_closure_by_decree_counts_only_in_its_country():
    closed = {"US": {date(2018, 12, 5)}}  # national day of mourning
    assert shift(date(2018, 12, 5), "NEXT_US", "PE", closed) == date(2018, 12, 6)
    assert shift(date(2018, 12, 5), "NEXT_HOST", "PE", closed) == date(2018, 12, 5)
    assert shift(date(2018, 12, 5), "PREV_BOTH", "PE", closed) == date(2018, 12, 4)


def test_a_policy_for_the_host_needs_its_country():
    for policy in ("NEXT_HOST", "NEXT_BOTH", "PREV_HOST", "PREV_BOTH"):
        with pytest.raises(ValueError, match="host country"):
            shift(date(2020, 2, 10), policy)
    with pytest.raises(ValueError, match="NEXT_PE"):
        shift(date(2020, 2, 10), "NEXT_PE", "PE")


@given(days, countries)
def test_next_and_previous_skip_only_days_off(day, where):
    after, before = next_working_day(day, where), previous_working_day(day, where)
    assert before <= day <= after
    assert is_working_day(after, where)
    assert is_working_day(before, where)
    between = [before + timedelta(days=n) for n in range(1, (after - before).days)]
    assert not any(is_working_day(other, where) for other in between)


@given(days, st.sampled_from(ShiftPolicy), st.sampled_from(["PE", "GH", "PH"]))
def test_shift_goes_one_way_and_stays_there(day, policy, host):
    moved = shift(day, policy, host)
    assert shift(moved, policy, host) == moved
    assert moved >= day if policy.startswith("NEXT") else moved <= day
    assert abs((moved - day).days) <= 11


@given(days, st.sampled_from(["PE", "GH", "PH"]))
def test_a_day_for_both_is_a_working_day_in_each(day, host):
    moved = shift(day, "NEXT_BOTH", host)
    assert is_working_day(moved, ["US"])
    assert is_working_day(moved, [host])
    assert moved >= max(shift(day, "NEXT_US", host), shift(day, "NEXT_HOST", host))
