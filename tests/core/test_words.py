"""What may be written: plain text, nothing hidden, nothing about a person."""

import pytest
from django.core.exceptions import ValidationError

from cpc.core.words import clean_text

ABOUT_A_PERSON = [
    "Her DNI is 12345678", "12345678", "DNI 12.345.678", "12 345 678", "tel. 987654321", "+51 987 654 321", "987-654-321",
    "(01) 234-5678", "write to ana.p@example.org.pe", "Expediente N° 123-2019", "carpeta fiscal nro. 45", "case no. 7",
    "Caso #12",
]  # fmt: skip
ORDINARY = [
    "Training on 2020-02-05", "From 05/02/2020 to 07/02/2020", "2018-2019", "2017, 2018 2019", "S/ 12,000,000 for shelters",
    "Law 30963 and Legislative Decree 1323", "300 officials of 25 institutions", "Case studies 1 to 3", "2 CFR 200.308",
    "Niñas y niños: ¿qué saben? – “uno”", "👩‍🏫 workshop", "Res. 203-2019", "Room 101, 9:00–12:30",
]  # fmt: skip
HIDDEN = [
    "a\x00b",
    "a\x1bb",
    "a\u202eb",
    "a\u2066b",
    "a\u200bb",
    "a\ufeffb",
    "a\u2028b",
    "a\ue000b",
    "e" + "\u0301" * 8,
    "two\nlines",
]


@pytest.mark.parametrize("text", ABOUT_A_PERSON)
def test_data_about_a_person_is_refused_with_the_rule(text):
    with pytest.raises(ValidationError, match="no data about a person"):
        clean_text(text)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_stays_as_it_is(text):
    assert clean_text(text) == text


@pytest.mark.parametrize("text", HIDDEN, ids=ascii)
def test_what_cannot_be_seen_is_refused(text):
    with pytest.raises(ValidationError, match="cannot be seen"):
        clean_text(text)


def test_text_is_stored_in_nfc_with_plain_line_breaks():
    assert clean_text("  n\u0303\r\nb\rc\td ", lines=True) == "ñ\nb\nc\td"


def test_a_refusal_is_quick_for_a_text_made_to_be_slow():
    clean_text("1 " * 7 + "x " * 2000, lines=True)
    clean_text("a@" * 2000, lines=True)
