"""Why a public figure may differ from the ledger: rules alone, then the seven public totals of the loaded Peru file."""

import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from activities.sums import answer
from cpc.core.dates import PreciseDate
from cpc.dashboards.held import held_by
from cpc.dashboards.reasons import Figure, Known, of_a_rate, of_another_end, reasons_of, rounding_unit
from funding.awards.answers import Asked
from partners.asof import Days
from partners.models import Partnership, Statement
from partners.roles import Role
from tests import factories as make
from tests.files import table


def plain(text):
    return text.replace("\xa0", " ")


def figure(amount, qualifier="exact", on="2019-05", currency="USD"):
    return Figure(Decimal(amount), currency, qualifier, PreciseDate.parse(on))


def known(held, *steps, others=None, unexplained=""):
    series = [(date.fromisoformat(on), Decimal(total)) for on, total in steps]
    values = {name: value and Decimal(value) for name, value in (others or {}).items()}
    return Known(held and Decimal(held), series, values, unexplained)


STEPS = (("2017-10-31", "5000000"), ("2020-02-06", "6700000"))
MISSING = "%(gap)s are missing."


@pytest.mark.parametrize(
    ("amount", "unit"),
    [
        ("7200000.00", "100000"), ("11000000.00", "1000000"), ("5000000.00", "100000"), ("6712345.67", "0.01"), ("0", "0.01"),
        ("8000000.50", "0.1"), ("10000000.00", "1000000"),
    ],
)  # fmt: skip
def test_a_rounded_figure_has_two_digits_at_least(amount, unit):
    assert rounding_unit(Decimal(amount)) == Decimal(unit)


@pytest.mark.parametrize(
    ("said", "there", "expected"),
    [
        (figure("6700000"), known("6700000"), []),
        (figure("6000000", "more_than"), known("6700000"), []),
        (figure("7000000", "at_most"), known("6700000"), []),
        (figure("6700000"), known("6712345.67"), ["Rounding: the figure has its last digit at US$ 100,000."]),
        (figure("6700000"), known("6751000", unexplained=MISSING),
         ["US$ 51,000 of what the ledger holds may not be counted in it."]),
        (figure("6700000"), known("5000000", *STEPS), ["A later step: the ledger holds US$ 6,700,000 from 6 Feb 2020 on."]),
        (figure("5000000", "planned", "2017-06-15"), known(None, *STEPS),
         ["A later step: the ledger holds US$ 5,000,000 from 31 Oct 2017 on."]),
        (figure("5000000", on="2021-05"), known("6700000", *STEPS),
         ["A later step may not be counted in it: the ledger held US$ 5,000,000 until 5 Feb 2020."]),
        (figure("5000000", on="2020"), known("6700000", *STEPS),
         ["The day is not known more exactly: the ledger held US$ 5,000,000 in that time."]),
        (figure("6000000", "more_than"), known("5000000", *STEPS),
         ["A later step: the ledger holds US$ 6,700,000 from 6 Feb 2020 on."]),
        (figure("1700000"), known("6700000", others={"U.S. funds spent": "1689849.45", "U.S. funds disbursed": None}),
         ["Another measure: “U.S. funds spent” was US$ 1,689,849.45 on that day."]),
        (figure("7200000", on="2021-05"), known("6700000", *STEPS, unexplained=MISSING), ["US$ 500,000 are missing."]),
        (figure("11000000", "more_than", "2022"), known("6700000", *STEPS, unexplained=MISSING), ["US$ 4,300,000 are missing."]),
        (figure("7200000"), known(None, unexplained=MISSING), ["US$ 7,200,000 are missing."]),
        (figure("7200000", on="2019-05"), known("5000000", *STEPS, unexplained=MISSING),
         ["A later step explains a part: the ledger holds US$ 6,700,000 from 6 Feb 2020 on.", "US$ 500,000 are missing."]),
        (figure("7200000", on="2018-05"), known("5000000", *STEPS, unexplained=MISSING), ["US$ 2,200,000 are missing."]),
    ],
)  # fmt: skip
def test_a_reason_is_found_in_the_ledger_or_what_is_missing_is_named(said, there, expected):
    assert [plain(reason) for reason in reasons_of(said, there)] == expected


