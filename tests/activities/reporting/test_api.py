"""The API of reports: the same rows as the page, without contents."""

import json

import pytest
from django.urls import reverse

from activities.reporting import moves
from activities.reporting.services import sync_reports
from partners.roles import Role
from tests import factories as make

from .conftest import Q3, Q4, SOON, owe
from .test_moves import bring_to

LIST = "/api/v1/reports/"


def test_a_report_says_where_it_stands_and_what_its_reader_may_do(world, filled, login):
    bring_to(world, filled, "in_review")
    row = login(world.officer).get(f"{LIST}test-award-ilo-2019-q4/").json()
    acts = {act["act"]: act for act in row.pop("next_acts")}
    assert row == {
        "key": "test-award-ilo-2019-q4",
        "partnership": "test-2017",
        "title": "Quarterly report, October–December 2019",
        "award": "test-award",
        "organization": "ilo",
        "period": {"from": "2019-10-01", "to": "2019-12-31"},
        "is_final": False,
        "state": "in_review",
        "state_label": "In review",
        "version": 1,
        "due_on": "2020-01-30",
        "submitted_at": "2020-01-20T15:00:00Z",
        "is_late": False,
        "days_late": 0,
        "before_records": False,
        "currency": "USD",
        "is_sample": False,
    }
    assert {name for name, act in acts.items() if act["allowed"]} == {"return", "accept", "release_review"}
    assert acts["submit"]["code"] == "organization"
    assert "Partner, certifier" in acts["submit"]["reason"]


def test_a_report_that_nobody_began_has_no_version(world, login):
    row = login(world.preparer).get(LIST).json()["results"][0]
    assert (row["state"], row["version"], row["submitted_at"], row["days_late"]) == ("not_started", None, None, 11)
    assert row["next_acts"][0] == {"act": "prepare", "label": "Fill in", "allowed": True, "code": "", "reason": ""}


def test_own_certification_is_told_in_the_api_too(world, filled, login):
    make.grant(world.certifier, Role.PROGRAM_OFFICER, world.partnership)
    bring_to(world, filled, "in_review")
    acts = login(world.certifier).get(f"{LIST}test-award-ilo-2019-q4/").json()["next_acts"]
    assert next(act for act in acts if act["act"] == "accept")["code"] == "own_certification"


def test_no_count_leaves_through_the_api(world, filled, login):
    filled.cells.update(value=7919)
    moves.submit(filled.pk, actor=world.certifier, at=SOON, certified=True)
    client = login(world.officer)
    for address in (LIST, f"{LIST}test-award-ilo-2019-q4/", f"{LIST}?format=csv", "/p/test-2017/reports/?format=csv"):
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert b"7919" not in body


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("partnership=test-2017", 2),
        ("state=draft", 1),
        ("late=yes", 2),
        ("to=2019-09-30", 1),
        ("award=test-award&state=accepted", 0),
    ],
)
def test_page_api_and_csv_find_the_same_rows(world, draft, login, query, n):
    owe(world.award, world.ilo, Q3, due_on="2019-10-30")
    sync_reports(world.partnership)
    client = login(world.officer)
    rows = client.get(f"{LIST}?{query}").json()["results"]
    csv = b"".join(client.get(f"{LIST}?{query}&format=csv").streaming_content).decode().splitlines()
    page_query = "&".join(part for part in query.split("&") if not part.startswith("partnership"))
    page = client.get(f"/p/test-2017/reports/?{page_query}").context["page"]
    assert (len(rows), len(csv) - 1, page.count) == (n, n, n)
    assert csv[0].startswith("key,title,award,")


@pytest.mark.parametrize("query", ["state=lost", "award=nobody", "from=2019", "late=1", "colour=red", "organization=ilo%00"])
def test_unknown_parameters_and_values_are_refused(world, login, query):
    answer = login(world.officer).get(f"{LIST}?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == query.split("=")[0]


def test_host_delegates_have_no_reports(world, login):
    client = login(make.make_user(Role.HOST_DELEGATE, world.partnership))
    answer = client.get(LIST)
    assert answer.status_code == 403
    assert "Program officer" in json.dumps(answer.json())
    assert client.get(f"{LIST}test-award-ilo-2019-q4/").status_code == 404


def test_another_partner_finds_neither_row_nor_filter_value(world, login):
    other = make.make_user(Role.PARTNER_PREPARER, world.partnership)
    client = login(other)
    assert client.get(LIST).json()["results"] == []
    assert client.get(f"{LIST}test-award-ilo-2019-q4/").status_code == 404
    assert client.get(f"{LIST}?organization=ilo").status_code == 400
    assert client.get(f"{LIST}?partnership=elsewhere").status_code == 404


def test_list_takes_as_many_queries_for_twenty_rows_as_for_two(world, login, django_assert_max_num_queries):
    client = login(world.officer)

    def queries():
        with django_assert_max_num_queries(40) as counted:
            assert client.get(LIST).status_code == 200
        return len(counted.captured_queries)

    queries()
    few = queries()
    for n in range(20):
        other = make.make_organization(f"org-x{n}")
        owe(make.make_award(world.partnership, recipients=[other]), other, Q4)
    sync_reports(world.partnership)
    assert queries() == few


def test_address_of_the_api_and_of_the_page(world):
    assert reverse("api:report-detail", args=["test-award-ilo-2019-q4"]) == f"{LIST}test-award-ilo-2019-q4/"
