"""What programs are told of U.S. money: the contract's answer, its rows, its files, and its refusals."""

import csv
from decimal import Decimal
from io import StringIO

import pytest
import time_machine

from funding.awards.rules import GROUPS
from partners.roles import Role
from tests import factories as make

SUMMARY = "/api/v1/funding/summary/"
ACTIONS = "/api/v1/award-actions/"


@pytest.fixture
def ask(login, viewer):
    client = login(viewer)

    def get(address, status=200):
        answer = client.get(address)
        assert answer.status_code == status, answer.getvalue()
        return answer.json()

    return get


def errors(answer):
    return [(one["field"], one["code"]) for one in answer["errors"]]


def rows_of_csv(answer):
    return list(csv.DictReader(StringIO(answer.getvalue().decode())))


def test_the_summary_answers_in_the_shape_of_the_contract(ask, partnership, compact):
    answer = ask(f"{SUMMARY}?partnership={partnership.key}&group_by=partner&as_of=2020-02-06")
    days = "as_of=2020-02-06&known_on=2020-02-10"
    assert answer == {
        "partnership": "test-2017",
        "measure": "awarded",
        "level": "prime",
        "group_by": "partner",
        "as_of": "2020-02-06",
        "known_on": "2020-02-10",
        "currency": None,
        "rate_basis": None,
        "rates": [],
        "rows": [
            {
                "key": "unallocated-initial",
                "label": "Unallocated: Ilo and Yana, split not published",
                "allocated": False,
                "currency": "USD",
                "amount": "5000000.00",
                "qualifier": "exact",
                "share": "0.7463",
                "rows_url": f"{ACTIONS}?partnership=test-2017&measure=awarded&level=prime"
                f"&award=initial&allocated=false&currency=USD&{days}",
            },
            {
                "key": "ilo",
                "label": "Ilo",
                "allocated": True,
                "currency": "USD",
                "amount": "1700000.00",
                "qualifier": "exact",
                "share": "0.2537",
                "rows_url": f"{ACTIONS}?partnership=test-2017&measure=awarded&level=prime&recipient=ilo&currency=USD&{days}",
            },
        ],
        "totals": [{"currency": "USD", "amount": "6700000.00", "qualifier": "exact"}],
        "not_reported": 0,
        "messages": [],
    }


def test_nothing_in_force_is_two_empty_lists(ask, partnership, compact):
    answer = ask(f"{SUMMARY}?partnership={partnership.key}&as_of=2017-10-30")
    assert (answer["rows"], answer["totals"], answer["not_reported"]) == ([], [], 0)


def test_the_unknown_is_null_in_the_answer(ask, partnership, compact):
    answer = ask(f"{SUMMARY}?partnership={partnership.key}&level=sub&group_by=partner")
    assert [(row["key"], row["amount"], row["share"]) for row in answer["rows"]] == [("chs", None, None), ("idl", None, None)]
    assert (answer["totals"], answer["not_reported"]) == ([], 2)


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("level", ["prime", "sub"])
@pytest.mark.parametrize("measure", ["awarded", "obligated"])
def test_rows_url_lists_the_very_rows_and_they_add_up(ask, partnership, compact, group, level, measure):
    one = make.make_organization("one")
    plain = make.make_award(partnership, recipients=[one])
    make.make_action(plain, amount="12.34", effective="2018", recipient=one, basis="signed")
    make.make_action(plain, amount="-0.04", effective="2019-03-07", kind="deobligation", recipient=one, basis="signed")
    make.make_action(plain, amount="9.00", currency="EUR", effective="2019-03-08", kind="supplement")
    make.make_action(plain, amount=None, effective="2019-04", kind="administrative", recipient=one)
    answer = ask(f"{SUMMARY}?partnership={partnership.key}&group_by={group}&level={level}&measure={measure}")
    assert answer["rows"] or measure == "obligated"
    seen = []
    for row in answer["rows"]:
        actions = ask(row["rows_url"])["results"]
        known = [Decimal(action["amount"]) for action in actions if action["amount"] is not None]
        assert (str(sum(known)) if known else None) == row["amount"]
        assert {action["currency"] for action in actions} == {row["currency"]}
        seen += [action["key"] for action in actions]
    assert len(seen) == len(set(seen))
    assert sum(row["amount"] is not None for row in answer["rows"]) >= len(answer["totals"])


