"""The table of rates is loaded by file: every mistake at once at its row and column, nothing saved unless all is good."""

import random
from contextlib import suppress
from datetime import date
from decimal import Decimal
from io import StringIO
from threading import Barrier, Thread
from time import sleep

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection

from cpc.audit.models import AuditEvent
from funding.models import ExchangeRate
from funding.pledges.rate_files import MOST_BYTES, MOST_ROWS, FileRefused, load_rates
from funding.pledges.rate_services import compare
from partners.roles import Role
from tests import factories as make

TODAY = date(2020, 2, 10)
HEAD = "base,quote,kind,rate,record_date,effective_date,source,citation"
GOOD = "USD,PEN,end_of_period,3.314,2019-12-31,2019-12-31,IMF-IFS,International Monetary Fund"


def load(*rows, head=HEAD, actor=None):
    return load_content("\r\n".join([head, *rows]).encode(), actor=actor)


def load_content(content, actor=None):
    return load_rates(content, name="rates.csv", actor=actor, today=TODAY)


def refused(content):
    """The mistakes for which a file is refused; nothing may have been stored."""
    before = ExchangeRate.objects.count()
    with pytest.raises(FileRefused) as caught:
        load_content(content if isinstance(content, bytes) else content.encode())
    assert ExchangeRate.objects.count() == before
    return [(mistake.row, mistake.column, mistake.message) for mistake in caught.value.mistakes]


def row(**changes):
    cells = dict(zip(HEAD.split(","), GOOD.split(","), strict=True)) | changes
    return ",".join(cells.values())


def test_a_good_file_is_loaded_whole_and_recorded(db):
    loaded = load(GOOD, row(record_date="2019-09-30", effective_date="", rate="3.38300001", citation='"Fund, Monetary"'))
    assert (loaded.n_added, loaded.n_unchanged) == (2, 0)
    stored = ExchangeRate.objects.get(record_date="2019-09-30")
    assert (stored.rate, stored.effective_date, stored.citation) == (Decimal("3.38300001"), date(2019, 9, 30), "Fund, Monetary")
    event = AuditEvent.objects.get()
    assert (event.act, event.details["through"], event.details["n"]) == ("rates.added", "rates.csv", 2)


def test_columns_may_stand_in_any_order_and_after_a_mark(db):
    content = "\ufeffsource,citation,rate,base,quote,kind,effective_date,record_date\nBCRP,,3.4,USD,PEN,daily,,2020-02-07\n\n"
    assert load_content(content.encode()).n_added == 1


def test_the_same_file_twice_is_unchanged_and_a_row_twice_counts_once(db):
    assert (load(GOOD, GOOD).n_added, load(GOOD).n_unchanged) == (1, 1)
    assert ExchangeRate.objects.count() == AuditEvent.objects.count() == 1


def test_a_row_that_says_otherwise_is_refused_with_both_values(db):
    load(GOOD)
    [(line, column, message)] = refused(f"{HEAD}\n{row(rate='3.315')}\n{row(record_date='2019-09-30', effective_date='')}")
    assert (line, column) == (2, "rate")
    assert "is stored as 3.314; the file says 3.315" in message


def test_two_rows_of_the_file_that_contradict_each_other_are_refused(db):
    [(line, column, message)] = refused(f"{HEAD}\n{GOOD}\n{row(rate='3.315')}")
    assert (line, column) == (3, "rate")
    assert message.startswith("Row 2 gives ")


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("base", "usd", "three-letter code"),
        ("base", "$", "three-letter code"),
        ("base", "XXX", "three-letter code"),
        ("quote", "USD", "twice the same"),
        ("quote", "", "empty"),
        ("kind", "monthly", "end_of_period, year_average, daily"),
        ("rate", "0", "greater than 0"),
        ("rate", "0.00000000", "greater than 0"),
        ("rate", "-3.3", "greater than 0"),
        ("rate", "3.123456789", "no more than 10 before and 8 after"),
        ("rate", "12345678901", "no more than 10"),
        ("rate", '"3,2475"', "with a point"),
        ("rate", '"1,234.5"', "with a point"),
        ("rate", "1.234.5", "with a point"),
        ("rate", "NaN", "with a point"),
        ("rate", "Infinity", "with a point"),
        ("rate", "1e5", "with a point"),
        ("rate", "0x10", "with a point"),
        ("rate", "1_000", "with a point"),
        ("rate", "٣", "with a point"),
        ("rate", "=3.3", "with a point"),
        ("rate", "S/ 3.3", "with a point"),
        ("rate", "", "empty"),
        ("record_date", "31/12/2019", "year-month-day"),
        ("record_date", "2019-12", "year-month-day"),
        ("record_date", "2019-02-29", "not in the calendar"),
        ("record_date", "0000-01-01", "not in the calendar"),
        ("record_date", "9999-12-31", "Years run from"),
        ("effective_date", "2019-12-30", "record date or later"),
        ("effective_date", "2020-02-11", "in the future; the latest is 2020-02-10"),
        ("source", "", "empty"),
        ("source", "imf", "capitals"),
        ("source", "=HYPERLINK()", "capitals"),
        ("source", "A" * 41, "capitals"),
        ("citation", "=cmd|x", "formula"),
        ("citation", "\u00a0+1", "formula"),
        ("citation", "＝1", "formula"),
        ("citation", "@x", "formula"),
        ("citation", '"two\nlines"', "invisible"),
        ("citation", "a\u202eb", "invisible"),
        ("citation", "x" * 301, "300"),
    ],
)
def test_what_a_cell_may_not_be_is_said_at_its_row_and_column(db, column, value, words):
    [(line, where, message)] = refused(f"{HEAD}\n{GOOD}\n{row(**{column: value})}")
    assert (line, where) == (3, column)
    assert words in message


