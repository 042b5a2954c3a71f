"""Lists as CSV: the one encoder of every export, on pages and in the API. It knows nothing of the domain.

A cell is text, a number, a day, a truth value or None. Numbers and days are written plainly (`-42180.00`, `2020-02-06`), so that
what is read back equals what was stored to the cent; None (not known) is an empty cell, which is not `0`.
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


@dataclass(frozen=True)
class Sheet:
    """An export: its file name without ending, and its columns. Pages head it with labels, the API with keys."""

    name: str
    columns: tuple[Column, ...]

    @property
    def keys(self) -> list[str]:
        return [column.key for column in self.columns]

    @property
    def labels(self) -> list[str]:
        return [str(column.label) for column in self.columns]

    def rows(self, items: Iterable) -> Iterator[list]:
        readers = [column.read for column in self.columns]
        return ([read(item) for read in readers] for item in items)

    def for_people(self, items: Iterable) -> StreamingHttpResponse:
        return stream_csv(f"{self.name}.csv", self.labels, self.rows(items))

    def for_programs(self, items: Iterable) -> StreamingHttpResponse:
        return stream_csv(f"{self.name}.csv", self.keys, self.rows(items), bom=False)


def stream_csv(filename: str, header: Iterable[str], rows: Iterable[Iterable], *, bom: bool = True) -> StreamingHttpResponse:
    """The rows as a download, written while they are read. `filename` is ASCII; `rows` may be lazy and is read once.

    UTF-8. The mark at the start tells Excel so, which else shows "Organización" as noise; answers to programs do without it.
    """
    chunks = _in_language(get_language(), csv_chunks(header, rows, bom=bom))
    response = StreamingHttpResponse(chunks, content_type="text/csv; charset=utf-8; header=present")
    return _as_download(response, filename)


def _in_language(language: str | None, chunks: Iterator[str]) -> Iterator[str]:
    """Rows are written after the view is left, when another language may be active; each piece is written in the reader's."""
    while True:
        with override(language):
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield chunk


def whole_csv(filename: str, header: Iterable[str], rows: Iterable[Iterable], *, bom: bool = True) -> HttpResponse:
    """The same in one piece, for a short list whose answer carries an ETag."""
    content = "".join(csv_chunks(header, rows, bom=bom))
    return _as_download(HttpResponse(content, content_type="text/csv; charset=utf-8; header=present"), filename)


def csv_chunks(header: Iterable[str], rows: Iterable[Iterable], *, bom: bool = True) -> Iterator[str]:
    """RFC 4180 text in pieces of some hundred rows; the head comes at once, before the first row has been read."""
    written: list[str] = []
    writer = csv.writer(_Into(written))
    writer.writerow([cell(name) for name in header])
    yield (BOM if bom else "") + "".join(written)
    lines = iter(rows)
    while chunk := list(islice(lines, ROWS_PER_CHUNK)):
        written.clear()
        writer.writerows([cell(value) for value in row] for row in chunk)
        yield "".join(written)


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
    if text[:1] in _SUSPECT and _opens_a_formula(text):
        return f"'{text}"
    return text


def _opens_a_formula(text: str) -> bool:
    return text[0] in "\t\r\n\x00" or text.lstrip(_BLANKS)[:1] in _STARTERS


class _Into:
    """A file to write to that keeps the lines in a list."""

    def __init__(self, lines: list[str]):
        self.write = lines.append


def _as_download(response, filename: str):
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response
