"""Every field that takes money, a rate, a percentage or a day meets the corpus in both languages: it answers itself, in the
reader's language, and nothing is saved. The fields are found by their kind in every form and filter that the addresses load, so
that a new one cannot escape; then the cells of the file of rates, and the parameters of the API. Source: the test catalogue, §2.

That a page shows at the field what the field says is proven where the page is tested.
"""

from collections import Counter

import django_filters
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.urls import get_resolver
from django.utils import translation

from activities.reporting.forms import FinancialForm
from cpc.approvals.forms import ReadField
from cpc.approvals.proposing import made
from cpc.approvals.sections import SECTIONS
from cpc.core.day_filter import DayField
from cpc.core.money import MoneyFormField
from funding.models import AwardAction, Contribution, ExchangeRate, Pledge
from funding.pledges.forms import PreciseDateField
from funding.pledges.rate_files import read_rates
from partners.models import Statement
from partners.statements.forms import PreciseDateFormField
from tests import factories as make
from tests.approvals.corpus import AMOUNTS, DAYS

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "es")
OURS = ("activities.", "cpc.", "funding.", "partners.")
OF_DAYS = (PreciseDateField, PreciseDateFormField, DayField, forms.DateField)
HEAD = "base,quote,kind,rate,record_date,effective_date,source,citation"
GOOD = ["USD", "PEN", "end_of_period", "3.314", "2019-12-31", "2019-12-31", "IMF-IFS", ""]
ONE_LINE = [typed for typed in dict.fromkeys((*AMOUNTS, *DAYS)) if "\n" not in typed]
NO_CURRENCIES = ("", "pen", "S/", "US$", "XXX", "ZZZ", "PENUSD", "1", "NaN", "\u0420EN", "PE", "usd")
FEWEST = 3_000  # there are 9,500


def corpus_of(field) -> tuple[str, ...]:
    """What the field cannot read; empty for a field of another kind."""
    if isinstance(field, ReadField):
        return AMOUNTS if "inputmode" in field.widget.attrs else DAYS
    if isinstance(field, MoneyFormField | forms.DecimalField):
        return AMOUNTS
    if isinstance(field, forms.DateField):  # a filter: any day of the calendar may be asked, with or without the zero
        return tuple(typed for typed in DAYS if typed not in ("0001-01-01", "9999-12-31", "2020-02-6"))
    return DAYS if isinstance(field, OF_DAYS) else ()


def below(base) -> list[type]:
    """The project's classes below `base`, whatever is between."""
    found = dict.fromkeys(base.__subclasses__())
    for one in list(found):
        found |= dict.fromkeys(below(one))
    return [one for one in found if one.__module__.startswith(OURS)]


def all_fields() -> dict[str, forms.Field]:
    """By place and name."""
    assert get_resolver().reverse_dict  # loads every page, and so every form
    fields = {}
    for form in below(forms.BaseForm):
        fields |= {f"{form.__name__}.{name}": field for name, field in form.base_fields.items()}
    for filters in below(django_filters.FilterSet):
        fields |= {f"{filters.__name__}.{name}": one.field for name, one in filters.base_filters.items() if corpus_of_kind(one)}
    return fields


def corpus_of_kind(one) -> bool:
    """A filter of another kind may ask the database for its choices."""
    return issubclass(one.field_class, (*OF_DAYS, MoneyFormField, forms.DecimalField))


def what_it_says(field, typed: str) -> str:
    try:
        field.clean(typed)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def n_rows() -> list[int]:
    return [model.objects.count() for model in (AwardAction, Pledge, Contribution, ExchangeRate, Statement)]


def cases_of_fields(partnership) -> Counter:
    """The cases of each field; each was answered, and in two languages."""
    fields = all_fields()
    fields |= {f"FinancialForm.{name}": field for name, field in FinancialForm().fields.items()}
    for name in SECTIONS:  # what a section makes of its partnership is no field of its class
        fields |= {f"{name}.{field}": one for field, one in made(name, partnership).fields.items()}
    counted = Counter()
    for place, field in fields.items():
        said = {}
        for typed in corpus_of(field):
            for language in LANGUAGES:
                with translation.override(language):
                    said[language] = what_it_says(field, typed)
                assert said[language], (place, typed, language)
                counted[place] += 1
            assert said["en"] != said["es"], (place, typed, said)
    return counted


def cases_of_cells() -> int:
    """Each value in each column of the file of rates that holds money or a day: told at its row and column."""
    places = [(column, typed) for column in (3, 4, 5) for typed in ONE_LINE if fits_no(column, typed)]
    lines = [[*GOOD[:column], f'"{typed}"', *GOOD[column + 1 :]] for column, typed in places]
    content = "\r\n".join([HEAD, *map(",".join, lines)]).encode()
    names = HEAD.split(",")
    for language in LANGUAGES:
        with translation.override(language):
            told = {(mistake.row, mistake.column) for mistake in read_rates(content).mistakes}
        missing = [place for row, place in enumerate(places, 2) if (row, names[place[0]]) not in told]
        assert missing == [], language
    return len(places) * len(LANGUAGES)


def fits_no(column: int, typed: str) -> bool:
    """A rate has more places than money, and a day's column does not take an amount."""
    return typed in (DAYS if column > 3 else [one for one in AMOUNTS if not is_rate(one)])


def is_rate(typed: str) -> bool:
    whole, _point, rest = typed.partition(".")
    return (whole + rest).isascii() and (whole + rest).isdigit() and 0 < len(whole) <= 10 and len(rest) <= 8


def cases_of_parameters(client, partnership) -> int:
    """Of the summary, which every sum of the API comes from: a 400 that names the parameter."""
    client.force_login(make.make_user("program_officer", partnership))
    address = f"/api/v1/funding/summary/?partnership={partnership.key}"
    corpus = {"as_of": (*DAYS, "2020-02-11"), "known_on": (*DAYS, "2020-02-11"), "currency": NO_CURRENCIES}
    corpus["rate_basis"] = ("", "today", "SIGNATURE", "2020-02-10", "NaN", "3.3", "-1")
    n = 0
    for name, values in corpus.items():
        for typed in values:
            for language in LANGUAGES:
                host = {"measure": "contributed", "lang": language} | ({"currency": "USD"} if name == "rate_basis" else {})
                answer = client.get(address, {"partnership": partnership.key, **host, name: typed})
                assert answer.status_code == 400, (name, typed)
                assert name in [error["field"] for error in answer.json()["errors"]], (name, typed)
                n += 1
    return n


def test_three_thousand_cases_of_money_and_days_are_answered_at_the_field_and_nothing_is_saved(client, settings):
    settings.ALIANZA_TODAY = make.day("2020-02-10")
    partnership = make.make_partnership()
    before = n_rows()
    fields = cases_of_fields(partnership)
    n = fields.total() + cases_of_cells() + cases_of_parameters(client, partnership)
    assert n_rows() == before
    assert n >= FEWEST, n
    kinds = {place.partition(".")[0] for place in fields}
    assert {"ContributionForm", "StatementForm", "BasesForm", "AsOfForm", "FinancialForm", "allocation", "action"} <= kinds
