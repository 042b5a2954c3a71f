from types import SimpleNamespace

import pytest
from django.core.paginator import Page
from django.test import RequestFactory

from cpc.core.pages import conflict, paginate, posted_version, querystring_without

ROWS = list(range(120))


def page_of(address, rows=ROWS, **kw):
    return paginate(RequestFactory().get(address), rows, **kw)


def test_the_first_page_is_shown_unless_another_is_named():
    page = page_of("/")
    assert isinstance(page, Page)
    assert (page.number, page.count, list(page)) == (1, 120, ROWS[:50])
    assert (page.previous_query, page.next_query) == (None, "?page=2")


def test_neighbours_keep_the_filters():
    page = page_of("/?region=PE-LMA&region=PE-CUS&q=a%26b&page=2")
    assert page.previous_query == "?region=PE-LMA&region=PE-CUS&q=a%26b&page=1"
    assert page.next_query == "?region=PE-LMA&region=PE-CUS&q=a%26b&page=3"
    assert page.others == "region=PE-LMA&region=PE-CUS&q=a%26b"


@pytest.mark.parametrize("number", ["0", "-1", "4", "999999999999", "9" * 5000, "x", "", "1.5", "%00", "2&page=x"])
def test_what_is_no_page_shows_the_last_one(number):
    page = page_of(f"/?page={number}")
    assert page.number == 3
    assert page.next_query is None
    assert list(page) == ROWS[100:]


def test_an_empty_list_has_one_page():
    page = page_of("/?page=7", rows=[])
    assert (page.number, page.count, list(page), page.next_query, page.previous_query) == (1, 0, [], None, None)


def test_pages_may_be_shorter():
    assert list(page_of("/?page=2", per_page=7)) == ROWS[7:14]


def test_query_string_without_some_parameters():
    request = RequestFactory().get("/?a=1&b=2&a=3")
    assert querystring_without(request, "a") == "b=2"
    assert querystring_without(request, "b", "c") == "a=1&a=3"


@pytest.mark.parametrize(
    ("posted", "version"),
    [({"version": "7"}, 7), ({"version": "0"}, 0), ({}, None), ({"version": ""}, None), ({"version": "-1"}, None),
     ({"version": "１"}, None),
     ({"version": "x"}, None), ({"version": "1.0"}, None), ({"version": "9" * 40}, None)],
)  # fmt: skip
def test_a_version_that_is_no_number_equals_no_version(posted, version):
    assert posted_version(RequestFactory().post("/", posted)) == version


def test_an_overtaken_edit_is_a_409(monkeypatch):
    asked = {}

    def render(request, template, context, status):
        asked.update(template=template, context=context)
        return SimpleNamespace(status_code=status)

    monkeypatch.setattr("cpc.core.pages.render", render)
    answer = conflict(RequestFactory().post("/"), "activities/activity_edit.html", {"theirs": 2})
    assert answer.status_code == 409
    assert asked == {"template": "activities/activity_edit.html", "context": {"theirs": 2}}
