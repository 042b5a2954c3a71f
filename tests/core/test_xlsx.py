"""The one workbook encoder: read back from its XML, with no formula, no link and no markup whatever the text says."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from cpc.core.facts import Facts
from cpc.core.fingerprints import Measured
from cpc.core.sheets import Column, Sheet
from cpc.core.xlsx import MOST_ROWS, XLSX_TYPE, TooManyRows, workbook_of
from tests.core.test_sheets import HOSTILE
from tests.files import Workbook

MADE = datetime(2020, 2, 10, 14, 5, tzinfo=UTC)


def facts_of(n_rows, **fields) -> Facts:
    return Facts(title="Things", measured=Measured(n_rows, **fields), made_at=MADE, zone="America/Lima", place="Test compact")


def sheet_of(*names) -> Sheet:
    return Sheet("things", tuple(Column(name, name.title(), lambda row, name=name: row[name]) for name in names))


def book(*values) -> Workbook:
    rows = [{"value": value} for value in values]
    return Workbook(workbook_of(sheet_of("value"), rows, facts_of(len(rows))))


def column_of(found: Workbook) -> list:
    return [row[0] for row in found.rows[1:]]


MARKUP = ["<r><t>x</t></r>", '<r></c><c t="str"><f>1+1</f></c></r>', "a & b < c", "]]>", "<!--", "_x0041_", " blank "]


@pytest.mark.parametrize("text", HOSTILE + MARKUP)
def test_text_is_text_whatever_it_looks_like(text):
    found = book(text)
    assert "<f>" not in found.xml
    assert "<f " not in found.xml
    assert "hyperlink" not in found.xml
    sheet = found.parts["xl/worksheets/sheet1.xml"]
    assert sheet.count("<c ") == 2, "the head, and one cell"
    assert sheet.count('t="inlineStr"') == 2


@pytest.mark.parametrize("text", ["=1+1", "<r><t>x</t></r>", "a & b", " blank ", "Organización", "two\nlines"])
def test_text_is_read_back_as_it_was(text):
    assert column_of(book(text))[0].rstrip(" ") == text.rstrip(" ")


def test_what_opens_a_formula_is_marked_as_text_for_who_edits_the_cell():
    assert 'quotePrefix="1"' in book("=1+1").parts["xl/styles.xml"]
    assert 'quotePrefix="1"' not in book("1+1").parts["xl/styles.xml"]


def test_numbers_are_numbers_to_the_cent():
    assert column_of(book(Decimal("-42180.00"), Decimal("0.07"), 12, True, Decimal("9999999999999.99"))) == [
        -42180.0, 0.07, 12.0, True, 9999999999999.99,
    ]  # fmt: skip


def test_a_number_that_excel_would_round_is_text():
    assert column_of(book(Decimal("12345678901234567.89"))) == ["12345678901234567.89"]


def test_days_are_days_and_a_moment_is_text_with_its_zone():
    assert column_of(book(date(2020, 2, 6), MADE, date(1899, 5, 1))) == [
        date(2020, 2, 6), "2020-02-10T14:05:00+00:00", "1899-05-01",
    ]  # fmt: skip


def test_the_unknown_is_an_empty_cell_and_not_zero():
    found = Workbook(workbook_of(sheet_of("a", "b"), [{"a": None, "b": 0}], facts_of(1)))
    assert found.rows == [["A", "B"], [None, 0.0]]


def test_a_text_longer_than_a_cell_may_be_is_cut_and_says_so():
    (text,) = column_of(book("x" * 40_000))
    assert len(text) == 32_767
    assert text.endswith("…")


def test_the_second_sheet_says_what_the_rows_are():
    facts = Facts(
        title="Things", measured=Measured(1, {"PEN": Decimal("5.00"), "USD": Decimal("7.10")}, 3, has_sample=True),
        made_at=MADE, zone="America/Lima", place="Test compact", filters=(("Kind", "=Cash"),), as_of=date(2020, 2, 6),
        known_on=date(2020, 2, 5), fingerprint="abc:def", check_at="https://example.org/funding/check/",
    )  # fmt: skip
    found = Workbook(workbook_of(sheet_of("a"), [{"a": 1}], facts))
    assert found.names == ["Rows", "About"]
    assert found.facts == {
        "List": "Things", "Partnership": "Test compact", "Only rows with": "Kind: =Cash", "As of": date(2020, 2, 6),
        "As known on": date(2020, 2, 5), "Rows": 1.0, "Total, PEN": 5.0, "Total, USD": 7.1,
        "Rows without an amount, left out of the totals": 3.0, "Made": "10\xa0Feb\xa02020,\xa009:05 (America/Lima)",
        "Fingerprint": "abc:def", "Where to check it": "https://example.org/funding/check/",
        "Sample": "There are rows in here that were invented for the demonstration.",
    }  # fmt: skip


def test_the_facts_are_in_the_reader_s_language_and_the_heads_are_keys_for_programs():
    with translation.override("es"):
        found = Workbook(workbook_of(sheet_of("a"), [{"a": 1}], facts_of(1), for_programs=True))
    assert found.rows[0] == ["a"]
    assert "feb" in found.about[-1][1]


def test_a_list_that_is_too_long_is_refused_before_a_row_is_read():
    def rows():
        raise AssertionError("read")
        yield

    with pytest.raises(TooManyRows, match="10,000 rows, and this list has 10,001. Take it as CSV"):
        workbook_of(sheet_of("a"), rows(), facts_of(MOST_ROWS + 1))


def test_rows_are_read_one_at_a_time_and_written_before_the_next():
    alive = []

    class Row(dict):
        def __init__(self, n):
            super().__init__(a=n)
            alive.append(n)

        def __del__(self):
            alive.pop()

    most = 0

    def rows():
        nonlocal most
        for n in range(2000):
            yield Row(n)
            most = max(most, len(alive))

    answer = workbook_of(sheet_of("a"), rows(), facts_of(2000))
    assert most < 5
    assert answer["Content-Type"] == XLSX_TYPE
    assert len(Workbook(answer).rows) == 2001


def test_a_list_that_changed_meanwhile_says_so_instead_of_a_wrong_count():
    found = Workbook(workbook_of(sheet_of("a"), [{"a": 1}], facts_of(2)))
    assert found.about == [["Rows", "The list changed while this file was written. Ask for it again."]]