def test_every_fault_of_a_question_is_named_at_once(ask, partnership):
    days = "as_of=2020-02-30&known_on=2020-02-11"
    answer = ask(f"{SUMMARY}?partnership={partnership.key}&measure=wasted&group_by=week&level=both&{days}&currency=PEN", 400)
    assert errors(answer) == [
        ("measure", "measure_not_offered"),
        ("level", "unknown_value"),
        ("group_by", "unknown_value"),
        ("as_of", "invalid_date"),
        ("known_on", "in_the_future"),
        ("currency", "conversion_not_offered"),
    ]
    said = {one["field"]: one["message"] for one in answer["errors"]}
    assert "none, partner, award, fiscal_year, calendar_year, quarter" in said["group_by"]
    assert "awarded, obligated, disbursed, spent, pledged, contributed" in said["measure"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [("partnership", "required")]),
        ("partnership=", [("partnership", "required")]),
        ("partnership=test-2017&rate_basis=latest", [("rate_basis", "conversion_not_offered")]),
        ("partnership=test-2017&page=2", [("page", "unknown_parameter")]),
        ("partnership=test-2017&limit=5", [("limit", "unknown_parameter")]),
        ("partnership=test-2017&as_of=2020-01-01&as_of=2020-01-02", [("as_of", "repeated_parameter")]),
        ("partnership=test-2017&format=pdf", [("format", "unknown_format")]),
        ("partnership=test-2017&as_of=", [("as_of", "invalid_date")]),
        ("partnership=test-2017&as_of=%D9%A2020-01-01", [("as_of", "invalid_date")]),
        ("partnership=test-2017&measure=%00", [("measure", "invalid")]),
    ],
)
def test_a_question_that_cannot_be_understood_is_a_400_in_the_one_shape(ask, partnership, query, expected):
    assert errors(ask(f"{SUMMARY}?{query}", 400)) == expected


def test_an_unknown_partnership_is_a_404(ask, partnership):
    for address in (SUMMARY, ACTIONS, "/api/v1/awards/"):
        assert errors(ask(f"{address}?partnership=nothing", 404)) == [(None, "not_found")]


def test_a_partner_may_not_ask_for_sums_and_is_told_who_may(client, partnership, compact):
    client.force_login(make.make_user(Role.PARTNER_PREPARER, partnership, organization=compact.ilo))
    answer = client.get(f"{SUMMARY}?partnership={partnership.key}")
    assert answer.status_code == 403
    assert "Program officer" in answer.json()["errors"][0]["message"]


def test_a_stranger_gets_what_a_wrong_key_gets(login, stranger, partnership, compact):
    client = login(stranger)
    foreign, missing = (client.get(f"{SUMMARY}?partnership={key}") for key in (partnership.key, "nothing"))
    assert (foreign.status_code, foreign.content) == (404, missing.content)
    assert client.get(ACTIONS).json()["results"] == []
    assert client.get(f"{ACTIONS}?award=initial").status_code == 400


def test_the_day_is_the_partnership_s_own(ask, partnership, settings, compact):
    settings.ALIANZA_TODAY = None
    with time_machine.travel("2020-02-06T04:59:00+00:00", tick=False):  # 23:59 of the day before in Lima
        answer = ask(f"{SUMMARY}?partnership={partnership.key}")
        assert (answer["as_of"], answer["totals"][0]["amount"]) == ("2020-02-05", "5000000.00")
        assert errors(ask(f"{SUMMARY}?partnership={partnership.key}&as_of=2020-02-06", 400)) == [("as_of", "in_the_future")]


def test_the_unchanged_answer_is_a_304(login, viewer, partnership, compact):
    client = login(viewer)
    address = f"{SUMMARY}?partnership={partnership.key}"
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    make.make_action(compact.more, amount="1.00", kind="supplement", effective="2020-02-07")
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_csv_and_json_of_the_summary_are_equal_to_the_cent(login, viewer, ask, partnership, compact):
    address = f"{SUMMARY}?partnership={partnership.key}&group_by=partner"
    client = login(viewer)
    answer = client.get(f"{address}&format=csv")
    assert answer["Content-Type"].startswith("text/csv")
    names = ("key", "label", "currency", "amount", "qualifier", "share")
    rows = ask(address)["rows"]
    assert [{name: row[name] for name in names} for row in rows_of_csv(answer)] == [
        {name: row[name] for name in names} for row in rows
    ]


def test_csv_and_json_of_the_actions_are_the_same_rows(login, viewer, ask, partnership, compact):
    client = login(viewer)
    address = f"{ACTIONS}?partnership={partnership.key}"
    written = rows_of_csv(client.get(f"{address}&format=csv"))
    rows = ask(address)["results"]
    assert len(rows) == 4
    for name in ("key", "award", "level", "kind", "amount", "currency", "recipient", "effective_on", "known_on", "new_end_on"):
        assert [row[name] for row in written] == [row[name] or "" for row in rows]


def test_a_file_of_the_actions_has_no_pages(login, viewer, partnership):
    answer = login(viewer).get(f"{ACTIONS}?format=csv&limit=3&cursor=x")
    assert answer.status_code == 400
    assert sorted(errors(answer.json())) == [("cursor", "no_pages"), ("limit", "no_pages")]


