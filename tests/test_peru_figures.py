"""Peru's public figures: page, API and file give the same answer to the same question, with the facts alone and with the sample.

The figures are those of the sources (the awards of October 2017 and of 6 February 2020, the term, its regions), not of the code.
"""

import io
import re
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings

from activities.deadlines.status import Status
from activities.tasks import recompute
from cpc.accounts.models import User
from cpc.dashboards.management.commands.load_demo import SAMPLE
from partners.management.commands.load_partnership import load
from partners.models import Partnership
from tests.files import Workbook, about, table

pytestmark = pytest.mark.django_db
TODAY = date(2020, 2, 10)
P = "/p/peru-2017"
API = "/api/v1"
INITIAL, EXTENSION = "peru-2017-initial", "peru-2017-extension"
UNALLOCATED = f"unallocated-{INITIAL}"
PRIMES = ("ilo", "yanapanakusun")
SETTINGS = {
    "ALIANZA_DEMO": True,
    "ALIANZA_TODAY": TODAY,
    "ALIANZA_DEMO_PASSWORD": "for-the-tests-alone",
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
}
SPLIT = [(UNALLOCATED, "5000000.00", "0.7463"), ("ilo", "1700000.00", "0.2537")]
BEFORE = [(UNALLOCATED, "5000000.00", "1.0000")]
# as of, as known on, total, rows by partner
QUESTIONS = [
    ("2017-10-30", "2020-02-10", None, []),
    ("2017-10-31", "2020-02-10", "5000000.00", BEFORE),
    ("2020-02-05", "2020-02-10", "5000000.00", BEFORE),
    ("2020-02-06", "2020-02-10", "6700000.00", SPLIT),
    ("2020-02-06", "2020-02-06", "6700000.00", SPLIT),
    ("2020-02-06", "2020-02-05", "5000000.00", BEFORE),
]


FACTS_ONLY, SAMPLE_ONLY = (pytest.mark.parametrize("peru", [name], indirect=True) for name in ("facts alone", "with the sample"))


@pytest.fixture(scope="module")
def facts(django_db_setup, django_db_blocker):
    """The public facts and the accounts of the demonstration, loaded once for this file and taken back after it."""
    with django_db_blocker.unblock(), override_settings(**SETTINGS), transaction.atomic():
        call_command("load_demo", "--facts-only", stdout=io.StringIO())
        yield Partnership.objects.get(key="peru-2017")
        transaction.set_rollback(True)


@pytest.fixture(scope="module", params=["facts alone", "with the sample"])
def peru(request, facts):
    with transaction.atomic():
        if request.param == "with the sample":
            load(SAMPLE)
            recompute(facts.pk, today=TODAY)
        yield request.param
        transaction.set_rollback(True)


