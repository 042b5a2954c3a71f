"""The pages of who fills in a report; what a form keeps when it is refused, comes second, or comes after the log-in ended."""

from urllib.parse import quote

import pytest
from django.utils.html import escape

from activities.reporting import moves
from activities.reporting.models import Section

from .conftest import SOON, text_of, url


def cells(**changes):
    filled = {f"I-1/{region}/{sex}": "5" for region in ("XA-ONE", "XA-TWO") for sex in ("female", "male")}
    return filled | {name.replace("__", "/"): value for name, value in changes.items()}


def test_saving_a_task_leads_to_the_next_one(world, draft, login):
    data = cells() | {"version": "0", "done": "yes"}
    response = login(world.preparer).post(url("task", "indicators-1"), data)
    assert response.status_code == 302
    assert response.url == f"{url('task', 'indicators-2')}?saved=indicators-1"
    assert draft.cells.count() == 4
    assert draft.sections.get().is_done


def test_a_change_from_the_check_page_returns_there(world, filled, login):
    data = {"text": "Better.", "language": "en", "version": "1", "done": "yes"}
    response = login(world.preparer).post(url("task", "summary") + "?from=check", data)
    assert response.url == f"{url('check')}?saved=summary#summary"


def test_completed_with_a_blank_cell_is_saved_and_stays_open(world, draft, login):
    data = cells() | {"I-1/XA-ONE/male": "", "version": "0", "done": "yes"}
    response = login(world.preparer).post(url("task", "indicators-1"), data, follow=True)
    assert "1 cell needs a number or a reason" in text_of(response)
    assert not draft.sections.get().is_done
    assert draft.cells.count() == 3


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("typed", "stored"),
    [("12", 12), (" 1,234 ", 1234), ("0", 0), ("not collected", "not_collected"), ("NOT APPLICABLE", "not_applicable"),
     ("withheld for safety", "withheld"), ("withheld", "withheld"), ("", None)],
)  # fmt: skip
def test_cells_read_numbers_and_reasons_in_both_languages(world, draft, login, language, typed, stored):
    data = cells() | {"I-1/XA-ONE/male": typed, "version": "0", "done": "no"}
    response = login(world.preparer).post(url("task", "indicators-1") + f"?lang={language}", data)
    assert response.status_code == 302
    cell = draft.cells.filter(region__key="XA-ONE", category="male").first()
    assert (cell and (cell.value if cell.value is not None else cell.empty)) == stored


HOSTILE = [
    "-1",
    "1.5",
    "1.234,50",
    "NaN",
    "1e5",
    "١٢",
    "0x10",
    "9" * 40,
    "9999999999",
    "<svg onload=x>",
    "=1+1",
    "perhaps",
    "1;2",
    "\u202e12",
]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("typed", HOSTILE)
def test_a_hostile_cell_is_answered_at_the_cell_and_nothing_is_lost(world, draft, login, language, typed):
    data = cells() | {"I-1/XA-ONE/male": typed, "I-1/XA-TWO/male": "77", "version": "0", "done": "no"}
    response = login(world.preparer).post(url("task", "indicators-1") + f"?lang={language}", data)
    assert response.status_code == 200
    assert response.context["problems"][0].anchor == "I-1/XA-ONE/male"
    page = text_of(response)
    assert 'value="77"' in page
    assert 'aria-invalid="true"' in page
    assert page.count(escape(response.context["problems"][0].message)) == 2  # in the summary and at the cell
    assert "<svg onload" not in page
    assert not draft.cells.exists()
    assert not draft.sections.exists()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "typed", ["1.234,50", "1.2345", "NaN", "Infinity", "-5", "1e9", "US$ 5", "S/ 5", "١٢٫٥", "9999999999999", "--1", "1,23"]
)
def test_hostile_money_is_answered_at_the_line(world, draft, login, language, typed):
    data = {"basis": "cash", "10a": typed, "10b": "90.00", "remarks": "kept", "version": "0", "done": "no"}
    response = login(world.preparer).post(url("task", "financial") + f"?lang={language}", data)
    assert response.status_code == 200
    assert response.context["problems"][0].anchor == "id_10a"
    assert 'value="90.00"' in text_of(response)
    assert "kept" in text_of(response)
    assert not Section.objects.exists()


