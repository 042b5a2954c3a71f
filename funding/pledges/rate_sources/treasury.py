"""Treasury Reporting Rates of Exchange: units of a foreign currency per U.S. dollar, by the Fiscal Data interface.

Published for each quarter end, with an amendment in a row of its own where the market moved by 10 % or more (22 U.S.C. 2363(b);
Treasury Financial Manual, volume 1, part 2, chapter 3200). Every value of an answer is text; a missing one may be the word
"null".
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qs, quote, urlencode

from ..models import ExchangeRate
from ..rate_lines import RateLine
from .reading import as_day, as_object, as_rate, not_after, shortened
from .refusals import SourceFailed
from .series import SERIES

ORIGIN = "https://api.fiscaldata.treasury.gov"
PATH = "/services/api/fiscal_service/v1/accounting/od/rates_of_exchange"
FIELDS = ("record_date", "country", "currency", "country_currency_desc", "exchange_rate", "effective_date", "src_line_nbr")
SOURCE = "TREASURY"
PAGE_SIZE, MOST_PAGES = 200, 20


@dataclass(frozen=True)
class Page:
    """One page of an answer: its rows, how many rows all pages hold, and the number of the next one; None: it is the last."""

    rows: list[dict]
    total: int
    next_page: int | None


def fetch(get: Callable, currency: str, *, since: date, until: date) -> list[RateLine]:
    """All lines of a currency with record dates from `since` to `until`, over all pages. `get(path, read)` asks the publisher.

    Raises SourceFailed. No country in the table of series: no lines.
    """
    country = SERIES[currency].treasury_country if currency in SERIES else ""
    if not country:
        return []
    rows, number = [], 1
    for _page in range(MOST_PAGES):
        page = get(path_of(country, since=since, until=until, number=number), parse_page)
        rows += page.rows
        if page.next_page is None:
            break
        if page.next_page <= number:
            raise SourceFailed(f"Page {number} names page {page.next_page} as the next one.")
        number = page.next_page
    if len(rows) != page.total or page.next_page is not None:
        raise SourceFailed(f"The answer is not whole: {len(rows)} of {page.total} rows.")
    return lines_of(rows, country=country, currency=currency, until=until)


def path_of(country: str, *, since: date, until: date, number: int) -> str:
    asked = {
        "fields": ",".join(FIELDS),
        "filter": f"country:eq:{country},record_date:gte:{since},record_date:lte:{until}",
        "sort": "record_date",
        "page[number]": number,
        "page[size]": PAGE_SIZE,
        "format": "json",
    }
    return f"{PATH}?{urlencode(asked, quote_via=quote, safe=':,')}"


def parse_page(text: str) -> Page:
    """Raises NotData where the answer is none. Links are fragments of a query, of which only the page's number is read."""
    answer = as_object(text, holds="data")
    meta, links = (part if isinstance(part, dict) else {} for part in (answer.get("meta"), answer.get("links")))
    total = meta.get("total-count")
    if not str(total).isdecimal():
        raise SourceFailed("The answer does not say how many rows there are.")
    if not all(isinstance(row, dict) for row in answer["data"]):
        raise SourceFailed("A row of the answer is not a row.")
    return Page(answer["data"], int(total), next_of(links.get("next")))


def next_of(fragment) -> int | None:
    if fragment in (None, "", "null"):
        return None
    numbers = parse_qs(str(fragment).lstrip("&?")).get("page[number]", [])
    if len(numbers) != 1 or not numbers[0].isdecimal():
        raise SourceFailed(f"{shortened(fragment)} names no next page.")
    return int(numbers[0])


def lines_of(rows: list[dict], *, country: str, currency: str, until: date) -> list[RateLine]:
    """The lines of a country's rows. Rows without a rate are left out; of two for the same days the one with the lower line
    number counts."""
    found = {}
    for row in rows:
        missing = [name for name in ("country", "exchange_rate", "record_date") if name not in row]
        if missing:
            raise SourceFailed(f"A row of the answer lacks {', '.join(missing)}.")
        if row["country"] != country:
            raise SourceFailed(f"The answer is about {shortened(row['country'])}, not {country}.")
        if is_null(row["exchange_rate"]):
            continue
        line = line_of(row, currency, until)
        if line.key not in found or number_of(row) < found[line.key][0]:
            found[line.key] = number_of(row), line
    return [line for _number, line in found.values()]


def line_of(row: dict, currency: str, until: date) -> RateLine:
    record_date = not_after(as_day(row["record_date"]), until)
    effective = row.get("effective_date")
    label = row.get("country_currency_desc")
    return RateLine(
        base="USD",
        quote=currency,
        kind=ExchangeRate.Kind.END_OF_PERIOD,
        rate=as_rate(row["exchange_rate"]),
        record_date=record_date,
        effective_date=record_date if is_null(effective) else as_day(effective),
        source=SOURCE,
        citation="Treasury Reporting Rates of Exchange" + ("" if is_null(label) else f", {str(label)[:100]}"),
    )


def is_null(value) -> bool:
    return value is None or str(value).strip().casefold() in ("", "null")


def number_of(row: dict) -> int:
    """The line's number in the publisher's list; a row without one comes last."""
    text = str(row.get("src_line_nbr", ""))
    return int(text) if text.isdecimal() and len(text) < 10 else 10**9
