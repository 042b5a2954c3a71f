"""One amount under all bases, and how much of a difference is only exchange rate."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.sums import Asked
from activities.sums import answer as sums_of
from funding.models import ExchangeRate
from funding.pledges.rate_bases import side_by_side
from funding.pledges.rates import Basis, RateTable
from partners.roles import Role
from tests import factories as make

SIGNED, TODAY = date(2017, 6, 15), date(2020, 2, 10)
EIGHT_MILLION = Decimal("8000000.00")


def rate(value, record, kind="end_of_period"):
    day = make.day(record)
    return ExchangeRate(
        base="USD", quote="PEN", kind=kind, rate=Decimal(value), record_date=day, effective_date=day, source="IMF-IFS"
    )


QUARTER, YEAR, LATEST = rate("3.2475", "2017-03-31"), rate("3.2605", "2017-12-31", "year_average"), rate("3.825", "2022-06-30")


def shown(*rates, amount=EIGHT_MILLION, as_of="2022-07-31", signature=None, only_year=False):
    table = RateTable.of(rates, {"USD", "PEN"}, as_of=make.day(as_of))
    return side_by_side(amount, "PEN", table=table, day=SIGNED, only_year=only_year, signature=signature)


def figures(found):
    return {line.basis.value: line.amount and str(line.amount) for line in found.lines}


def test_the_pledge_by_each_basis():
    found = shown(QUARTER, YEAR, LATEST, signature=QUARTER)
    assert figures(found) == {
        "signature": "2463433.41",
        "transaction": "2463433.41",
        "year_average": "2453611.41",
        "latest": "2091503.27",
    }
    assert [str(line.difference) for line in found.lines] == ["0.00", "0.00", "-9822.00", "-371930.14"]
    assert (found.measure.basis, found.lowest.basis, str(found.spread)) == (Basis.SIGNATURE, Basis.LATEST, "371930.14")


def test_a_basis_without_a_rate_has_no_figure_and_the_next_one_measures():
    found = shown(YEAR, LATEST)
    assert figures(found) == {"signature": None, "transaction": None, "year_average": "2453611.41", "latest": "2091503.27"}
    assert found.measure.basis == Basis.YEAR_AVERAGE
    assert [line.difference and str(line.difference) for line in found.lines] == [None, None, Decimal(0), "-362108.14"]


def test_without_any_rate_nothing_is_made_up():
    found = shown()
    assert set(figures(found).values()) == {None}
    assert (found.measure, found.spread, found.told(EIGHT_MILLION)) == (None, None, None)


def test_the_signature_s_rate_of_another_pair_is_no_rate():
    brl = ExchangeRate(base="USD", quote="BRL", rate=Decimal(5), record_date=SIGNED, effective_date=SIGNED, source="IMF-IFS")
    assert set(figures(shown(signature=brl)).values()) == {None}


@pytest.mark.parametrize(
    ("stated", "by_rate", "rest"),
    [
        ("2400000.00", "-63433.41", "0.00"),  # between two bases: a day's rate explains it
        ("2000000.00", "-371930.14", "-91503.27"),  # lower than the lowest: that far by rate, the rest by something else
        ("2500000.00", "0.00", "36566.59"),
        ("2463433.41", "0.00", "0.00"),
    ],
)
def test_of_a_stated_figure_only_what_the_bases_reach_is_exchange_rate(stated, by_rate, rest):
    told = shown(QUARTER, YEAR, LATEST, signature=QUARTER).told(Decimal(stated))
    assert (str(told.by_rate), str(told.rest)) == (by_rate, rest)


@given(st.decimals("0.01", 10**9, places=2), st.decimals(0, 10**9, places=2))
def test_the_parts_of_a_difference_add_up_and_never_pull_apart(amount, stated):
    told = shown(QUARTER, YEAR, LATEST, signature=QUARTER, amount=amount).told(stated)
    assert told.by_rate + told.rest == told.difference
    assert told.by_rate * told.rest >= 0


# The page


@pytest.fixture
def delegate(person):
    return person(Role.HOST_DELEGATE)


@pytest.fixture
def pledge(partnership):
    for one in (YEAR, rate("3.314", "2019-12-31")):
        make.make_rate(record=str(one.record_date), rate=str(one.rate), kind=one.kind, source="IMF-IFS")
    return make.make_pledge(partnership, rate=make.make_rate(source="IMF-IFS", citation="Monetary Fund"))


def page(client, query=""):
    return client.get(f"/p/test-2017/pledges/rates/{query}")


def test_the_page_shows_the_pledge_with_rate_day_and_source(delegate, pledge, login):
    answer = page(login(delegate))
    text = re.sub("<[^>]*>", "", answer.content.decode())
    assert figures(answer.context["shown"])["signature"] == "2463433.41"
    assert figures(answer.context["shown"])["latest"] == "2414001.21"
    for words in (
        "at least S/\u00a08,000,000",
        "at least US$\u00a02,463,433.41",
        "3.2475",
        "IMF-IFS",
        "Monetary Fund",
        "US$\u00a049,432.20",
    ):
        assert words in text, words
    assert "no rate" not in text


def test_another_amount_day_and_figure_are_asked_in_the_address(delegate, pledge, login):
    answer = page(login(delegate), "?amount=1,000&day=2020-01-05&stated=301.75")
    assert figures(answer.context["shown"]) == {
        "signature": "307.93", "transaction": "301.75", "year_average": None, "latest": "301.75",
    }  # fmt: skip
    assert "no rate" in answer.content.decode()
    assert (str(answer.context["told"].by_rate), str(answer.context["told"].rest)) == ("-6.18", "0.00")


def test_looking_back_no_later_rate_is_known(delegate, pledge, login):
    answer = page(login(delegate), "?as_of=2018-06-30&known_on=2018-06-30")
    assert str(answer.context["shown"].lines[3].rate.record_date) == "2017-03-31"


def test_a_rate_of_after_the_day_of_knowledge_is_not_known_on_the_page_and_in_the_sums(delegate, pledge, login, partnership):
    answer = page(login(delegate), "?as_of=2020-01-15&known_on=2019-12-30")
    assert str(answer.context["shown"].lines[3].rate.record_date) == "2017-03-31"
    asked = Asked(measure="pledged", currency="USD", rate_basis="latest")
    days = {"as_of": date(2020, 1, 15), "known_on": date(2019, 12, 30)}
    assert [str(rate.record_date) for rate in sums_of(partnership, asked, **days).rates] == ["2017-03-31"]
    assert [str(rate.record_date) for rate in sums_of(partnership, asked, as_of=TODAY, known_on=TODAY).rates] == ["2019-12-31"]


def test_before_any_pledge_an_amount_is_asked_for(delegate, pledge, login):
    answer = page(login(delegate), "?as_of=2017-06-01&known_on=2017-06-01")
    assert (answer.status_code, answer.context["shown"]) == (200, None)
    assert "No amount to convert" in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    ["?amount=1.234,50", "?amount=NaN", "?amount=-5", "?amount=1.001", "?day=2020-02-11", "?day=x", "?stated=S/3", "?as_of=x"],
)
def test_what_cannot_be_read_is_said_at_the_field_and_kept(delegate, pledge, login, query):
    answer = page(login(delegate), query)
    assert answer.status_code == 400
    assert answer.context["problems"]
    name, value = query[1:].split("=")
    assert f'value="{value}"' in answer.content.decode()


def test_a_pledge_is_named_by_its_key_and_another_partnership_s_is_not_found(delegate, pledge, login):
    elsewhere = make.make_pledge(make.make_partnership("elsewhere"), rate=pledge.rate)
    assert page(login(delegate), f"?pledge={pledge.key}").status_code == 200
    assert page(login(delegate), f"?pledge={elsewhere.key}").status_code == 404
    assert page(login(delegate), "?pledge=%00").status_code == 400


@pytest.mark.parametrize(
    ("statement", "query"),
    [({}, "?stated=2400000.00"), ({"currency": "PEN"}, ""), ({"measure": "us_total"}, None), ({"amount": None}, None)],
)
def test_a_statement_of_the_pledge_leads_here_with_its_figure(delegate, pledge, login, partnership, statement, query):
    row = make.make_statement(partnership, **{"measure": "pledged", "amount": "2400000.00"} | statement)
    text = login(delegate).get(f"/p/test-2017/statements/{row.key}/").content.decode()
    assert (f'href="/p/test-2017/pledges/rates/{query}"' in text) is (query is not None)
    assert ("/pledges/rates/" in text) is (query is not None)


def test_a_partner_is_not_led_to_a_page_that_it_may_not_read(person, pledge, login, partnership):
    row = make.make_statement(partnership, measure="pledged", amount="2400000.00")
    client = login(person(Role.PARTNER_PREPARER))
    assert "/pledges/rates/" not in client.get(f"/p/test-2017/statements/{row.key}/").content.decode()
    assert page(client).status_code == 403


@pytest.mark.parametrize("name", ["amount", "day", "stated", "pledge", "as_of", "known_on"])
@pytest.mark.parametrize(
    "value", ["%00", "%ED%A0%80", "1e400", "9" * 400, "%F0%9F%92%A9", "0001-01-01", "9999-12-31", "[1]", "' OR 1=1--", "{{7*7}}"]
)
def test_no_value_of_the_address_brings_the_page_down(delegate, pledge, login, name, value):
    assert page(login(delegate), f"?{name}={value}").status_code in (200, 400, 404)


def test_money_in_dollars_is_not_converted(delegate, pledge, login, partnership):
    partnership.host_currency = "USD"
    partnership.save()
    assert "nothing to convert" in page(login(delegate), "?amount=5").content.decode()
