"""The list of activities and its file: filters, pages, what each reader sees, and how many queries it takes."""

import pytest
from django.utils.http import urlencode

from activities.models import Activity
from partners.roles import Role
from tests import factories as make
from tests.files import table
from tests.look.reading import read

from .conftest import add_counts

LIST = "/p/test-2017/activities/"


@pytest.fixture
def three(partnership, ilo, award):
    """Three activities that differ in everything that can be asked for."""
    other = make.make_organization("chs", short_name="CHS")
    make.make_member(partnership, other)
    make.make_activity(
        partnership,
        key="a",
        title="Taller en Ñahuinpuquio",
        organization=ilo,
        award=award,
        kind="workshop",
        starts_on="2019-12-31",
    )
    make.make_activity(
        partnership, key="b", title="Radio campaign", notes="Árbol hall", organization=other, objective=2, region="XA-TWO",
        starts_on="2020-01-15", kind="campaign", state="planned",
    )  # fmt: skip
    make.make_activity(
        partnership, key="c", title="100% online", organization=other, objective=3, region=None, starts_on="2020-02-01"
    )
    make.make_activity(
        partnership, key="d", title="Logged twice", organization=ilo, state="void", reason="Twice", starts_on="2020-02-02"
    )


def rows_of(client, **filters):
    answer = client.get(f"{LIST}?{urlencode(filters | {'format': 'csv'})}")
    assert answer.status_code == 200
    return table(answer)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, "cba"),
        ({"objective": "protect"}, "b"),
        ({"region": "XA-ONE"}, "a"),
        ({"region": "national"}, "c"),
        ({"organization": "chs"}, "cb"),
        ({"award": "test-initial"}, "a"),
        ({"kind": "workshop"}, "a"),
        ({"state": "planned"}, "b"),
        ({"state": "void"}, "d"),
        ({"from": "2020-01-15"}, "cb"),
        ({"to": "2020-01-15"}, "ba"),
        ({"from": "2020-01-01", "to": "2020-01-31"}, "b"),
        ({"q": "nahuin"}, "a"),
        ({"q": "ÑAHUIN taller"}, "a"),
        ({"q": "taller radio"}, ""),
        ({"q": "arbol"}, "b"),
        ({"q": "100%"}, "c"),
        ({"q": "_adio"}, ""),
        ({"q": "' OR 1=1--"}, ""),
        ({"organization": "chs", "region": "XA-TWO"}, "b"),
    ],
)
def test_page_and_file_show_what_every_filter_finds(login, officer, three, filters, found):
    client = login(officer)
    text = client.get(LIST, filters).content.decode()
    assert [key for key in "dcba" if f"{LIST}{key}/" in text] == list(found)
    assert [row["Key"] for row in rows_of(client, **filters)] == list(found)
    assert ("1 activity" if len(found) == 1 else f"{len(found)} activities") in text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("objective", "4"), ("region", "PE-LIM"), ("organization", "nobody"), ("award", "none"), ("kind", "party"),
        ("state", "gone"), ("from", "2023-02-29"), ("from", "01/02/2020"), ("to", "٢٠٢٠-٠٢-٠١"), ("to", "9999-12-31"),
        ("q", "x" * 101), ("q", "a\x00b"),
    ],
)  # fmt: skip
def test_a_filter_that_cannot_be_read_shows_its_error_and_is_never_ignored(login, officer, three, name, value):
    client = login(officer)
    answer = client.get(LIST, {name: value})
    text = answer.content.decode()
    assert answer.status_code == 400
    assert f'id="id_{name}_error"' in text
    assert f"{LIST}a/" not in text
    assert client.get(LIST, {name: value, "format": "csv"}).status_code == 400


@pytest.mark.parametrize(
    ("query", "words", "is_open"),
    [("", "Filters", False), ("?page=1", "Filters", False), ("?region=XA-ONE&q=taller", "Filters: 2 in force", True),
     ("?from=soon", "Filters: 1 in force", True)],
)  # fmt: skip
def test_the_filters_fold_on_a_phone_unless_one_is_in_force(login, officer, three, query, words, is_open):
    page = read(login(officer).get(f"{LIST}{query}").content.decode())
    [fold] = page.find("details", cls="al-fold")
    assert (fold.find("summary")[0].words, "open" in fold.attrs) == (words, is_open)