@pytest.fixture
def get(settings):
    """`get("/p/…", as_of="2020-02-06")`: what the embassy's viewer is answered."""
    settings.ALIANZA_TODAY = TODAY
    client = Client()
    client.force_login(User.objects.get(email="embassy_viewer@example.org"), settings.AUTHENTICATION_BACKENDS[0])

    def ask(address, **query):
        answer = client.get(f"{address}?{urlencode(query)}" if query else address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return answer

    return ask


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\xa0", " ").strip()


def main_of(answer) -> str:
    return re.search(r"<main.*</main>", answer.content.decode(), re.S)[0]


def digits(text: str) -> Decimal:
    return Decimal(re.search(r"-?[\d,]+(\.\d\d)?", text)[0].replace(",", ""))


def everything(get, address) -> list[dict]:
    """All rows of a list of the API, by its cursors."""
    rows = []
    while address:
        answer = get(address).json()
        rows += answer["results"]
        address = answer["next"]
    return rows


def figures(rows) -> list[tuple]:
    return [(row["key"], row["amount"], row["share"]) for row in rows]


# Money


@pytest.mark.parametrize(("as_of", "known_on", "total", "by_partner"), QUESTIONS)
def test_page_api_and_file_agree_on_what_was_awarded(peru, get, as_of, known_on, total, by_partner):
    days = {"as_of": as_of, "known_on": known_on}
    question = {"partnership": "peru-2017", "measure": "awarded", "group_by": "partner", **days}
    answer = get(f"{API}/funding/summary/", **question).json()
    totals = [{"currency": "USD", "amount": total, "qualifier": "exact"}] if total else []
    assert (figures(answer["rows"]), answer["totals"]) == (by_partner, totals)
    assert {name: answer[name] for name in days} == days
    assert (answer["not_reported"], answer["messages"]) == (0, [])
    file = table(get(f"{API}/funding/summary/", **question, format="csv"))
    assert figures(file) == by_partner
    actions = table(get(f"{API}/award-actions/", partnership="peru-2017", level="prime", **days, format="csv"))
    assert sum(Decimal(row["amount"]) for row in actions) == Decimal(total or 0)
    ledger = table(get(f"{P}/funding/", **days, format="csv"))
    assert sum(Decimal(row["Amount"]) for row in ledger) == Decimal(total or 0)
    assert bool(ledger) == bool(total)


SUMS = [
    ("awarded", "partner", {}),
    ("awarded", "award", {"as_of": "2020-02-06", "known_on": "2020-02-05"}),
    ("awarded", "fiscal_year", {"as_of": "2019-09-30"}),
    ("obligated", "none", {}),
    ("disbursed", "quarter", {}),
    ("spent", "partner", {"known_on": "2019-06-30"}),
]


def cents(amount) -> int | None:
    """Of decimal text or of a number in a workbook; None where it is not known."""
    return None if amount in (None, "") else int((Decimal(str(amount)) * 100).to_integral_exact())


@pytest.mark.parametrize(("measure", "group_by", "days"), SUMS)
def test_page_and_every_file_agree_to_the_cent(peru, get, measure, group_by, days):
    question = {"partnership": "peru-2017", "measure": measure, "group_by": group_by, **days}
    answer = get(f"{API}/funding/summary/", **question)
    expected = {row["key"]: cents(row["amount"]) for row in answer.json()["rows"]}
    total = {one["currency"]: cents(one["amount"]) for one in answer.json()["totals"]}
    csv, book = (get(f"{API}/funding/summary/", **question, format=file) for file in ("csv", "xlsx"))
    assert {row["key"]: cents(row["amount"]) for row in table(csv)} == expected
    assert {row["key"]: cents(row["amount"]) for row in Workbook(book).table} == expected
    for one in (answer, csv, book):
        assert {name: cents(one[f"Alianza-Total-{name}"]) for name in total} == total
    page = {"measure": measure, **days}
    for rows in (
        table(get(f"{P}/funding/", **page, of="sums", format="csv")),
        Workbook(get(f"{P}/funding/", **page, of="sums", format="xlsx")).table,
    ):
        of_page = {row["Key"]: cents(row["Amount"]) for row in rows if (row["Grouped by"], row["Level"]) == (group_by, "prime")}
        assert of_page == expected
    ledger = about(get(f"{P}/funding/", **page, format="csv"))
    facts = Workbook(get(f"{P}/funding/", **page, format="xlsx")).facts
    assert {name: cents(ledger[f"Total, {name}"]) for name in total} == total
    assert {name: cents(facts[f"Total, {name}"]) for name in total} == total
    big = words(re.search(r'<p class="al-big.*?</p>', main_of(get(f"{P}/funding/", **page)), re.S)[0])
    assert cents(digits(big)) == total["USD"] if total else not re.search("[0-9]", big)


@SAMPLE_ONLY
def test_the_host_s_money_agrees_to_the_cent(peru, get):
    answer = get(f"{API}/funding/summary/", partnership="peru-2017", measure="contributed").json()
    (total,) = answer["totals"]
    said = about(get(f"{P}/pledges/", format="csv"))
    facts = Workbook(get(f"{P}/pledges/", format="xlsx")).facts
    rows = get(f"{API}/contributions/", partnership="peru-2017", format="csv")
    shown = [cents(digits(words(one))) for one in re.findall(r'<p class="al-big.*?</p>', main_of(get(f"{P}/pledges/")), re.S)]
    assert total["currency"] == "PEN"
    assert cents(total["amount"]) in shown
    assert cents(said["Total, PEN"]) == cents(facts["Total, PEN"]) == cents(total["amount"])
    assert cents(rows["Alianza-Total-PEN"]) == sum(cents(row["amount"]) or 0 for row in table(rows)) == cents(total["amount"])


@pytest.mark.parametrize(("as_of", "known_on", "total", "by_partner"), QUESTIONS)
def test_pages_show_what_the_api_answers(peru, get, as_of, known_on, total, by_partner):
    days = {"as_of": as_of, "known_on": known_on}
    page = main_of(get(f"{P}/funding/", **days))
    big = words(re.search(r'<p class="al-big.*?</p>', page, re.S)[0])
    assert big == (f"US$ {Decimal(total):,.0f}" if total else "nothing in force")
    section = re.search(r'<section aria-labelledby="byp">(.*?)(?:<h2[^>]*>By U.S. fiscal year|</section>)', page, re.S)[1]
    bars = [words(row) for row in re.findall(r'<tr><th scope="row">.*?</tr>', section, re.S)]
    assert len(bars) == len(by_partner)
    for bar, (_key, amount, share) in zip(bars, by_partner, strict=True):
        assert bar.endswith(f"{Decimal(share) * 100:.1f}% {Decimal(amount):,.0f}") or bar.endswith(f"100% {Decimal(amount):,.0f}")
    card = words(main_of(get(f"{P}/", **days)))
    shown = re.search(r"U.S. funds awarded (.*?) (?:\d+ awards?\.|As of)", card)[1]
    assert shown.startswith(f"US$ {Decimal(total):,.0f}") if total else "US$" not in shown


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("fiscal_year", [("FY2018", "5000000.00"), ("FY2020", "1700000.00")]),
        ("calendar_year", [("CY2017", "5000000.00"), ("CY2020", "1700000.00")]),
        ("quarter", [("2017-Q4", "5000000.00"), ("2020-Q1", "1700000.00")]),
        ("award", [(INITIAL, "5000000.00"), (EXTENSION, "1700000.00")]),
        ("none", [("total", "6700000.00")]),
    ],
)
def test_the_same_money_stands_in_every_grouping(peru, get, group, expected):
    question = {"partnership": "peru-2017", "group_by": group}
    answer = get(f"{API}/funding/summary/", **question).json()
    assert sum(Decimal(row["amount"]) for row in answer["rows"]) == Decimal("6700000.00")
    assert [(row["key"] if group != "none" else "total", row["amount"]) for row in answer["rows"]] == expected
    file = table(get(f"{API}/funding/summary/", **question, format="csv"))
    assert [row["amount"] for row in file] == [amount for _key, amount in expected]
    if group == "fiscal_year":
        text = words(main_of(get(f"{P}/funding/")))
        assert "U.S. fiscal year 2018 74.6% 5,000,000 U.S. fiscal year 2020 25.4% 1,700,000" in text


