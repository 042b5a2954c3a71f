"""The kinds of value that a file may hold: how each is read, what the schema calls it, and which columns it fills."""

import re
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, get_args

from django.core.exceptions import ValidationError
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, model_validator

from cpc.core.dates import PreciseDate, parse_day
from cpc.core.money import ReadingError, parse_amount, validate_currency
from cpc.core.texts import LANGUAGES, TextState, other_language

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_RATE = re.compile(r"[0-9]{1,10}(\.[0-9]{1,8})?")


@dataclass(frozen=True)
class Kind:
    """`words` name the kind in the schema; `columns(name, value, loading)` are the model's columns that a value fills."""

    words: str
    columns: Callable = lambda name, value, loading: {name: value}


@dataclass(frozen=True)
class Reference(Kind):
    """A key of another row, in the file or in the database."""

    to: str = ""


def kind_of(field) -> Kind:
    """The kind of a pydantic field, however its annotation is nested."""
    return _kind_within(field.annotation, tuple(field.metadata)) or Kind("a value")


def _kind_within(annotation, metadata=()):
    for each in (*metadata, *getattr(annotation, "__metadata__", ())):
        if isinstance(each, Kind):
            return each
    return next((found for part in get_args(annotation) if (found := _kind_within(part))), None)


# How values are read


def read_key(value: str) -> str:
    if not _KEY.fullmatch(value):
        raise ValueError(
            f"{value!r} is not a key. A key is made of small letters, digits and single hyphens, for example peru-2017."
        )
    return value


def read_text(value):
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError(f'Put it in quotes, so that it is read as text: "{value}".')
    return value.strip() if isinstance(value, str) else value


def read_precise(value) -> PreciseDate:
    text = f"{value:04}" if isinstance(value, int) and not isinstance(value, bool) else value
    return PreciseDate.parse(text)


def read_day(value) -> date:
    return parse_day(value)


def read_money(value) -> Decimal:
    if isinstance(value, float):
        raise ValueError(f'Put the amount in quotes, for example "{value:.2f}": without them it is read as a binary fraction.')
    try:
        return parse_amount(f"{value}" if isinstance(value, int) and not isinstance(value, bool) else value, allow_negative=True)
    except ReadingError as error:
        raise ValueError(str(error)) from None


def read_rate(value) -> Decimal:
    if isinstance(value, float):
        raise ValueError(f'Put the rate in quotes, for example "{value}": without them it is read as a binary fraction.')
    text = f"{value}" if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _RATE.fullmatch(text) or not Decimal(text):
        raise ValueError('Write a rate greater than 0 with at most 8 decimals, in quotes, for example "3.2475".')
    return Decimal(text)


def read_currency(value: str) -> str:
    try:
        validate_currency(value)
    except ValidationError as error:
        raise ValueError(error.messages[0]) from None
    return value


def read_zone(value: str) -> str:
    if value not in zoneinfo.available_timezones():
        raise ValueError(f"{value!r} is no time zone. Write its IANA name, for example America/Lima.")
    return value


# What they fill


def day_columns(name, value, loading):
    return {f"{name}_on": value}


def latest_columns(name, value, loading):
    return {f"{name}_on": value and value.last, f"{name}_precision": value.precision if value else "day"}


def earliest_columns(name, value, loading):
    return {f"{name}_on": value and value.first, f"{name}_precision": value.precision if value else "day"}


def pair_columns(name, value, loading):
    return {f"{name}_en": value.en if value else "", f"{name}_es": value.es if value else ""}


def text_pair_columns(name, value, loading):
    if value is None:
        return {f"{name}_en": "", f"{name}_es": "", f"{name}_original": "en", f"{name}_state": TextState.MISSING}
    columns = {f"{name}_en": value.en, f"{name}_es": value.es}
    return columns | {f"{name}_original": value.original, f"{name}_state": value.state}


def text_columns(name, value, loading):
    return {name: value or ""}


