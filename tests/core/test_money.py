from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cpc.core import money
from cpc.core.money import (
    ReadingError,
    currency_choices,
    currency_codes,
    currency_symbol,
    format_money,
    format_number,
    parse_amount,
    parse_count,
    round_half_up,
    validate_currency,
)

NBSP = "\u00a0"
cents = st.integers(-99_999_999_999_999, 99_999_999_999_999)
amounts = cents.map(lambda n: Decimal(n).scaleb(-2))
languages = st.sampled_from(["en", "es"])


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("0.005", "0.01"), ("0.004999", "0.00"), ("-0.005", "-0.01"), ("2.675", "2.68"), ("2.665", "2.67"), ("1E+3", "1000.00"),
     ("-0.001", "0.00"), ("12345678901234567890123456789012.345", "12345678901234567890123456789012.35")],
)  # fmt: skip
def test_halves_go_away_from_zero(value, rounded):
    assert str(round_half_up(Decimal(value))) == rounded


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6), st.integers(0, 4))
def test_rounding_equals_exact_fractions(value, places):
    scaled = abs(Fraction(value)) * 10**places
    expected = Fraction((scaled + Fraction(1, 2)).__floor__(), 10**places) * (-1 if value < 0 else 1)
    assert Fraction(round_half_up(value, places)) == expected


@pytest.mark.parametrize("value", [1.5, float("nan"), "1.5", None, True])
def test_only_exact_numbers_are_money(value):
    with pytest.raises(TypeError, match="Decimal"):
        round_half_up(value)


@given(st.lists(amounts, max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_addition_never_matters(values, random: Random):
    shuffled = random.sample(values, len(values))
    assert sum(values, Decimal()) == sum(shuffled, Decimal())


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [("6700000", "USD", f"US${NBSP}6,700,000"), ("6700000.00", "USD", f"US${NBSP}6,700,000"),
     ("2463433.41", "USD", f"US${NBSP}2,463,433.41"), ("5612400.5", "PEN", f"S/{NBSP}5,612,400.50"),
     ("-42180", "USD", f"−US${NBSP}42,180"), ("0", "USD", f"US${NBSP}0"),
     ("0.005", "USD", f"US${NBSP}0.01"), ("-0.001", "USD", f"US${NBSP}0"), ("999.995", "USD", f"US${NBSP}1,000")],
)  # fmt: skip
def test_money_is_shown_alike_in_both_languages(amount, currency, shown, language):
    assert format_money(Decimal(amount), currency, language) == shown


def test_a_change_of_a_balance_shows_its_sign():
    assert format_money(Decimal(5000000), "USD", "en", signed=True) == f"+US${NBSP}5,000,000"
    assert format_money(Decimal(0), "USD", "en", signed=True) == f"US${NBSP}0"


def test_unknown_money_is_said_in_words():
    assert format_money(None, "USD", "en") == "not reported"
    assert format_money(None, "USD", "en", "not published") == "not published"
    assert format_number(None, "en") == "not reported"
    assert format_number(None, "en", "") == ""


@pytest.mark.parametrize(
    ("currency", "symbol"),
    [("USD", "US$"), ("EUR", "€"), ("PEN", "S/"), ("GHS", "GH₵"), ("PHP", "₱"), ("JMD", "JMD"), ("MNT", "₮"), ("COP", "COP"),
     ("EGP", "EGP"), ("SEK", "SEK"), ("XDR", "XDR")],
)  # fmt: skip
def test_a_sign_stands_for_one_currency_only(currency, symbol):
    assert currency_symbol(currency) == symbol


def test_no_two_currencies_share_a_sign():
    symbols = [currency_symbol(code) for code in currency_codes()]
    assert len(set(symbols)) == len(symbols)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("n", "shown"), [(0, "0"), (1234567, "1,234,567"), (-5, "−5"), (Decimal("1234.5"), "1,234.5"), (Decimal("3.2475"), "3.2475")]
)
def test_numbers_are_shown_alike_in_both_languages(n, shown, language):
    assert format_number(n, language) == shown


@pytest.mark.parametrize(
    ("text", "amount"),
    [("1,234.50", "1234.50"), ("1234.5", "1234.50"), ("1234", "1234.00"), ("1,234", "1234.00"), (" 0 ", "0.00"),
     ("0.01", "0.01"),
     ("12,345,678.90", "12345678.90"), ("999,999,999,999.99", "999999999999.99"), ("007", "7.00"), ("-0", "0.00"),
     (f"{NBSP}5{NBSP}", "5.00"), ("000000000000000001", "1.00")],
)  # fmt: skip
def test_amounts_as_people_type_them(text, amount):
    for language in ("en", "es"):
        with translation.override(language):
            assert str(parse_amount(text)) == amount


