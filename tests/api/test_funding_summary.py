"""`funding/summary/` with every measure: what it offers, what it refuses, and that the rows behind each sum add up to it."""

import csv
from decimal import Decimal
from io import StringIO
from types import SimpleNamespace

import pytest
from django.utils import timezone

from activities.models import JobRun
from activities.sums import OFFER, US_MEASURES
from cpc.accounts.services import create_token
from cpc.api.funding_summary import SummarySerializer
from cpc.api.summary_examples import EXAMPLES
from funding.pledges.sums import BASES, HOST_MEASURES
from partners.roles import Role
from tests import factories as make
from tests.activities.accepted import accept, owe_reports
from tests.factories import lima

SUMMARY = "/api/v1/funding/summary/?partnership=test-2017"
QUESTIONS = [
    f"measure={measure}&group_by={group}{level}"
    for measure, groups in OFFER.items()
    for group in groups
    for level in (("&level=prime", "&level=sub") if measure in US_MEASURES else ("",))
]
FOREIGN = [(measure, group) for measure in OFFER for groups in OFFER.values() for group in groups if group not in OFFER[measure]]


@pytest.fixture
def ask(login, viewer):
    client = login(viewer)

    def get(query, status=200):
        answer = client.get(query if query.startswith("/") else f"{SUMMARY}&{query}")
        assert answer.status_code == status, answer.getvalue()
        return answer.json()

    return get


@pytest.fixture
def world(partnership):
    """Something of every measure, with an unknown and a year's row in each, and a second currency."""
    ilo, yana, mimp = (make.make_organization(key) for key in ("ilo", "yana", "mimp"))
    award = make.make_award(partnership, key="first", recipients=[ilo, yana])
    sub = make.make_award(partnership, key="sub", level="sub", parent=award, pass_through=ilo, recipients=[yana])
    make.make_action(award, amount="5000.00", effective="2017-10")
    make.make_action(award, amount="12.34", effective="2018", kind="supplement", recipient=ilo, basis="signed")
    make.make_action(award, amount="9.99", effective="2018-05", kind="supplement", currency="EUR", recipient=ilo, basis="signed")
    make.make_action(award, amount=None, effective="2019-04", kind="supplement", recipient=yana, basis="signed")
    make.make_action(sub, amount=None, effective="2018-07", recipient=yana)
    quarters = [f"2019-Q{n}" for n in (1, 2, 3, 4)]
    first, second, third, fourth = owe_reports(award, ilo, *quarters)
    accept(first, spent="10.00", disbursed="20.00")
    accept(third, spent="17.55", disbursed=None)
    accept(fourth, spent="40.00", disbursed="55.00", on="2020-01-10")
    accept(fourth, spent="41.11", disbursed="54.00", on="2020-01-20")
    accept(owe_reports(award, yana, *quarters)[0], spent=None, disbursed="0.00")
    accept(owe_reports(sub, yana, "2019-Q4")[0], spent="3.00", disbursed="4.00")
    at_signature = make.make_rate(record="2017-03-31", rate="3.2475", source="IMF-IFS")
    for record, rate in (("2018-03-31", "3.2265"), ("2018-12-31", "3.374"), ("2019-12-31", "3.314")):
        make.make_rate(record=record, rate=rate, source="IMF-IFS")
    make.make_rate(record="2018-12-31", rate="3.2866", kind="year_average", source="IMF-IFS")
    make.make_pledge(partnership, rate=at_signature)
    make.make_pledge(partnership, amount=None, qualifier="exact", in_kind_en="Twenty posts", effective="2018-02-01")
    make.make_contribution(partnership, amount="3000000.00", entity=mimp, effective="2018")
    make.make_contribution(partnership, amount="250.55", entity=mimp, effective="2018-05-03", region=make.make_region("XA-ONE"))
    make.make_contribution(partnership, amount="100.10", effective="2020-01-03", region=make.make_region("XA-ONE"))
    make.make_contribution(partnership, amount=None, kind="posts", quantity=20, entity=mimp, effective="2019-06")
    return SimpleNamespace(award=award, reports=[first, second, third, fourth])


