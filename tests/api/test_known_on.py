"""What was approved on 6 February 2020 is invisible in every answer that is asked as known on the 5th, as of any day."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import transaction
from django.test import Client, override_settings

from cpc.api.urls import router
from partners.management.commands.load_partnership import load
from partners.models import Partnership
from tests import factories as make

TODAY = make.day("2020-02-10")
OF_LEDGER = {
    prefix: viewset for prefix, viewset, _name in router.registry if {"as_of", "known_on"} <= set(viewset.query_parameters)
}
FORMS = [
    (prefix, form)
    for prefix, viewset in OF_LEDGER.items()
    for form in ("json", "csv", "xlsx")
    if form == "json" or getattr(viewset, "sheet", None) is not None
]
# What only the extension brought: its award, its step of the term, its regions, its money, its day.
TRACES = (
    "peru-2017-extension", "peru-2017-extended", "term-june-2022", "PE-MDD", "PE-PUN", "Madre de Dios", "Puno", "1700000",
    "2022-06",
)  # fmt: skip
DAYS = ("2020-02-05", "2020-02-06", "2020-02-10")
# where the extension shows once it is known
SHOWS = {"award-actions", "awards", "coverage", "partnerships", "statements", "term-events"}
SUMS = [
    f"measure={measure}&group_by={group}"
    for measure in ("awarded", "obligated")
    for group in ("none", "partner", "award", "fiscal_year", "calendar_year", "quarter")
]


@pytest.fixture(scope="module")
def peru(django_db_setup, django_db_blocker):
    """The public facts, loaded once for this file and taken back after it."""
    with django_db_blocker.unblock(), override_settings(ALIANZA_DEMO=True, ALIANZA_TODAY=TODAY), transaction.atomic():
        load("partners/data/peru-2017.yaml")
        yield Partnership.objects.get(key="peru-2017")
        transaction.set_rollback(True)


@pytest.fixture
def read(db, peru, settings):
    """The text of an answer, whatever its form."""
    client = Client()
    client.force_login(make.make_user("api_client", peru), settings.AUTHENTICATION_BACKENDS[0])

    def ask(address) -> str:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.content)
        return text_of(answer.getvalue() if answer.streaming else answer.content)

    return ask


def text_of(content: bytes) -> str:
    """What stands in an answer; in a workbook, in any of its parts."""
    if not content.startswith(b"PK"):
        return content.decode()
    with ZipFile(BytesIO(content)) as workbook:
        return "".join(workbook.read(name).decode() for name in workbook.namelist())


def traces(text: str, asked: str) -> list[str]:
    """What of the extension an answer shows; the days of the question, which an answer repeats, aside."""
    text = text.replace(asked, "")
    return [trace for trace in TRACES if trace in text]


@pytest.mark.parametrize("as_of", DAYS)
@pytest.mark.parametrize(("prefix", "form"), FORMS)
def test_row_that_came_later_is_in_no_list(read, prefix, form, as_of):
    measured = "&measure=disbursed" if prefix == "reports" else ""
    of_peru = "" if prefix == "partnerships" else f"partnership=peru-2017{measured}&"
    address = f"/api/v1/{prefix}/?{of_peru}format={form}&as_of={as_of}&known_on="
    assert traces(read(address + "2020-02-05"), as_of) == []
    if prefix in SHOWS and as_of >= "2020-02-06":
        assert traces(read(address + "2020-02-06"), as_of)


@pytest.mark.parametrize("as_of", DAYS)
@pytest.mark.parametrize("question", SUMS)
def test_money_that_came_later_is_in_no_sum(read, question, as_of):
    address = f"/api/v1/funding/summary/?partnership=peru-2017&{question}&as_of={as_of}&known_on="
    before, after = read(address + "2020-02-05"), read(address + "2020-02-06")
    assert traces(before, as_of) == []
    if "measure=awarded" in question:
        assert "5000000.00" in before
        assert "6700000.00" not in before
        assert ("6700000.00" in after) == (as_of >= "2020-02-06")


@pytest.mark.parametrize("as_of", DAYS)
@pytest.mark.parametrize("key", ["award-actions/peru-2017-extension-award", "term-events/peru-2017-extended-2020"])
def test_row_that_came_later_has_no_address_of_its_own(peru, db, settings, key, as_of):
    client = Client()
    client.force_login(make.make_user("api_client", peru), settings.AUTHENTICATION_BACKENDS[0])
    assert client.get(f"/api/v1/{key}/?as_of={as_of}&known_on=2020-02-05").status_code == 404
    assert client.get(f"/api/v1/{key}/?as_of={as_of}&known_on=2020-02-06").status_code == (200 if as_of > "2020-02-05" else 404)


def test_dates_of_a_day_before_are_those_of_the_term_as_it_was(read):
    assert traces(read("/api/v1/deadlines/?partnership=peru-2017&limit=200&as_of=2020-02-05"), "2020-02-05") == []
    assert traces(read("/api/v1/deadlines/?partnership=peru-2017&limit=200&as_of=2020-02-06"), "2020-02-06")
