"""The API of activities: fields, filters, scope."""

import pytest

from partners.roles import Role
from tests import factories as make

API = "/api/v1/activities/"


@pytest.fixture
def api(login, officer, activity):
    return login(officer)


def errors(answer):
    return [(error["field"], error["code"]) for error in answer.json()["errors"]]


def test_an_activity_names_what_it_points_to_by_key(api):
    assert api.get(f"{API}test-2017-2020-01-0001/").json() == {
        "key": "test-2017-2020-01-0001",
        "partnership": "test-2017",
        "title": "Workshop for first responders",
        "kind": "training",
        "state": "held",
        "starts": {"value": "2020-01-15", "precision": "day", "working_day": "2020-01-15"},
        "ends": {"value": "2020-01-15", "precision": "day", "working_day": "2020-01-15"},
        "region": "XA-ONE",
        "objective": "prosecute",
        "organization": "ilo",
        "award": "test-initial",
        "counts": [{"group": "officials", "sex": "female", "age_band": "adult", "n": 12}],
        "counts_protected": True,
        "is_sample": False,
    }


def test_national_and_without_an_award_are_null_and_a_month_is_a_month(login, person, partnership):
    make.make_activity(partnership, key="nowhere", region=None)
    row = login(person(Role.API_CLIENT)).get(f"{API}nowhere/").json()
    assert (row["region"], row["award"]) == (None, None)
    assert row["starts"] == {"value": "2020-01", "precision": "month", "working_day": "2020-01-31"}


@pytest.mark.parametrize(
    "query", ["", "objective=prosecute", "region=XA-ONE", "organization=ilo", "award=test-initial", "state=held", "q=workshop",
              "from=2020-01-15&to=2020-01-15", "partnership=test-2017", "kind=training"],
)  # fmt: skip
def test_the_filters_are_those_of_the_page(api, query):
    assert [row["key"] for row in api.get(f"{API}?{query}").json()["results"]] == ["test-2017-2020-01-0001"]


@pytest.mark.parametrize("query", ["objective=prevent", "region=national", "state=planned", "q=nothing", "from=2020-01-16"])
def test_what_a_filter_does_not_fit_is_left_out(api, query):
    assert api.get(f"{API}?{query}").json()["results"] == []


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("colour=red", "colour", "unknown_parameter"),
        ("region=PE-LIM", "region", "invalid_choice"),
        ("state=gone", "state", "invalid_choice"),
        ("from=yesterday", "from", "invalid_date"),
        ("state=held&state=void", "state", "repeated_parameter"),
        ("limit=201", "limit", "invalid_limit"),
        ("cursor=x", "cursor", "bad_cursor"),
        ("format=xml", "format", "unknown_format"),
    ],
)
def test_what_cannot_be_understood_is_a_400_that_names_the_parameter(api, query, field, code):
    answer = api.get(f"{API}?{query}")
    assert (answer.status_code, errors(answer)) == (400, [(field, code)])


def test_void_activities_are_left_out_of_the_list_and_keep_their_address(api, partnership):
    make.make_activity(partnership, key="void-one", state="void", reason="Twice")
    assert "void-one" not in api.get(API).content.decode()
    assert "void-one" in api.get(f"{API}?state=void").content.decode()
    assert api.get(f"{API}void-one/").json()["state"] == "void"


def test_another_partnership_is_a_404(api, stranger):
    elsewhere = stranger.memberships.get().partnership
    row = make.make_activity(elsewhere, region=None)
    assert api.get(f"{API}?partnership={elsewhere.key}").status_code == 404
    assert api.get(f"{API}{row.key}/").status_code == 404
    assert row.key not in api.get(API).content.decode()


def test_pages_follow_each_other_without_gap_or_double(api, partnership, ilo):
    for _ in range(6):
        make.make_activity(partnership, organization=ilo)
    keys, address = [], f"{API}?limit=3"
    while address:
        page = api.get(address).json()
        keys += [row["key"] for row in page["results"]]
        address = page["next"]
    assert len(keys) == 7
    assert keys == sorted(set(keys))


def test_the_file_holds_the_whole_list_as_filtered(api, partnership, ilo):
    make.make_activity(partnership, organization=ilo, key="zz", title="=1+1", state="planned")
    lines = b"".join(api.get(f"{API}?format=csv&state=planned").streaming_content).decode().splitlines()
    assert lines[0].startswith("key,title,kind,state,starts_on,ends_on,region,")
    assert [line.split(",")[:2] for line in lines[1:]] == [["zz", "'=1+1"]]


def test_the_list_takes_as_many_queries_for_200_rows_as_for_2(api, partnership, ilo, django_assert_max_num_queries):
    def queries():
        with django_assert_max_num_queries(10) as captured:
            api.get(f"{API}?limit=200")
        return len(captured)

    few = queries()
    for _ in range(199):
        make.make_activity(partnership, organization=ilo)
    assert queries() == few
