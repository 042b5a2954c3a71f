from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.utils import formats, translation
from hypothesis import given
from hypothesis import strategies as st

from cpc.core import labels
from cpc.core.dates import PreciseDate
from cpc.core.periods import Period

NBSP = labels.NBSP


def spaced(text):
    return text.replace(NBSP, " ")


def test_days_in_both_languages_never_break():
    day = date(2020, 2, 6)
    assert labels.day_label(day, "en") == f"6{NBSP}Feb{NBSP}2020"
    assert labels.day_label(day, "es") == f"6{NBSP}feb.{NBSP}2020"
    assert spaced(labels.long_day_label(day, "en")) == "6 February 2020"
    assert spaced(labels.long_day_label(day, "es")) == "6 de febrero de 2020"
    assert (labels.weekday_label(day, "en"), labels.weekday_label(day, "es")) == ("Thursday", "jueves")


def test_language_defaults_to_the_readers():
    with translation.override("es"):
        assert labels.month_label(date(2022, 6, 30)) == "junio de 2022"
    assert labels.month_label(date(2022, 6, 30), "en") == "June 2022"


def test_a_month_in_a_narrow_place():
    assert spaced(labels.short_month_label(date(2017, 6, 30), "en")) == "Jun 2017"
    assert spaced(labels.short_month_label(date(2017, 6, 30), "es")) == "jun. 2017"


def test_a_moment_is_what_a_clock_there_shows():
    instant = datetime(2020, 7, 31, 4, 59, tzinfo=UTC)
    assert spaced(labels.moment_label(instant, "America/Lima", "en")) == "30 Jul 2020, 23:59"
    assert spaced(labels.moment_label(instant, "America/New_York", "es")) == "31 jul. 2020, 00:59"


@pytest.mark.parametrize(
    ("text", "label", "assumed", "assumed_first"),
    [
        ("2022-06-30", "30 Jun 2022", "", ""),
        ("2022-06", "June 2022", "day not published; 30 June assumed", "day not published; 1 June assumed"),
        ("2022", "2022", "day and month not published; 31 December assumed", "day and month not published; 1 January assumed"),
    ],
)
def test_a_date_is_shown_no_more_exact_than_its_source(text, label, assumed, assumed_first):
    precise = PreciseDate.parse(text)
    assert spaced(labels.precise_label(precise, "en")) == label
    assert spaced(labels.assumed_label(precise, "en")) == assumed
    assert spaced(labels.assumed_label(precise, "en", first=True)) == assumed_first


@pytest.mark.parametrize(
    ("first", "last", "en", "es"),
    [
        ("2021-01-01", "2021-03-31", "January–March 2021", "enero–marzo de 2021"),
        ("2021-01-01", "2021-12-31", "2021", "2021"),
        ("2021-01-01", "2021-06-30", "January–June 2021", "enero–junio de 2021"),
        ("2020-02-01", "2020-02-29", "February 2020", "febrero de 2020"),
        ("2017-06-15", "2017-06-30", "15 Jun 2017 – 30 Jun 2017", "15 jun. 2017 – 30 jun. 2017"),
        ("2019-10-01", "2020-09-30", "1 Oct 2019 – 30 Sep 2020", "1 oct. 2019 – 30 set. 2020"),
        ("2020-02-01", "2020-02-28", "1 Feb 2020 – 28 Feb 2020", "1 feb. 2020 – 28 feb. 2020"),
    ],
)
def test_periods_in_words(first, last, en, es):
    period = Period(date.fromisoformat(first), date.fromisoformat(last))
    assert (spaced(labels.period_label(period, "en")), spaced(labels.period_label(period, "es"))) == (en, es)


@pytest.mark.parametrize(
    ("key", "label"),
    [("2020-Q1", "January–March 2020"), ("CY2020", "2020"), ("FY2020", "U.S. fiscal year 2020"), ("HY2019", "2019"),
     ("unallocated", "unallocated"), ("FY", "FY"), ("", "")],
)  # fmt: skip
def test_keys_in_words(key, label):
    assert labels.key_label(key, "en") == label


def test_a_host_year_that_is_no_calendar_year_says_so():
    assert labels.key_label("HY2020", "en", host_start_month=7) == "host fiscal year 2020"


@pytest.mark.parametrize("language", ["en", "es"])
def test_django_itself_reads_and_shows_numbers_the_same_way(language):
    with translation.override(language):
        assert formats.number_format("1234567.50", use_l10n=True, force_grouping=True) == "1,234,567.50"
        assert forms.DecimalField(localize=True).clean("1234.50") == Decimal("1234.50")
        assert formats.get_format("DATE_INPUT_FORMATS")[0] == "%Y-%m-%d"


def test_spanish_days_are_read_day_first():
    with translation.override("es"):
        assert formats.get_format("DATE_INPUT_FORMATS")[1] == "%d/%m/%Y"
        assert formats.date_format(date(2020, 2, 6), "SHORT_DATE_FORMAT") == "06/02/2020"
    with translation.override("en"):
        assert formats.date_format(date(2020, 2, 6)) == "6 Feb 2020"


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.sampled_from(["en", "es"]))
def test_no_two_days_look_alike(day, language):
    other = day.replace(year=day.year - 1 if day.year > 1900 else 1901, day=min(day.day, 28))
    assert labels.day_label(day, language) != labels.day_label(other, language)
    assert " " not in labels.day_label(day, language)
