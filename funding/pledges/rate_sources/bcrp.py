"""Daily rates of the Banco Central de Reserva del Perú, by the interface of its statistics: soles per U.S. dollar.

An answer is JSON though it is served as text/html, and now and then a page of the bot shield instead. Days without a market have
the value "n.d."; the values stand in the order of the answer's own list of series, so that they are matched by name.
"""

import re
from collections.abc import Callable
from datetime import date

from ..models import ExchangeRate
from ..rate_lines import PLACES, RateLine
from .reading import as_object, as_rate, not_after, shortened
from .refusals import SourceFailed
from .series import SERIES, Series

ORIGIN = "https://estadisticas.bcrp.gob.pe"
PATH = "/estadisticas/series/api"
NO_DATA = ("n.d.", "n.d", "")
_MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "set", "oct", "nov", "dic")
_DAY = re.compile(r"([0-9]{1,2})\.([A-Za-z]{3})\.([0-9]{2})")


def fetch(get: Callable, currency: str, *, since: date, until: date) -> list[RateLine]:
    """All lines of a currency from `since` to `until`. `get(path, read)` asks the publisher. Raises SourceFailed.

    No series in the table: no lines.
    """
    series = SERIES[currency].bcrp if currency in SERIES else ()
    if not series:
        return []
    return get(path_of(series, since=since, until=until), lambda text: parse(text, series, currency=currency, until=until))


def path_of(series: tuple[Series, ...], *, since: date, until: date) -> str:
    days = (f"{day.year}-{day.month}-{day.day}" for day in (since, until))
    return "/".join([PATH, "-".join(one.code for one in series), "json", *days, "esp"])


def parse(text: str, series: tuple[Series, ...], *, currency: str, until: date) -> list[RateLine]:
    """The lines of an answer. Raises NotData where it is none, SourceFailed where it is not as documented."""
    answer = as_object(text, holds="periods")
    config = answer.get("config")
    listed = config.get("series") if isinstance(config, dict) else None
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise SourceFailed("The answer does not say which series it holds.")
    columns = {one: column_of(one, listed) for one in series}
    lines = []
    for period in answer["periods"]:
        name, values = (period.get("name"), period.get("values")) if isinstance(period, dict) else (None, None)
        if not isinstance(values, list) or len(values) != len(listed):
            raise SourceFailed(f"{shortened(name)} has not one value for each series.")
        day = not_after(day_of(name), until)
        for one, column in columns.items():
            if not is_missing(values[column]):
                places = places_of(listed[column])
                lines.append(line_of(one, currency, day, values[column], places))
    return lines


def column_of(series: Series, listed: list[dict]) -> int:
    """Where a series stands in this answer, found by the words of its name."""
    names = [str(one.get("name", "")).casefold() for one in listed]
    found = [number for number, name in enumerate(names) if all(word in name for word in series.words)]
    if len(found) != 1:
        raise SourceFailed(f"The answer names {len(found)} series that could be {series.code}.")
    return found[0]


def line_of(series: Series, currency: str, day: date, value, places: int) -> RateLine:
    return RateLine(
        base="USD",
        quote=currency,
        kind=ExchangeRate.Kind.DAILY,
        rate=as_rate(value, places=places),
        record_date=day,
        effective_date=day,
        source=series.source,
        citation=f"Banco Central de Reserva del Perú, series {series.code}",
    )


def day_of(name) -> date:
    """ "06.Oct.26" is 6 October 2026. Years of two digits: 00–69 are of this century."""
    found = _DAY.fullmatch(name) if isinstance(name, str) else None
    if not found or found.group(2).casefold() not in _MONTHS:
        raise SourceFailed(f"{shortened(name)} is not a day.")
    month, short = _MONTHS.index(found.group(2).casefold()) + 1, int(found.group(3))
    try:
        return date(short + (2000 if short < 70 else 1900), month, int(found.group(1)))
    except ValueError:
        raise SourceFailed(f"{shortened(name)} is not in the calendar.") from None


def is_missing(value) -> bool:
    return value is None or str(value).strip().casefold() in NO_DATA


def places_of(listed: dict) -> int:
    """How many decimals a series has, by its own word; values may carry up to 14."""
    text = str(listed.get("dec", ""))
    return min(int(text), PLACES) if text.isdecimal() and len(text) < 3 else PLACES
