"""Exchange rates from a CSV file of the documented form: all mistakes at once, each with its row and column, and all or nothing.

The form: UTF-8, commas between the columns, a first row with their names in any order, one rate a row. The list of rates is
exported in this form.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cpc.core.dates import parse_day
from cpc.core.labels import format_number
from cpc.core.money import validate_currency

from .models import ExchangeRate
from .rate_lines import MOST_DIGITS, PLACES, RateLine, plain
from .rate_services import compare, lock_table, write

COLUMNS = ("base", "quote", "kind", "rate", "record_date", "effective_date", "source", "citation")
MAY_BE_EMPTY = {"effective_date", "citation"}
MOST_BYTES, MOST_ROWS = 2_000_000, 20_000
_RATE = re.compile(rf"[0-9]{{1,{MOST_DIGITS}}}(\.[0-9]{{1,{PLACES}}})?")
_SOURCE = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,39}")
_FORMULA = re.compile(r"[\s\ufeff\u200b]*[=+\-@＝＋－＠]")  # what a spreadsheet would run; minus, too
_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


@dataclass(frozen=True)
class Mistake:
    """One thing that is wrong. `row`: as a spreadsheet counts, the head is 1; None: the whole file. `column`: "" for the row."""

    message: str
    row: int | None = None
    column: str = ""


class FileRefused(Exception):
    """Nothing was loaded. `mistakes` are all there are, in the order of the rows."""

    def __init__(self, mistakes: list[Mistake]):
        super().__init__("; ".join(mistake.message for mistake in mistakes))
        self.mistakes = mistakes


@dataclass
class Read:
    """What was read: each line with its row; and what was wrong."""

    lines: list[tuple[int, RateLine]] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)


@dataclass(frozen=True)
class Loaded:
    n_added: int
    n_unchanged: int


@transaction.atomic
def load_rates(content: bytes, *, name: str, actor, today: date) -> Loaded:
    """Load a file. `today`: no new rate may be later. Who may is the caller's question. Raises FileRefused with all mistakes."""
    read = read_rates(content)
    lock_table()
    lines = [line for _row, line in read.lines]
    found = compare(lines)
    mistakes = read.mistakes + differences(read, found.changed) + impossible(read, set(found.new), today)
    if mistakes:
        raise FileRefused(sorted(mistakes, key=lambda mistake: mistake.row or 0))
    write(found.new, actor=actor, through=name[:200])
    return Loaded(len(found.new), found.n_unchanged)


def differences(read: Read, changed: list) -> list[Mistake]:
    """A rate that is stored, or stands in the file, with another value: with both values."""
    rows = {id(line): row for row, line in read.lines}
    mistakes = []
    for line, other in changed:
        values = {"line": str(line), "stored": plain(other.rate), "given": plain(line.rate)}
        if isinstance(other, ExchangeRate):
            message = _("%(line)s is stored as %(stored)s; the file says %(given)s. A stored rate is never changed.") % values
        else:
            message = _("Row %(row)s gives %(line)s as %(stored)s, this one as %(given)s.") % {**values, "row": rows[id(other)]}
        mistakes.append(Mistake(message, rows[id(line)], "rate"))
    return mistakes


def impossible(read: Read, new: set[RateLine], today: date) -> list[Mistake]:
    """What a new rate may not be; one that is stored already is not judged again, so that an export can be loaded anywhere."""
    mistakes = []
    for row, line in read.lines:
        if line not in new:
            continue
        latest = {"latest": today.isoformat()}
        if line.record_date > today:
            mistakes.append(Mistake(_("This day is in the future; the latest is %(latest)s.") % latest, row, "record_date"))
        elif line.effective_date > today:
            mistakes.append(Mistake(_("This day is in the future; the latest is %(latest)s.") % latest, row, "effective_date"))
        if line.effective_date < line.record_date:
            mistakes.append(Mistake(_("A rate takes effect on its record date or later."), row, "effective_date"))
    return mistakes


def read_rates(content: bytes) -> Read:
    """The lines of a file, beside no table. Raises FileRefused where it cannot be read as a table at all."""
    rows = rows_of(text_of(content))
    columns = columns_of(next(rows, (1, []))[1])
    read = Read()
    for number, cells in rows:
        if number - 1 > MOST_ROWS:
            most = format_number(MOST_ROWS)
            raise FileRefused([Mistake(_("The file has more than %(most)s rows. Load it in parts.") % {"most": most})])
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            counts = {"found": len(cells), "expected": len(columns)}
            message = _("This row has %(found)s cells instead of %(expected)s. Put quotes around a text with a comma.") % counts
            read.mistakes.append(Mistake(message, number))
            continue
        line = line_of(dict(zip(columns, cells, strict=True)), number, read.mistakes)
        if line:
            read.lines.append((number, line))
    if not read.lines and not read.mistakes:
        raise FileRefused([Mistake(_("The file has no rates, only its first row."))])
    return read