def test_sub_awards_are_not_reported_and_leave_the_total_alone(peru, get):
    answer = get(f"{API}/funding/summary/", partnership="peru-2017", level="sub", group_by="partner").json()
    assert sorted(figures(answer["rows"])) == [("chs", None, None), ("idl", None, None)]
    assert (answer["totals"], answer["not_reported"]) == ([], 2)
    file = table(get(f"{API}/funding/summary/", partnership="peru-2017", level="sub", group_by="partner", format="csv"))
    assert sorted(figures(file)) == [("chs", "", ""), ("idl", "", "")]
    prime = get(f"{API}/funding/summary/", partnership="peru-2017").json()
    assert prime["totals"] == [{"currency": "USD", "amount": "6700000.00", "qualifier": "exact"}]
    page = main_of(get(f"{P}/funding/"))
    subs = re.search(r'<section[^>]*aria-labelledby="sub".*?</section>', page, re.S)[0]
    assert "2 amounts are not known; they are left out of the totals." in words(subs)
    rows = [words(row) for row in re.findall(r'<tr><th scope="row">.*?</tr>', subs, re.S)]
    assert len(rows) == 2
    assert all(row.endswith("not published") for row in rows)


@SAMPLE_ONLY
@pytest.mark.parametrize("level", ["prime", "sub"])
@pytest.mark.parametrize("group", ["none", "partner", "award", "fiscal_year", "calendar_year", "quarter"])
def test_each_rows_url_adds_up_to_its_row(peru, get, group, level):
    question = {"partnership": "peru-2017", "group_by": group, "level": level, "as_of": "2020-02-06"}
    answer = get(f"{API}/funding/summary/", **question).json()
    assert answer["rows"]
    for row in answer["rows"]:
        actions = everything(get, f"{row['rows_url']}&limit=1")
        amounts = [Decimal(action["amount"]) for action in actions if action["amount"] is not None]
        assert (f"{sum(amounts):.2f}" if amounts else None) == row["amount"]
        file = table(get(f"{row['rows_url']}&format=csv"))
        assert [action["key"] for action in actions] == [line["key"] for line in file]


