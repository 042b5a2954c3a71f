"""A fingerprint says what an export held: signed, the same in whatever order the rows come, and the same in SQL as in Python."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.conf import settings as site
from django.core import signing
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as some

from cpc.core.fingerprints import LONGEST, SALT, Fingerprint, Unreadable, digest_of, seal, unseal

MADE = datetime(2020, 2, 10, 14, 5, tzinfo=UTC)
ONE = Fingerprint(
    "award-actions", "peru-2017", {"level": "prime"}, date(2020, 2, 6), date(2020, 2, 10), MADE,
    datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=UTC), 2, {"USD": Decimal("6700000.00")}, "0" * 64,
)  # fmt: skip

values = some.one_of(
    some.none(),
    some.decimals(min_value=-(10**12), max_value=10**12, places=2),
    some.dates(),
    some.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789-", max_size=20),
)
rows = some.lists(some.tuples(some.text(alphabet="abc0123456789-", min_size=1), values, values), max_size=12)


@given(rows, some.randoms())
def test_the_digest_does_not_depend_on_the_order_of_the_rows(found, random):
    shuffled = list(found)
    random.shuffle(shuffled)
    assert digest_of(shuffled) == digest_of(found)


@given(rows, rows)
def test_other_rows_have_another_digest(found, others):
    def plain(cell) -> str:
        return f"{cell:f}" if isinstance(cell, Decimal) else str(cell or "")

    def canonical(many):
        return sorted([plain(cell) for cell in row] for row in many)

    assert (digest_of(found) == digest_of(others)) == (canonical(found) == canonical(others))


def test_a_row_twice_is_not_a_row_once():
    assert digest_of([("a", 1)]) != digest_of([("a", 1), ("a", 1)])
    assert digest_of([]) != digest_of([("",)])


def test_what_was_sealed_is_what_is_read():
    assert unseal(seal(ONE)) == ONE


def test_a_mail_may_break_the_line():
    text = seal(ONE)
    assert unseal(f"  {text[:70]}\r\n {text[70:]}\n") == ONE


def test_it_is_one_line_that_a_spreadsheet_takes_for_text():
    text = seal(ONE)
    assert len(text) < LONGEST / 5
    assert text.isascii()
    assert not set(text) & set(" =+,;\"'\n")


@pytest.mark.parametrize("position", range(0, 200, 7))
def test_one_changed_letter_is_noticed(position):
    text = seal(ONE)
    position %= len(text)
    other = "A" if text[position] != "A" else "B"
    with pytest.raises(Unreadable):
        unseal(text[:position] + other + text[position + 1 :])


@pytest.mark.parametrize("text", ["", "x", "a:b:c", ":::", "ñ" * 50, "\0", ".eJw:1:1"])
def test_what_is_no_fingerprint_is_refused(text):
    with pytest.raises(Unreadable):
        unseal(text)


def test_one_that_is_cut_off_is_refused():
    text = seal(ONE)
    for part in (text[:-1], text[1:], text[: len(text) // 2]):
        with pytest.raises(Unreadable):
            unseal(part)


def test_a_text_signed_for_something_else_is_no_fingerprint():
    with pytest.raises(Unreadable):
        unseal(signing.dumps([1, "award-actions"], compress=True))
    with pytest.raises(Unreadable, match="version"):
        unseal(signing.dumps([99], salt=SALT, compress=True))


def test_another_site_s_key_makes_another_fingerprint():
    with override_settings(SECRET_KEY="x" * 50):
        theirs = seal(replace(ONE, totals={"USD": Decimal("7200000.00")}))
    with pytest.raises(Unreadable):
        unseal(theirs)


def test_a_key_that_was_retired_still_opens_what_it_has_signed():
    text = seal(ONE)
    with override_settings(SECRET_KEY="x" * 50), pytest.raises(Unreadable):
        unseal(text)
    with override_settings(SECRET_KEY="x" * 50, SECRET_KEY_FALLBACKS=[site.SECRET_KEY]):
        assert unseal(text) == ONE
