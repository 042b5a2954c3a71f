"""Chromium, driven on the real site. Skipped where there is no Chromium."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings

from tests.browser import chromium

from .site import PASSWORD, Site

WIDTHS = {1280: 800, 360: 740}


@pytest.hookimpl(tryfirst=True)  # before the processes of a parallel run read the groups
def pytest_collection_modifyitems(items):
    """Every test here drives the browser; all run in one process, on one site."""
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.fspath).parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
            if chromium() is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.fixture(scope="session")
def site(django_db_setup, tmp_path_factory):
    running = Site(settings.DATABASES["default"]["NAME"], tmp_path_factory.mktemp("site"))
    try:
        running.start()
        yield running
    finally:
        running.stop()


@dataclass
class Visitor:
    """A page of one person, with what the browser complained about."""

    page: object
    site: Site
    language: str = "en"
    complaints: list = field(default_factory=list)

    def log_in(self, role: str):
        """As `role@example.org`, through the log-in page, by keyboard; in a session that an earlier test began, where there is
        one: thirty log-ins a minute from one address are refused. The language is chosen here: a person keeps the one that they
        chose last, and an earlier test may have chosen another."""
        if role in self.site.sessions:
            self.page.context.add_cookies(self.site.sessions[role])
            self.go(f"/?lang={self.language}")
            if "/accounts/login/" not in self.page.url:
                return self
        self.go(f"/accounts/login/?lang={self.language}")
        self.page.locator("input[name=login]").fill(f"{role}@example.org")
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(re.compile(r"^(?!.*accounts/login)"))
        self.site.sessions[role] = self.page.context.cookies()
        return self

    def go(self, path: str):
        answer = self.page.goto(f"{self.site.address}{path}")
        assert answer.status < 400 or answer.status in (403, 404, 410), f"{path}: {answer.status}"
        return answer


@pytest.fixture
def visit(site, browser):
    """`visit(width=360, language="es")`: a new visitor. No console error, no Content-Security-Policy report may be left at the
    end."""
    contexts, visitors = [], []

    def build(*, width=1280, language="en", javascript=True):
        context = browser.new_context(
            viewport={"width": width, "height": WIDTHS.get(width, 800)}, locale=language, java_script_enabled=javascript
        )
        page = context.new_page()
        visitor = Visitor(page, site, language)
        page.on("console", lambda message: message.type == "error" and visitor.complaints.append(message.text))
        page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        contexts.append(context)
        visitors.append(visitor)
        return visitor

    yield build
    for context in contexts:
        context.close()
    expected = re.compile(r"status of (403|404|409|410)")
    assert not [text for visitor in visitors for text in visitor.complaints if not expected.search(text)]
