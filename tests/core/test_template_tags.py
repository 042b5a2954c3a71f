from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from cpc.core.dates import PreciseDate
from cpc.core.periods import Period

EVIL = '<script>"&'


def shown(source, language="en", **context):
    with translation.override(language):
        return Template("{% load alianza %}" + source).render(Context(context)).replace("\u00a0", " ")


def test_money_and_numbers():
    assert shown("{{ a|money:c }}", a=Decimal("6700000"), c="USD") == '<span class="al-money">US$ 6,700,000</span>'
    assert shown("{{ a|money_text:c }}", a=Decimal("6700000"), c="USD") == "US$ 6,700,000"
    assert shown("{{ a|money:c }}", a=None, c="USD") == '<span class="al-money">not reported</span>'
    assert shown('{% money a c unknown="not published" %}', a=None, c="USD") == '<span class="al-money">not published</span>'
    assert shown("{% money a c signed=True %}", a=Decimal(5), c="PEN") == '<span class="al-money">+S/ 5</span>'
    assert shown("{{ n|number }} {{ none|number }} {{ none|number:'–' }}", n=1234, none=None) == "1,234 not reported –"


def test_days_are_time_elements():
    assert shown("{{ d|day }}", d=date(2020, 2, 6)) == '<time datetime="2020-02-06">6 Feb 2020</time>'
    assert shown("{{ d|day }}", "es", d=date(2020, 2, 6)) == '<time datetime="2020-02-06">6 feb. 2020</time>'
    assert shown("{{ d|day_text }} {{ d|weekday }}", "es", d=date(2020, 2, 6)) == "6 feb. 2020 jueves"
    for name in ("day", "day_text", "precise_day", "precise_text", "period", "moment:'UTC'"):
        assert shown(f"{{{{ none|{name} }}}}", none=None) == ""


def test_an_instant_is_shown_as_the_day_of_the_current_zone():
    instant = datetime(2020, 2, 7, 3, 0, tzinfo=UTC)
    with timezone.override("America/Lima"):
        assert shown("{{ t|day }}", t=instant) == '<time datetime="2020-02-06">6 Feb 2020</time>'
    assert shown("{{ t|moment:'America/Lima' }}", t=instant) == '<time datetime="2020-02-06T22:00-05:00">6 Feb 2020, 22:00</time>'


def test_a_date_says_what_is_assumed():
    precise = PreciseDate.parse("2022-06")
    assert shown("{{ p|precise_day }}", p=precise) == (
        '<time datetime="2022-06">June 2022</time> <span class="al-prec">day not published; 30 June assumed</span>'
    )
    assert "1 June assumed" in shown("{{ p|precise_day:'first' }}", p=precise)
    assert shown("{{ p|precise_day }}", p=PreciseDate.parse("2020-02-06")) == '<time datetime="2020-02-06">6 Feb 2020</time>'
    assert shown("{{ p|precise_text }}", "es", p=precise) == "junio de 2022"


def test_quarters_and_periods():
    assert shown("{{ k|quarter }}", k="2021-Q1") == "January–March 2021"
    assert shown("{{ k|quarter }}", k=EVIL) == "&lt;script&gt;&quot;&amp;"
    assert shown("{{ p|period }}", p=Period(date(2021, 1, 1), date(2021, 12, 31))) == "2021"


def test_a_text_in_the_other_language_carries_its_lang():
    row = SimpleNamespace(title_en=EVIL, title_es="", title_original="en", title_state="missing")
    assert shown('{% text_pair row "title" %}', row=row) == "&lt;script&gt;&quot;&amp;"
    assert shown('{% text_pair row "title" %}', "es", row=row) == '<span lang="en">&lt;script&gt;&quot;&amp;</span>'


def test_marks():
    assert shown("{% sample row %}", row=SimpleNamespace(is_sample=True)) == '<span class="al-sample">sample</span>'
    assert shown("{% sample row %}", row=SimpleNamespace(is_sample=False)) == ""
    assert shown('{% tag word "half" %}', word=EVIL) == '<span class="al-tag al-tag--half">&lt;script&gt;&quot;&amp;</span>'
    assert shown("{% tag word %}", word="Open") == '<span class="al-tag">Open</span>'
    with pytest.raises(ValueError, match="status tag"):
        shown('{% tag word "green" %}', word="Open")


def test_an_address_keeps_its_other_parameters():
    request = RequestFactory().get("/", {"region": ["PE-LMA", "PE-CUS"], "page": "3", "q": "a&b"})
    source = "{% querystring_with page=2 %}|{% querystring_with page=None region=None %}"
    assert shown(source, request=request) == "?region=PE-LMA&amp;region=PE-CUS&amp;page=2&amp;q=a%26b|?q=a%26b"
