"""A quarterly report from the first cell to its acceptance, as partner and officer do it in the browser."""

import re

from .accessibility import findings, scrolls_sideways

# The sample leaves it as a draft; nothing else in this suite reads its state.
REPORT = "/p/peru-2017/reports/peru-2017-initial-ilo-2019-q4"
NARRATIVES = ("summary", "context", "progress", "coordination", "sustainability", "lessons")
LINES = {"10a": "1,400,000.00", "10b": "1,350,000.00", "10d": "3,200,000.00", "10e": "1,360,000.00", "10f": "40,000.00"}


def save(page):
    """Say that the section is completed, and press the button of the save bar; both by keyboard."""
    page.locator("#id_done_0").focus()
    page.keyboard.press("Space")
    page.locator("button[form=task]").press("Enter")
    page.wait_for_url(re.compile("saved="))


def fill_grid(page, path):
    """The keys that a preparer presses: a number, Enter for the next row, a reason; then what is left."""
    page.goto(path)
    cells = page.locator("table[data-grid] td > input")
    first = cells.first
    first.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("0")
    page.keyboard.press("Enter")
    page.keyboard.type("not collected")
    for cell in cells.all():
        if not cell.input_value():
            cell.fill("4")
    save(page)


def fill_texts(page, address):
    for key in NARRATIVES:
        page.goto(f"{address}/tasks/{key}/")
        page.locator("#id_text").fill(f"What the browser test tells about {key}.")
        save(page)


def fill_money(page, address):
    page.goto(f"{address}/tasks/financial/")
    for line, amount in LINES.items():
        page.locator(f"#id_{line}").fill(amount)
    save(page)


def submit(page, address):
    page.goto(f"{address}/check/")
    page.get_by_role("link", name="Go on to certify and submit").press("Enter")
    page.get_by_role("checkbox").press("Space")
    page.get_by_role("button", name="Submit this report").press("Enter")
    page.wait_for_url(re.compile("/receipt/"))
    return page.inner_text("main")


def is_sound(page, where):
    assert not findings(page), where
    assert not scrolls_sideways(page), where


def test_a_report_goes_from_the_first_cell_to_its_acceptance(visit, site):
    address = f"{site.address}{REPORT}"
    partner = visit().log_in("partner_certifier").page
    partner.set_default_timeout(10_000)
    assert partner.get_by_role("link", name="Quarterly report, October–December 2019").first.is_visible()
    partner.get_by_role("link", name=re.compile("^Go on")).first.press("Enter")
    partner.wait_for_url(f"{address}/")
    for number in (1, 2, 3):
        fill_grid(partner, f"{address}/tasks/indicators-{number}/")
    fill_texts(partner, address)
    fill_money(partner, address)
    receipt = submit(partner, address)
    assert "Time in Lima" in receipt
    assert "Time in Washington" in receipt
    assert "peru-2017-initial-ilo-2019-q4-v1-1" in receipt
    is_sound(partner, "receipt")

    officer = visit().log_in("program_officer").page
    officer.set_default_timeout(10_000)
    officer.goto(f"{address}/")
    officer.get_by_role("button", name="Start the review").press("Enter")
    officer.wait_for_url(re.compile("/review/"))
    is_sound(officer, "review")
    officer.get_by_role("link", name="Ask about line 10e").press("Enter")
    officer.locator("#id_text-0").fill("Is this line on an accrual basis?")
    officer.get_by_role("button", name="Return", exact=True).press("Enter")
    officer.wait_for_url(re.compile(rf"{REPORT}/$"))
    assert "Returned with 1 item." in officer.inner_text("main")

    partner.goto(f"{address}/?lang=es")
    partner.wait_for_load_state()
    is_sound(partner, "returned, in Spanish")
    partner.goto(f"{address}/?lang=en")
    partner.locator("main").get_by_role("link", name=re.compile("line 10e")).press("Enter")
    partner.get_by_label("Your answer").fill("Yes, as in every report before.")
    save(partner)
    assert "-v1-2" in submit(partner, address)

    officer.goto(f"{address}/")
    officer.get_by_role("button", name="Start the review").press("Enter")
    officer.wait_for_url(re.compile("/review/"))
    assert "Yes, as in every report before." in officer.inner_text("main")
    is_sound(officer, "review of the second round")
    officer.get_by_role("button", name="Accept", exact=True).press("Enter")
    officer.wait_for_url(re.compile(rf"{REPORT}/$"))
    assert "Accepted. The report is frozen" in officer.inner_text("main")
    is_sound(officer, "accepted")


def test_what_goes_wrong_while_filling_in_is_accessible_and_loses_nothing(visit, site):
    """On a phone, in Spanish: a second tab, a cell that is no number, a log-in that ended."""
    address = f"{site.address}/p/peru-2017/reports/peru-2017-initial-yanapanakusun-2019-q3"
    tab = visit(width=360, language="es").log_in("yanapanakusun_certifier").page
    tab.goto(f"{address}/?lang=es")
    is_sound(tab, "returned")
    second = tab.context.new_page()
    for page, text in ((tab, "De la primera pestaña."), (second, "De la segunda pestaña.")):
        page.set_default_timeout(10_000)
        page.goto(f"{address}/tasks/lessons/")
        page.locator("#id_text").fill(text)
    tab.locator("button[form=task]").press("Enter")
    tab.wait_for_url(re.compile("saved="))
    second.locator("button[form=task]").press("Enter")
    second.locator("#conflict").wait_for()
    assert "De la primera pestaña." in second.inner_text("main")
    assert second.locator("#id_text").input_value() == "De la segunda pestaña."
    is_sound(second, "conflict")

    tab.goto(f"{address}/tasks/indicators-1/")
    cell = tab.locator("table[data-grid] td > input").first
    cell.fill("cuatro")
    tab.locator("button[form=task]").press("Enter")
    tab.locator("#problem").wait_for()
    assert tab.evaluate("document.activeElement.className") == "al-errors"
    assert cell.input_value() == "cuatro"
    is_sound(tab, "a cell that is no number")

    tab.context.clear_cookies(name="sessionid")
    cell.fill("4")
    tab.locator("button[form=task]").press("Enter")
    tab.locator("dl[data-given-back]").wait_for()
    is_sound(tab, "the log-in ended")