def errors(answer):
    return [(one["field"], one["code"]) for one in answer["errors"]]


def rows_behind(ask, url):
    rows = []
    while url:
        page = ask(url.removeprefix("http://testserver"))
        rows, url = rows + page["results"], page["next"]
    return rows


@pytest.mark.parametrize("query", QUESTIONS)
def test_the_rows_behind_every_sum_add_up_to_it(ask, world, query):
    answer = ask(query)
    assert answer["rows"] or query.startswith("measure=obligated") and query.endswith("sub")
    seen, totals, unknown = [], {}, 0
    for row in answer["rows"]:
        behind = rows_behind(ask, row["rows_url"])
        known = [Decimal(one["amount"]) for one in behind if one["amount"] is not None]
        assert (str(sum(known)) if known else None) == row["amount"]
        assert {one["currency"] or row["currency"] for one in behind} == {row["currency"]}
        seen += [one["key"] for one in behind]
        unknown += len(behind) - len(known)
        if known:
            totals[row["currency"]] = totals.get(row["currency"], 0) + sum(known)
    assert len(seen) == len(set(seen))
    assert unknown == answer["not_reported"]
    assert {one["currency"]: Decimal(one["amount"]) for one in answer["totals"]} == totals


@pytest.mark.parametrize("basis", ["", *BASES])
@pytest.mark.parametrize(("measure", "group"), [(name, group) for name in HOST_MEASURES for group in OFFER[name]])
def test_the_rows_behind_a_converted_sum_add_up_to_it_too(ask, world, measure, group, basis):
    answer = ask(f"measure={measure}&group_by={group}&currency=USD{basis and f'&rate_basis={basis}'}")
    seen, used = [], set()
    for row in answer["rows"]:
        behind = rows_behind(ask, row["rows_url"])
        known = [Decimal(one["converted"]["amount"]) for one in behind if one["converted"]["amount"] is not None]
        assert (str(sum(known)) if known else None) == row["amount"]
        used |= {one["converted"]["rate"]["rate"] for one in behind if one["converted"]["rate"]}
        seen += [one["key"] for one in behind]
    assert len(seen) == len(set(seen)) == (2 if measure == "pledged" else 4)
    assert used == {one["rate"] for one in answer["rates"]}


@pytest.mark.parametrize("name", ["pledges", "contributions"])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("partnership=test-2017&converted_to=XXX", [("converted_to", "unknown_currency")]),
        ("partnership=test-2017&rate_basis=latest", [("rate_basis", "currency_required")]),
        ("partnership=test-2017&converted_to=USD&rate_basis=best", [("rate_basis", "unknown_value")]),
        ("converted_to=USD", [("partnership", "required")]),
        ("partnership=test-2017&converted_to=USD&format=csv", [("converted_to", "not_in_files")]),
    ],
)
def test_what_a_list_of_host_money_cannot_be_asked(ask, world, name, query, expected):
    assert errors(ask(f"/api/v1/{name}/?{query}", 400)) == expected


@pytest.mark.parametrize("name", ["pledges", "contributions"])
def test_a_list_that_is_asked_for_no_conversion_shows_none(ask, world, name):
    assert "converted" not in ask(f"/api/v1/{name}/?partnership=test-2017")["results"][0]


@pytest.mark.parametrize(("measure", "group"), FOREIGN)
def test_a_group_of_another_measure_is_refused_with_those_that_are_offered(ask, partnership, measure, group):
    answer = ask(f"measure={measure}&group_by={group}", 400)
    assert errors(answer) == [("group_by", "unknown_value")]
    assert ", ".join(OFFER[measure]) in answer["errors"][0]["message"]


