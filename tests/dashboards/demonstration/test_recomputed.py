"""Every figure of the dashboard once more, from all rows of the tables in plain Python, with none of the code that the page
uses; and the same text to the cent on page, in the API and in files."""

import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client

from cpc.accounts.models import User
from tests.files import table

from .conftest import SETTINGS

pytestmark = pytest.mark.django_db  # or the database of the tests is not set up where this file runs alone
LIMA = ZoneInfo("America/Lima")
PAGE, SUMMARY = "/p/peru-2017/", "/api/v1/funding/summary/?partnership=peru-2017"
# as of, as known on
DAYS = [
    ("2017-10-30", "2020-02-10"),
    ("2017-10-31", "2020-02-10"),
    ("2018-12-31", "2018-12-31"),
    ("2020-01-31", "2020-01-31"),
    ("2020-02-05", "2020-02-05"),
    ("2020-02-06", "2020-02-05"),
    ("2020-02-06", "2020-02-06"),
    ("2020-02-10", "2020-02-10"),
]
every_day = pytest.mark.parametrize(("as_of", "known_on"), DAYS)


@pytest.fixture
def get(demo, settings):
    for name, value in SETTINGS.items():
        setattr(settings, name, value)
    client = Client()
    client.force_login(User.objects.get(email="embassy_viewer@example.org"), settings.AUTHENTICATION_BACKENDS[0])

    def ask(address, as_of, known_on):
        answer = client.get(f"{address}{'&' if '?' in address else '?'}as_of={as_of}&known_on={known_on}")
        assert answer.status_code == 200, address
        return answer

    return ask


@pytest.fixture
def card(get):
    """`card("f2", as_of, known_on)`: the words of one card, its bars as rows of words beside them."""

    def read(name, as_of, known_on):
        html = get(PAGE, as_of, known_on).content.decode()
        section = re.search(rf'<section[^>]*aria-labelledby="{name}">(.*?)</section>', html, re.S)[1]
        return words(section), [words(row) for row in re.findall(r'<tr><th scope="row">.*?</tr>', section, re.S)]

    return read


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\xa0", " ").strip()


def shown(amount: Decimal) -> str:
    return f"{amount:,.2f}".removesuffix(".00")


# The rows


def rows_of(sql: str) -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def ledger(sql: str, as_of: str, known_on: str) -> list[dict]:
    """The rows that were true on one day, known on the other, approved where that is asked, and not taken back by then."""
    as_of, known_on = date.fromisoformat(as_of), date.fromisoformat(known_on)
    rows = [row for row in rows_of(sql) if row.get("decision", "approved") == "approved"]
    taken_back = {row["voids_id"] for row in rows if row["voids_id"] and row["known_on"] <= known_on}
    return [
        row
        for row in rows
        if row["effective_on"] <= as_of and row["known_on"] <= known_on and not row["voids_id"] and row["id"] not in taken_back
    ]


def prime_actions(as_of, known_on) -> list[dict]:
    return ledger(
        "select a.*, w.key as award, w.currency as own_currency, o.key as recipient from funding_awardaction a"
        " join funding_award w on w.id = a.award_id and w.level = 'prime'"
        " left join partners_organization o on o.id = a.recipient_id",
        as_of,
        known_on,
    )


def sums_by(rows, key) -> dict[str, str]:
    sums = defaultdict(Decimal)
    for row in rows:
        if row["amount"] is not None:
            sums[key(row)] += row["amount"]
    return {name: f"{amount:.2f}" for name, amount in sums.items() if amount}


def partner_of(row) -> str:
    return row["recipient"] or f"unallocated-{row['award']}"


def fiscal_year_of(row) -> str:
    assert row["effective_precision"] != "year"
    return f"FY{row['effective_on'].year + (row['effective_on'].month >= 10)}"


# U.S. money


@every_day
@pytest.mark.parametrize(
    ("group", "key"), [("partner", partner_of), ("fiscal_year", fiscal_year_of), ("award", lambda row: row["award"])]
)
def test_awarded_by_group_is_the_sum_of_its_rows(get, group, key, as_of, known_on):
    expected = sums_by(prime_actions(as_of, known_on), key)
    answer = get(f"{SUMMARY}&group_by={group}", as_of, known_on).json()
    assert {row["key"]: row["amount"] for row in answer["rows"]} == expected
    assert {
        row["key"]: row["amount"] for row in table(get(f"{SUMMARY}&group_by={group}&format=csv", as_of, known_on))
    } == expected
    page = words(get(f"{PAGE}funding/", as_of, known_on).content.decode())
    assert all(shown(Decimal(amount)) in page for amount in expected.values())


