"""Logging activities, which program officers and partners do every day: by keyboard alone, with few keys, and nothing lost."""

from dataclasses import dataclass

import pytest

P = "/p/peru-2017"
MOST_KEYS = 25  # beyond the text, for the usual case: everything as last time but region, title and counts


@dataclass
class Keyboard:
    """Presses keys and counts them; what is typed as text is not counted."""

    page: object
    n: int = 0

    def press(self, key: str):
        self.page.keyboard.press(key)
        self.n += 1

    def type(self, text: str):
        self.page.keyboard.type(text)

    def tab_to(self, control: str):
        """Tab forwards to the control whose id, or whose name for a group of choices, is `control`."""
        for _step in range(40):
            self.press("Tab")
            if control in self.page.evaluate("[document.activeElement.id, document.activeElement.name]"):
                return
        raise AssertionError(f"No way to {control} by Tab.")


def enter_first(visitor, title):
    """An activity in Cusco, so that the next form starts from it."""
    page = visitor.page
    visitor.go(f"{P}/activities/new/?empty=1")
    page.select_option("#id_kind", "training")
    page.check("[name=region][value=PE-CUS]")
    page.check("[name=objective][value=prosecute]")
    page.select_option("#id_under", index=1)
    page.fill("#id_title", title)
    page.fill("#id_n-female-officials-adult", "7")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: "/new/" not in url)
    return page.url


@pytest.mark.parametrize("role", ["program_officer", "partner_preparer"])
def test_an_activity_takes_at_most_25_keys_from_the_log_in_on(visit, role):
    enter_first(visit().log_in(role), f"First of {role}")
    page = visit().log_in(role).page
    keys = Keyboard(page)
    keys.press("Tab")  # to the main part
    keys.press("Tab")  # log an activity
    keys.press("Enter")
    page.wait_for_url("**/activities/new/")
    page.wait_for_function("document.activeElement.id === 'id_kind'")
    keys.tab_to("region")
    keys.press("ArrowRight")
    keys.tab_to("id_title")
    keys.type("Entrevista única, segunda jornada")
    keys.tab_to("id_n-female-officials-adult")
    keys.type("19")
    keys.press("Enter")
    keys.type("14")
    assert "33 people" in page.inner_text("[data-say]")
    keys.press("Control+Enter")
    page.wait_for_url(lambda url: "/new/" not in url)
    said = page.inner_text("main")
    assert "Entrevista única, segunda jornada" in said
    assert "Loreto" in said, "the region beside Cusco"
    assert page.locator("tfoot td.al-n").last.inner_text() == "33"
    assert keys.n <= MOST_KEYS


def test_save_and_log_another_leads_to_a_form_that_is_filled_in_and_has_the_focus(visit):
    visitor = visit().log_in("partner_preparer")
    enter_first(visitor, "One of two")
    page, keys = visitor.page, Keyboard(visitor.page)
    visitor.go(f"{P}/activities/new/")
    keys.tab_to("id_title")
    keys.type("Two of two")
    keys.tab_to("then")
    keys.press("Enter")
    page.wait_for_selector(".al-messages:has-text('Two of two')")
    assert page.evaluate("document.activeElement.id") == "id_kind"
    assert page.input_value("#id_kind") == "training"
    assert page.is_checked("[name=region][value=PE-CUS]")
    assert (page.input_value("#id_title"), page.input_value("#id_n-female-officials-adult")) == ("", "")


def test_an_error_has_the_focus_leads_to_its_field_and_loses_nothing(visit):
    visitor = visit(language="es").log_in("program_officer")
    page, keys = visitor.page, Keyboard(visitor.page)
    visitor.go(f"{P}/activities/new/?empty=1&lang=es")
    page.fill("#id_title", "Jornada con la Policía Nacional")
    page.fill("#id_n-male-community-adult", "una docena")
    page.fill("#id_n-female-community-adult", "8")
    keys.press("Control+Enter")
    page.wait_for_selector(".al-errors")
    assert page.title().startswith("Error:")
    assert page.evaluate("document.activeElement.className") == "al-errors"
    page.locator(".al-errors a[href='#id_n-male-community-adult']").focus()
    keys.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_n-male-community-adult"
    assert page.input_value("#id_n-male-community-adult") == "una docena"
    assert page.input_value("#id_n-female-community-adult") == "8"
    assert page.input_value("#id_title") == "Jornada con la Policía Nacional"


