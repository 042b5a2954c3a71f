"""Money: `Decimal(14, 2)` with a currency beside it, rounded half-up in this one place, shown and read alike in both languages.

Thousands stand apart by a comma and the decimal mark is the point; "1.234,50" is refused, never guessed at.
"""

import re
import unicodedata
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import format_decimal, get_currency_name, get_currency_symbol
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from cpc.core.labels import NBSP, format_number, locale_of, unknown_words

__all__ = [
    "CountFormField", "MoneyFormField", "ReadingError", "amount_field", "currency_choices", "currency_codes", "currency_field",
    "currency_symbol", "format_money", "format_number", "parse_amount", "parse_count", "round_half_up", "validate_currency",
]  # fmt: skip

MAX_DIGITS, PLACES = 14, 2
MAX_COUNT = 999_999_999
LONGEST = 40
_WHOLE = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)"
_AMOUNT = re.compile(rf"([-−]?)({_WHOLE})(?:\.([0-9]+))?")
_COUNT = re.compile(_WHOLE)


class ReadingError(ValueError):
    """What was typed cannot be read. Its text is a sentence with an example, for the field; `code` is stable."""

    def __init__(self, message: str, code: str):
        super().__init__(message)
        self.code = code


def round_half_up(value: Decimal, places: int = PLACES) -> Decimal:
    """`value` to `places` decimals, halves away from zero, as SQL's `round(numeric)` does. Raises TypeError for a float."""
    if not isinstance(value, Decimal | int) or isinstance(value, bool):
        raise TypeError(f"Money is Decimal, not {type(value).__name__}.")
    return sum_half_up([Decimal(value)], places)


def sum_half_up(values: Iterable[Decimal], places: int = PLACES) -> Decimal:
    """The sum of `values`, each rounded by itself, halves away from zero. What an iterator computes on the way has 100 digits."""
    with localcontext() as context:
        context.prec = 100
        unit = Decimal(1).scaleb(-places)
        total = sum((value.quantize(unit, rounding=ROUND_HALF_UP) for value in values), Decimal(0).quantize(unit))
    return abs(total) if total == 0 else total  # never "-0.00"


@cache
def currency_symbol(currency: str) -> str:
    """A sign that no other currency shares: "US$" and "€", which are used worldwide, else the one used at home if it is
    distinct ("S/"), else the ISO code."""
    worldwide = get_currency_symbol(currency, "en_001")
    if worldwide != currency:
        return worldwide.replace(" ", NBSP)
    try:
        home = get_currency_symbol(currency, Locale.parse(f"und_{currency[:2]}"))  # ISO 4217: country, then currency
    except (UnknownLocaleError, ValueError):
        return currency
    # letters alone are shared ("kr.", "Rs"), and so are the bare signs of the large currencies
    distinct = not home.replace(".", "").isalpha() and home not in "$£¥€"
    readable = all(ch.isascii() or unicodedata.category(ch) == "Sc" for ch in home)
    return home if distinct and readable else currency


def format_money(
    amount: Decimal | None, currency: str, language: str | None = None, unknown: str | None = None, *, signed: bool = False
) -> str:
    """ "US$ 6,700,000", "S/ 5,612,400.50": cents only when there are any, a no-break space after the sign of the currency.

    None is said in words: `unknown`, or "not reported". A negative amount starts with a minus; with `signed` a positive one
    starts with a plus, for rows that change a balance.
    """
    if amount is None:
        return unknown_words(language) if unknown is None else unknown
    amount = round_half_up(amount)
    digits = format_decimal(abs(amount), "#,##0" if amount == amount.to_integral_value() else "#,##0.00", locale_of(language))
    sign = "−" if amount < 0 else "+" if signed and amount > 0 else ""
    return f"{sign}{currency_symbol(currency)}{NBSP}{digits}"


