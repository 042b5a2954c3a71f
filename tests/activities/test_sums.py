"""Every measure through its one door."""

from decimal import Decimal

import pytest

from activities.sums import OFFER, Asked, answer
from tests import factories as make


def asked(partnership, as_of="2020-02-10", known_on=None, **question):
    return answer(partnership, Asked(**question), as_of=make.day(as_of), known_on=make.day(known_on or as_of))


def figures(result):
    return {row.key: row.amount and str(row.amount) for row in result.rows}


@pytest.fixture
def partnership(db):
    return make.make_partnership()


@pytest.fixture
def rates(db):
    named = {"base": "USD", "quote": "PEN", "source": "IMF-IFS"}
    return {
        record: make.make_rate(record=record, rate=rate, **named)
        for record, rate in [("2017-03-31", "3.2475"), ("2019-12-31", "3.314"), ("2022-06-30", "3.825")]
    }


def test_the_pledge_in_dollars_is_at_least_what_its_rate_makes_of_it(partnership, rates):
    pledge = make.make_pledge(partnership, amount="8000000.00", qualifier="at_least", rate=rates["2017-03-31"])
    at_signature = asked(partnership, measure="pledged", currency="USD", rate_basis="signature")
    assert [(t.currency, str(t.amount), t.qualifier) for t in at_signature.totals] == [("USD", "2463433.41", "at_least")]
    assert [(rate.rate, rate.source) for rate in at_signature.rates] == [(Decimal("3.24750000"), "IMF-IFS")]
    latest = asked(partnership, "2022-07-31", measure="pledged", currency="USD", rate_basis="latest")
    assert figures(latest) == {"all": "2091503.27"}
    assert figures(asked(partnership, measure="pledged")) == {"all": str(pledge.amount)}


def test_without_a_rate_nothing_is_made_up(partnership, rates):
    make.make_contribution(partnership, amount="100.00", effective="2019-05-05")
    result = asked(partnership, measure="contributed", currency="USD", rate_basis="transaction")
    assert (figures(result), result.totals, result.not_reported) == ({"all": None}, [], 1)
    assert "No rate holds for 1 row" in result.messages[0]


def test_a_contribution_known_by_year_takes_the_average_of_its_year(partnership):
    make.make_rate(record="2018-12-31", rate="3.2866", kind="year_average", source="IMF-IFS")
    make.make_contribution(partnership, amount="3286.60", effective="2018")
    result = asked(partnership, measure="contributed", currency="USD", rate_basis="transaction", group_by="fiscal_year")
    assert figures(result) == {"HY2018": "1000.00"}
    assert figures(asked(partnership, measure="contributed", group_by="quarter")) == {"unallocated": "3286.60"}


def test_what_is_only_counted_has_no_amount(partnership):
    make.make_contribution(partnership, amount=None, kind="posts", quantity=20, effective="2018")
    result = asked(partnership, measure="contributed", group_by="kind")
    assert (figures(result), result.totals, result.rows[0].share) == ({"posts": None}, [], None)


@pytest.mark.parametrize("measure", OFFER)
def test_nothing_in_force_is_nothing(partnership, measure):
    for group in OFFER[measure]:
        result = asked(partnership, measure=measure, group_by=group)
        assert (result.rows, result.totals, result.not_reported) == ([], [], 0)
