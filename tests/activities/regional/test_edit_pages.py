"""Editing and voiding in the pages, with the answer to an edit that was overtaken."""

import re

import pytest

from activities.models import Activity
from activities.regional.services import void_activity
from partners.roles import Role
from tests import factories as make

from .conftest import add_counts

PLACE = "/p/test-2017/activities/test-2017-2020-01-0001/"
EDIT, VOID = f"{PLACE}edit/", f"{PLACE}void/"


@pytest.fixture
def stored(activity):
    """What the edit form sends when nothing was changed."""
    return {
        "version": "1",
        "kind": "training",
        "starts_on": "2020-01-15",
        "ends_on": "",
        "state": "held",
        "region": "XA-ONE",
        "objective": "prosecute",
        "under": "ilo|test-initial",
        "title": activity.title,
        "notes": activity.notes,
        "n-female-officials-adult": "12",
        "n-female-children-child": "7",
    }


@pytest.fixture
def page(login, officer, activity):
    return login(officer)


def test_the_form_opens_with_all_that_is_stored_and_saving_it_changes_nothing(page, stored, activity):
    add_counts(activity, {("community", "male", "child"): 3})
    text = page.get(EDIT).content.decode()
    sent = dict(re.findall(r'<input[^>]* name="(n-[^"]*)"[^>]* value="([^"]+)"', text))
    assert sent == {"n-female-officials-adult": "12", "n-female-children-child": "7", "n-male-community-child": "3"}
    assert page.post(EDIT, stored | sent)["Location"] == PLACE
    assert Activity.objects.get().version == 1


def test_an_edit_is_saved_and_told_in_the_history(page, stored, officer):
    text = page.post(EDIT, stored | {"title": "Second session", "n-female-officials-adult": "13"}, follow=True).content.decode()
    assert "Saved: Second session." in text
    assert f"edited by {officer.name}." in text
    assert "Title: from “Workshop for first responders” to “Second session”." in text
    assert "Female – Officials, 18 and over: from “12” to “13”." in text


def test_an_overtaken_edit_answers_409_with_both_versions_and_keeps_what_was_typed(page, stored, officer):
    page.post(EDIT, stored | {"title": "Theirs", "n-male-officials-adult": "4"})
    answer = page.post(EDIT, stored | {"title": "Mine", "n-female-officials-adult": "99"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert f"{officer.name} saved it at" in text
    rows = dict(re.findall(r'<tr><th scope="row">([^<]*)</th>(.*?)</tr>', text.split("</table>")[0]))
    assert re.findall(r">([^<]+)</", rows["Title"]) == ["Mine", "Theirs"]
    assert re.findall(r">([^<]+)</", rows["Female – Officials, 18 and over"]) == ["99", "12"]
    assert re.findall(r">([^<]+)</", rows["Male – Officials, 18 and over"]) == ["not recorded", "4"]
    assert ">the same<" in rows["Region"]
    form = text.split('id="act"')[1]
    assert 'value="Mine"' in form
    assert 'value="99"' in form
    assert Activity.objects.get().title == "Theirs"

    again = stored | {"title": "Mine", "version": re.search(r'name="version" value="(\d+)"', text)[1]}
    assert page.post(EDIT, again).status_code == 302
    assert (Activity.objects.get().title, Activity.objects.get().version) == ("Mine", 3)


@pytest.mark.parametrize("version", ["", "0", "999", "-1", "1e3", "x"])
def test_a_version_that_is_none_is_a_conflict_too(page, stored, version):
    assert page.post(EDIT, stored | {"title": "Mine", "version": version}).status_code == 409


def test_a_pair_of_organization_and_award_that_is_offered_to_nobody_survives_an_edit(page, stored, activity):
    other = make.make_organization("chs")
    make.make_member(activity.partnership, other)
    Activity.objects.update(organization=other)
    assert '<option value="chs|test-initial" selected' in page.get(EDIT).content.decode()
    page.post(EDIT, stored | {"title": "New", "under": "chs|test-initial"})
    assert (Activity.objects.get().organization, Activity.objects.get().title) == (other, "New")


def test_a_warning_that_is_known_is_shown_and_not_asked_about_again(page, stored, activity):
    activity.region = make.make_region("XA-FAR")
    activity.save()
    text = page.get(EDIT).content.decode()
    assert "Xa-Far is not a region of the partnership." in text
    assert "Nothing is saved yet" not in text
    known = {"region": "other", "other_region": "XA-FAR", "seen": re.search(r'name="seen" value="([^"]*)"', text)[1]}
    refused = page.post(EDIT, stored | known | {"title": ""}).content.decode()
    assert 'name="seen" value="not_covered"' in refused
    assert page.post(EDIT, stored | known | {"title": "New"}).status_code == 302
    text = page.post(EDIT, stored | known | {"version": "2", "starts_on": "2017-01-01"}).content.decode()
    assert "before the partnership was signed" in text
    assert "Nothing is saved yet" in text


def test_an_activity_is_voided_with_a_reason(page, activity):
    assert "There is a problem" in page.post(VOID, {"reason": " "}).content.decode()
    text = page.post(VOID, {"reason": "Logged twice"}, follow=True).content.decode()
    assert "This activity is void and counts nowhere. Reason: Logged twice" in text
    assert "voided by" in text
    assert "/edit/" not in text
    assert "Duplicate" in text


@pytest.mark.parametrize("address", [EDIT, VOID])
def test_a_void_activity_cannot_be_changed_and_says_so(page, officer, activity, stored, address):
    void_activity(activity.pk, actor=officer, reason="Logged twice")
    for answer in (page.get(address), page.post(address, stored | {"reason": "Again"})):
        assert answer.status_code == 403
        assert "This activity is void" in answer.content.decode()


@pytest.mark.parametrize("address", [EDIT, VOID])
@pytest.mark.parametrize(
    ("role", "status"), [(Role.EMBASSY_VIEWER, 403), (Role.HOST_DELEGATE, 403), (Role.PARTNER_PREPARER, 404)]
)
def test_readers_get_a_reason_and_other_partners_nothing(login, person, activity, address, role, status):
    client = login(person(role))
    assert client.get(address).status_code == status
    answer = client.post(address, {"reason": "No"})
    assert answer.status_code == status
    assert status == 404 or "Who may: Program officer" in answer.content.decode()
    assert Activity.objects.get().state == "held"


@pytest.mark.parametrize("address", [PLACE, EDIT, VOID])
def test_a_stranger_finds_nothing(login, stranger, activity, address):
    assert login(stranger).get(address).status_code == 404
