"""Every list that comes as a file comes as CSV and as Excel, for people and for programs, with the same rows and facts."""

from datetime import date
from decimal import Decimal

import pytest

from cpc.core import xlsx
from tests import factories as make
from tests.files import Workbook, about, bytes_of, table

P = "/p/test-2017/"
API = "/api/v1/"
PAGES = ["funding/", "funding/?of=sums", "pledges/", "statements/", "activities/", "reports/", "deadlines/?status=all"]
LISTS = ["award-actions", "pledges", "contributions", "term-events", "statements", "activities", "reports", "deadlines"]
SUMMARY = f"{API}funding/summary/?partnership=test-2017&group_by=partner"


@pytest.fixture
def compact(partnership):
    """One row of every list, and one that looks like a formula."""
    ilo = make.make_organization("ilo", name_en="=HYPERLINK(1)")
    award = make.make_award(partnership, recipients=[ilo], key="first", title_en="=1+1")
    make.make_action(award, amount="5000000.00", effective="2017-10", key="first-1")
    make.make_action(award, amount=None, kind="supplement", effective="2020-02-06", key="first-2", recipient=ilo)
    make.make_pledge(partnership)
    make.make_contribution(partnership, amount="1000.10", is_sample=True)
    make.make_statement(partnership)
    make.make_activity(partnership, organization=ilo, award=award, title="-2 talleres")
    make.make_report(award, ilo)
    make.make_deadline(partnership, key="first-due", award=award, recipient=ilo)
    return partnership


@pytest.fixture
def client_of(login, viewer, compact):
    return login(viewer)


