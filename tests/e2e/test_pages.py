"""Every page of the site, in both languages and on both widths: axe finds nothing, nothing scrolls sideways.

Axe takes its time: the quick suite lets it look at English on the wide screen and at Spanish on the phone, the deep one at the
rest.
"""

from urllib.parse import urlsplit

import pytest
from django.urls import resolve

from tests.test_access import TABLE

from .accessibility import findings, scrolls_sideways
from .conftest import WIDTHS
from .pages import ASKED, EXCUSED, PAGES, WITH_SECOND_FACTOR, fill, is_for_programs
from .site import PASSWORD


def test_every_page_is_looked_at_or_excused():
    """Holds without a browser, too: a new route that answers in HTML needs a line in pages.py."""
    routes = {name for name, route in TABLE.items() if route.get and not is_for_programs(name)}
    seen = {page.route for pages in PAGES.values() for page in pages}
    assert seen.isdisjoint(EXCUSED)
    assert seen | set(EXCUSED) == routes


def test_each_address_is_one_of_its_route():
    for page in (page for pages in PAGES.values() for page in pages):
        assert resolve(urlsplit(fill(page.path, membership="1", switched_off="2")).path).view_name == page.route


SET_UP = f"""
from datetime import timedelta
from activities.models import Deadline, DueDateChange
from django.utils import timezone
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cpc.accounts.models import User
from partners.models import Membership, Partnership
person = User.objects.get(email="{WITH_SECOND_FACTOR}@example.org")
TOTP.activate(person, generate_totp_secret())
codes = RecoveryCodes.activate(person).get_unused_codes()
asked = Deadline.objects.get(key="{ASKED}")
preparer = User.objects.get(email="partner_preparer@example.org")
days = {{"was_due_on": asked.due_on, "wanted_on": asked.due_on + timedelta(days=14), "asked_at": timezone.now()}}
DueDateChange.objects.create(deadline=asked, asked_by=preparer, reason="The data come late.", **days)
off = User.objects.create(email="switched-off@example.org", name="Switched off", password="!", is_active=False)
row = Membership.objects.create(user=off, partnership=Partnership.objects.get(), role="embassy_viewer")
print(person.memberships.get().pk, row.pk, *codes)
"""


@pytest.fixture(scope="module")
def prepared(site):
    """What addresses of pages.py stand for, and codes of the second factor that a person then has."""
    site.manage("create_token", "program_officer@example.org", "axe", "--scope", "funding:read")
    site.manage("create_token", "embassy_viewer@example.org", "axe-viewer", "--scope", "funding:read")
    membership, switched_off, *codes = site.manage("shell", "--verbosity", "0", "--command", SET_UP).split()
    return {"membership": membership, "switched_off": switched_off}, codes


CROSSED = pytest.mark.parametrize("crossed", [False, pytest.param(True, marks=pytest.mark.deep)], ids=["", "crossed"])


def look(visitor, page, language: str, keys: dict, *, crossed: bool) -> list[str]:
    """What is wrong with a page, one line each."""
    path = fill(page.path, **keys)
    answer = visitor.go(f"{path}{'&' if '?' in path else '?'}lang={language}")
    faults = [] if answer.status == page.status else [f"{path}: {answer.status}"]
    return faults + look_here(visitor, language, crossed=crossed)


def look_here(visitor, language: str, *, crossed: bool = False) -> list[str]:
    page, faults = visitor.page, []
    for_axe = 1280 if (language == "en") != crossed else 360
    if page.locator("html").get_attribute("lang") != language:
        faults.append("not in the language asked for")
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        # as high as the page, so that no bar that sticks to the edge lies over what could be scrolled out from under it
        whole = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": max(height, whole)})
        if width == for_axe:
            faults += [f"at {width}: {finding}" for finding in findings(page)]
        if scrolls_sideways(page):
            faults.append(f"at {width}: scrolls sideways")
    return [f"{page.url}: {fault}" for fault in faults]


@CROSSED
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("role", [role for role in PAGES if role != WITH_SECOND_FACTOR])
def test_pages_are_accessible_and_fit(visit, prepared, role, language, crossed):
    visitor = visit(language=language)
    if role:
        visitor.log_in(role)
    faults = [fault for page in PAGES[role] for fault in look(visitor, page, language, prepared[0], crossed=crossed)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", ["en", "es"])
def test_pages_behind_a_second_factor(visit, prepared, language):
    visitor, (keys, codes) = visit(language=language), prepared
    visitor.go(f"/accounts/login/?lang={language}")
    visitor.page.locator("input[name=login]").fill(f"{WITH_SECOND_FACTOR}@example.org")
    visitor.page.locator("input[name=password]").fill(PASSWORD)
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/2fa/authenticate/**")
    faults = look_here(visitor, language)
    visitor.page.locator("input[name=code]").first.fill(codes[language == "es"])
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(lambda url: "authenticate" not in url)
    faults += [fault for page in PAGES[WITH_SECOND_FACTOR] for fault in look(visitor, page, language, keys, crossed=False)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", ["en", "es"])
def test_pages_that_nobody_meant_are_accessible(visit, language):
    """An address that does not exist, and one of another partnership, in both languages."""
    visitor = visit(language=language).log_in("embassy_viewer")
    for path in ("/nothing/", "/p/nothing/", "/p/peru-2017/nothing/", "/p/peru-2017/activities/nothing/"):
        assert visitor.go(f"{path}?lang={language}").status == 404
        assert not look_here(visitor, language)


def test_docs_page_works_from_our_own_files_alone(visit, site):
    """The policy lets nothing else in: the operations are drawn, and each opens."""
    visitor = visit().log_in("api_client")
    elsewhere = []
    visitor.page.on("request", lambda request: request.url.startswith(site.address) or elsewhere.append(request.url))
    visitor.go("/api/v1/docs/")
    visitor.page.locator(".opblock").first.wait_for()
    assert visitor.page.locator(".opblock").count() > 15
    visitor.page.locator("[id^=operations-funding] .opblock-summary-control").first.click()
    visitor.page.get_by_text("unallocated-peru-2017-initial").first.wait_for()
    assert not [address for address in elsewhere if not address.startswith("data:")]
