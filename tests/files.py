"""Reads the files that pages and the API give, as another program would: CSV by the standard library, workbooks by their XML."""

import csv
import io
import re
import zipfile
from datetime import date, timedelta
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REFERENCE = re.compile(r"([A-Z]+)([0-9]+)")
EPOCH = date(1899, 12, 30)


def bytes_of(answer) -> bytes:
    """What was sent; a streamed answer can be read once, and is kept."""
    if not answer.streaming:
        return answer.content
    if not hasattr(answer, "was_read"):
        answer.was_read = answer.getvalue()
    return answer.was_read


def csv_parts(answer) -> tuple[str, str]:
    """The table and, below the first empty line, what the file says of itself."""
    table, _gap, about = bytes_of(answer).decode("utf-8-sig").partition("\r\n\r\n")
    return table, about


def table(answer) -> list[dict]:
    """The rows of a CSV file for people or programs."""
    return list(csv.DictReader(io.StringIO(csv_parts(answer)[0], newline="")))


def about(answer) -> dict[str, str]:
    """What a CSV file for people says of itself."""
    return dict(csv.reader(io.StringIO(csv_parts(answer)[1], newline="")))


class Workbook:
    """The cells of a workbook. `rows` and `about` are its two sheets as lists of rows; `xml` is the text of all its parts."""

    def __init__(self, answer):
        with zipfile.ZipFile(io.BytesIO(bytes_of(answer))) as file:
            self.parts = {name: file.read(name).decode() for name in file.namelist()}
        self.names = re.findall(r'<sheet name="([^"]+)"', self.parts["xl/workbook.xml"])
        self.dates = self._date_styles()
        self.rows, self.about = (self._sheet(number) for number in (1, 2))

    @property
    def facts(self) -> dict:
        return {row[0]: row[1] for row in self.about}

    @property
    def table(self) -> list[dict]:
        head, *rows = self.rows
        return [dict(zip(head, row + [None] * (len(head) - len(row)), strict=True)) for row in rows]

    @property
    def xml(self) -> str:
        return "\n".join(self.parts.values())

    def _date_styles(self) -> set[int]:
        styles = ElementTree.fromstring(self.parts["xl/styles.xml"])
        formats = {one.get("numFmtId") for one in styles.iter(f"{MAIN}numFmt") if "yyyy" in one.get("formatCode")}
        styled = styles.find(f"{MAIN}cellXfs").findall(f"{MAIN}xf")
        return {number for number, one in enumerate(styled) if one.get("numFmtId") in formats}

    def _sheet(self, number: int) -> list[list]:
        sheet = ElementTree.fromstring(self.parts[f"xl/worksheets/sheet{number}.xml"])
        return [self._row(row) for row in sheet.iter(f"{MAIN}row")]

    def _row(self, row) -> list:
        cells = {_column(cell.get("r")): self._value(cell) for cell in row.findall(f"{MAIN}c")}
        return [cells.get(number) for number in range(max(cells) + 1)]

    def _value(self, cell):
        """Text, number, truth value or day. A formula would be a KeyError of the reader."""
        assert cell.find(f"{MAIN}f") is None, "a formula"
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return "".join(text.text or "" for text in cell.iter(f"{MAIN}t"))
        value = cell.find(f"{MAIN}v").text
        if kind == "b":
            return value == "1"
        number = {"n": float}[kind](value)
        return EPOCH + timedelta(days=number) if int(cell.get("s", 0)) in self.dates else number


def _column(reference: str) -> int:
    number = 0
    for letter in REFERENCE.fullmatch(reference)[1]:
        number = number * 26 + ord(letter) - 64
    return number - 1
