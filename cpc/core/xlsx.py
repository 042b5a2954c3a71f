"""Lists as Excel workbooks: the rows, and a second sheet that says what they are.

One row is in memory at a time. Numbers are numbers and days are days; None (not known) is an empty cell. Text is always text: no
cell of ours is a formula, a link or rich text, whatever it looks like. A moment is text in ISO form, since a workbook knows no
time zone. A number that Excel cannot hold to the cent (more than 15 digits) is text.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.utils.translation import gettext as _

from cpc.core.facts import Facts
from cpc.core.sheets import Sheet, as_download, changed, opens_a_formula

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 10_000
_DIGITS = 15
_LONGEST = 32_767
_WIDEST, _NARROWEST = 40, 11
_FIRST_DAY = date(1900, 3, 1)  # before it Excel counts a day that never was
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class TooManyRows(BadRequest):
    """A list that is longer than a workbook may be. The message is for the reader and says what to ask for instead."""

    def __init__(self, n_rows: int):
        super().__init__(
            _(
                "An Excel file holds up to %(most)s rows, and this list has %(n)s. Take it as CSV (format=csv), or narrow it "
                "with a filter."
            )
            % {"most": f"{MOST_ROWS:,}", "n": f"{n_rows:,}"}
        )


def workbook_of(sheet: Sheet, items: Iterable, facts: Facts, *, for_programs: bool = False) -> HttpResponse:
    """The list as a download. Raises TooManyRows before the first row is read."""
    if facts.measured.n_rows > MOST_ROWS:
        raise TooManyRows(facts.measured.n_rows)
    content = workbook(sheet.keys if for_programs else sheet.labels, sheet.rows(items), facts)
    response = HttpResponse(content, content_type=XLSX_TYPE)
    return as_download(response, f"{sheet.name}.xlsx", facts if for_programs else None)


def workbook(header: list[str], rows: Iterable[Iterable], facts: Facts) -> bytes:
    """The bytes of the workbook. `rows` may be lazy and is read once."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        book.set_properties({"title": facts.title, "created": facts.made_at})
        write = _Writer(book)
        n_rows = _write_rows(book, write, header, rows)
        _write_facts(book, write, facts, is_whole=n_rows == facts.measured.n_rows)
    return file.getvalue()


def _write_rows(book, write: "_Writer", header: list[str], rows: Iterable[Iterable]) -> int:
    page = book.add_worksheet(_("Rows"))
    page.freeze_panes(1, 0)
    for column, name in enumerate(header):
        page.set_column(column, column, max(_NARROWEST, min(_WIDEST, len(name) + 3)))
        write.text(page, 0, column, name, write.bold)
    n_rows = 0
    for n_rows, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            write.cell(page, n_rows, column, value)
    return n_rows


def _write_facts(book, write: "_Writer", facts: Facts, *, is_whole: bool) -> None:
    page = book.add_worksheet(_("About"))
    page.set_column(0, 0, _WIDEST)
    page.set_column(1, 1, 2 * _WIDEST)
    for number, (label, value) in enumerate(facts.lines() if is_whole else [(_("Rows"), changed())]):
        write.text(page, number, 0, label, write.bold)
        write.cell(page, number, 1, value)


class _Writer:
    """Writes cells by their kind, with the few formats that a workbook needs."""

    def __init__(self, book):
        self.book, self.formats = book, {}
        self.bold = book.add_format({"bold": True})

    def format(self, **properties):
        key = tuple(properties.items())
        if key not in self.formats:
            self.formats[key] = self.book.add_format(properties)
        return self.formats[key]

    def cell(self, page, row: int, column: int, value: Any) -> None:
        if value is None:
            return
        if isinstance(value, bool):
            page.write_boolean(row, column, value)
        elif isinstance(value, int | Decimal) and len(Decimal(value).as_tuple().digits) <= _DIGITS:
            page.write_number(row, column, value, self.format(num_format=_number_format(Decimal(value))))
        elif isinstance(value, date) and not isinstance(value, datetime) and value >= _FIRST_DAY:
            page.write_datetime(row, column, value, self.format(num_format="yyyy-mm-dd", align="left"))
        else:
            text = value.isoformat() if isinstance(value, date) else str(value)
            self.text(page, row, column, text, self.format(quote_prefix=True) if opens_a_formula(text) else None)

    def text(self, page, row: int, column: int, text: str, style=None) -> None:
        if len(text) > _LONGEST:
            text = text[: _LONGEST - 1] + "…"
        if text.startswith("<r>") and text.endswith("</r>"):
            text += " "  # else xlsxwriter takes it for markup of its own and writes it into the sheet as it is
        page.write_string(row, column, text, style)


def _number_format(value: Decimal) -> str:
    places = max(-value.as_tuple().exponent, 0)
    return "#,##0." + "0" * places if places else "0"