def plain(value) -> str:
    """A cell of a workbook as CSV writes it: to the cent, a day in ISO form, nothing for the unknown."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{Decimal(str(value)).normalize():f}"
    return value.isoformat() if isinstance(value, date) else value


def alike(text: str) -> str:
    """A cell of a CSV file without what marks it as text, and a number without trailing zeros."""
    text = text.removeprefix("'")
    try:
        return (
            f"{Decimal(text).normalize():f}" if text.replace(".", "").replace("-", "").isdigit() and text.count("-") < 2 else text
        )
    except ArithmeticError:
        return text


def assert_same_rows(client, address):
    sign = "&" if "?" in address else "?"
    written = client.get(f"{address}{sign}format=csv")
    book = Workbook(client.get(f"{address}{sign}format=xlsx"))
    rows = table(written)
    assert [{name: alike(plain(value)) for name, value in row.items()} for row in book.table] == [
        {name: alike(value) for name, value in row.items()} for row in rows
    ]
    assert rows, address
    assert "<f>" not in book.xml
    return written, book, rows


@pytest.mark.parametrize("page", PAGES)
def test_a_page_gives_the_same_rows_as_csv_and_as_excel(client_of, page):
    written, book, rows = assert_same_rows(client_of, f"{P}{page}")
    said = about(written)
    assert said["Rows"] == str(len(rows))
    assert said["Partnership"] == "Test compact"
    assert "(America/Lima)" in said["Made"]
    assert {name: alike(plain(value)) for name, value in book.facts.items() if name not in ("Made", "Fingerprint")} == {
        name: alike(value) for name, value in said.items() if name not in ("Made", "Fingerprint")
    }


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_the_api_gives_the_same_rows_as_csv_and_as_excel(client_of, name):
    written, book, rows = assert_same_rows(client_of, f"{API}{name}/?partnership=test-2017")
    assert written["Alianza-Rows"] == str(len(rows))
    assert book.facts["Rows"] == len(rows)
    assert book.facts["Partnership"] == "Test compact"
    assert "\r\n\r\n" not in bytes_of(client_of.get(f"{API}{name}/?partnership=test-2017&format=csv")).decode()


def test_the_sums_come_in_every_format_with_the_same_fingerprinted_figures(client_of):
    answer = client_of.get(SUMMARY)
    written, book, rows = assert_same_rows(client_of, SUMMARY)
    assert [row["amount"] for row in rows] == [row["amount"] or "" for row in answer.json()["rows"]]
    for one in (answer, written):
        assert (one["Alianza-Rows"], one["Alianza-Total-USD"]) == ("2", "5000000.00")
        assert one["Alianza-Fingerprint"]
    assert book.facts["Only rows with"] == "Measure: Awarded; Level: Prime awards; Grouped: by partner"
    assert book.facts["Rows without an amount, left out of the totals"] == 1


def test_the_grid_comes_as_csv_and_as_excel(client_of):
    rows = table(client_of.get(f"{P}grid.csv"))
    book = Workbook(client_of.get(f"{P}grid.xlsx"))
    assert [[alike(plain(value)) for value in row.values()] for row in book.table] == [
        [alike(value) for value in row.values()] for row in rows
    ]


def test_rates_come_as_the_csv_that_can_be_loaded_and_as_excel(client_of):
    make.make_rate(rate="3.24750000")
    written = client_of.get("/rates/?format=csv")
    book = Workbook(client_of.get("/rates/?format=xlsx"))
    assert bytes_of(written).decode().splitlines()[0] == "base,quote,kind,rate,record_date,effective_date,source,citation"
    assert [row["rate"] for row in table(written)] == ["3.2475"]
    assert about(written) == {}
    assert [row["rate"] for row in book.table] == [3.2475]
    assert (book.facts["List"], book.facts["Rows"], "Partnership" in book.facts) == ("Exchange rates", 1, False)


def test_filters_and_days_are_said_in_words(client_of):
    said = about(client_of.get(f"{P}funding/?format=csv&kind=initial&award=first&as_of=2020-02-05&known_on=2020-02-06"))
    assert said["Only rows with"] == "Award: =1+1; Level: Prime award; Counted as: awarded; Kind: Initial award"
    assert (said["As of"], said["As known on"]) == ("2020-02-05", "2020-02-06")
    assert about(client_of.get(f"{P}pledges/?format=csv"))["Only rows with"] == "No filter: every row"


def test_amounts_that_are_not_known_are_counted_beside_the_totals(client_of):
    said = about(client_of.get(f"{P}funding/?format=csv"))
    assert said["Total, USD"] == "5000000.00"
    assert said["Rows without an amount, left out of the totals"] == "1"


def test_a_sample_is_said(client_of):
    assert "invented" in about(client_of.get(f"{P}pledges/?format=csv"))["Sample"]
    assert "Sample" not in about(client_of.get(f"{P}funding/?format=csv"))


def test_a_file_is_in_the_reader_s_language(client_of):
    book = Workbook(client_of.get(f"{P}pledges/?format=xlsx&lang=es"))
    said = [row[1] for row in book.about]
    assert "Alianza de prueba" in said
    assert any(str(value).startswith("10\xa0feb.\xa02020") for value in said)


@pytest.mark.parametrize("page", ["funding/", "pledges/", "statements/", "activities/", "reports/", "deadlines/"])
def test_a_format_that_does_not_exist_is_refused_by_name(client_of, page):
    answer = client_of.get(f"{P}{page}?format=pdf")
    assert answer.status_code == 400
    assert "Formats: csv, xlsx" in answer.content.decode()


def test_the_api_names_its_formats(client_of):
    errors = client_of.get(f"{API}award-actions/?format=pdf").json()["errors"]
    assert "json, csv, xlsx" in errors[0]["message"]


def test_a_list_too_long_for_excel_is_refused_and_csv_is_named(client_of, monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 1)
    answer = client_of.get(f"{P}funding/?format=xlsx")
    assert answer.status_code == 400
    assert "holds up to 1 rows, and this list has 2. Take it as CSV (format=csv)" in answer.content.decode()
    for address in (f"{API}award-actions/?format=xlsx", f"{SUMMARY}&format=xlsx"):
        answer = client_of.get(address)
        assert answer.status_code == 400
        (error,) = answer.json()["errors"]
        assert (error["field"], error["code"]) == ("format", "too_many_rows")
        assert "Take it as CSV" in error["message"]
    assert table(client_of.get(f"{P}funding/?format=csv"))


def test_a_file_has_no_pages(client_of):
    for file in ("csv", "xlsx"):
        answer = client_of.get(f"{API}contributions/?format={file}&limit=3")
        assert [error["code"] for error in answer.json()["errors"]] == ["no_pages"]


def test_the_first_bytes_are_sent_before_a_row_is_read(client_of, django_assert_num_queries, django_assert_max_num_queries):
    answer = client_of.get(f"{API}award-actions/?partnership=test-2017&format=csv")
    chunks = iter(answer.streaming_content)
    with django_assert_num_queries(0):
        assert next(chunks).startswith(b"key,award")
    with django_assert_num_queries(1):
        assert b"first-1" in next(chunks)


def test_a_refusal_of_a_file_is_said_as_ever(client_of):
    answer = client_of.get(f"{SUMMARY}&format=xlsx&currency=PEN")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/json"
    assert answer.json()["errors"][0]["code"] == "conversion_not_offered"


def test_another_partnership_has_no_file(login, stranger, compact):
    client = login(stranger)
    for address in (f"{P}funding/?format=xlsx", f"{API}award-actions/?partnership=test-2017&format=xlsx", f"{P}grid.xlsx"):
        assert client.get(address).status_code == 404
