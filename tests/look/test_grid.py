"""The grid to type in, in a browser."""

import pytest

from tests.browser import chromium

from .reading import STATIC

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine"),
]
GRID = """<!doctype html><html lang="en"><title>Grid</title><form action="/sent"><div>
<div class="al-scroll"><table data-grid><thead><tr><th>Sex<th>Child<th>Adult<th>Total</tr></thead>
<tbody><tr><th>Female<td><input id="a1" value="4"><td><input id="a2" value=""><td data-row>4</tr>
<tr><th>Male<td><input id="b1" value=""><td><input id="b2" value=""><td data-row>–</tr></tbody>
<tfoot><tr><th>Total<td data-col>4<td data-col>–<td data-all>4</tr></tfoot></table></div>
<p data-say data-none="Nothing counted yet" data-one="1 person" data-many="{n} people"></p></div><button>Save</button></form>"""


@pytest.fixture
def grid(browser):
    page = browser.new_page()
    page.set_default_timeout(5000)
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.set_content(GRID)
    page.add_script_tag(content=(STATIC / "js/grid.js").read_text() + "\ndocument.grid = true;", type="module")
    page.wait_for_function("document.grid")  # a module runs when it likes
    yield page
    assert page.faults == []
    page.close()


def focus(page):
    return page.evaluate("document.activeElement.id")


def totals(page):
    return page.eval_on_selector_all("[data-row], [data-col], [data-all]", "cells => cells.map(cell => cell.textContent)")


def paste(page, cell, text):
    page.evaluate(
        """([id, text]) => { const data = new DataTransfer(); data.setData("text", text);
        const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
        document.getElementById(id).dispatchEvent(event); }""",
        [cell, text],
    )


def test_totals_run_and_empty_is_not_zero(grid):
    grid.fill("#b1", "0")
    assert totals(grid) == ["4", "0", "4", "–", "4"]
    grid.fill("#a2", "1200")
    assert totals(grid) == ["1,204", "0", "4", "1,200", "1,204"]
    grid.fill("#a1", "not collected")
    assert totals(grid) == ["1,200", "0", "0", "1,200", "1,200"]


@pytest.mark.parametrize(
    ("value", "words"), [("", "Nothing counted yet"), ("1", "1 person"), ("0", "0 people"), ("1200", "1,200 people")]
)
def test_total_is_said_in_words(grid, value, words):
    grid.fill("#a1", value)
    assert grid.text_content("[data-say]") == words


def test_numbers_look_alike_in_spanish(grid):
    grid.set_content(GRID.replace('lang="en"', 'lang="es"'))
    grid.add_script_tag(content=(STATIC / "js/grid.js").read_text(), type="module")
    grid.fill("#a1", "1200")
    assert totals(grid)[-1] == "1,200"


def test_arrows_and_enter_move_and_stop_at_the_edge(grid):
    grid.focus("#a1")
    for key, cell in (
        ("ArrowDown", "b1"),
        ("ArrowRight", "b2"),
        ("ArrowUp", "a2"),
        ("ArrowUp", "a2"),
        ("ArrowLeft", "a1"),
        ("Enter", "b1"),
    ):
        grid.keyboard.press(key)
        assert focus(grid) == cell


def test_enter_in_the_last_row_does_not_send_the_form(grid):
    grid.focus("#b2")
    grid.keyboard.press("Enter")
    assert (focus(grid), grid.url) == ("b2", "about:blank")


def test_arrow_inside_a_number_moves_the_cursor_first(grid):
    grid.fill("#a1", "12")
    grid.focus("#a1")
    grid.evaluate("document.getElementById('a1').setSelectionRange(1, 1)")
    grid.keyboard.press("ArrowRight")
    assert focus(grid) == "a1"
    grid.keyboard.press("ArrowRight")
    assert focus(grid) == "a2"


def test_range_from_a_spreadsheet_is_pasted_into_its_cells(grid):
    paste(grid, "a1", "1\t2\r\n3\t4\r\n5\t6\r\n")
    assert [grid.input_value(f"#{cell}") for cell in ("a1", "a2", "b1", "b2")] == ["1", "2", "3", "4"]
    assert totals(grid) == ["3", "7", "4", "6", "10"]


def test_single_value_is_pasted_by_the_browser(grid):
    prevented = grid.evaluate(
        """() => { const data = new DataTransfer(); data.setData("text", "7");
        const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
        document.getElementById("a1").dispatchEvent(event); return event.defaultPrevented; }"""
    )
    assert prevented is False
