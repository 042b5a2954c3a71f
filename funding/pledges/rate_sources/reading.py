"""What both publishers' answers have in common."""

import json
import re
from datetime import date
from decimal import Decimal

from cpc.core.dates import parse_day
from cpc.core.money import round_half_up

from ..rate_lines import MOST_DIGITS, PLACES
from .refusals import NotData, SourceFailed

_NUMBER = re.compile(rf"([0-9]{{1,{MOST_DIGITS}}})(\.[0-9]{{1,20}})?")


def as_object(text: str, *, holds: str) -> dict:
    """The JSON object of an answer, with its numbers as text; it must hold a list under `holds`. Raises NotData."""
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if start == "<":
        raise NotData("The answer is a web page, not data.")
    try:
        found = json.loads(text.lstrip("\ufeff"), parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise NotData("The answer is not JSON.") from None
    if not isinstance(found, dict) or not isinstance(found.get(holds), list):
        raise NotData(f"The answer has no list of {holds}.")
    return found


def as_rate(text, *, places: int = PLACES) -> Decimal:
    """A rate greater than 0, rounded to `places`. Raises SourceFailed."""
    found = _NUMBER.fullmatch(text) if isinstance(text, str) else None
    rate = round_half_up(Decimal(text), min(places, PLACES)) if found else Decimal(0)
    if rate <= 0:
        raise SourceFailed(f"{shortened(text)} is not a rate.")
    return rate


def as_day(text) -> date:
    """An ISO day. Raises SourceFailed."""
    try:
        return parse_day(text)
    except ValueError:
        raise SourceFailed(f"{shortened(text)} is not a day.") from None


def not_after(day: date, until: date) -> date:
    """`day`, unless it is later than was asked for: then a year or a month was misread, or the answer is another's."""
    if day > until:
        raise SourceFailed(f"{day} is later than {until}, the last day asked for.")
    return day


def shortened(value) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