def test_nothing_is_known_to_be_signed(peru, get):
    answer = get(f"{API}/funding/summary/", partnership="peru-2017", measure="obligated").json()
    assert (answer["rows"], answer["totals"]) == ([], [])
    assert answer["messages"]
    assert "Obligated not published" in words(main_of(get(f"{P}/funding/")))


# Term and regions


@pytest.mark.parametrize(
    ("as_of", "ends", "working_day", "days_left", "n_extensions", "in_words"),
    [
        ("2020-02-05", "2021-06", "2021-06-30", 511, 0, "Ends: June 2021, as signed."),
        ("2020-02-06", "2022-06", "2022-06-30", 875, 1, "Ends: June 2022, extended 1 time."),
    ],
)
def test_term_of_both_days(peru, get, as_of, ends, working_day, days_left, n_extensions, in_words):
    answer = get(f"{API}/partnerships/peru-2017/", as_of=as_of).json()
    assert answer["as_of"] == as_of
    assert answer["term"] == {
        "ends": {"value": ends, "precision": "month", "working_day": working_day},
        "days_left": days_left,
        "ended_days_ago": None,
        "n_extensions": n_extensions,
    }
    text = words(main_of(get(f"{P}/", as_of=as_of)))
    assert f"{days_left} days left {in_words} Day not published; 30 June assumed." in text


def test_partnership_in_the_words_of_the_contract(peru, get):
    answer = get(f"{API}/partnerships/peru-2017/", as_of="2020-02-06").json()
    fixed = {"key": "peru-2017", "host_country": "PE", "time_zone": "America/Lima", "signed_on": "2017-06-15"}
    assert {name: answer[name] for name in fixed} == fixed
    assert {"key": "PE-LMA", "from": "2017-06-15"}.items() <= answer["regions"][0].items()
    assert [(one["number"], one["key"]) for one in answer["objectives"]] == [(1, "prosecute"), (2, "protect"), (3, "prevent")]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2017-06-14", set()),
        ("2020-02-05", {"PE-LMA", "PE-CUS", "PE-LOR"}),
        ("2020-02-06", {"PE-LMA", "PE-CUS", "PE-LOR", "PE-MDD", "PE-PUN"}),
    ],
)
def test_regions_of_each_day(peru, get, as_of, expected):
    answer = get(f"{API}/partnerships/peru-2017/", as_of=as_of).json()
    assert {region["key"] for region in answer["regions"]} == expected
    if expected:
        assert {row["Region"] for row in table(get(f"{P}/grid.csv", as_of=as_of))} == expected
        text = words(main_of(get(f"{P}/", as_of=as_of)))
        for name in ("Madre de Dios", "Puno"):
            assert (name in text) == (len(expected) == 5), name


# Deadlines


def deadlines(get, **query):
    return everything(get, f"{API}/deadlines/?{urlencode({'partnership': 'peru-2017', 'limit': 200, **query})}")


def on_file(get, **query):
    return table(get(f"{P}/deadlines/", status="all", **query, format="csv"))