RATES = [(date(2017, 3, 31), Decimal("3.2475")), (date(2021, 3, 31), Decimal("3.7600")), (date(2021, 6, 30), Decimal("3.8580"))]


def test_a_rate_that_gives_the_figure_is_named_else_the_one_it_would_take():
    pledged = Decimal(8_000_000)
    assert plain(of_a_rate(figure("2463433.41", on="2021-05"), pledged, "PEN", RATES)[0]) == (
        "Exchange rate: at that of 31 Mar 2017, 3.2475 PEN for 1 USD, and rounded, it is the same."
    )
    assert plain(of_a_rate(figure("2100000", on="2021-05"), pledged, "PEN", RATES)[0]) == (
        "Exchange rate: at that of 31 Mar 2021, 3.76 PEN for 1 USD, and rounded, it is the same."
    )
    assert plain(of_a_rate(figure("2400000", "about", "2021-05"), pledged, "PEN", RATES)[0]) == (
        "Exchange rate: it would take 3.3333 PEN for 1 USD; no rate that we hold gives that."
    )
    assert of_a_rate(figure("0"), pledged, "PEN", RATES) == []


ENDS = [(date(2017, 6, 15), PreciseDate.parse("2021-06")), (date(2020, 2, 6), PreciseDate.parse("2022-06"))]


@pytest.mark.parametrize(
    ("said", "on", "expected"),
    [
        ("2022-06", "2019-05-01", ["A later step: the ledger has this end from 6 Feb 2020 on."]),
        ("2021-06", "2020-03-01", ["A later step may not be counted in it: the ledger had this end since 15 Jun 2017."]),
        ("2021-06", "2019-05-01", []),
        ("2023", "2019-05-01", []),
        (None, "2019-05-01", []),
    ],
)
def test_another_end_is_looked_for_in_the_steps(said, on, expected):
    found = of_another_end(said and PreciseDate.parse(said), date.fromisoformat(on), ENDS)
    assert [plain(reason) for reason in found] == expected


# Beside the sums


def test_what_was_held_is_what_the_sums_say_on_every_day(partnership, viewer):
    one = make.make_organization()
    award = make.make_award(partnership, key="first", recipients=[one])
    sub = make.make_award(partnership, key="sub", recipients=[one], level="sub", parent=award)
    make.make_action(award, amount="5000000.00", effective="2017-10", basis="signed")
    make.make_action(award, amount="1700000.00", effective="2019-02-06", kind="supplement")
    make.make_action(award, amount="-250000.00", effective="2019-11", kind="deobligation", basis="signed")
    make.make_action(sub, amount="900000.00", effective="2018-06")
    make.make_contribution(partnership, amount="1000.00", effective="2018")
    make.make_contribution(partnership, amount="250.50", effective="2019-03")
    today = date(2020, 2, 10)
    held = held_by(viewer, partnership, Days(today, today, today))
    for text in ("2017-10-30", "2017-10-31", "2018-06-30", "2018-12-31", "2019-02-05", "2019-02-06", "2019-12-01"):
        day = date.fromisoformat(text)
        for measure, currency in (("awarded", "USD"), ("obligated", "USD"), ("contributed", "PEN"), ("spent", "USD")):
            totals = answer(partnership, Asked(measure), as_of=day, known_on=today).totals
            assert held.on(day, measure, currency) == (totals[0].amount if totals else None), (measure, text)
    assert held.on(today, "awarded", "USD", "sub") == Decimal("900000.00")