def test_an_unknown_format_is_refused(login, officer, three):
    assert login(officer).get(LIST, {"format": "pdf"}).status_code == 400


def test_a_long_list_has_pages_that_keep_the_filters(login, officer, partnership, ilo):
    for _ in range(51):
        make.make_activity(partnership, organization=ilo)
    client = login(officer)
    text = client.get(LIST, {"organization": "ilo"}).content.decode()
    assert "51 activities" in text
    assert 'href="?organization=ilo&amp;page=2"' in text
    assert client.get(LIST, {"organization": "ilo", "page": "2"}).content.decode().count("<tr>") == 2
    assert len(rows_of(client)) == 51


def test_an_empty_list_says_why_and_what_to_do(login, officer, viewer, three, partnership):
    client = login(officer)
    assert "No activity fits these filters" in client.get(LIST, {"q": "nothing like it"}).content.decode()
    Activity.objects.all().delete()
    text = client.get(LIST).content.decode()
    assert "No activity is logged yet" in text
    assert f'href="{LIST}new/"' in text
    text = login(viewer).get(LIST).content.decode()
    assert "Who may: Program officer" in text
    assert f'href="{LIST}new/"' not in text


def test_a_formula_in_a_title_stays_text(login, officer, partnership, ilo):
    for title in ("=HYPERLINK(1)", "+1", "-1", "@x", "＝1"):
        make.make_activity(partnership, organization=ilo, title=title)
    assert {row["Title"][0] for row in rows_of(login(officer))} == {"'"}


def test_unknown_is_empty_in_the_file_and_zero_is_zero(login, officer, partnership, ilo):
    row = make.make_activity(partnership, organization=ilo, is_sample=True)
    add_counts(row, {("officials", "male", "adult"): 0})
    (row,) = rows_of(login(officer))
    assert (row["Adults and age not recorded"], row["Under 18"], row["Sample"]) == ("0", "", "true")


def test_sample_rows_are_marked(login, officer, activity):
    client = login(officer)
    assert 'class="al-sample"' not in client.get(LIST).content.decode()
    Activity.objects.update(is_sample=True)
    assert client.get(LIST).content.decode().count('<span class="al-sample">sample</span>') == 2


def test_a_partner_sees_its_own_and_those_under_its_awards(login, preparer, partnership, ilo, award, three):
    make.make_activity(partnership, key="under", organization=make.make_organization(), award=award)
    text = login(preparer).get(LIST).content.decode()
    assert [key for key in ("a", "b", "c", "under") if f"{LIST}{key}/" in text] == ["a", "under"]


def test_a_stranger_finds_no_list(login, stranger, partnership):
    assert login(stranger).get(LIST).status_code == 404


@pytest.mark.parametrize("role", [Role.PROGRAM_OFFICER, Role.EMBASSY_VIEWER])
def test_the_list_takes_as_many_queries_for_200_rows_as_for_2(
    login, person, partnership, ilo, award, django_assert_max_num_queries, role
):
    client = login(person(role))

    def queries():
        with django_assert_max_num_queries(10) as captured:
            client.get(LIST)
        return len(captured)

    fill(partnership, ilo, award, 2)
    few = queries()
    fill(partnership, ilo, award, 198)
    assert queries() == few


def test_the_file_takes_as_many_queries_for_200_rows_as_for_2(login, officer, partnership, ilo, award, django_assert_num_queries):
    client = login(officer)
    fill(partnership, ilo, award, 2)
    with django_assert_num_queries(7):
        assert len(rows_of(client)) == 2
    fill(partnership, ilo, award, 198)
    with django_assert_num_queries(7):
        assert len(rows_of(client)) == 200


def fill(partnership, organization, award, n):
    for _ in range(n):
        add_counts(make.make_activity(partnership, organization=organization, award=award), {("officials", "male", "adult"): 5})