Text = Annotated[str, BeforeValidator(read_text), Kind("text", text_columns)]
Key = Annotated[str, AfterValidator(read_key), BeforeValidator(read_text), Kind("a key: small letters, digits, hyphens")]
Code = Annotated[str, BeforeValidator(read_text), Kind("a code, in quotes where it looks like a number", text_columns)]
Whole = Annotated[int, Field(ge=0, le=2_147_483_647), Kind("a whole number")]
Flag = Annotated[bool, Kind("true or false")]
Money = Annotated[Decimal, BeforeValidator(read_money), Kind('an amount: a whole number, or text in quotes like "1700000.00"')]
Rate = Annotated[Decimal, BeforeValidator(read_rate), Kind('a rate in quotes like "3.2475"')]
Currency = Annotated[str, AfterValidator(read_currency), Kind("a currency: its ISO 4217 code", text_columns)]
Zone = Annotated[str, AfterValidator(read_zone), Kind("a time zone: its IANA name")]
Day = Annotated[date, BeforeValidator(read_day), Kind("a day like 2017-06-15", day_columns)]
BareDay = Annotated[date, BeforeValidator(read_day), Kind("a day like 2017-06-15")]
_precise = "a day, a month or a year, as exact as the source: 2017-06-15, 2017-10, 2017"
Latest = Annotated[
    PreciseDate, BeforeValidator(read_precise), Kind(f"{_precise}; counts from the last day that fits", latest_columns)
]
Earliest = Annotated[
    PreciseDate, BeforeValidator(read_precise), Kind(f"{_precise}; counts from the first day that fits", earliest_columns)
]


@cache
def choice(choices):
    """One value of a model's `TextChoices`."""

    def read(value: str) -> str:
        if value not in choices.values:
            raise ValueError(f"{value!r} is not one of: {', '.join(choices.values)}.")
        return value

    return Annotated[str, AfterValidator(read), Kind(f"one of {', '.join(choices.values)}")]


@cache
def ref(to: str):
    """The key of a row of the kind `to`; what the file and the database know is handed in as the context of the validation."""

    def read(value: str, info: ValidationInfo) -> str:
        if info.context is not None:
            info.context.check(to, value)
        return value

    def columns(name, value, loading):
        return {name: loading.find(to, value) if value else None}

    return Annotated[str, AfterValidator(read), Reference(f"the key of {with_article(to)}", columns, to)]


def with_article(kind: str) -> str:
    words = kind.replace("_", " ")
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"


class _Texts(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class PairOfNames(_Texts):
    en: Text = Field(min_length=1, description="In English.")
    es: Text = Field(min_length=1, description="In Spanish.")


class PairOfTexts(_Texts):
    en: Text = Field("", description="In English; may be left out where the original is Spanish.")
    es: Text = Field("", description="In Spanish; may be left out where the original is English.")
    original: Text = Field("en", description="The language it was written in first: en or es.")
    state: Text = Field(
        "draft", description="Of the translation: draft, or checked by a person, or stale. Missing where there is none."
    )

    @model_validator(mode="before")
    @classmethod
    def state_of_nothing(cls, value):
        """A translation that is not written is missing, whatever else is said."""
        if isinstance(value, dict):
            original = value.get("original", "en")
            if original in LANGUAGES and not value.get(other_language(original)):
                return {**value, "state": TextState.MISSING.value}
        return value

    @model_validator(mode="after")
    def is_a_pair(self):
        if self.original not in LANGUAGES:
            raise ValueError("The original is en or es.")
        if not getattr(self, self.original):
            raise ValueError(f"The original ({self.original}) is not written.")
        if self.state not in TextState.values:
            raise ValueError(f"The state of the translation is one of {', '.join(TextState.values)}.")
        if getattr(self, other_language(self.original)) and self.state == TextState.MISSING:
            raise ValueError("The translation is written, so it is not missing: draft, checked or stale.")
        return self


Pair = Annotated[PairOfNames, Kind("a pair {en: …, es: …}", pair_columns)]
TextPair = Annotated[
    PairOfTexts, Kind("a text and its translation {en: …, es: …, original: en, state: draft}", text_pair_columns)
]