def test_a_warning_is_asked_about_once_and_answered_with_one_more_key(visit):
    visitor = visit().log_in("program_officer")
    enter_first(visitor, "Within the coverage")
    page, keys = visitor.page, Keyboard(visitor.page)
    visitor.go(f"{P}/activities/new/")
    page.fill("#id_starts_on", "2020-01-10")
    page.check("[name=region][value=PE-PUN]")
    page.fill("#id_title", "Before Puno came in")
    keys.press("Control+Enter")
    page.wait_for_selector("#warned")
    assert "Nothing is saved yet" in page.evaluate("document.activeElement.innerText")
    keys.press("Control+Enter")
    page.wait_for_url(lambda url: "/new/" not in url)
    assert "before Puno came into the partnership" in page.inner_text("main")


def test_a_range_from_a_spreadsheet_fills_the_grid_and_arrows_move_in_it(visit):
    page = visit().log_in("program_officer").page
    page.goto(page.url.split("/p/")[0] + f"{P}/activities/new/?empty=1")
    page.focus("#id_n-female-officials-adult")
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text", "12\\t3\\n10\\t0\\n");
            const kind = {clipboardData: data, bubbles: true, cancelable: true};
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", kind));
        }"""
    )
    assert [page.input_value(f"#id_n-{cell}") for cell in ("female-officials-unknown", "male-officials-adult")] == ["3", "10"]
    assert page.inner_text("[data-all]") == "25"
    for key, cell in (
        ("ArrowDown", "male-officials-adult"),
        ("ArrowRight", "male-officials-unknown"),
        ("ArrowUp", "female-officials-unknown"),
    ):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.id") == f"id_n-{cell}"


def test_two_officers_edit_at_once_the_second_sees_both_versions_and_keeps_the_own(visit):
    first, second = visit().log_in("program_officer"), visit().log_in("partner_certifier")
    place = enter_first(second, "Edited by two")
    for visitor in (first, second):
        visitor.page.goto(f"{place}edit/")
    first.page.fill("#id_title", "Edited by the officer")
    first.page.keyboard.press("Control+Enter")
    first.page.wait_for_url(place)
    page = second.page
    page.fill("#id_title", "Edited by the partner")
    page.fill("#id_n-female-officials-adult", "70")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#conflict")
    shown = page.inner_text("section[aria-labelledby=conflict]")
    assert "Edited by the officer" in shown
    assert "Edited by the partner" in shown
    assert page.input_value("#id_title") == "Edited by the partner"
    page.keyboard.press("Control+Enter")
    page.wait_for_url(place)
    assert page.inner_text("h1").startswith("Edited by the partner")
    assert page.locator("tfoot td.al-n").last.inner_text() == "70"


@pytest.mark.parametrize("javascript", [True, False])
def test_the_filters_fold_on_a_phone_and_stand_open_on_a_desk(visit, javascript):
    phone, desk = (visit(width=width, javascript=javascript).log_in("program_officer") for width in (360, 1280))
    for visitor in (phone, desk):
        visitor.go(f"{P}/activities/")
    words = "[name=q]"
    assert desk.page.is_visible(words)
    assert not desk.page.is_visible(".al-fold")
    assert not phone.page.is_visible(words)
    phone.page.focus(".al-fold summary")
    phone.page.keyboard.press("Enter")
    assert phone.page.is_visible(words)
    phone.page.fill(words, "capacitacion")
    phone.page.keyboard.press("Enter")
    phone.page.wait_for_url("**q=capacitacion**")
    assert phone.page.is_visible(words)
    assert "Capacitación" in phone.page.inner_text("table")
