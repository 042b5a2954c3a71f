"""A partner asks for a later due day by keyboard alone, an officer grants it by keyboard alone, and the new day counts."""

from .test_contributions import fill, follow, press_tab_until

P = "/p/peru-2017/"
KEY = "peru-2017-initial-ilo-2020-q2-performance"


def test_later_day_is_asked_for_and_granted_by_keyboard(visit):
    partner = visit(language="en").log_in("partner_certifier")
    page = partner.page
    partner.go(f"{P}reports/peru-2017-initial-ilo-2020-q2/?lang=en")
    press_tab_until(page, "e.tagName === 'A' && e.pathname.endsWith('/later/')", "asking")
    page.keyboard.press("Enter")
    page.wait_for_url("**/later/")
    fill_day(page, "id_wanted_on", "08172020")
    fill(page, "id_reason", "The regional offices close their books late.")
    press(page, "Send the request")
    page.wait_for_url(lambda url: "/later/" not in url)
    assert "17 Aug 2020" in page.inner_text("main").replace("\u00a0", " ")
    officer = visit(language="en").log_in("program_officer")
    page = officer.page
    officer.go(f"{P}deadlines/?lang=en")
    follow(page, "/answer/")
    press_tab_until(page, "e.name === 'act'", "the answer")
    page.keyboard.press("Space")
    press(page, "Send the answer")
    page.wait_for_url(lambda url: "/answer/" not in url)
    assert page.inner_text(".al-box .al-big").replace("\u00a0", " ") == "17 Aug 2020"
    officer.go(f"{P}reports/peru-2017-initial-ilo-2020-q2/")
    assert page.inner_text(".al-box .al-big").replace("\u00a0", " ") == "17 Aug 2020"


def fill_day(page, control: str, keys: str):
    """A browser's day box takes month, day and year one after the other."""
    press_tab_until(page, f"e.id === '{control}'", control)
    page.keyboard.type(keys)


def press(page, name: str):
    press_tab_until(page, f"e.tagName === 'BUTTON' && e.textContent.trim() === '{name}'", name)
    page.keyboard.press("Enter")
