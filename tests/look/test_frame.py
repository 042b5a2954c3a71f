"""The frame of every page: head, navigation, footer, and pages that say what went wrong."""

from datetime import date

import pytest
from django import forms
from django.db import OperationalError
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse
from django.utils.translation import override

from cpc.core.decisions import refuse
from cpc.core.errors import server_error

from .reading import read

PERU = {"label": "U.S.–Peru, 2017", "url": "/p/peru-2017/", "is_current": True}
OTHER = {"label": "U.S.–Elsewhere, 2020", "url": "/p/elsewhere-2020/", "is_current": False}
CHROME = {
    "partnership": PERU,
    "partnerships": [PERU, OTHER],
    "nav": [
        {"label": "Overview", "url": "/p/peru-2017/", "is_current": False},
        {"label": "Funding", "url": "/p/peru-2017/funding/", "is_current": True},
    ],
    "act": {"label": "Log an activity", "url": "/p/peru-2017/activities/new/"},
    "is_demo": True,
    "demo_day": date(2020, 2, 10),
    "languages": [
        {"code": "en", "name": "English", "url": "?lang=en", "is_current": True},
        {"code": "es", "name": "Español", "url": "?lang=es", "is_current": False},
    ],
    "user_label": "Ana",
    "person": [{"label": "Profile", "url": "/accounts/profile/"}],
    "footer": [{"label": "API", "url": "/api/v1/docs/"}],
}
ERRORS = ("400", "403", "404", "409", "413", "429", "500", "503", "403_csrf")


def draw(name="404.html", **context):
    return read(render_to_string(name, {"csrf_token": "abc", **context}))


def test_navigation_marks_where_one_is_and_offers_the_act():
    page = draw(chrome=CHROME)
    [nav] = page.find("nav", id="nav")
    assert "popover" in nav.attrs
    assert [link.words for link in nav.find("a", aria_current="page")] == ["Funding"]
    assert nav.find("li", cls="al-nav__act")[0].find("a")[0].attrs["href"] == "/p/peru-2017/activities/new/"
    assert page.find("button", popovertarget="nav")[0].words == "Menu"


def test_partnerships_can_be_switched_where_there_are_several():
    [menu] = draw(chrome=CHROME).find("ul", id="scope")
    assert [(link.attrs["href"], link.attrs.get("aria-current")) for link in menu.find("a")] == [
        ("/p/peru-2017/", "true"),
        ("/p/elsewhere-2020/", None),
    ]
    alone = draw(chrome={**CHROME, "partnerships": [PERU]})
    assert alone.find("ul", id="scope") == []
    assert alone.find("a", cls="al-scope")[0].attrs["href"] == "/p/peru-2017/"


def test_partnership_can_be_chosen_where_none_is():
    page = draw(chrome={**CHROME, "partnership": None, "nav": [], "act": None})
    assert page.find("button", popovertarget="scope")[0].words == "Choose a partnership"
    assert page.find("nav", id="nav")[0].find("button")[0].words == "Sign out"


def test_signing_out_is_a_post_with_a_token():
    page = draw(chrome=CHROME)
    forms_found = page.find("form", action=reverse("account_logout"))
    assert len(forms_found) == 2  # the menu of the person, and the phone's
    for form in forms_found:
        assert form.attrs["method"] == "post"
        assert form.find("input", name="csrfmiddlewaretoken")[0].attrs["value"] == "abc"
        assert form.find("button")[0].words == "Sign out"


def test_other_language_is_named_in_itself():
    [link] = draw(chrome=CHROME).find("a", cls="al-tools__lang")
    assert (link.words, link.attrs["href"], link.attrs["lang"]) == ("Español", "?lang=es", "es")


def test_demonstration_names_its_day_and_what_is_sample():
    page = draw(chrome=CHROME)
    [mark] = page.find("span", cls="al-demo")
    assert mark.words == "Demonstration, 10\u00a0Feb\u00a02020".replace("\u00a0", " ")
    assert mark.find("time")[0].attrs["datetime"] == "2020-02-10"
    assert "rows marked “sample” are invented" in page.find("footer")[0].words
    assert (
        "Only the ledger is fact." in draw(chrome={**CHROME, "banner_text": "Only the ledger is fact."}).find("footer")[0].words
    )
    real = draw(chrome={**CHROME, "is_demo": False, "demo_day": None})
    assert real.find("span", cls="al-demo") == []
    assert "sample" not in real.find("footer")[0].words


def test_footer_links_only_to_what_it_is_given():
    assert [link.attrs["href"] for link in draw(chrome=CHROME).find("footer")[0].find("a")] == ["/api/v1/docs/"]
    footer = draw(chrome={}).find("footer")[0]
    assert footer.find("a") == []
    assert "not an official website of any government" in footer.words


def test_page_has_one_heading_a_language_and_a_way_to_skip():
    with override("es"):
        page = draw(chrome=CHROME)
    assert page.find("html")[0].attrs["lang"] == "es"
    assert len(page.find("h1")) == 1
    assert page.find("a", cls="usa-skipnav")[0].attrs["href"] == f"#{page.find('main')[0].attrs['id']}"
    ids = [element.attrs["id"] for element in page.inside if "id" in element.attrs]
    assert len(ids) == len(set(ids))


def test_title_begins_with_error_while_a_form_is_wrong():
    class Reason(forms.Form):
        reason = forms.CharField()

    title = lambda **context: draw(**context).find("title")[0].words  # noqa: E731
    assert title() == "Page not found – Alianza"
    assert title(form=Reason()) == "Page not found – Alianza"
    assert title(form=Reason({})) == "Error: Page not found – Alianza"
    assert title(problems=["x"]) == "Error: Page not found – Alianza"


@pytest.mark.parametrize("code", ERRORS)
def test_error_page_draws_without_person_request_or_database(code):
    page = read(render_to_string(f"{code}.html"))
    assert page.find("nav") == []
    assert page.find("form") == []
    assert f"Error {code[:3]}" in page.find("main")[0].words
    assert page.find("h1")[0].words == page.find("title")[0].words.removesuffix(" – Alianza")


def test_server_error_asks_nothing_of_the_database():
    class Broken:
        @property
        def is_authenticated(self):
            raise OperationalError("the database is away")

    request = RequestFactory().get("/p/peru-2017/")
    request.user = Broken()
    answer = server_error(request)
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.content.decode()


def test_refusal_page_gives_the_reason_and_who_may():
    page = draw("403.html", decision=refuse("You certified it.", "any other program officer"))
    assert "You certified it. Who may: any other program officer." in page.find("main")[0].words


@pytest.mark.parametrize("code", ["400", "409", "413"])
def test_error_page_prefers_the_reason_it_is_given(code):
    assert (
        "The file has 12 MB; 10 MB are the most." in draw(f"{code}.html", reason="The file has 12 MB; 10 MB are the most.").words
    )