@pytest.mark.parametrize("measure", ["awarded", "obligated", "disbursed", "spent"])
def test_united_states_money_is_never_converted(ask, world, measure):
    answer = ask(f"measure={measure}&currency=PEN&rate_basis=latest", 400)
    assert errors(answer) == [("currency", "conversion_not_offered"), ("rate_basis", "conversion_not_offered")]
    assert (ask(f"measure={measure}")["currency"], ask(f"measure={measure}")["rates"]) == (None, [])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("rate_basis=latest", [("rate_basis", "currency_required")]),
        ("rate_basis=best", [("rate_basis", "unknown_value")]),
        ("currency=XXX", [("currency", "unknown_currency")]),
        ("currency=usd", [("currency", "unknown_currency")]),
        ("currency=", [("currency", "unknown_currency")]),
        ("currency=XXX&rate_basis=best", [("currency", "unknown_currency"), ("rate_basis", "unknown_value")]),
        ("level=prime", [("level", "level_not_offered")]),
        ("level=both&group_by=partner", [("level", "level_not_offered"), ("group_by", "unknown_value")]),
    ],
)
@pytest.mark.parametrize("measure", ["pledged", "contributed"])
def test_what_host_money_cannot_be_asked(ask, partnership, measure, query, expected):
    assert errors(ask(f"measure={measure}&{query}", 400)) == expected


def test_the_pledge_in_dollars_names_its_rate_and_stays_at_least(ask, world):
    answer = ask("measure=pledged&currency=USD")
    assert {name: answer[name] for name in ("level", "currency", "rate_basis", "rates", "totals", "not_reported")} == {
        "level": None,
        "currency": "USD",
        "rate_basis": "signature",
        "rates": [
            {"base": "USD", "quote": "PEN", "rate": "3.24750000", "record_date": "2017-03-31", "source": "IMF-IFS"},
        ],
        "totals": [{"currency": "USD", "amount": "2463433.41", "qualifier": "at_least"}],
        "not_reported": 1,
    }
    assert ask("measure=pledged")["totals"] == [{"currency": "PEN", "amount": "8000000.00", "qualifier": "at_least"}]


def test_contributions_are_converted_each_at_its_own_day_and_the_rows_add_up(ask, world):
    answer = ask("measure=contributed&currency=USD&group_by=calendar_year")
    assert answer["rate_basis"] == "transaction"
    assert [(rate["record_date"], rate["rate"]) for rate in answer["rates"]] == [
        ("2018-03-31", "3.22650000"), ("2018-12-31", "3.28660000"), ("2019-12-31", "3.31400000"),
    ]  # fmt: skip
    in_2018 = Decimal("912797.42") + Decimal("77.65")  # at the year's average, and at the rate of 31 March
    assert [(row["key"], row["amount"]) for row in answer["rows"]] == [
        ("CY2018", str(in_2018)), ("CY2019", None), ("CY2020", "30.21"),
    ]  # fmt: skip
    assert Decimal(answer["totals"][0]["amount"]) == in_2018 + Decimal("30.21")
    assert answer["messages"] == [
        "1 row has no price: it is counted, not valued, and left out of the totals.",
        "Each row is converted and rounded to the cent; the total is the sum of the converted rows.",
    ]


def test_without_a_rate_the_sum_is_a_floor_and_says_so(ask, world):
    answer = ask("measure=contributed&currency=USD&as_of=2020-02-10&known_on=2020-02-10&rate_basis=year_average")
    assert answer["totals"] == [{"currency": "USD", "amount": "912873.65", "qualifier": "at_least"}]
    assert answer["not_reported"] == 2
    assert "No rate holds for 1 row; it is left out of the totals." in answer["messages"]


def test_a_converted_sum_says_when_the_rates_were_not_fetched(ask, world, settings):
    said = "No rate was fetched for two days from: bcrp. Newer ones may be missing."
    assert said not in ask("measure=pledged&currency=USD")["messages"]  # switched off: nothing is missed
    settings.ALIANZA_FETCH_RATES = ["bcrp"]
    assert said in ask("measure=pledged&currency=USD")["messages"]
    assert said not in ask("measure=pledged")["messages"]
    run = {"job": "rates bcrp", "finished_at": lima("2020-02-08 01:00")}
    JobRun.objects.create(started_at=lima("2020-02-08 00:00"), **run)
    JobRun.objects.create(started_at=lima("2020-02-10 00:00"), failure="No answer.", **run)
    assert said in ask("measure=pledged&currency=USD")["messages"]
    JobRun.objects.create(started_at=lima("2020-02-09 00:00"), **run)
    assert said not in ask("measure=pledged&currency=USD")["messages"]


