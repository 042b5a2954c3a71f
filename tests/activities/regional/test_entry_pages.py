"""Logging and duplicating in the pages: what a person types, what is saved, what is refused at the field."""

import re

import pytest

from activities.models import Activity
from cpc.audit.models import AuditEvent
from partners.roles import Role
from tests import factories as make

NEW = "/p/test-2017/activities/new/"


@pytest.fixture
def page(login, officer, ilo, award):
    return login(officer)


def chosen(text, name):
    """The value of the radio button `name` that is checked."""
    found = re.search(rf'name="{name}" value="([^"]*)"[^>]* checked', text)
    return found and found[1]


def selected(text, name):
    """The value of the option of the select `name` that is selected."""
    options = re.search(rf'<select name="{name}".*?</select>', text, re.S)[0]
    found = re.search(r'<option value="([^"]*)" selected', options)
    return found and found[1]


def test_an_officer_logs_an_activity_and_lands_on_its_page(page, officer, typed):
    answer = page.post(NEW, typed, follow=True)
    activity = Activity.objects.get()
    assert answer.redirect_chain == [(f"/p/test-2017/activities/{activity.key}/", 302)]
    assert activity.key == "test-2017-2020-02-0001"
    assert (activity.created_by, activity.award.key, activity.ends_on) == (officer, "test-initial", make.day("2020-02-05"))
    assert {(c.group, c.sex, c.age_band): c.n for c in activity.counts.all()} == {
        ("officials", "female", "adult"): 19,
        ("officials", "male", "adult"): 0,
    }
    text = answer.content.decode()
    assert "Saved: Interview techniques." in text
    assert "Log another" in text
    assert f"logged by {officer.name}" in text


def test_save_and_log_another_opens_the_next_form_filled_in_from_this_one(page, typed):
    answer = page.post(NEW, typed | {"then": "another", "region": "national", "objective": "prevent"}, follow=True)
    assert answer.redirect_chain == [(NEW, 302)]
    text = answer.content.decode()
    assert (chosen(text, "region"), chosen(text, "objective"), chosen(text, "state")) == ("national", "prevent", "held")
    assert (selected(text, "kind"), selected(text, "under")) == ("training", "ilo|test-initial")
    assert 'name="starts_on" value="2020-02-10"' in text
    assert "Interview techniques" not in text.split("<form id=")[1]


def test_the_first_form_of_a_person_is_empty_but_for_what_is_known(page):
    text = page.get(NEW).content.decode()
    assert (chosen(text, "region"), chosen(text, "state"), selected(text, "under")) == (None, "held", "ilo|test-initial")
    assert "Filled in from your last activity" not in text


def test_an_empty_form_can_be_asked_for(page, typed):
    page.post(NEW, typed)
    assert "Filled in from your last activity, <time" in page.get(NEW).content.decode()
    assert chosen(page.get(NEW, {"empty": "1"}).content.decode(), "region") is None


def test_a_duplicate_has_the_words_but_neither_day_nor_counts(page, activity):
    text = page.get(NEW, {"from": activity.key}).content.decode()
    assert f'value="{activity.title}"' in text
    assert "In the town hall." in text
    assert 'name="starts_on" value="2020-02-10"' in text
    assert 'name="n-female-officials-adult" inputmode="numeric" autocomplete="off"' in text
    assert 'value="12"' not in text
    assert page.get(NEW, {"from": "no-such-activity"}).status_code == 404


def test_the_same_form_sent_twice_logs_one_activity(page, typed):
    first, second = (page.post(NEW, typed | {"once": "6f8a4c1e-0d52-4b7e-9a57-1d1f0f9b7c11"}) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Activity.objects.count() == 1
    assert AuditEvent.objects.filter(act="activity.logged").count() == 1


@pytest.mark.parametrize(
    ("field", "value", "anchor", "says"),
    [
        ("kind", "", "id_kind", "missing"),
        ("kind", "party", "id_kind", "answers in the list"),
        ("title", "", "id_title", "missing"),
        ("title", "x" * 201, "id_title", "200"),
        ("title", "Call 987 654 321", "id_title", "no data about a person"),
        ("notes", "Talked to maria@example.org", "id_notes", "no data about a person"),
        ("starts_on", "2023-02-29", "id_starts_on", "not in the calendar"),
        ("starts_on", "05/02/2020", "id_starts_on", "year-month-day"),
        ("starts_on", "2020-02-11", "id_starts_on", "still to come"),
        ("ends_on", "2020-02-04", "id_ends_on", "not before the first"),
        ("state", "void", "id_state_0", "answers in the list"),
        ("region", "XA-NINE", "id_region_0", "answers in the list"),
        ("region", "other", "id_other_region", "Choose the other region"),
        ("under", "ilo|someone-elses", "id_under", "answers in the list"),
        ("n-female-officials-adult", "-1", "id_n-female-officials-adult", "whole number"),
    ],
)
def test_a_wrong_value_is_refused_at_its_field_and_nothing_typed_is_lost(page, typed, field, value, anchor, says):
    answer = page.post(NEW, typed | {field: value})
    text = answer.content.decode()
    assert answer.status_code == 200
    summary = text.split('class="al-errors"')[1].split("</div>")[0]
    assert f'href="#{anchor}"' in summary
    assert f'id="{anchor}"' in text
    assert says in summary
    assert not field.startswith("n-") or "Female – Officials, 18 and over: Enter a whole number" in summary
    assert "<title>Error:" in text
    assert 'value="0"' in text  # what stood in another cell
    assert field in ("title", "notes") or 'value="Interview techniques"' in text
    assert Activity.objects.count() == 0


NUMBERS = [
    "NaN", "Infinity", "-0", "1e400", "1e-400", "0x10", "1_000", "1,234.56", "1.234,56", "١٢", "１２", "2.5", "0.005", "-3",
    "+3", "2147483648", "9223372036854775808", "18446744073709551616", "9" * 30, "1000001", "true", "[1]", "twelve", "=1+1",
    "1 000", "\x00", "1.234", "1,23", "½", "S/ 5", "<svg onload=alert(1)>", "' OR 1=1--", "{{7*7}}", "\u202e12", "12\u200b",
]  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS, ids=ascii)
def test_what_is_no_count_is_refused_at_its_cell_and_comes_back_as_typed(page, typed, number):
    answer = page.post(NEW, typed | {"n-male-children-child": number})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert Activity.objects.count() == 0
    assert 'id="id_n-male-children-child_error">Male – Children, under 18:' in text
    cell = re.search(r'<td class="al-bad"><input id="id_n-male-children-child"[^>]*>', text)[0]
    assert 'aria-invalid="true" aria-describedby="id_n-male-children-child_error"' in cell
    assert "<svg" not in cell