@every_day
def test_awarded_total_is_one_text_everywhere(get, card, as_of, known_on):
    rows = prime_actions(as_of, known_on)
    total = sum((row["amount"] for row in rows if row["amount"] is not None), Decimal(0))
    api = get(SUMMARY, as_of, known_on).json()["totals"]
    assert [one["amount"] for one in api] == ([f"{total:.2f}"] if total else [])
    file = table(get("/p/peru-2017/funding/?format=csv", as_of, known_on))
    assert sum(Decimal(row["Amount"]) for row in file) == total
    text, bars = card("f2", as_of, known_on)
    assert f"{len(rows)} award action" in text
    assert text.startswith(f"U.S. funds awarded US$ {shown(total)} " if total else "U.S. funds awarded Nothing yet ")
    assert bars[0] == (f"Awarded {shown(total)}" if total else "Awarded nothing yet")


@every_day
def test_spent_is_line_10e_of_the_newest_accepted_reports(card, get, as_of, known_on):
    newest = {}
    for row in rows_of(
        "select r.id, r.award_id, r.organization_id, r.period_to, v.number, v.accepted_at, f.line_10e"
        " from activities_financialreport f join activities_reportversion v on v.id = f.version_id"
        " join activities_report r on r.id = v.report_id join funding_award w on w.id = r.award_id"
        " where v.state = 'accepted' and w.level = 'prime' order by r.period_to, v.number"
    ):
        is_known = row["accepted_at"].astimezone(LIMA).date().isoformat() <= known_on
        if is_known and row["period_to"].isoformat() <= as_of:
            newest.setdefault((row["award_id"], row["organization_id"]), {})[row["id"]] = row["line_10e"]
    given = ([line for line in reports.values() if line is not None] for reports in newest.values())
    amounts = [lines[-1] for lines in given if lines]
    expected = f"Spent sample {shown(sum(amounts))}" if amounts and prime_actions(as_of, known_on) else "Spent not reported"
    assert card("f2", as_of, known_on)[1][2] == expected
    api = get(f"{SUMMARY}&measure=spent", as_of, known_on).json()["totals"]
    assert [one["amount"] for one in api] == ([f"{sum(amounts):.2f}"] if amounts else [])


# Term


@every_day
def test_term_and_days_left_are_those_of_the_newest_event(get, card, as_of, known_on):
    events = sorted(ledger("select * from partners_termevent", as_of, known_on), key=lambda row: (row["effective_on"], row["id"]))
    end = events[-1]["new_end_on"]
    days_left = (end - date.fromisoformat(as_of)).days
    api = get("/api/v1/partnerships/peru-2017/", as_of, known_on).json()["term"]
    assert (api["days_left"], api["ends"]["working_day"]) == (days_left, end.isoformat())
    text, _bars = card("f1", as_of, known_on)
    assert text.startswith(f"Term {days_left:,} days left Ends: {end:%B %Y}, ")
    assert f"{len(events)} term event" in text


# Pledge


@every_day
def test_pledge_and_its_bars_are_the_contributions_by_who_confirms(card, get, as_of, known_on):
    rows = ledger("select * from funding_contribution", as_of, known_on)
    promised = sum(row["amount"] for row in ledger("select * from funding_pledge", as_of, known_on) if row["amount"])
    said = {}
    for row in sorted(
        rows_of("select * from funding_contributionconfirmation"), key=lambda row: (row["confirmed_on"], row["id"])
    ):
        if row["confirmed_on"].isoformat() <= min(as_of, known_on):
            said[row["contribution_id"], row["side"]] = row["agrees"]
    names = {(True, True): "Both confirm", (True, None): "U.S. only", (None, True): "Peru only", (None, None): "Not confirmed"}
    sums = defaultdict(Decimal)
    for row in rows:
        if row["amount"] is not None and row["currency"] == "PEN":
            sums[names.get((said.get((row["id"], "us")), said.get((row["id"], "host"))), "Disputed")] += row["amount"]
    given = sum(sums.values(), Decimal(0))
    text, bars = card("f3", as_of, known_on)
    assert text.startswith(f"Pledge of Peru, documented S/ {shown(given)} ")
    assert (f"{int(100 * given / promised)}% of at least S/ {shown(promised)} pledged." in text) == bool(given)
    assert f"· {len(rows)} contribution" in text
    expected = {f"{name} {shown(amount)}" for name, amount in sums.items()} | {f"Missing, at least {shown(promised - given)}"}
    assert set(bars) == expected
    file = table(get("/p/peru-2017/pledges/?format=csv", as_of, known_on))
    assert sum(Decimal(row["Amount"]) for row in file if row["Amount"]) == given


# Reports and commitments


def first_due() -> dict[tuple, date]:
    days = {}
    for row in rows_of("select * from activities_deadline where superseded_at is null and kind like '%_report'"):
        triple = row["award_id"], row["recipient_id"], row["period_from"], row["period_to"]
        days[triple] = min(days.get(triple, row["due_on"]), row["due_on"])
    return days