def token_of(user, *scopes):
    return create_token(user, actor=user, name=user.email, scopes=list(scopes), now=timezone.now())[1]


def test_who_may_not_open_reports_gets_the_sum_and_no_address(client, viewer, world):
    host = make.make_user(Role.HOST_DELEGATE, world.award.partnership)
    for user, scopes, reason in (
        (viewer, ("funding:read",), "This token lacks the scope reports:read."),
        (host, ("funding:read", "reports:read"), "Your role does not include this."),
    ):
        asks = {"headers": {"authorization": f"Bearer {token_of(user, *scopes)}"}}
        answer = client.get(f"{SUMMARY}&measure=spent", **asks).json()
        assert (answer["totals"][0]["amount"], answer["rows"][0]["rows_url"]) == ("41.11", None)
        assert reason in answer["messages"][-1]
        awarded = client.get(f"{SUMMARY}&measure=awarded", **asks).json()
        assert client.get(awarded["rows"][0]["rows_url"], **asks).status_code == 200
        assert awarded["messages"] == ["1 amount is not known; it is left out of the totals."]


@pytest.mark.parametrize("measure", OFFER)
def test_a_partner_may_ask_for_no_measure(client, world, measure):
    client.force_login(make.make_user(Role.PARTNER_PREPARER, world.award.partnership))
    assert client.get(f"{SUMMARY}&measure={measure}").status_code == 403


@pytest.mark.parametrize("measure", OFFER)
def test_the_file_holds_what_the_answer_holds(login, viewer, ask, world, measure):
    group = OFFER[measure][-1]
    rows = ask(f"measure={measure}&group_by={group}")["rows"]
    text = login(viewer).get(f"{SUMMARY}&measure={measure}&group_by={group}&format=csv").getvalue().decode()
    names = ("key", "label", "currency", "amount", "qualifier", "share")
    written = [{name: row[name] or None for name in names} for row in csv.DictReader(StringIO(text))]
    assert written == [{name: row[name] for name in names} for row in rows]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("quarter=2019-Q1", [("quarter", "needs_a_measure")]),
        ("as_of=2020-02-01&known_on=2020-02-01", [("as_of", "needs_a_measure"), ("known_on", "needs_a_measure")]),
        ("measure=awarded", [("measure", "invalid_choice")]),
        ("measure=spent&quarter=2019", [("quarter", "invalid_period")]),
        ("measure=spent&as_of=2020-02-30", [("as_of", "invalid_date")]),
    ],
)
def test_what_reports_cannot_be_asked_of_money(ask, world, query, expected):
    assert errors(ask(f"/api/v1/reports/?partnership=test-2017&{query}", 400)) == expected


def test_money_of_reports_is_asked_of_one_partnership(ask, world):
    assert errors(ask("/api/v1/reports/?measure=spent", 400)) == [("partnership", "required")]


def test_a_report_shows_its_money_only_where_a_measure_is_asked(ask, world):
    plain = ask("/api/v1/reports/?partnership=test-2017&award=sub")["results"][0]
    assert not {"amount", "counted_from"} & set(plain)
    row = ask("/api/v1/reports/?partnership=test-2017&award=sub&measure=spent")["results"][0]
    assert (row["amount"], row["counted_from"], row["currency"]) == ("3.00", "2019-10-01", "USD")


@pytest.mark.parametrize("measure", OFFER)
def test_the_schema_has_an_example_of_each_measure(measure):
    example = next(value for value in EXAMPLES.values() if value["measure"] == measure)
    assert set(example) == set(SummarySerializer().fields)
    assert sum(Decimal(row["amount"]) for row in example["rows"] if row["amount"]) == sum(
        Decimal(one["amount"]) for one in example["totals"]
    )