def test_a_statement_about_an_award_or_about_signed_money_is_compared_in_its_own_measure(login, viewer, partnership):
    one = make.make_organization()
    first, second = (make.make_award(partnership, key=key, recipients=[one]) for key in ("first", "second"))
    make.make_action(first, amount="5000000.00", effective="2017-10", basis="signed")
    make.make_action(second, amount="1700000.00", effective="2019-02-06")
    make.make_statement(partnership, measure="awarded", amount="1500000.00", as_of="2019-05", award_key="second")
    make.make_statement(partnership, measure="obligated", amount="6700000.00", as_of="2019-05")
    rows = table(login(viewer).get(f"/p/{partnership.key}/statements/?format=csv"))
    assert [(row["Ledger of that day"], row["Difference as an amount"]) for row in rows] == [
        ("1700000.00", "-200000.00"), ("5000000.00", "1700000.00"),
    ]  # fmt: skip
    assert "“U.S. funds awarded” was US$ 6,700,000 on that day." in plain(rows[1]["Possible reasons"])


def test_a_partner_sees_the_comparison_of_the_own_award_alone(client, partnership):
    one, other = make.make_organization(), make.make_organization()
    for key, organization in (("own", one), ("others", other)):
        award = make.make_award(partnership, key=key, recipients=[organization])
        make.make_action(award, amount="1700000.00", effective="2019-02-06")
        make.make_statement(partnership, measure="awarded", amount="1500000.00", as_of="2019-05", award_key=key)
    client.force_login(make.make_user(Role.PARTNER_CERTIFIER, partnership, organization=one))
    rows = table(client.get(f"/p/{partnership.key}/statements/?format=csv"))
    assert [row["Ledger of that day"] for row in rows] == ["1700000.00", ""]
    assert rows[1]["Ledger in words"] == "not part of your role"
    assert rows[1]["Possible reasons"] == ""


# The seven public totals (domain rules, §1.5)

TOTALS = [
    # as of, said, word, ledger of that day, difference
    ("2017-10", "5000000.00", "exact", "5000000.00", "0.00"),
    ("2020-02-06", "6700000.00", "exact", "6700000.00", "0.00"),
    ("2020", "7100000.00", "exact", "6700000.00", "400000.00"),
    ("2021-05", "7200000.00", "exact", "6700000.00", "500000.00"),
    ("2022", "11000000.00", "more_than", "6700000.00", "4300000.00"),
    ("2023-11-29", "10000000.00", "more_than", "6700000.00", "3300000.00"),
    ("2024-10-21", "9800000.00", "more_than", "6700000.00", "3100000.00"),
]


@pytest.fixture
def peru(db, settings, client):
    settings.ALIANZA_TODAY = date(2026, 11, 24)
    call_command("load_reference", stdout=io.StringIO())
    call_command("load_partnership", "partners/data/peru-2017.yaml", stdout=io.StringIO())
    partnership = Partnership.objects.get(key="peru-2017")
    client.force_login(make.make_user(Role.EMBASSY_VIEWER, partnership))
    return client


def test_the_seven_public_totals_stand_with_their_differences_in_file_and_page(peru):
    rows = [row for row in table(peru.get("/p/peru-2017/statements/?format=csv")) if row["Measure"] == "us_total"]
    names = ("As of", "Amount", "Qualifier", "Ledger of that day", "Difference as an amount")
    assert [tuple(row[name] for name in names) for row in rows] == TOTALS
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", plain(peru.get("/p/peru-2017/statements/").content.decode())))
    for words in (
        "US$ 7,200,000 US$ 6,700,000 +US$ 500,000", "US$ 7,100,000 US$ 6,700,000 +US$ 400,000",
        "more than US$ 11,000,000 US$ 6,700,000 more than +US$ 4,300,000",
        "US$ 500,000 are not in this ledger: another award or programme may be counted.",
        "US$ 6,700,000 (6 Feb 2020) and US$ 7,100,000 (2020), if they speak of the same day",
        "Public totals run from US$ 5,000,000 to more than US$ 11,000,000; the ledger holds US$ 6,700,000",
    ):  # fmt: skip
        assert words in page, words


def test_the_page_of_one_of_them_says_the_same(peru):
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", plain(peru.get("/p/peru-2017/statements/us-total-7-2/").content.decode())))
    for words in ("Said US$ 7,200,000", "Ledger that day US$ 6,700,000", "Difference +US$ 500,000", "known; loaded from a file"):
        assert words in page, words
    assert Statement.objects.filter(measure="us_total").count() == len(TOTALS)
