"""Nothing typed is lost by a log-out, and nothing typed is left behind by one: in a real browser."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import Client

from activities.reporting import moves
from tests.browser import chromium

from .conftest import SOON

CANARY = "Canario 7919 en la selva"
KEPT = "() => JSON.stringify(sessionStorage)"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine"),
    pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS),
]


@pytest.fixture
def tab(live_server, browser):
    """A browser tab, and `log_in(user)` for its session; no console error may be left at the end."""
    context = browser.new_context(base_url=live_server.url)
    page, faults = context.new_page(), []
    page.on("console", lambda message: message.type == "error" and faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))

    def log_in(user):
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        return page

    yield log_in
    context.close()
    connections.close_all()  # Playwright's loop has its own, which nobody else would close
    assert not [fault for fault in faults if "status of 4" not in fault]


def task(version, key):
    return f"/p/test-2017/reports/{version.report.key}/tasks/{key}/"


def save(page):
    with page.expect_navigation():
        page.get_by_role("button", name="Save and continue").click()


def test_text_survives_a_session_that_ended(world, draft, tab):
    page = tab(world.preparer)
    page.goto(task(draft, "summary"))
    page.locator("[name=text]").fill(CANARY)
    Session.objects.all().delete()
    save(page)
    assert page.get_by_text("is put back into the form").is_visible()
    page.get_by_role("link", name="Log in", exact=True).click()
    page.wait_for_url("**/accounts/login/**")
    tab(world.preparer)
    page.goto(task(draft, "summary"))
    assert page.locator("[name=text]").input_value() == CANARY
    assert page.get_by_text("What you had typed is back").is_visible()
    save(page)
    assert draft.sections.get().text == CANARY
    assert CANARY not in page.evaluate(KEPT)


def test_protected_counts_are_given_back_on_the_page_alone(world, draft, tab):
    world.partnership.indicators.filter(key="I-2").update(protected=True)
    page = tab(world.preparer)
    page.goto(task(draft, "indicators-2"))
    page.locator("[name='I-2/XA-ONE/female']").fill("7919")
    page.locator("[name=done][value=yes]").check()
    Session.objects.all().delete()
    save(page)
    assert page.get_by_role("link", name="Log in (opens a new tab)").is_visible()
    assert "7919" in page.inner_text("main")
    assert "7919" not in page.evaluate(KEPT)


def test_signing_out_leaves_nothing_behind(world, draft, tab):
    page = tab(world.preparer)
    page.goto(task(draft, "summary"))
    page.locator("[name=text]").fill(CANARY)
    assert CANARY in page.evaluate(KEPT)
    page.goto("/p/test-2017/partners/")  # from a page without the script
    page.get_by_role("button", name="Pilar").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")
    assert CANARY not in page.evaluate(KEPT)


def test_another_person_in_the_same_tab_finds_nothing(world, draft, tab):
    page = tab(world.preparer)
    page.goto(task(draft, "summary"))
    page.locator("[name=text]").fill(CANARY)
    tab(world.certifier)
    page.goto(task(draft, "summary"))
    assert page.locator("[name=text]").input_value() == ""
    assert CANARY not in page.evaluate(KEPT)


def test_protected_counts_are_never_kept(world, draft, tab):
    world.partnership.indicators.filter(key="I-2").update(protected=True)
    page = tab(world.preparer)
    page.goto(task(draft, "indicators-2"))
    page.locator("[name='I-2/XA-ONE/female']").fill("7919")
    assert "7919" not in page.evaluate(KEPT)
    page.goto(task(draft, "indicators-1"))
    page.locator("[name='I-1/XA-ONE/female']").fill("7919")
    assert "7919" in page.evaluate(KEPT)


def test_a_reviewer_keeps_the_questions_too(world, filled, tab):
    moves.submit(filled.pk, actor=world.certifier, at=SOON, certified=True)
    moves.start_review(filled.pk, actor=world.officer, at=SOON)
    page = tab(world.officer)
    page.goto(f"/p/test-2017/reports/{filled.report.key}/review/")
    page.locator("[name=text-0]").fill(CANARY)
    page.get_by_role("link", name="Ask about line 10e").click()
    page.wait_for_url("**?at=financial/10e**")
    assert page.locator("[name=text-0]").input_value() == CANARY
    assert page.locator("[name=place-0]").input_value() == "SF-425, line 10e, Federal share of expenditures"
