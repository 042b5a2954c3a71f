"""The arithmetic of U.S. money, without a database."""

from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.awards.labels import digits_of, percent_of, width_of
from funding.awards.rules import Standing, balances, combined, qualifier_of, share_of, standing_on
from partners.ledger import Qualifier

AMOUNTS = st.decimals(min_value=-(10**11), max_value=10**11, places=2)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "exact"),
        (["exact", "exact"], "exact"),
        (["exact", "at_least"], "at_least"),
        (["at_least", "more_than"], "more_than"),
        (["exact", "more_than"], "more_than"),
        (["at_most", "exact"], "at_most"),
        (["at_least", "at_most"], "about"),
        (["about", "at_least"], "about"),
        (["planned", "at_least"], "planned"),
    ],
)
def test_the_word_of_a_sum_comes_from_the_words_of_its_parts(words, expected):
    for order in permutations(words):
        assert combined(order) == expected


@given(st.lists(st.sampled_from(Qualifier.values), max_size=5), st.lists(st.sampled_from(Qualifier.values), max_size=5))
def test_words_of_sums_may_be_combined_in_any_grouping(some, others):
    assert combined([combined(some), combined(others)]) == combined([*some, *others])


def test_unknown_money_that_can_only_add_makes_a_floor():
    assert qualifier_of() == "exact"
    assert qualifier_of(n_adding=2) == "at_least"
    assert qualifier_of(n_taking=1) == "at_most"
    assert qualifier_of(n_adding=1, n_taking=1) == "about"
    assert qualifier_of(n_other=1) == "about"


def test_shares_are_rounded_half_up_to_four_places():
    assert share_of(Decimal("5000000.00"), Decimal("6700000.00")) == Decimal("0.7463")
    assert share_of(Decimal("1700000.00"), Decimal("6700000.00")) == Decimal("0.2537")
    assert share_of(Decimal("0.00005"), Decimal("1")) == Decimal("0.0001")


def test_there_is_no_share_of_nothing_or_of_the_unknown():
    assert share_of(Decimal(5), Decimal(0)) is None
    assert share_of(None, Decimal(5)) is None
    assert share_of(Decimal(5), None) is None


def test_an_unknown_amount_leaves_the_balance_where_it_is():
    assert balances([None, Decimal(5), None, Decimal(-2)]) == [None, Decimal(5), Decimal(5), Decimal(3)]
    assert balances([]) == []


@given(st.lists(AMOUNTS, min_size=1, max_size=20))
def test_the_last_balance_is_the_sum(amounts):
    assert balances(amounts)[-1] == sum(amounts)


def test_an_award_stands_where_its_known_days_put_it():
    start, end = date(2017, 10, 1), date(2020, 12, 31)
    assert standing_on(date(2017, 9, 30), start, end) == Standing.PLANNED
    assert standing_on(start, start, end) == standing_on(end, start, end) == Standing.ACTIVE
    assert standing_on(date(2021, 1, 1), start, end) == Standing.ENDED
    assert standing_on(date(2021, 1, 1), None, end) == Standing.ENDED
    assert standing_on(end, None, end) == standing_on(end, None, None) == Standing.UNKNOWN


def test_shares_in_words_and_as_bars():
    assert (percent_of(Decimal("0.7463")), width_of(Decimal("0.7463"))) == ("74.6%", "74.63")
    assert (percent_of(None), width_of(None)) == ("not known", "0")
    assert (width_of(Decimal("-0.2")), width_of(Decimal("1.5"))) == ("0.00", "100.00")
    assert [digits_of(Decimal(n), "USD") for n in ("5000000.00", "-12.50")] == ["5,000,000", "−12.50"]