def report_days(as_of: str, known_on: str) -> list[int]:
    """Days until each report that is with its partner is due, negative for a late one."""
    until, day, due = min(as_of, known_on), date.fromisoformat(as_of), first_due()
    moves = defaultdict(list)
    for row in rows_of(
        "select t.*, v.report_id from activities_transition t join activities_reportversion v on v.id = t.version_id"
    ):
        if row["at"].astimezone(LIMA).date().isoformat() <= until:
            moves[row["report_id"]].append(row)
    known = {row["id"] for row in rows_of("select id, known_on from funding_award") if row["known_on"].isoformat() <= known_on}
    left = []
    for row in rows_of("select * from activities_report"):
        past = sorted(moves[row["id"]], key=lambda move: (move["version_id"], move["at"], move["id"]))
        if (
            row["award_id"] not in known
            or (row["period_from"] > day and not past)
            or (past and past[-1]["end"] not in ("draft", "returned"))
        ):
            continue
        own = [move["due_on"] for move in past if move["due_on"] and move["version_id"] == past[-1]["version_id"]]
        triple = row["award_id"], row["organization_id"], row["period_from"], row["period_to"]
        due_on = own[-1] if own else due.get(triple)
        if due_on is not None:
            left.append((due_on - day).days)
    return left


@every_day
def test_reports_overdue_and_due_soon_are_counted_from_their_moves(card, as_of, known_on):
    left = report_days(as_of, known_on)
    late, soon = [-n for n in left if n < 0], [n for n in left if 0 <= n <= 14]
    text, _bars = card("f4", as_of, known_on)
    oldest = f"The oldest is {max(late)} day" if late else "No report is late."
    assert text.startswith(f"Reports overdue {len(late)} and {len(soon)} due in 14 days {oldest}")


@every_day
def test_commitments_are_counted_by_side(card, as_of, known_on):
    day = date.fromisoformat(as_of)
    counts = Counter()
    for row in rows_of(
        "select c.*, d.known_on, d.starts_on from activities_commitment c join activities_dialogue d on d.id = c.dialogue_id"
    ):
        if row["known_on"].isoformat() > known_on or row["starts_on"] > day:
            continue
        is_closed = row["state_on"] is not None and row["state_on"] <= day and row["state"] != "open"
        is_late = not is_closed and row["due_on"] is not None and row["due_on"] < day
        counts[row["side"], "Closed" if is_closed else "Late" if is_late else "Open"] += 1
    n_open = sum(n for (_side, state), n in counts.items() if state != "Closed")
    text, bars = card("f5", as_of, known_on)
    assert text.startswith(f"Dialogue commitments open {n_open} of {sum(counts.values())} ")
    for side, bar in zip((("us", "U.S."), ("host", "Peru")), bars, strict=True):
        assert bar == " ".join([side[1], *(str(counts[side[0], state]) for state in ("Closed", "Open", "Late"))])


# Activities


def last_full_quarter(as_of: str) -> str:
    day = date.fromisoformat(as_of) + timedelta(days=1)
    year, quarter = (day.year, (day.month - 1) // 3) if day.month > 3 else (day.year - 1, 4)
    return f"{year}-Q{quarter}"


@every_day
def test_grid_and_cards_count_the_activities_held(card, get, as_of, known_on):
    held = Counter()
    for row in rows_of(
        "select a.starts_on, r.key as region, o.key as objective from activities_activity a"
        " left join reference_region r on r.id = a.region_id join partners_objective o on o.id = a.objective_id"
        " where a.state = 'held'"
    ):
        if row["starts_on"].isoformat() <= as_of:
            held[row["region"], row["objective"], f"{row['starts_on'].year}-Q{(row['starts_on'].month + 2) // 3}"] += 1
    covered = {
        row["key"]: row["from_on"]
        for row in rows_of("select c.*, r.key from partners_coverage c join reference_region r on r.id = c.region_id")
        if row["from_on"].isoformat() <= as_of and row["known_on"].isoformat() <= known_on
    }
    cells = table(get("/p/peru-2017/grid.csv", as_of, known_on))
    assert {cell["Region"] for cell in cells} == set(covered)
    for cell in cells:
        n = held[cell["Region"], cell["Objective"], cell["Quarter"]]
        assert cell["Activities held"] == ("" if cell["State"] == "not_yet_in" else str(n)), cell
    quarter = last_full_quarter(as_of)
    in_quarter = {(region, objective): n for (region, objective, key), n in held.items() if key == quarter}
    n_regions = len({region for region, _objective in in_quarter if region})
    text, _bars = card("f6", as_of, known_on)
    assert re.search(rf"^Activities held, \S+ \d{{4}} {sum(in_quarter.values())} in {n_regions} regions? ", text), text
    year, number = int(quarter[:4]), int(quarter[-1])
    last_day = date(year + number // 4, number % 4 * 3 + 1, 1) - timedelta(days=1)
    pairs = [
        (region, one) for region, since in covered.items() if since <= last_day for one in ("prosecute", "protect", "prevent")
    ]
    silent = [pair for pair in pairs if not in_quarter.get(pair)]
    assert f"{len(silent)} of {len(pairs)} pairs without activity" in card("f7", as_of, known_on)[0]