def test_a_refused_file_is_a_refusal_in_the_one_shape(login, viewer, partnership):
    answer = login(viewer).get(f"{SUMMARY}?format=csv&partnership=nothing")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("award=nothing", "award"),
        ("recipient=nothing", "recipient"),
        ("award=%00", "award"),
        ("allocated=maybe", "allocated"),
        ("level=both", "level"),
        ("measure=spent", "measure"),
        ("kind=gift", "kind"),
        ("basis=said", "basis"),
        ("fiscal_year=2018", "fiscal_year"),
        ("fiscal_year=fy2018", "fiscal_year"),
        ("calendar_year=unallocated", "calendar_year"),
        ("quarter=2020-Q5", "quarter"),
        ("effective_from=06/02/2020", "effective_from"),
        ("effective_to=2020-02-30", "effective_to"),
        ("known_on=2031-01-01", "known_on"),
        ("nonsense=1", "nonsense"),
    ],
)
def test_a_filter_that_cannot_be_is_a_400_at_its_field(ask, partnership, compact, query, field):
    assert [one for one, _code in errors(ask(f"{ACTIONS}?{query}", 400))] == [field]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["initial-1", "more-1"]),
        ("as_of=2020-02-05", ["initial-1"]),
        ("known_on=2020-02-05", ["initial-1"]),
        ("award=more", ["more-1"]),
        ("recipient=ilo", ["more-1"]),
        ("allocated=false", ["initial-1"]),
        ("allocated=true", ["more-1"]),
        ("fiscal_year=FY2018", ["initial-1"]),
        ("quarter=2020-Q1", ["more-1"]),
        ("effective_from=2020-01-01", ["more-1"]),
        ("effective_to=2020-01-01", ["initial-1"]),
        ("measure=obligated", []),
        ("basis=announced", ["initial-1", "more-1"]),
        ("kind=supplement", []),
        ("currency=EUR", []),
        ("partnership=test-2017", ["initial-1", "more-1"]),
    ],
)
def test_each_filter_of_the_actions_narrows_the_list(ask, partnership, compact, query, expected):
    assert [row["key"] for row in ask(f"{ACTIONS}?level=prime&{query}")["results"]] == expected


def test_an_award_shows_its_period_as_of_a_day(ask, partnership, compact):
    make.make_action(compact.initial, kind="no_cost_extension", amount=None, effective="2020-02-01", end="2021-06-30")
    first = ask("/api/v1/awards/initial/?as_of=2020-01-31")
    assert first["period"] == {
        "start": {"value": "2017-10", "precision": "month", "working_day": "2017-10-31"},
        "end": {"value": "2020-12", "precision": "month", "working_day": "2020-12-31"},
    }
    assert ask("/api/v1/awards/initial/")["period"]["end"]["value"] == "2021-06-30"
    assert [one["key"] for one in first["recipients"]] == ["ilo", "yana"]
    assert ask("/api/v1/awards/more/")["period"] == {"start": None, "end": None}
    ask("/api/v1/awards/more/?known_on=2020-02-05", 404)


def test_a_partner_reads_the_own_awards_and_what_it_passed_on(client, partnership, compact):
    client.force_login(make.make_user(Role.PARTNER_PREPARER, partnership, organization=compact.yana))
    assert [one["key"] for one in client.get("/api/v1/awards/").json()["results"]] == ["initial"]
    client.force_login(make.make_user(Role.PARTNER_PREPARER, partnership, organization=compact.ilo))
    assert [one["key"] for one in client.get("/api/v1/awards/").json()["results"]] == ["initial", "more", "sub-chs", "sub-idl"]
    client.force_login(make.make_user(Role.PARTNER_PREPARER, partnership, organization=compact.chs))
    assert [one["key"] for one in client.get("/api/v1/awards/").json()["results"]] == ["sub-chs"]
    assert client.get("/api/v1/awards/initial/").status_code == 404


@pytest.mark.parametrize("address", [f"{SUMMARY}?partnership=test-2017&group_by=partner", ACTIONS, "/api/v1/awards/"])
def test_as_many_queries_for_two_hundred_rows_as_for_two(
    login, viewer, partnership, compact, address, django_assert_max_num_queries
):
    client = login(viewer)
    people = [make.make_organization() for _n in range(5)]
    with django_assert_max_num_queries(10) as few:
        client.get(address)
    for n in range(200):
        award = make.make_award(partnership, recipients=people)
        make.make_action(award, amount="1.00", recipient=people[n % 5], start="2018-01", end="2019-01")
    with django_assert_max_num_queries(10) as many:
        client.get(address)
    assert len(many) == len(few)


def test_a_number_that_is_not_known_is_null_and_not_empty(ask, partnership, compact):
    compact.initial.fain = "SLMAQM17GR1234"
    compact.initial.save()
    known = {
        row["key"]: (row["fain"], row["listing"]) for row in ask(f"/api/v1/awards/?partnership={partnership.key}")["results"]
    }
    assert known["initial"][0] == "SLMAQM17GR1234"
    assert known["more"] == (None, None)
    make.make_action(compact.more, amount="1.00", kind="supplement", effective="2020-02-07", guidance_version="", key="plain-1")
    rows = {row["key"]: row["guidance_version"] for row in ask(f"{ACTIONS}?partnership={partnership.key}")["results"]}
    assert (rows["more-1"], rows["plain-1"]) == ("UG-2014", None)
