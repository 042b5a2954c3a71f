"""Which rate holds on a day, and for what: every trap of the two publishers' rows."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.models import ExchangeRate
from funding.pledges.converting import rates_needed
from funding.pledges.rates import Basis, RateTable, best, holds_on
from tests import factories as make
from tests.factories import day

PAIR = {"USD", "PEN"}
LATER = date(2030, 1, 1)


def rate(value="3.30", record="2020-03-31", effective="", *, kind="end_of_period", source="TREASURY", **fields):
    """A row that is not stored: the look-up asks nothing of the database."""
    columns = {"base": "USD", "quote": "PEN"} | fields
    return ExchangeRate(
        rate=Decimal(value), record_date=day(record), effective_date=day(effective or record), kind=kind, source=source, **columns
    )


def daily(value, record, source="BCRP-INTERBANK"):
    return rate(value, record, kind="daily", source=source)


def average(value, year, source="IMF-IFS"):
    return rate(value, f"{year}-12-31", kind="year_average", source=source)


def table(*rates, as_of=LATER):
    return RateTable.of(rates, PAIR, as_of=as_of)


def value_on(when, *rates, as_of=LATER):
    found = table(*rates, as_of=as_of).on(day(when))
    return found and str(found.rate)


# A quarter's rate


@pytest.mark.parametrize(
    ("when", "holds"),
    [("2017-03-30", False), ("2017-03-31", True), ("2017-06-15", True), ("2017-06-30", True), ("2017-07-01", False)],
)
def test_a_quarter_s_rate_holds_from_its_day_for_three_months(when, holds):
    assert holds_on(rate(record="2017-03-31"), day(when)) is holds


def test_three_months_after_november_end_with_february():
    assert holds_on(rate(record="2019-11-30"), date(2020, 2, 29))
    assert not holds_on(rate(record="2019-11-30"), date(2020, 3, 1))


def test_between_two_rates_there_is_none():
    """The quarter of September is missing: October has no rate, and none is made of its neighbors."""
    rates = rate("3.20", "2019-03-31"), rate("3.40", "2019-12-31")
    assert [value_on(when, *rates) for when in ("2019-06-30", "2019-07-01", "2019-12-30", "2019-12-31")] == [
        "3.20", None, None, "3.40",
    ]  # fmt: skip


def test_an_amendment_takes_over_on_its_own_effective_date():
    """Record date of the quarter, effective a month later: it is used for May and June."""
    rates = rate("3.40", "2020-03-31"), rate("3.90", "2020-03-31", "2020-04-30")
    days = ("2020-03-31", "2020-04-29", "2020-04-30", "2020-06-30", "2020-07-01")
    assert [value_on(when, *rates) for when in days] == ["3.40", "3.40", "3.90", "3.90", None]


def test_an_amendment_with_a_record_date_of_its_own_yields_to_the_next_quarter():
    rates = rate("3.40", "2020-03-31"), rate("3.90", "2020-04-30"), rate("3.50", "2020-06-30")
    assert [value_on(when, *rates) for when in ("2020-05-31", "2020-06-29", "2020-06-30")] == ["3.90", "3.90", "3.50"]


def test_an_amendment_is_not_known_before_it_takes_effect():
    rates = rate("3.40", "2020-03-31"), rate("3.90", "2020-03-31", "2020-04-30")
    assert value_on("2020-06-01", *rates, as_of=date(2020, 4, 29)) == "3.40"


def test_of_two_from_the_same_day_the_later_record_date_wins():
    rates = rate("3.10", "2020-03-31", "2020-04-30"), rate("3.20", "2020-04-30")
    assert value_on("2020-05-01", *rates) == value_on("2020-05-01", *reversed(rates)) == "3.20"


# Daily rates


def test_a_day_without_a_market_takes_the_previous_one_and_says_which():
    friday = daily("3.37", "2020-02-07")
    found = table(daily("3.36", "2020-02-06"), friday).on(date(2020, 2, 9))
    assert (found, found.record_date) == (friday, date(2020, 2, 7))


def test_a_daily_rate_is_not_stretched_beyond_a_week():
    assert [value_on(when, daily("3.37", "2020-02-07")) for when in ("2020-02-14", "2020-02-15")] == ["3.37", None]


def test_a_daily_rate_of_tomorrow_says_nothing_of_today():
    assert value_on("2020-02-06", daily("3.37", "2020-02-07")) is None


def test_of_one_bank_s_two_series_the_newer_wins_and_on_one_day_the_interbank_one():
    rates = daily("3.30", "2020-02-06"), daily("3.35", "2020-02-06", "BCRP-SBS"), daily("3.36", "2020-02-07", "BCRP-SBS")
    assert [value_on(when, *rates) for when in ("2020-02-06", "2020-02-07")] == ["3.30", "3.36"]


# Sources


def test_sources_are_asked_in_their_order_whatever_is_newer():
    imf, bcrp, treasury = rate("1", source="IMF-IFS"), daily("2", "2020-04-02"), rate("3")
    manual = rate("4", "2020-04-01", source="MANUAL")
    everything = (manual, imf, bcrp, treasury)
    assert value_on("2020-04-02", *everything) == "3"
    assert value_on("2020-04-02", *everything[:3]) == "2"
    assert value_on("2020-04-02", *everything[:2]) == "1"
    assert value_on("2020-04-02", manual) == "4"


def test_a_source_that_has_none_in_force_leaves_it_to_the_next():
    assert value_on("2020-04-02", rate("3", "2019-09-30"), rate("1", source="IMF_EOP")) == "1"


def test_another_pair_is_no_rate_and_the_pair_holds_in_both_directions():
    assert value_on("2020-04-01", rate(base="USD", quote="BRL")) is None
    assert value_on("2020-04-01", rate("0.25", base="PEN", quote="USD")) == "0.25"


# Averages and the latest


def test_an_average_stands_for_its_year_alone_and_never_for_a_day():
    rates = average("3.2866", 2018), average("3.3373", 2019)
    found = table(*rates)
    assert [found.average_of(year) and str(found.average_of(year).rate) for year in (2017, 2018, 2019)] == [
        None,
        "3.2866",
        "3.3373",
    ]
    assert (found.on(date(2018, 12, 31)), found.latest()) == (None, None)


def test_the_average_of_a_year_is_not_known_before_its_end():
    assert table(average("3.2866", 2018), as_of=date(2018, 12, 30)).average_of(2018) is None


def test_the_latest_is_that_of_the_newest_end_of_a_quarter_from_the_first_source_that_has_one():
    old, imf, treasury = rate("3.276", "2016-06-30"), rate("3.314", "2019-12-31", source="IMF-IFS"), rate("3.32", "2019-12-31")
    assert table(old, imf).latest() is imf
    assert table(imf, treasury, old).latest() is treasury
    assert table(imf, as_of=date(2019, 12, 30)).latest() is None
    bank = rate("3.37", "2020-02-07", source="BCRP-INTERBANK", kind="daily")
    month = rate("3.385", "2020-01-31")
    assert table(old, imf, bank, month).latest() is imf
    assert table(bank, month).latest() is None


def test_a_sum_loads_no_rate_that_it_cannot_need(db):
    days = ("2018-12-31", "2019-03-31", "2019-06-30", "2019-09-30", "2019-12-31", "2020-01-31")
    made = {day: make.make_rate(record=day) for day in days}
    make.make_rate(record="2019-06-30", base="EUR", quote="BRL")
    span = date(2019, 5, 5), date(2019, 7, 1)

    def needed(basis, span=None):
        return {str(rate.record_date) for rate in rates_needed("USD", basis, until=date(2020, 1, 15), span=span)}

    assert needed("transaction") == set(made) - {"2020-01-31"}
    assert needed("transaction", span) == {"2019-03-31", "2019-06-30", "2019-09-30", "2019-12-31"}
    assert needed("latest", span) == set(made) - {"2020-01-31"}
    assert needed("year_average") == set()


def test_each_basis_asks_for_its_own_rate():
    own = rate("3.2475", "2017-03-31")
    quarter, year, newest = rate("3.3185", "2019-03-31"), average("3.3373", 2019), rate("3.437", "2020-03-31")
    found = table(own, quarter, year, newest)
    may = date(2019, 5, 5)
    assert [found.of_row(basis, may, only_year=False, signature=own) for basis in Basis] == [own, quarter, year, newest]
    assert found.of_row(Basis.TRANSACTION, date(2019, 12, 31), only_year=True) is year
    assert found.of_row(Basis.SIGNATURE, may, only_year=False) is None


# Properties

days = st.integers(0, 400).map(lambda n: date(2019, 1, 1) + timedelta(days=n))
kinds = st.sampled_from(["end_of_period", "daily"])
sources = st.sampled_from(["TREASURY", "BCRP-INTERBANK", "BCRP-SBS", "IMF-IFS", "MANUAL"])
stored = st.builds(
    lambda n, record, later, kind, source: ExchangeRate(
        rate=Decimal(n), base="USD", quote="PEN", kind=kind, source=source, record_date=record,
        effective_date=record + timedelta(days=later),
    ),
    st.integers(1, 99), days, st.integers(0, 60), kinds, sources,
)  # fmt: skip
tables = st.lists(stored, max_size=12, unique_by=lambda one: (one.kind, one.record_date, one.effective_date, one.source))


@given(tables, days, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_never_matters_and_the_quick_look_up_equals_the_plain_one(rates, when, shuffle: random.Random):
    found = table(*rates).on(when)
    assert found is best(one for one in rates if holds_on(one, when))
    mixed = list(rates)
    shuffle.shuffle(mixed)
    assert table(*mixed).on(when) is found
    assert table(*mixed).latest() is table(*rates).latest()


@given(tables, days)
def test_a_rate_that_is_found_is_one_of_the_rows_and_in_force(rates, when):
    found = table(*rates).on(when)
    assert found is None or (found in rates and found.effective_date <= when)