@pytest.mark.parametrize("recipient", PRIMES)
@pytest.mark.parametrize("kind", ["performance_report", "financial_report"])
def test_interim_reports_of_the_first_award(peru, get, recipient, kind):
    question = {"award": INITIAL, "recipient": recipient, "kind": kind}
    rows = deadlines(get, **question)
    days = [row["due_on"] for row in rows]
    assert (len(rows), days[0], days[-1]) == (12, "2018-01-30", "2020-10-30")
    assert len({(row["period"]["from"], row["period"]["to"]) for row in rows}) == 12
    file = on_file(get, **question)
    assert [(row["Key"], row["Due"]) for row in file] == [(row["key"], row["due_on"]) for row in rows]


@pytest.mark.parametrize("recipient", PRIMES)
def test_final_reports_of_the_first_award(peru, get, recipient):
    question = {"award": INITIAL, "recipient": recipient, "kind": "final_report"}
    rows = deadlines(get, **question)
    assert rows
    assert {row["due_on"] for row in rows} == {"2021-03-31"}
    assert [(row["Key"], row["Due"]) for row in on_file(get, **question)] == [(row["key"], row["due_on"]) for row in rows]
    page = words(main_of(get(f"{P}/deadlines/", status="all", award=INITIAL, recipient=recipient, kind="final_report")))
    assert "31 Mar 2021" in page


def test_extension_award_has_no_deadline_and_says_why(peru, get):
    assert deadlines(get, award=EXTENSION) == []
    assert on_file(get, award=EXTENSION) == []
    reason = "International Labour Organization : No period of performance is known, so no report falls due."
    page = words(main_of(get(f"{P}/funding/awards/{EXTENSION}/")))
    assert reason in page
    assert "no period is published" in page
    assert "No date, and why" in words(main_of(get(f"{P}/deadlines/")))
    award = get(f"{API}/awards/{EXTENSION}/").json()
    assert award["period"] == {"start": None, "end": None}


def test_extension_of_the_term_moves_no_award_and_no_pledge(peru, get):
    def ends(as_of):
        rows = deadlines(get, as_of=as_of)
        return {row["key"]: row["due_on"] for row in rows if row["award"] or row["kind"] == "pledge_end"}

    before, after = ends("2020-02-05"), ends("2020-02-06")
    assert before == after
    assert [row["due_on"] for row in deadlines(get, kind="pledge_end")] == ["2021-06-30"]
    terms = {day: [row["due_on"] for row in deadlines(get, as_of=day, kind="term_end")] for day in ("2020-02-05", "2020-02-06")}
    assert terms == {"2020-02-05": ["2021-06-30"], "2020-02-06": ["2022-06-30"]}
    assert "2021" in words(main_of(get(f"{P}/pledges/")))


def test_page_file_and_api_count_the_same_deadlines(peru, get):
    rows = deadlines(get)
    assert {row["Key"] for row in on_file(get)} == {row["key"] for row in rows}
    page = words(main_of(get(f"{P}/deadlines/", status="all")))
    assert re.search(rf"\b{len(rows)} deadlines\b", page)
    for row in rows:
        assert {
            "key",
            "kind",
            "rule",
            "award",
            "recipient",
            "period",
            "due_on",
            "next_business_day",
            "status",
            "explanation",
        } <= set(row)
        assert row["explanation"]
        assert row["status"] in set(Status)


@FACTS_ONLY
def test_facts_alone_have_nothing_overdue_from_before_records(facts, peru, get):
    for day in ("2020-02-10", "2026-11-24"):
        with override_settings(ALIANZA_TODAY=date.fromisoformat(day)), transaction.atomic():
            recompute(facts.pk, today=date.fromisoformat(day))
            rows = deadlines(get)
            statuses = {row["status"] for row in rows}
            assert "overdue" not in statuses, day
            assert "before_records" in statuses, day
            assert all(row["status"] == "before_records" for row in rows if row["period"]), day
            assert not [row for row in on_file(get) if row["Status"] == "Overdue"]
            assert not re.search(r"\d days? late", words(main_of(get(f"{P}/deadlines/", status="all"))))
            transaction.set_rollback(True)
