"""The one CSV encoder: what a spreadsheet would run stays text, the unknown stays empty, rows are read while they are written."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.utils import translation

from cpc.core.facts import Facts
from cpc.core.fingerprints import Measured
from cpc.core.sheets import BOM, ROWS_PER_CHUNK, Column, Overtaken, Sheet, cell, csv_chunks, stream_csv, whole_csv

HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\x00=1", "＝1+1", "＋1", "－1", "＠x", "−1", ";=1",
    " =1", "\xa0=1", "\ufeff=1", "\u200b=cmd|' /C calc'!A0", '=HYPERLINK("http://example.org","x")', "- a list item",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_opens_a_formula_gets_an_apostrophe(text):
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Organización", "a=b", "1;2", " two words", "'quoted", "S/ 8,000,000", "¿Qué?", ""])
def test_other_text_stays_as_it_is(text):
    assert cell(text) == text


def test_numbers_are_never_guarded_and_never_rounded():
    assert cell(Decimal("-42180.00")) == "-42180.00"
    assert cell(Decimal("1E+3")) == "1000"
    assert cell(-3) == "-3"
    assert cell(0) == "0"


def test_the_unknown_is_empty_and_a_day_is_iso():
    assert [cell(None), cell(date(2020, 2, 6)), cell(True), cell(False)] == ["", "2020-02-06", "true", "false"]


def test_what_is_read_back_equals_what_was_written():
    rows = [["a,b", 'say "so"', "two\nlines"], ["ñ", None, Decimal("0.10")]]
    text = "".join(csv_chunks(["x", "y", "z"], rows, bom=False))
    assert list(csv.reader(StringIO(text, newline=""))) == [["x", "y", "z"], ["a,b", 'say "so"', "two\nlines"], ["ñ", "", "0.10"]]


def test_the_head_is_sent_before_the_first_row_is_read():
    read = []
    rows = (read.append(n) or [n] for n in range(3 * ROWS_PER_CHUNK))
    chunks = csv_chunks(["n"], rows)
    assert next(chunks) == f"{BOM}n\r\n"
    assert read == []
    next(chunks)
    assert len(read) == ROWS_PER_CHUNK


def test_people_get_labels_and_a_mark_programs_get_keys_and_none():
    sheet = Sheet("things", (Column("size", "Tamaño", lambda item: item),))
    people, programs = sheet.for_people([1]), sheet.for_programs([1])
    assert b"".join(people.streaming_content).decode() == f"{BOM}Tamaño\r\n1\r\n"
    assert b"".join(programs.streaming_content).decode() == "size\r\n1\r\n"
    assert people["Content-Disposition"] == 'attachment; filename="things.csv"'
    assert people["Cache-Control"] == "private, no-cache"


def test_whole_and_streamed_are_the_same_bytes():
    rows = [["=x", n] for n in range(1200)]
    streamed = b"".join(stream_csv("a.csv", ["t", "n"], rows).streaming_content)
    assert whole_csv("a.csv", ["t", "n"], rows).content == streamed


def test_rows_are_written_in_the_reader_s_language_after_the_view_is_left():
    with translation.override("es"):
        response = stream_csv(
            "a.csv", ["language"], ([translation.get_language()] for _n in range(2 * ROWS_PER_CHUNK)), bom=False
        )
    with translation.override("en"):
        lines = b"".join(response.streaming_content).decode().split()
        assert translation.get_language() == "en"
    assert set(lines[1:]) == {"es"}


MADE = datetime(2020, 2, 10, 14, 5, tzinfo=UTC)


def facts_of(n_rows, **fields) -> Facts:
    return Facts(title="Things", measured=Measured(n_rows, {"USD": Decimal("3.00")}), made_at=MADE, zone="America/Lima", **fields)


def text_of(answer) -> str:
    return b"".join(answer.streaming_content).decode().removeprefix(BOM)


def test_a_file_for_people_ends_with_what_it_is():
    sheet = Sheet("things", (Column("size", "Size", lambda item: item),))
    table, about = text_of(sheet.for_people([1, 2], facts_of(2, filters=(("Kind", "=cash"),), fingerprint="abc"))).split(
        "\r\n\r\n"
    )
    assert table == "Size\r\n1\r\n2"
    assert dict(csv.reader(StringIO(about))) == {
        "List": "Things", "Only rows with": "Kind: =cash", "Rows": "2", "Total, USD": "3.00",
        "Made": "10\xa0Feb\xa02020,\xa009:05 (America/Lima)", "Fingerprint": "abc", "Where to check it": "",
    }  # fmt: skip


def test_a_file_for_programs_is_the_table_alone_and_says_the_rest_in_its_headers():
    sheet = Sheet("things", (Column("size", "Size", lambda item: item),))
    answer = sheet.for_programs([1, 2], facts_of(2, fingerprint="abc"))
    assert text_of(answer) == "size\r\n1\r\n2\r\n"
    assert {name: value for name, value in answer.headers.items() if name.startswith("Alianza-")} == {
        "Alianza-Rows": "2", "Alianza-Made-At": "2020-02-10T14:05:00+00:00", "Alianza-Total-USD": "3.00",
        "Alianza-Fingerprint": "abc",
    }  # fmt: skip


def test_a_list_that_changed_while_it_was_written_is_not_taken_for_whole():
    sheet = Sheet("things", (Column("size", "Size", lambda item: item),))
    assert text_of(sheet.for_people([1], facts_of(2))).endswith(
        "1\r\n\r\nThe list changed while this file was written. Ask for it again.\r\n"
    )
    with pytest.raises(Overtaken, match="1 rows were written, 2 were counted"):
        text_of(sheet.for_programs([1], facts_of(2)))