def parse_amount(text: str, *, places: int = PLACES, allow_negative: bool = False) -> Decimal:
    """Read an amount as a person types it: "1,234.50", "1234.5", "1,234". At most `places` decimals and 12 digits before them.

    Raises ReadingError (a ValueError) for anything else: "1.234,50", "1.234", "NaN", "1e5", other scripts' digits, a sign of
    a currency, and negative amounts unless `allow_negative`.
    """
    example = {"example": "1,234.50"}
    text = _stripped(text)
    if not text:
        raise ReadingError(_("Enter an amount, for example %(example)s.") % example, "required")
    found = _AMOUNT.fullmatch(text) if len(text) <= LONGEST else None
    if not found:
        if "," in text and re.fullmatch(r"[-−]?[0-9.,]+", text):
            message = _("Use the point for cents and the comma for thousands, for example %(example)s.") % example
            raise ReadingError(message, "separators")
        raise ReadingError(_("Enter the amount in digits alone, for example %(example)s.") % example, "invalid")
    sign, whole, decimals = found.group(1), found.group(2).replace(",", ""), found.group(3) or ""
    if len(decimals) > places:
        message = _("No more than %(places)s digits after the point, for example %(example)s.") % {**example, "places": places}
        raise ReadingError(message, "decimals")
    if len(whole.lstrip("0")) > MAX_DIGITS - PLACES:
        raise ReadingError(_("The amount is too large: no more than 999,999,999,999.99."), "too_large")
    amount = round_half_up(Decimal(f"{whole}.{decimals or 0}"), places)
    if sign and amount and not allow_negative:
        message = _("The amount cannot be negative here. Enter it without the minus, for example %(example)s.") % example
        raise ReadingError(message, "negative")
    return -amount if sign and amount else amount


def parse_count(text: str, *, maximum: int = MAX_COUNT) -> int:
    """Read a number of people or things: "0", "12", "1,234". Raises ReadingError for fractions, signs and other scripts."""
    text = _stripped(text)
    if not text:
        raise ReadingError(_("Enter a whole number, for example 12. If there were none, enter 0."), "required")
    if len(text) > LONGEST or not _COUNT.fullmatch(text):
        raise ReadingError(_("Enter a whole number without decimals or a sign, for example 12."), "invalid")
    number = int(text.replace(",", ""))
    if number > maximum:
        message = _("The number is too large: no more than %(maximum)s.") % {"maximum": format_number(maximum)}
        raise ReadingError(message, "too_large")
    return number


class _TypedNumberField(forms.Field):
    """A text box that is read by one of the functions above, so that both languages accept and refuse the same."""

    widget = forms.TextInput
    inputmode = "decimal"

    def to_python(self, value):
        if value is None or isinstance(value, str) and not value.strip():
            return None
        try:
            return self.read(str(value))
        except ReadingError as error:
            raise ValidationError(str(error), code=error.code) from None

    def prepare_value(self, value):
        """What was typed stays as typed; a stored number is shown as it may be typed."""
        return value if value is None or isinstance(value, str) else self.show(value)

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True

    def widget_attrs(self, widget):
        return {**super().widget_attrs(widget), "inputmode": self.inputmode, "autocomplete": "off"}


class MoneyFormField(_TypedNumberField):
    """An amount; cleans to Decimal with two places, or None. Its currency stands beside it, never in it."""

    def __init__(self, *, allow_negative: bool = False, **kw):
        self.allow_negative = allow_negative
        super().__init__(**kw)

    def read(self, text: str) -> Decimal:
        return parse_amount(text, allow_negative=self.allow_negative)

    def show(self, value) -> str:
        return f"{round_half_up(Decimal(value)):,.2f}"


class CountFormField(_TypedNumberField):
    """How many; cleans to int from 0 to `maximum`, or None for an empty cell, which is not zero."""

    inputmode = "numeric"

    def __init__(self, *, maximum: int = MAX_COUNT, **kw):
        self.maximum = maximum
        super().__init__(**kw)

    def read(self, text: str) -> int:
        return parse_count(text, maximum=self.maximum)

    def show(self, value) -> str:
        return str(value)


@cache
def currency_codes() -> frozenset[str]:
    """ISO 4217 codes of the currencies that are legal tender somewhere today."""
    tenders = (row for rows in get_global("territory_currencies").values() for row in rows)
    return frozenset(code for code, _start, end, is_tender in tenders if end is None and is_tender)


def currency_choices(language: str | None = None) -> list[tuple[str, str]]:
    """Codes with their names, for a select, in the order of the codes."""
    locale = locale_of(language)
    return [(code, f"{code} – {get_currency_name(code, locale=locale)}") for code in sorted(currency_codes())]


def validate_currency(code: str) -> None:
    """Raise ValidationError unless `code` is a currency in use."""
    if code not in currency_codes():
        raise ValidationError(_("Enter the three-letter code of a currency in use, for example USD."), code="unknown_currency")


def amount_field(**kw) -> models.DecimalField:
    """A column for an amount; its currency is the column beside it."""
    return models.DecimalField(**{"max_digits": MAX_DIGITS, "decimal_places": PLACES} | kw)


def currency_field(**kw) -> models.CharField:
    """A column for an ISO 4217 code."""
    return models.CharField(**{"max_length": 3, "validators": [validate_currency]} | kw)


def _stripped(text: str) -> str:
    return text.strip() if isinstance(text, str) else ""
