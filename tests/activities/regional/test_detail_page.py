"""The page of one activity: what it says, its warnings, its history, and how many queries it takes."""

import pytest
from django.db import connection

from activities.models import Activity
from activities.regional.history import history_of
from activities.regional.services import edit_activity, void_activity
from tests import factories as make

PLACE = "/p/test-2017/activities/test-2017-2020-01-0001/"


def change(activity, actor, today, *, counts=None, **changes):
    activity.refresh_from_db()
    names = (
        "kind",
        "state",
        "starts_on",
        "ends_on",
        "region_id",
        "objective_id",
        "organization_id",
        "award_id",
        "title",
        "notes",
    )
    fields = {name: getattr(activity, name) for name in names} | changes
    return edit_activity(activity.pk, actor=actor, today=today, version=activity.version, counts=counts or {}, **fields)


def test_the_page_says_what_where_when_and_how_many(login, officer, activity):
    text = login(officer).get(PLACE).content.decode()
    for said in (
        "Workshop for first responders",
        "15 Jan 2020".replace(" ", "\u00a0"),
        "Xa-One",
        "1&nbsp;Prosecute",
        "ILO",
        "test-initial",
        "Held",
    ):
        assert said in text
    assert text.count(">19</td>") == 2  # the sum of the row, and of all
    assert "Exact figures, for internal use" in text


def test_an_activity_of_several_days_in_no_region_without_counts(login, officer, partnership, ilo):
    make.make_activity(partnership, organization=ilo, key="long", region=None, ends_on=make.day("2020-01-17"))
    text = login(officer).get("/p/test-2017/activities/long/").content.decode()
    assert "15 Jan 2020 – 17 Jan 2020".replace(" ", "\u00a0").replace("\u00a0–\u00a0", " – ") in text
    assert "National" in text
    assert "How many took part was not recorded." in text


@pytest.mark.parametrize(
    ("fields", "warning"),
    [
        ({"starts_on": "2017-06-14"}, "before the partnership was signed, on 15 Jun 2017"),
        ({"starts_on": "2021-07-01", "state": "planned"}, "after the term of the partnership, which ends June 2021"),
        ({"starts_on": "2020-02-05", "region": "XA-LAT"}, "before Xa-Lat came into the partnership, on 6 Feb 2020"),
        ({"region": "XA-FAR"}, "Xa-Far is not a region of the partnership"),
        ({"starts_on": "2020-02-09", "state": "planned"}, "Was it held, or cancelled?"),
    ],
)
def test_a_warning_stays_on_the_page_for_who_can_mend_it(login, officer, viewer, partnership, ilo, fields, warning):
    make.make_coverage(partnership, make.make_region("XA-LAT"), from_on=make.day("2020-02-06"))
    make.make_activity(partnership, organization=ilo, key="odd", **fields)
    said = login(officer).get("/p/test-2017/activities/odd/").content.decode().replace("\u00a0", " ")
    assert warning in said
    assert warning not in login(viewer).get("/p/test-2017/activities/odd/").content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize(
    "fields",
    [
        {"starts_on": "2017-06-15"},
        {"starts_on": "2021-06-30", "state": "planned"},
        {"starts_on": "2020-02-06", "region": "XA-LAT"},
        {"starts_on": "2016-01-01", "state": "cancelled"},
        {"region": None},
    ],
)
def test_the_first_and_last_day_of_term_and_coverage_give_no_warning(login, officer, partnership, ilo, fields):
    make.make_coverage(partnership, make.make_region("XA-LAT"), from_on=make.day("2020-02-06"))
    make.make_activity(partnership, organization=ilo, key="fine", **fields)
    assert "usa-alert--warning" not in login(officer).get("/p/test-2017/activities/fine/").content.decode()


def test_the_history_tells_every_act_newest_first(activity, officer, preparer, today):
    cells = {("officials", "female", "adult"): 12}
    change(activity, officer, today, counts=cells, region_id=None, notes="")
    change(activity, preparer, today, counts=cells | {("officials", "male", "adult"): 0}, title="Second session", award_id=None)
    void_activity(activity.pk, actor=officer, reason="Logged twice")
    voided, second, first, logged = history_of(Activity.objects.get(), officer)
    assert f"voided by {officer.name}." in voided.sentence
    assert voided.note == "Logged twice"
    assert f"edited by {preparer.name}." in second.sentence
    assert second.note == (
        "Title: from “Workshop for first responders” to “Second session”. Award: from “test-initial” to “no award”. "
        "Male – Officials, 18 and over: from “not recorded” to “0”."
    )
    assert first.note == (
        "Region: from “Xa-One” to “National”. Note: from “In the town hall.” to “–”. "
        "Female – Children, under 18: from “7” to “not recorded”."
    )
    assert "loaded from a file." in logged.sentence


def test_the_history_for_others_says_that_and_not_what_changed(activity, officer, viewer, today):
    change(activity, officer, today, counts={}, notes="", starts_on=make.day("2020-01-14"), title="New")
    (edited, _logged) = history_of(Activity.objects.get(), viewer)
    assert edited.note == (
        "Title: from “Workshop for first responders” to “New”. First day changed. Note changed. Counts changed."
    )


def test_a_change_behind_the_pages_is_in_the_history_too(activity, officer):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE activities_activity SET title = 'Rewritten' WHERE id = %s", [activity.pk])
    texts = [f"{event.sentence} {event.note}" for event in history_of(Activity.objects.get(), officer)]
    assert any("Rewritten" in text for text in texts)


def test_the_page_takes_few_queries_however_long_its_history(login, officer, activity, today, django_assert_max_num_queries):
    client = login(officer)

    def queries():
        with django_assert_max_num_queries(10) as captured:
            assert client.get(PLACE).status_code == 200
        return len(captured)

    few = queries()
    for n in range(12):
        change(activity, officer, today, counts={("officials", "female", "adult"): n}, title=f"Session {n}")
    assert queries() == few
