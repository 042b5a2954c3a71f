"""Exact figures stay with those who need them: on every page, in the file and in the API, whatever is asked for."""

import pytest

from activities.regional.services import edit_activity
from partners.roles import Role
from tests import factories as make
from tests.files import table

from .conftest import add_counts

LIST = "/p/test-2017/activities/"
PLACE = f"{LIST}test-2017-2020-01-0001/"
API = "/api/v1/activities/"
CANARIES = ("7919", "7,919", "104729", "104,729", "112648", "112,648")  # two counts of girls, and what the total would give away
DAYS = ("15 Jan", "2020-01-15")
NOTE = "In the town hall"
EVERYWHERE = (LIST, f"{LIST}?format=csv", PLACE, API, f"{API}test-2017-2020-01-0001/", f"{API}?format=csv")


@pytest.fixture
def secret(activity, officer, today):
    """The activity with counts of children that stand nowhere else, and a history of them."""
    names = ("kind", "state", "ends_on", "region_id", "objective_id", "organization_id", "award_id", "title", "notes")
    fields = {name: getattr(activity, name) for name in names} | {"starts_on": make.day("2020-01-14")}
    counts = {("children", "female", "child"): 7919, ("community", "male", "child"): 104729, ("officials", "female", "adult"): 12}
    edit_activity(activity.pk, actor=officer, today=today, version=1, counts=counts, **fields)
    fields["starts_on"] = make.day("2020-01-15")
    edit_activity(activity.pk, actor=officer, today=today, version=2, counts=counts, **fields)
    return activity


def read(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode().replace("\u00a0", " ")


PROTECTED = [Role.GRANTS_OFFICER, Role.EMBASSY_VIEWER, Role.HOST_DELEGATE, Role.ADMINISTRATOR, Role.API_CLIENT]


@pytest.mark.parametrize("role", PROTECTED)
def test_who_does_not_see_exact_counts_finds_neither_count_nor_day_nor_note(login, person, secret, role):
    client = login(person(role))
    for address in EVERYWHERE:
        text = read(client, address)
        assert not [canary for canary in (*CANARIES, *DAYS, "14 Jan", "2020-01-14", NOTE) if canary in text], address
    assert "protected figure" in read(client, LIST)
    assert "January 2020" in read(client, PLACE)
    assert ">12<" in read(client, PLACE)  # adults are shown


def test_program_officers_and_members_with_the_flag_see_exact_figures(login, person, officer, secret):
    for reader in (officer, person(Role.EMBASSY_VIEWER, exact_counts=True)):
        client = login(reader)
        text = read(client, PLACE)
        assert all(shown in text for shown in ("7,919", "104,729", "112,660", "15 Jan", NOTE))
        assert "112,648" in read(client, LIST)
        assert "112648" in read(client, f"{LIST}?format=csv")


def test_exact_figures_are_not_kept_by_the_browser(login, officer, secret):
    client = login(officer)
    for address in (LIST, f"{LIST}?format=csv", PLACE, f"{PLACE}edit/", f"{LIST}new/?from={secret.key}"):
        assert client.get(address)["Cache-Control"] == "no-store"


def test_the_api_gives_no_count_of_children_to_anybody(login, officer, preparer, secret):
    for reader in (officer, preparer):
        client = login(reader)
        for address in (API, f"{API}test-2017-2020-01-0001/", f"{API}?format=csv"):
            text = read(client, address)
            assert not [canary for canary in CANARIES if canary in text]
            assert "2020-01-15" in text


def test_a_partner_sees_its_own_figures_and_not_those_of_another_under_its_award(login, preparer, partnership, award, secret):
    theirs = make.make_activity(
        partnership, key="theirs", organization=make.make_organization(), award=award, notes="Secret place"
    )
    add_counts(theirs, {("children", "male", "child"): 6007})
    client = login(preparer)
    assert "7,919" in read(client, PLACE)
    text = read(client, f"{LIST}theirs/")
    assert not [shown for shown in ("6007", "6,007", "Secret place", "15 Jan 2020") if shown in text]
    listed = {row["Key"]: row for row in table(client.get(f"{LIST}?format=csv"))}
    assert (listed["theirs"]["First day"], listed["theirs"]["Under 18"]) == ("2020-01", "protected figure")
    assert (listed[secret.key]["First day"], listed[secret.key]["Under 18"]) == ("2020-01-15", "112648")


@pytest.mark.parametrize("asked", ["from=2020-01-16", "from=2020-01-31", "to=2020-01-14", "to=2020-01-01"])
def test_no_filter_finds_out_the_day(login, viewer, officer, secret, asked):
    assert "test-2017-2020-01-0001" in read(login(viewer), f"{LIST}?{asked}")
    assert "test-2017-2020-01-0001" in read(login(viewer), f"{API}?{asked}")
    assert "test-2017-2020-01-0001" not in read(login(officer), f"{LIST}?{asked}")


@pytest.mark.parametrize("asked", ["from=2020-02-01", "to=2019-12-31"])
def test_months_are_found_exactly(login, viewer, secret, asked):
    assert "test-2017-2020-01-0001" not in read(login(viewer), f"{LIST}?{asked}")


def test_no_search_finds_out_the_note(login, viewer, officer, preparer, secret):
    assert "test-2017-2020-01-0001" not in read(login(viewer), f"{LIST}?q=town+hall")
    assert "test-2017-2020-01-0001" in read(login(officer), f"{LIST}?q=town+hall")
    assert "test-2017-2020-01-0001" in read(login(preparer), f"{LIST}?q=town+hall")


def test_the_page_is_the_same_whether_children_took_part_or_not(login, viewer, partnership, ilo, activity):
    """What a protected reader sees of two activities may differ in their keys and nothing else."""
    without = make.make_activity(partnership, organization=ilo, award=activity.award, key="without", notes="")
    add_counts(without, {("officials", "female", "adult"): 12})
    client = login(viewer)
    pages = [read(client, address).split("<h1>")[1].split("History")[0] for address in (PLACE, f"{LIST}without/")]
    assert pages[0].replace(activity.key, "without") == pages[1]