def text_of(content: bytes) -> str:
    if not content.strip():
        raise FileRefused([Mistake(_("The file is empty."))])
    if len(content) > MOST_BYTES:
        most = format_number(MOST_BYTES // 1_000_000)
        raise FileRefused([Mistake(_("The file is larger than %(most)s MB. Load it in parts.") % {"most": most})])
    if content.startswith(b"PK\x03\x04") or content.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused([Mistake(_("This is a workbook. Save the sheet as “CSV UTF-8” and load that file."))])
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefused([Mistake(_("The file is written in UTF-16. Save it as “CSV UTF-8”."))])
    if b"\x00" in content:
        row = content[: content.index(b"\x00")].count(b"\n") + 1
        raise FileRefused([Mistake(_("There is a NUL character here, so this is not a text file. Save it as “CSV UTF-8”."), row)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        message = _("There are characters here that are not UTF-8, perhaps Windows-1252. Save the file as “CSV UTF-8”.")
        raise FileRefused([Mistake(message, row)]) from None


def rows_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with its number. Raises FileRefused where quotes do not close."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error:
            message = _("This row cannot be read: quotes must stand around the whole cell, and inside be doubled.")
            raise FileRefused([Mistake(message, number)]) from None


def columns_of(head: list[str]) -> list[str]:
    names = [name.strip() for name in head]
    form = ",".join(COLUMNS)
    if len(names) == 1:
        for separator, word in ((";", _("semicolons")), ("\t", _("tabs"))):
            if separator in names[0]:
                message = _("The columns are separated by %(word)s. Separate them by commas, like this: %(form)s")
                raise FileRefused([Mistake(message % {"word": word, "form": form}, 1)])
    mistakes = [
        Mistake(_("The column “%(name)s” stands twice.") % {"name": name}, 1, name)
        for name in dict.fromkeys(names)
        if names.count(name) > 1 and name
    ]
    mistakes += [
        Mistake(_("The column “%(name)s” is not known. The form is: %(form)s") % {"name": name[:60], "form": form}, 1)
        for name in dict.fromkeys(names)
        if name not in COLUMNS
    ]
    mistakes += [
        Mistake(_("The column “%(name)s” is missing. The form is: %(form)s") % {"name": name, "form": form}, 1, name)
        for name in COLUMNS
        if name not in names
    ]
    if mistakes:
        raise FileRefused(mistakes)
    return names


def line_of(cells: dict[str, str], row: int, mistakes: list[Mistake]) -> RateLine | None:
    """One row read; None where `mistakes` got longer."""
    found, before = {}, len(mistakes)
    for column in COLUMNS:
        text = cells[column].strip()
        try:
            found[column] = READERS[column](text) if text else empty(column)
        except ValueError as error:
            mistakes.append(Mistake(str(error), row, column))
    if len(mistakes) > before:
        return None
    if found["base"] == found["quote"]:
        mistakes.append(Mistake(_("A rate is between two currencies; this is twice the same."), row, "quote"))
        return None
    return RateLine(**found | {"effective_date": found["effective_date"] or found["record_date"]})


def empty(column: str):
    if column in MAY_BE_EMPTY:
        return "" if column == "citation" else None
    raise ValueError(_("This cell is empty."))


def read_currency(text: str) -> str:
    try:
        validate_currency(text)
    except ValidationError as error:
        raise ValueError(error.messages[0]) from None
    return text


def read_kind(text: str) -> str:
    if text not in ExchangeRate.Kind.values:
        raise ValueError(_("Write one of these: %(kinds)s.") % {"kinds": ", ".join(ExchangeRate.Kind.values)})
    return text


def read_rate(text: str) -> Decimal:
    if not _RATE.fullmatch(text):
        example = {"places": PLACES, "digits": MOST_DIGITS}
        raise ValueError(
            _(
                "Write the rate in digits with a point, no more than %(digits)s before and %(places)s after it, for example "
                "3.2475. It is greater than 0."
            )
            % example
        )
    if not (rate := Decimal(text)):
        raise ValueError(_("A rate is greater than 0."))
    return rate


def read_source(text: str) -> str:
    if not _SOURCE.fullmatch(text):
        raise ValueError(_("Write the source as a short code in capitals, for example TREASURY or IMF-IFS."))
    return text


def read_citation(text: str) -> str:
    if _FORMULA.match(text):
        raise ValueError(_("This text begins like a formula of a spreadsheet. Begin it with a letter."))
    if len(text) > 300:
        raise ValueError(_("No more than %(most)s characters.") % {"most": 300})
    if any(unicodedata.category(letter) in _UNSEEN for letter in text):
        raise ValueError(_("There are line breaks or invisible characters here."))
    return unicodedata.normalize("NFC", text)


READERS = {
    "base": read_currency,
    "quote": read_currency,
    "kind": read_kind,
    "rate": read_rate,
    "record_date": parse_day,
    "effective_date": parse_day,
    "source": read_source,
    "citation": read_citation,
}
