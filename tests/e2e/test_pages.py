"""Every page of the demonstration, in both languages and on both widths: axe finds nothing, nothing scrolls sideways."""

import pytest

from .accessibility import findings, scrolls_sideways

P = "/p/peru-2017"
PAGES = {
    "embassy_viewer": [
        f"{P}/", f"{P}/?as_of=2018-06-30&known_on=2018-06-30", f"{P}/activities/", f"{P}/reports/", f"{P}/funding/",
        f"{P}/funding/awards/peru-2017-initial/", f"{P}/funding/awards/peru-2017-extension/", f"{P}/pledges/", f"{P}/dialogues/",
        f"{P}/deadlines/", f"{P}/statements/", f"{P}/partners/", f"{P}/nothing/",
    ],
    "program_officer": [f"{P}/activities/new/", "/accounts/profile/", "/accounts/tokens/"],
    "partner_certifier": ["/", f"{P}/reports/", f"{P}/"],
}  # fmt: skip


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("role", PAGES)
def test_pages_are_accessible_and_fit(visit, role, language, width):
    visitor = visit(width=width, language=language).log_in(role)
    faults = []
    for path in PAGES[role]:
        visitor.go(f"{path}{'&' if '?' in path else '?'}lang={language}")
        faults += [f"{path}: {finding}" for finding in findings(visitor.page)]
        if scrolls_sideways(visitor.page):
            faults.append(f"{path}: scrolls sideways")
        assert visitor.page.locator("html").get_attribute("lang") == language
    assert not faults


@pytest.mark.parametrize("width", [1280, 360])
def test_log_in_page_is_accessible(visit, width):
    visitor = visit(width=width, language="es")
    visitor.go("/accounts/login/?lang=es")
    assert not findings(visitor.page)
    assert not scrolls_sideways(visitor.page)
