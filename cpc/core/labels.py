"""Days, months, quarters and numbers in words, the same on pages, in mails, exports and the API. Formats come from Babel.

`language` is "en" or "es" and defaults to the active one. A day and its unit never break: "6\\u00a0Feb\\u00a02020".
"""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import override

from cpc.core.dates import PreciseDate, Precision
from cpc.core.periods import Period, fiscal_year_period, period_of_key
from cpc.core.texts import active_language

NBSP = "\u00a0"
# The two locales in which numbers look alike (1,234.50); Django itself has no formats for the second.
LOCALES = {"en": "en_US", "es": "es_PE"}
_MONTH_AND_YEAR = {"en": "MMMM y", "es": "MMMM 'de' y"}
_LONG_DAY = {"en": "d MMMM y", "es": "d 'de' MMMM 'de' y"}
_DAY_OF_MONTH = {"en": "d MMMM", "es": "d 'de' MMMM"}
_YEAR_OF_QUARTER = {"en": "%(first)s–%(last)s %(year)s", "es": "%(first)s–%(last)s de %(year)s"}


def locale_of(language: str | None = None) -> str:
    """The Babel locale of "en" or "es"."""
    return LOCALES[language or active_language()]


def day_label(day: date, language: str | None = None) -> str:
    """ "6 Feb 2020", "6 feb. 2020"."""
    return format_date(day, "d MMM y", locale=locale_of(language)).replace(" ", NBSP)


def long_day_label(day: date, language: str | None = None) -> str:
    """ "6 February 2020", "6 de febrero de 2020"."""
    language = language or active_language()
    return format_date(day, _LONG_DAY[language], locale=LOCALES[language]).replace(" ", NBSP)


def weekday_label(day: date, language: str | None = None) -> str:
    """ "Thursday", "jueves"."""
    return format_date(day, "EEEE", locale=locale_of(language))


def short_weekday_label(day: date, language: str | None = None) -> str:
    """ "Thu", "jue"."""
    return format_date(day, "EEE", locale=locale_of(language))


def month_and_weekday_label(day: date, language: str | None = None) -> str:
    """What follows the number of a day that stands alone: "Apr, Thu", "abr, jue"."""
    return format_date(day, "MMM, EEE", locale=locale_of(language))


def month_name_label(day: date, language: str | None = None) -> str:
    """ "June", "junio"."""
    return format_date(day, "LLLL", locale=locale_of(language))


def month_label(day: date, language: str | None = None) -> str:
    """ "June 2022", "junio de 2022"."""
    language = language or active_language()
    return format_date(day, _MONTH_AND_YEAR[language], locale=LOCALES[language])


def short_month_label(day: date, language: str | None = None) -> str:
    """ "Jun 2017", "jun. 2017"."""
    return format_date(day, "MMM y", locale=locale_of(language)).replace(" ", NBSP)


def moment_label(instant: datetime, zone: str, language: str | None = None) -> str:
    """An aware instant as a clock in `zone` (IANA name) shows it: "6 Feb 2020, 23:59"."""
    local = instant.astimezone(ZoneInfo(zone))
    return format_datetime(local, "d MMM y, HH:mm", locale=locale_of(language)).replace(" ", NBSP)


def precise_label(precise: PreciseDate, language: str | None = None) -> str:
    """No more exact than the source: "6 Feb 2020", "June 2022", "2022"."""
    if precise.precision == Precision.DAY:
        return day_label(precise.last, language)
    return month_label(precise.last, language) if precise.precision == Precision.MONTH else f"{precise.last.year}"


def assumed_label(precise: PreciseDate, language: str | None = None, *, first: bool = False) -> str:
    """What the source leaves open and which day is counted with instead; "" for an exact day. `first` for period starts."""
    if precise.is_exact:
        return ""
    language = language or active_language()
    day = precise.first if first else precise.last
    assumed = format_date(day, _DAY_OF_MONTH[language], locale=LOCALES[language]).replace(" ", NBSP)
    with override(language):
        if precise.precision == Precision.MONTH:
            return _("day not published; %(day)s assumed") % {"day": assumed}
        return _("day and month not published; %(day)s assumed") % {"day": assumed}


def period_label(period: Period, language: str | None = None) -> str:
    """ "January–March 2020" and "2020" for whole quarters (or other runs of months in one year) and years, else both days."""
    language = language or active_language()
    first, last = period.first, period.last
    whole_months = first == PreciseDate.of(first, Precision.MONTH).first and last == PreciseDate.of(last, Precision.MONTH).last
    if not whole_months or first.year != last.year:
        return f"{day_label(first, language)} – {day_label(last, language)}"
    if (first.month, last.month) == (1, 12):
        return f"{first.year}"
    if first.month == last.month:
        return month_label(first, language)
    names = {key: format_date(day, "MMMM", locale=LOCALES[language]) for key, day in (("first", first), ("last", last))}
    return _YEAR_OF_QUARTER[language] % {**names, "year": first.year}


def key_label(key: str, language: str | None = None, *, host_start_month: int = 1) -> str:
    """A period's key in words: "2020-Q1", "CY2020", "FY2020", "HY2019". Any other key comes back as it is."""
    try:
        period = period_of_key(key, host_start_month=host_start_month)
    except ValueError:
        return key
    if not key.startswith(("FY", "HY")) or period == fiscal_year_period(period.last.year, 1):
        return period_label(period, language)
    with override(language or active_language()):
        if key.startswith("FY"):
            return _("U.S. fiscal year %(year)s") % {"year": period.last.year}
        return _("host fiscal year %(year)s") % {"year": period.last.year}


def format_number(n: int | Decimal | None, language: str | None = None, unknown: str | None = None) -> str:
    """ "1,234", "1,234.5"; None is said in words: `unknown`, or "not reported"."""
    if n is None:
        return unknown_words(language) if unknown is None else unknown
    return format_decimal(n, locale=locale_of(language), decimal_quantization=False).replace("-", "−")


def unknown_words(language: str | None = None) -> str:
    with override(language or active_language()):
        return _("not reported")