@pytest.mark.parametrize(("number", "stored"), [("0", 0), ("1,234", 1234), (" 7 ", 7), ("1000000", 1_000_000)])
def test_whole_numbers_are_counts(page, typed, number, stored):
    page.post(NEW, typed | {"n-male-children-child": number})
    assert Activity.objects.get().counts.get(group="children").n == stored


def test_an_empty_cell_is_not_recorded_and_not_zero(page, typed):
    page.post(NEW, typed | {"n-female-officials-adult": ""})
    assert [(c.sex, c.n) for c in Activity.objects.get().counts.all()] == [("male", 0)]


def test_titles_are_kept_in_nfc_and_escaped(page, typed):
    title = "Nin\u0303os <script>alert(1)</script> {{7*7}} ' OR 1=1--"
    text = page.post(NEW, typed | {"title": title}, follow=True).content.decode()
    assert Activity.objects.get().title == title.replace("n\u0303", "ñ")
    assert "Niños &lt;script&gt;alert(1)&lt;/script&gt; {{7*7}} &#x27; OR 1=1--" in text
    assert "<script>alert" not in text


def test_another_region_of_the_country_can_be_chosen(page, typed):
    make.make_region("XA-FAR")
    page.post(NEW, typed | {"region": "other", "other_region": "XA-FAR", "seen": "not_covered"})
    assert Activity.objects.get().region.key == "XA-FAR"


def test_a_warning_is_shown_before_it_is_saved_and_stays_on_the_page(page, typed):
    make.make_region("XA-FAR")
    far = typed | {"region": "other", "other_region": "XA-FAR"}
    text = page.post(NEW, far).content.decode()
    assert "Xa-Far is not a region of the partnership." in text
    assert "Nothing is saved yet" in text
    assert Activity.objects.count() == 0
    seen = re.search(r'name="seen" value="([^"]*)"', text)[1]
    text = page.post(NEW, far | {"seen": seen}, follow=True).content.decode()
    assert Activity.objects.count() == 1
    assert "Xa-Far is not a region of the partnership." in text


def test_a_warning_that_was_not_shown_yet_is_shown_even_after_another(page, typed):
    text = page.post(NEW, typed | {"starts_on": "2016-01-01", "seen": "not_covered"}).content.decode()
    assert "before the partnership was signed" in text
    assert Activity.objects.count() == 0


def test_a_preparer_logs_for_the_own_organization_and_for_no_other(login, preparer, partnership, typed):
    other = make.make_organization("chs")
    make.make_member(partnership, other)
    client = login(preparer)
    assert "chs" not in client.get(NEW).content.decode()
    assert client.post(NEW, typed | {"under": "chs|"}).status_code == 200
    assert Activity.objects.count() == 0
    assert client.post(NEW, typed).status_code == 302
    assert Activity.objects.get().organization.key == "ilo"


def test_a_viewer_is_told_who_may_log(login, viewer, typed, ilo, award):
    client = login(viewer)
    for answer in (client.get(NEW), client.post(NEW, typed)):
        assert answer.status_code == 403
        assert "Who may: Program officer, Partner, preparer, Partner, certifier." in answer.content.decode()
    assert Activity.objects.count() == 0


def test_a_stranger_finds_nothing(login, stranger, typed, partnership, ilo, award):
    client = login(stranger)
    assert client.get(NEW).status_code == client.post(NEW, typed).status_code == 404


def test_the_entry_pages_take_few_queries(page, activity, officer, typed, django_assert_max_num_queries):
    page.post(NEW, typed)
    with django_assert_max_num_queries(10):
        page.get(NEW)
    with django_assert_max_num_queries(10):
        page.get(f"/p/test-2017/activities/{activity.key}/edit/")


def test_names_are_in_the_language_of_the_reader(login, person, ilo, award):
    client = login(person(Role.PROGRAM_OFFICER, language="es"))
    make.make_award(award.partnership, recipients=[ilo], title_es="Subvención inicial", title_en="Initial award")
    text = client.get(NEW).content.decode()
    assert "Subvención inicial" in text
    assert "Initial award" not in text