def test_a_new_rate_of_the_future_is_refused_and_one_that_is_stored_already_is_unchanged(db):
    future = row(record_date="2020-03-31", effective_date="2020-03-31")
    [(line, column, message)] = refused(f"{HEAD}\n{future}")
    assert (line, column) == (2, "record_date")
    assert "in the future" in message
    make.make_rate(record="2020-03-31", rate="3.314", source="IMF-IFS")
    assert load(future).n_unchanged == 1


def test_all_mistakes_are_named_at_once(db):
    found = refused(f"{HEAD}\n{row(rate='x', kind='y')}\n{GOOD}\n{row(base='')}\nUSD,PEN\n{row(source='')}")
    assert [(line, column) for line, column, _message in found] == [
        (2, "kind"), (2, "rate"), (4, "base"), (5, ""), (6, "source"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", None, "empty"),
        (b" \r\n", None, "empty"),
        (HEAD, None, "no rates"),
        (f"{HEAD}\n\n , \n".replace(" , ", ""), None, "no rates"),
        (HEAD.replace(",", ";") + "\n" + GOOD.replace(",", ";"), 1, "semicolons"),
        (HEAD.replace(",", "\t"), 1, "tabs"),
        (f"{HEAD},rate\n{GOOD},3.3", 1, "“rate” stands twice"),
        (f"{HEAD},note\n{GOOD},x", 1, "“note” is not known"),
        (f"{HEAD},\n{GOOD},", 1, "“” is not known"),
        (HEAD.replace("base,", "") + f"\n{GOOD}", 1, "“base” is missing"),
        (f"{HEAD}\n{GOOD} del Perú".encode("cp1252"), 2, "Windows-1252"),
        (f"{HEAD}\n{GOOD}".encode("utf-16"), None, "UTF-16"),
        (f"{HEAD}\n{GOOD}\x00".encode(), 2, "NUL"),
        (b"PK\x03\x04 and so on", None, "workbook"),
        (f'{HEAD}\n{GOOD}\n"USD,PEN', 3, "quotes"),
        (f'{HEAD}\n"USD"x,PEN', 2, "quotes"),
        (f"{HEAD}\n" + "x" * 200_000, 2, "quotes"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_with_what_to_do(db, content, line, words):
    found = refused(content)
    assert [where for where, _column, message in found if words in message] == [line]


def test_a_file_that_is_too_large_is_refused_before_it_is_read(db):
    [(_line, _column, message)] = refused(b"x" * (MOST_BYTES + 1))
    assert "larger than 2 MB" in message
    [(_line, _column, message)] = refused(f"{HEAD}\n" + "\n" * (MOST_ROWS + 5) + GOOD)
    assert "more than 20,000 rows" in message


def test_no_noise_brings_it_down(db):
    """Bytes at random, and a good file with bytes changed at random: loaded or refused, never anything else."""
    dice = random.Random(4)
    good = f"{HEAD}\r\n{GOOD}\r\n".encode()
    for _round in range(300):
        content = bytearray(good)
        for _change in range(dice.randint(1, 6)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        for attempt in (bytes(content), dice.randbytes(60)):
            with suppress(FileRefused):
                load_content(attempt)


# The page, the export and the command


@pytest.fixture
def administrator(person):
    return person(Role.ADMINISTRATOR)


def upload(client, content, **data):
    file = SimpleUploadedFile("rates.csv", content if isinstance(content, bytes) else content.encode(), content_type="text/csv")
    return client.post("/rates/load/", {"file": file, **data})


def test_an_administrator_loads_a_file_and_reads_what_happened(administrator, login):
    client = login(administrator)
    make.make_rate(record="2019-09-30", rate="3.383", source="IMF-IFS")
    answer = upload(client, f"{HEAD}\n{GOOD}\n{row(record_date='2019-09-30', effective_date='', rate='3.383')}")
    assert (answer.status_code, answer["Location"]) == (302, "/rates/")
    page = client.get("/rates/").content.decode()
    assert "1 rate added. 1 was there already." in page
    assert "International Monetary Fund" in page
    assert AuditEvent.objects.get().actor == administrator


def test_mistakes_show_as_a_table_and_nothing_is_loaded(administrator, login):
    answer = upload(login(administrator), f"{HEAD}\n{GOOD}\n{row(rate='<script>')}\n{row(source='<b>')}")
    text = answer.content.decode()
    assert "The file has 2 mistakes, so nothing was loaded." in text
    assert text.count('data-label="What is wrong"') == 2
    assert "<script>" not in text
    assert not ExchangeRate.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"), [(None, "Choose a file"), ("", "The file is empty"), ("x" * (MOST_BYTES + 1), "larger")]
)
def test_no_file_an_empty_and_a_huge_one_are_refused_at_the_field(administrator, login, content, words):
    client = login(administrator)
    answer = client.post("/rates/load/") if content is None else upload(client, content)
    assert answer.status_code == 200
    assert words in str(answer.context["form"].errors["file"])


def test_many_mistakes_are_counted_and_the_first_ones_shown(administrator, login):
    answer = upload(login(administrator), "\n".join([HEAD, *[row(rate="x")] * 250]))
    assert "250 mistakes" in answer.content.decode()
    assert "And 50 more." in answer.content.decode()


@pytest.mark.parametrize("role", [Role.PROGRAM_OFFICER, Role.GRANTS_OFFICER, Role.EMBASSY_VIEWER, Role.HOST_DELEGATE])
def test_others_read_the_rates_and_load_none(person, login, role):
    client = login(person(role))
    assert client.get("/rates/").status_code == 200
    assert "/rates/load/" not in client.get("/rates/").content.decode()
    assert client.get("/rates/load/").status_code == upload(client, f"{HEAD}\n{GOOD}").status_code == 403
    assert not ExchangeRate.objects.exists()


def test_the_export_is_the_form_that_can_be_loaded(administrator, login):
    client = login(administrator)
    make.make_rate(record="2019-12-31", rate="3.314", source="IMF-IFS", citation="Fund, “Statistics”; page 1")
    make.make_rate(record="2022-06-30", rate="3.825", source="IMF-IFS")
    make.make_rate(record="2018-12-31", rate="3.28660001", kind="year_average")
    exported = b"".join(client.get("/rates/?format=csv").streaming_content)
    assert exported.decode().splitlines()[0] == HEAD
    assert load_content(exported).n_unchanged == 3
    assert upload(client, exported).status_code == 302
    again = b"".join(client.get("/rates/?format=csv").streaming_content)
    assert again == exported


def test_the_list_is_filtered_and_a_wrong_filter_is_said(administrator, login):
    client = login(administrator)
    make.make_rate(record="2017-03-31")
    make.make_rate(record="2019-12-31", rate="3.7777", source="TREASURY")
    make.make_rate(record="2019-12-31", quote="BRL", rate="4.0307")
    for query, n in (("pair=USD/BRL", 1), ("source=TREASURY", 1), ("record_from=2018-01-01", 2), ("kind=daily", 0), ("", 3)):
        assert client.get(f"/rates/?{query}").context["page"].count == n, query
    for query in ("pair=USD/XXX", "source=x", "source=%00", "record_from=31/12/2019", "record_to=%00", "kind=x"):
        answer = client.get(f"/rates/?{query}")
        assert (answer.status_code, answer.context["page"]) == (400, None), query
        assert client.get(f"/rates/?{query}&format=csv").status_code == 400


def test_the_command_loads_and_names_every_mistake(db, tmp_path):
    file, out = tmp_path / "rates.csv", StringIO()
    file.write_text(f"{HEAD}\n{GOOD}")
    call_command("load_rates", str(file), stdout=out)
    assert out.getvalue() == f"{file}: 1 added, 0 unchanged\n"
    file.write_text(f"{HEAD}\n{row(rate='x', kind='y')}")
    with pytest.raises(CommandError) as caught:
        call_command("load_rates", str(file))
    assert str(caught.value).splitlines()[-1] == "mistakes: 2; nothing was changed."
    assert f"{file}:2:kind: " in str(caught.value)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_rates", str(tmp_path / "nothing.csv"))
    with pytest.raises(CommandError, match="Nobody has the e-mail"):
        call_command("load_rates", str(file), "--operator", "nobody@example.org")


# Rows that other connections see. Naming the apps lets the clean-up cascade to the table of the swapped-out token model.
@pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)
def test_the_same_file_loaded_twice_at_once_is_loaded_once(monkeypatch):
    """Long enough between looking and writing for the other to look, too, if nothing kept it from it."""
    monkeypatch.setattr("funding.pledges.rate_files.compare", lambda lines: (compare(lines), sleep(0.1))[0])
    content = "\n".join([HEAD, *(row(record_date=f"2018-01-{day:02}", effective_date="") for day in range(1, 29))]).encode()
    barrier, loaded = Barrier(2), []

    def work():
        barrier.wait()
        loaded.append(load_content(content))
        connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted((one.n_added, one.n_unchanged) for one in loaded) == [(0, 28), (28, 0)]
    assert ExchangeRate.objects.count() == 28