REFUSED = [
    ("", "required"), ("   ", "required"), (None, "required"), ("1.234,50", "separators"), ("1.234", "decimals"),
    ("0.005", "decimals"),
    ("1.", "invalid"), (".5", "invalid"), ("1,23", "separators"), ("1,2345", "separators"), ("12,34,567", "separators"),
    ("1,234,50", "separators"), (",5", "separators"), ("1 234.50", "invalid"), (f"1{NBSP}234.50", "invalid"),
    ("1.234.567", "invalid"),
    ("NaN", "invalid"), ("nan", "invalid"), ("Infinity", "invalid"), ("-Infinity", "invalid"), ("sNaN", "invalid"),
    ("1e5", "invalid"),
    ("1E400", "invalid"), ("1e-400", "invalid"), ("0x10", "invalid"), ("1_000", "invalid"), ("١٢", "invalid"),
    ("１２", "invalid"),
    ("1２", "invalid"), ("−5", "negative"), ("-0.01", "negative"), ("+5", "invalid"), ("--5", "invalid"), ("(5)", "invalid"),
    ("US$ 5", "invalid"), ("$5", "invalid"), ("S/ 5", "invalid"), ("5 USD", "invalid"), ("5%", "invalid"), ("true", "invalid"),
    ("[1]", "invalid"), ("=1+1", "invalid"), ("1\x00", "invalid"), ("1\n2", "invalid"), ("½", "invalid"), ("²", "invalid"),
    ("1,000,000,000,000", "too_large"), ("9" * 13, "too_large"), ("9" * 31, "too_large"), ("9" * 100_000, "invalid"),
    ("\u202e5", "invalid"), ("\ufeff5", "invalid"), ("' OR 1=1--", "invalid"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_every_other_amount_is_refused_with_a_sentence(text, code):
    with pytest.raises(ReadingError, match=r"[.]") as refused:
        parse_amount(text)
    assert refused.value.code == code
    assert isinstance(refused.value, ValueError)
    if code not in ("too_large",):
        assert "1,234.50" in str(refused.value)


def test_a_negative_amount_is_read_where_it_makes_sense():
    assert parse_amount("-1,234.50", allow_negative=True) == Decimal("-1234.50")
    assert parse_amount("−1", allow_negative=True) == Decimal("-1.00")
    assert str(parse_amount("-0.00", allow_negative=True)) == "0.00"


def test_more_places_for_rates():
    assert parse_amount("3.2475", places=4) == Decimal("3.2475")
    with pytest.raises(ReadingError, match="4 digits"):
        parse_amount("3.24751", places=4)


@given(amounts, languages)
def test_an_amount_is_read_back_from_what_the_form_shows(amount, language):
    with translation.override(language):
        shown = money.MoneyFormField().prepare_value(amount)
        assert parse_amount(shown, allow_negative=True) == amount


@given(amounts, languages)
def test_a_shown_amount_reads_back_without_its_sign(amount, language):
    shown = format_money(amount, "USD", language).replace(f"US${NBSP}", "")
    assert parse_amount(shown, allow_negative=True) == amount


@given(st.text(max_size=30))
def test_no_text_does_more_than_be_refused(text):
    for read in (parse_amount, parse_count):
        try:
            value = read(text)
        except ReadingError:
            continue
        assert value >= 0
        assert text.strip().isascii()


@pytest.mark.parametrize(
    ("text", "count"), [("0", 0), ("12", 12), ("1,234", 1234), (" 7 ", 7), ("007", 7), ("999,999,999", 999_999_999)]
)
def test_counts(text, count):
    assert parse_count(text) == count


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "required"), ("1.5", "invalid"), ("1.0", "invalid"), ("1.234", "invalid"), ("-1", "invalid"), ("+1", "invalid"),
     ("１２", "invalid"),
     ("١٢", "invalid"), ("1e3", "invalid"), ("1,23", "invalid"), ("NaN", "invalid"), ("1000000000", "too_large"),
     ("2147483648", "too_large"),
     ("9223372036854775808", "too_large"), ("9" * 50, "invalid"), ("True", "invalid"), ("1 000", "invalid")],
)  # fmt: skip
def test_other_counts_are_refused(text, code):
    with pytest.raises(ReadingError) as refused:
        parse_count(text)
    assert refused.value.code == code


def test_currencies_are_those_in_use():
    assert {"USD", "PEN", "GHS", "PHP", "JMD", "MNT", "COP", "XOF", "EUR"} <= currency_codes()
    assert not {"PEI", "DEM", "XXX", "XTS", "XAU"} & currency_codes()
    assert ("PEN", "PEN – sol peruano") in currency_choices("es")
    assert [code for code, _name in currency_choices("en")] == sorted(currency_codes())


@pytest.mark.parametrize("code", ["usd", "US", "USDX", "XXX", "DEM", "ÜSD", "", "U$D"])
def test_an_unknown_currency_is_refused(code):
    with pytest.raises(ValidationError, match="USD"):
        validate_currency(code)
    validate_currency("USD")


def test_columns():
    assert (money.amount_field(null=True).max_digits, money.amount_field().decimal_places) == (14, 2)
    assert money.amount_field(null=True).null
    with pytest.raises(ValidationError):
        money.currency_field().run_validators("XXX")
