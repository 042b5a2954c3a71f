"""The host delegate's job, who wants the host's share counted: by keyboard alone from the log-in on, and then the other side."""

import re
from decimal import Decimal

import pytest

P = "/p/peru-2017/pledges/"


def press_tab_until(page, script: str, what: str):
    """Tab forwards until the JavaScript condition `script` of the focused element `e` holds."""
    for _step in range(120):
        page.keyboard.press("Tab")
        if page.evaluate(f"(() => {{ const e = document.activeElement; return {script}; }})()"):
            return
    raise AssertionError(f"No way to {what} by Tab.")


def follow(page, end: str):
    """Tab to the link whose address ends so, and open it."""
    press_tab_until(page, f"e.tagName === 'A' && e.pathname.endsWith('{end}')", end)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{end}")


def fill(page, control: str, text: str):
    press_tab_until(page, f"e.id === '{control}'", control)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def money_in(text: str) -> Decimal:
    return Decimal(re.search(r"S/\s([\d,]+(?:\.\d\d)?)", text).group(1).replace(",", ""))


def documented(visitor) -> tuple[Decimal, Decimal]:
    """What is documented in all, and what both governments confirm of it."""
    visitor.go(P)
    page = visitor.page
    both = page.locator("a[href*='agreement=both']").locator("xpath=ancestor::tr")
    return money_in(page.locator("section[aria-labelledby=pg] .al-big").inner_text()), money_in(both.inner_text())


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (360, "es")])
def test_what_the_delegate_enters_and_both_confirm_moves_the_progress(visit, width, language):
    delegate = visit(width=width, language=language).log_in("host_delegate")
    page, words = delegate.page, f"Funcionamiento {width}"
    before, both_before = documented(delegate)
    delegate.go(f"/p/peru-2017/?lang={language}")
    follow(page, "/pledges/")
    follow(page, "/pledges/contributions/new/")
    page.wait_for_function("document.activeElement.name === 'kind'")
    page.keyboard.press("Space")  # cash
    fill(page, "id_entity", "Minis")
    fill(page, "id_effective", "2019")
    fill(page, "id_amount", "1,000.50")
    fill(page, "id_words_es", words)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/contributions/peru-2017-contribution-\d+/$"))
    row = page.url
    assert words in page.inner_text("h1")
    press_tab_until(page, "e.tagName === 'BUTTON' && e.form && e.form.action.endsWith('/confirm/')", "the button that confirms")
    page.keyboard.press("Enter")
    page.wait_for_selector(".al-messages")
    assert documented(delegate) == (before + Decimal("1000.50"), both_before), "one government alone is not both"
    officer = visit(width=width, language=language).log_in("program_officer")
    officer.go(P)
    officer.page.locator(f"tr:has-text('{words}') form button").first.focus()
    officer.page.keyboard.press("Enter")
    officer.page.wait_for_url("**/pledges/#waiting")
    assert documented(officer) == (before + Decimal("1000.50"), both_before + Decimal("1000.50"))
    officer.page.goto(row)
    assert officer.page.locator(".al-history li").count() == 3


def test_an_amount_that_cannot_be_read_has_the_focus_and_loses_nothing(visit):
    visitor = visit(language="es").log_in("host_delegate")
    page = visitor.page
    visitor.go(f"{P}contributions/new/?empty=1&lang=es")
    page.keyboard.press("Space")
    fill(page, "id_effective", "2019-06")
    fill(page, "id_amount", "1.234,50")
    fill(page, "id_words_es", "Gastos corrientes de la secretaría técnica")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".al-errors")
    assert page.evaluate("document.activeElement.className") == "al-errors"
    page.locator(".al-errors a[href='#id_amount']").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_amount"
    assert page.input_value("#id_amount") == "1.234,50"
    assert page.input_value("#id_words_es") == "Gastos corrientes de la secretaría técnica"


def test_two_clicks_at_once_say_one_word(visit):
    """Two windows of one person, each with the button that confirms: the second says nothing new."""
    delegate = visit().log_in("host_delegate")
    row = f"{P}contributions/peru-2017-sample-contribution-11/"
    delegate.go(row)
    second = delegate.page.context.new_page()
    second.goto(f"{delegate.site.address}{row}")
    for page in (delegate.page, second):
        page.locator("form[action$='/confirm/'] button").click()
        page.wait_for_selector(".al-messages")
    assert second.locator(".al-history li").count() == 2


def test_putting_right_and_voiding_by_keyboard(visit):
    delegate = visit(width=360).log_in("host_delegate")
    page = delegate.page
    delegate.go(f"{P}contributions/peru-2017-sample-contribution-09/")
    follow(page, "/contributions/peru-2017-sample-contribution-09/replace/")
    fill(page, "id_quantity", "4")
    fill(page, "id_reason", "Four, not three.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/contributions/peru-2017-contribution-\d+/$"))
    assert "Not confirmed yet" in page.inner_text("main")
    follow(page, "/void/")
    fill(page, "id_reason", "Entered twice.")
    press_tab_until(page, "e.tagName === 'BUTTON' && e.textContent.includes('Void')", "the button that voids")
    page.keyboard.press("Enter")
    page.wait_for_selector("main :text('counts nowhere')")
    follow(page, "/contributions/peru-2017-sample-contribution-09/")
    assert "Four, not three." in page.inner_text("main")
