"""Lists as files: what a list's columns are, and the CSV encoder of every export, on pages and in the API.

It knows nothing of the domain. A cell is text, a number, a day, a truth value or None. Numbers and days are written plainly
(`-42180.00`, `2020-02-06`), so that what is read back equals what was stored to the cent; None (not known) is an empty cell,
which is not `0`.

A file for people ends with an empty line and what it says of itself (`cpc.core.facts`): at the end, since a spreadsheet takes
the first line for the heads of the columns. A file for programs is the table alone; the facts are in the headers of the answer.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from cpc.core.facts import Facts
from cpc.core.fingerprints import Canon

CSV_TYPE = "text/csv; charset=utf-8; header=present"
BOM = "\ufeff"
ROWS_PER_CHUNK = 500
# What a spreadsheet takes for the start of a formula (OWASP, "CSV injection"), with the full-width forms that some of them fold
# to ASCII, and a separator of other locales before one. Blanks before any of them do not help the reader's program.
_STARTERS = frozenset("=+-@;＝＋－＠−")
_BLANKS = "\t\r\n\v\f \x00\xa0\u200b\u2060\ufeff"
_SUSPECT = _STARTERS | frozenset(_BLANKS)


@dataclass(frozen=True)
class Column:
    """One column: `key` names it for programs (the API's field), `label` (lazy) heads it for people, `read` takes a row."""

    key: str
    label: str
    read: Callable[[Any], Any]


class Overtaken(Exception):
    """The list has changed between counting and writing it. The answer breaks off, so that no program takes it for whole."""


@dataclass(frozen=True)
class Sheet:
    """An export: its file name without ending, its columns, and what a reader calls the list (`title`, lazy). Pages head it with
    labels, the API with keys. `canon`: what of a row counts when its figures are checked later; None: they cannot be."""

    name: str
    columns: tuple[Column, ...]
    title: str = ""
    canon: Canon | None = None

    @property
    def keys(self) -> list[str]:
        return [column.key for column in self.columns]

    @property
    def labels(self) -> list[str]:
        return [str(column.label) for column in self.columns]

    def rows(self, items: Iterable) -> Iterator[list]:
        readers = [column.read for column in self.columns]
        return ([read(item) for read in readers] for item in items)

    def for_people(self, items: Iterable, facts: Facts | None = None) -> StreamingHttpResponse:
        return stream_csv(f"{self.name}.csv", self.labels, self.rows(items), facts=facts)

    def for_programs(self, items: Iterable, facts: Facts | None = None) -> StreamingHttpResponse:
        return stream_csv(f"{self.name}.csv", self.keys, self.rows(items), facts=facts, bom=False)


def stream_csv(
    filename: str, header: Iterable[str], rows: Iterable[Iterable], *, facts: Facts | None = None, bom: bool = True
) -> StreamingHttpResponse:
    """The rows as a download, written while they are read. `filename` is ASCII; `rows` may be lazy and is read once.

    UTF-8. `bom`: for people. The mark at the start tells Excel so, which else shows "Organización" as noise; answers to programs
    do without it, and have the `facts` in their headers.
    """
    chunks = _in_language(get_language(), csv_chunks(header, rows, facts=facts, bom=bom))
    response = StreamingHttpResponse(chunks, content_type=CSV_TYPE)
    return as_download(response, filename, None if bom else facts)


def _in_language(language: str | None, chunks: Iterator[str]) -> Iterator[str]:
    """Rows are written after the view is left, when another language may be active; each piece is written in the reader's."""
    while True:
        with override(language):
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield chunk


def whole_csv(
    filename: str, header: Iterable[str], rows: Iterable[Iterable], *, facts: Facts | None = None, bom: bool = True
) -> HttpResponse:
    """The same in one piece, for a short list whose answer carries an ETag."""
    content = "".join(csv_chunks(header, rows, facts=facts, bom=bom))
    return as_download(HttpResponse(content, content_type=CSV_TYPE), filename, None if bom else facts)


def csv_chunks(header: Iterable[str], rows: Iterable[Iterable], *, facts: Facts | None = None, bom: bool = True) -> Iterator[str]:
    """RFC 4180 text in pieces of some hundred rows; the head comes at once, before the first row has been read."""
    written: list[str] = []
    writer = csv.writer(_Into(written))
    writer.writerow([cell(name) for name in header])
    yield (BOM if bom else "") + "".join(written)
    lines, n_rows = iter(rows), 0
    while chunk := list(islice(lines, ROWS_PER_CHUNK)):
        written.clear()
        writer.writerows([cell(value) for value in row] for row in chunk)
        n_rows += len(chunk)
        yield "".join(written)
    if facts is None:
        return
    is_whole = n_rows == facts.measured.n_rows
    if bom:
        written.clear()
        writer.writerows([cell(value) for value in line] for line in [(), *(facts.lines() if is_whole else [(changed(),)])])
        yield "".join(written)
    elif not is_whole:
        raise Overtaken(f"{n_rows} rows were written, {facts.measured.n_rows} were counted.")


def changed() -> str:
    return _("The list changed while this file was written. Ask for it again.")


def cell(value: Any) -> str:
    """The text of one cell. Text that a spreadsheet would run as a formula gets a leading apostrophe, numbers never do."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int):
        return f"{value:d}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if opens_a_formula(text) else text


def opens_a_formula(text: str) -> bool:
    """Whether a spreadsheet that reads `text` from a file may take it for a formula."""
    return text[:1] in _SUSPECT and (text[0] in "\t\r\n\x00" or text.lstrip(_BLANKS)[:1] in _STARTERS)


class _Into:
    """A file to write to that keeps the lines in a list."""

    def __init__(self, lines: list[str]):
        self.write = lines.append


def as_download(response, filename: str, facts: Facts | None = None):
    """`facts`: what goes into the headers, for programs."""
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.headers["Cache-Control"] = "private, no-cache"
    for name, value in (facts.headers() if facts else {}).items():
        response.headers[name] = value
    return response