def test_lines_are_computed_and_contradictions_shown_at_the_line(world, draft, login):
    data = {
        "basis": "cash",
        "10a": "1,000.50",
        "10b": "900.25",
        "10d": "500",
        "10e": "600",
        "10f": "0",
        "version": "0",
        "done": "yes",
    }
    client = login(world.preparer)
    response = client.post(url("task", "financial"), data, follow=True)
    assert response.redirect_chain[-1][0].startswith(url("task", "financial"))
    page = text_of(response)
    assert "100.25" in page
    assert "Line 10g, the total federal share, is higher than line 10d" in page
    assert 'aria-describedby="e10d"' in page


def test_text_is_kept_whole_with_its_language(world, draft, login):
    text = "Ñandú <script>alert(1)</script>\r\nsegunda línea"
    data = {"text": text, "language": "es", "version": "0", "done": "yes"}
    login(world.preparer).post(url("task", "summary"), data)
    section = draft.sections.get()
    assert (section.text, section.language) == ("Ñandú <script>alert(1)</script>\nsegunda línea", "es")
    page = text_of(login(world.preparer).get(url("contents", 1)))
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_a_text_that_is_too_long_comes_back(world, draft, login):
    data = {"text": "x" * 20_001, "language": "en", "version": "0", "done": "yes"}
    response = login(world.preparer).post(url("task", "summary"), data)
    assert response.status_code == 200
    assert "x" * 20_001 in text_of(response)
    assert not Section.objects.exists()


def test_the_second_tab_gets_both_versions_and_may_then_keep_its_own(world, draft, login):
    first = {"text": "From the first tab", "language": "en", "version": "0", "done": "no"}
    second = first | {"text": "From the second tab"}
    client = login(world.preparer)
    client.post(url("task", "summary"), first)
    response = client.post(url("task", "summary"), second)
    page = text_of(response)
    assert response.status_code == 409
    assert page.count("From the first tab") == 1
    assert page.count("From the second tab") == 2  # beside theirs, and in the form
    assert 'name="version" value="1"' in page
    assert draft.sections.get().text == "From the first tab"
    assert client.post(url("task", "summary"), second | {"version": "1"}).status_code == 302
    assert draft.sections.get().text == "From the second tab"


def test_conflict_in_the_grid_names_only_the_cells_that_differ(world, draft, login):
    client = login(world.preparer)
    client.post(url("task", "indicators-1"), cells() | {"version": "0", "done": "no"})
    response = client.post(url("task", "indicators-1"), cells() | {"I-1/XA-TWO/male": "8", "version": "0", "done": "no"})
    assert response.status_code == 409
    assert [(row["yours"], row["theirs"]) for row in response.context["conflict"]["rows"]] == [("8", "5")]


def test_what_is_typed_after_the_submission_stays_on_the_page(world, filled, login):
    moves.submit(filled.pk, actor=world.certifier, at=SOON, certified=True)
    data = {"text": "A late thought", "language": "en", "version": "1", "done": "yes"}
    response = login(world.preparer).post(url("task", "summary"), data)
    assert response.status_code == 409
    page = text_of(response)
    assert "A late thought" in page
    assert "Certified and submitted by Carla" in page
    assert "Save and continue" not in page
    assert filled.sections.get(key="summary").text == "Text of summary."


def test_what_was_typed_comes_back_where_the_log_in_had_ended(world, draft, client):
    response = client.post(url("task", "summary"), {"text": "Typed <b>too late", "language": "en", "version": "0", "done": "no"})
    assert response.status_code == 403
    assert "Typed &lt;b&gt;too late" in text_of(response)
    assert f"/accounts/login/?next={quote(url('task', 'summary'), safe='')}" in text_of(response)
    assert response.headers["Cache-Control"] == "no-store"
    assert not Section.objects.exists()
    questions = client.post(url("return"), {"place-0": "Summarize the period", "text-0": "Why?", "seen": "3"})
    assert "Why?" in text_of(questions)
    assert quote(url("review"), safe="") in text_of(questions)  # the page that the form stands on


def test_without_anything_typed_the_log_in_comes_first(world, draft, client):
    for response in (client.get(url("task", "summary")), client.post(url("task", "award"), {"version": "0", "done": "yes"})):
        assert response.status_code == 302
        assert response.url.startswith("/accounts/login/?next=")


@pytest.mark.parametrize(("act", "page"), [("open", "detail"), ("start-review", "detail"), ("accept", "review")])
def test_the_log_in_leads_to_a_page_and_not_to_an_act(world, draft, client, act, page):
    response = client.post(url(act), {"seen": "1"})
    assert response.url == f"/accounts/login/?next={url(page)}"
