"""Public figures beside the ledger: each compared as of its own day, and no sum for those who may not read sums."""

import re
from datetime import date
from decimal import Decimal

import pytest

from cpc.core.dates import PreciseDate
from cpc.dashboards.compared import (
    Claim,
    amount_words,
    contradictions,
    day_difference_words,
    difference_words,
    headline,
)
from cpc.dashboards.plot import NARROW, WIDE, Said, box_of, draw, scale_step
from partners.roles import Role
from tests import factories as make
from tests.files import table

NBSP = "\xa0"


def plain(text):
    return text.replace(NBSP, " ")


# Words


@pytest.mark.parametrize(
    ("said", "held", "qualifier", "expected"),
    [
        ("7200000.00", "6700000.00", "exact", "+US$ 500,000"),
        ("6700000.00", "6700000.00", "exact", "none"),
        ("6500000.00", "6700000.00", "exact", "−US$ 200,000"),
        ("5000000.00", None, "planned", "the ledger held nothing yet"),
        ("11000000.00", "6700000.00", "more_than", "more than +US$ 4,300,000"),
        ("5000000.00", "6700000.00", "more_than", "both can hold"),
        ("6700000.00", "6700000.00", "at_least", "both can hold"),
        ("7000000.00", "6700000.00", "at_most", "both can hold"),
        ("6000000.00", "6700000.00", "at_most", "at most −US$ 700,000"),
        ("7000000.00", "6700000.00", "about", "about +US$ 300,000"),
    ],
)
def test_a_difference_carries_the_word_of_the_statement(said, held, qualifier, expected):
    assert plain(difference_words(Decimal(said), held and Decimal(held), "USD", qualifier)) == expected


def test_a_figure_carries_its_qualifier():
    assert plain(amount_words(Decimal(8000000), "PEN", "at_least")) == "at least S/ 8,000,000"
    assert plain(amount_words(Decimal(5000000), "USD", "exact")) == "US$ 5,000,000"


@pytest.mark.parametrize(
    ("said", "held", "expected"),
    [
        ("2022-06", "2022-06", "none"),
        ("2022-06-15", "2022-06", "none"),
        ("2022", "2022-06", "none"),
        ("2022-06", "2021-06", "+365 days"),
        ("2021-06", "2022-06", "−365 days"),
        (None, "2022-06", "no day was said, so there is nothing to compare"),
        ("2022-06", None, "the ledger knew no end yet"),
    ],
)
def test_days_differ_only_as_far_as_both_are_known(said, held, expected):
    assert day_difference_words(said and PreciseDate.parse(said), held and PreciseDate.parse(held)) == expected


def claim(amount, qualifier="exact", effective="2020", measure="us_total", currency="USD"):
    return Claim(f"{amount}-{qualifier}", measure, currency, PreciseDate.parse(effective), Decimal(amount), qualifier)


@pytest.mark.parametrize(
    ("one", "other", "cannot"),
    [
        (claim(7), claim(6), True),
        (claim(7), claim(7), False),
        (claim(7), claim(6, "at_least"), False),
        (claim(7), claim(8, "at_least"), True),
        (claim(9, "more_than"), claim(8, "at_most"), True),
        (claim(9, "more_than"), claim(8, "at_least"), False),
        (claim(7), claim(8, "about"), False),
        (claim(7), claim(8, "planned"), False),
        (claim(7, effective="2020-02-06"), claim(8, effective="2020"), True),
        (claim(7, effective="2020-02-06"), claim(8, effective="2021"), False),
        (claim(7), claim(8, currency="PEN"), False),
        (claim(7), claim(8, measure="pledged"), False),
    ],
)
def test_pairs_that_cannot_both_hold(one, other, cannot):
    assert contradictions([one, other]) == ([(one, other)] if cannot else [])
    assert contradictions([other, one]) == ([(other, one)] if cannot else [])


def test_the_headline_runs_from_the_least_to_the_greatest():
    totals = [(Decimal(6700000), "exact"), (Decimal(11000000), "more_than"), (Decimal(5000000), "planned")]
    assert plain(headline(totals, "USD")) == "Public totals run from planned US$ 5,000,000 to more than US$ 11,000,000"
    assert plain(headline(totals[:1], "USD")) == "The public total is US$ 6,700,000"
    assert headline([], "USD") == "No public total yet"


# The drawing


def said(on, amount, *, floor=False, held=None):
    words = f"more than {amount}" if floor else f"{amount}"
    return Said(date.fromisoformat(on), Decimal(amount) * 1_000_000, words, False, floor, held and Decimal(held) * 1_000_000)


CLOSE = [
    said("2022-12-31", 11, floor=True, held=7),
    said("2023-11-29", 10, floor=True, held=7),
    said("2024-10-21", "9.8", floor=True, held=7),
]


@pytest.mark.parametrize("shape", [WIDE, NARROW])
def test_the_drawing_keeps_its_marks_inside_and_in_order(shape):
    steps = [(date(2017, 10, 31), Decimal(5_000_000)), (date(2020, 2, 6), Decimal(6_700_000))]
    plot = draw([said("2017-06-15", 5), *CLOSE], steps, shape=shape)
    xs = [point.x for point in plot.points]
    assert xs == sorted(xs)
    assert all(shape.left <= point.x <= shape.right and shape.top <= point.y <= shape.ground for point in plot.points)
    heights = {point.label: point.y for point in plot.points}
    assert len(set(heights.values())) == 4
    assert plot.points[1].y < plot.points[2].y < plot.points[3].y < plot.points[0].y  # 11 over 10 over 9.8 over 5
    assert [mark.label for mark in plot.ledger_labels][-1] == "6.7"
    assert re.fullmatch(rf"M\d+ \d+H\d+V\d+H{shape.right}", plot.ledger)


def test_labels_do_not_lie_on_each_other():
    for shape in (WIDE, NARROW):
        points = draw(CLOSE, [], shape=shape).points
        boxes = [box_of(point.label_x, point.label_y, point.anchor, point.label) for point in points]
        assert not any(one.meets(other) for n, one in enumerate(boxes) for other in boxes[n + 1 :])


def test_a_gap_is_drawn_only_down_to_a_lower_ledger():
    points = draw([said("2020-12-31", 9, held=7), said("2021-12-31", 7, held=7), said("2022-12-31", 8)], [], shape=WIDE).points
    assert [point.gap_y is not None for point in points] == [True, False, False]


def test_nothing_to_draw_is_no_drawing():
    assert draw([], [], shape=WIDE) is None


def test_the_axis_holds_the_highest_amount_in_whole_millions():
    assert scale_step(Decimal(11_000_000)) == 4_000_000
    assert scale_step(Decimal(1)) == 1_000_000


# The page


def words(answer):
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", plain(text))


@pytest.fixture
def facts(partnership):
    one = make.make_organization("one")
    award = make.make_award(partnership, key="first", recipients=[one])
    make.make_action(award, amount="5000000.00", effective="2017-10", end="2019-12")
    make.make_action(award, amount="1700000.00", effective="2018-02-06", kind="supplement")
    make.make_pledge(partnership, rate=make.make_rate())
    return one


@pytest.fixture
def address(partnership):
    return f"/p/{partnership.key}/statements/"


def test_each_total_is_compared_with_the_ledger_of_its_own_day(login, viewer, partnership, facts, address):
    make.make_statement(partnership, amount="5000000.00", as_of="2017-06-15", qualifier="planned")
    make.make_statement(partnership, amount="5200000.00", as_of="2017-12-01")
    make.make_statement(partnership, amount="7200000.00", as_of="2019-05")
    rows = table(login(viewer).get(f"{address}?format=csv"))
    assert [(row["As of"], row["Amount"], row["Ledger of that day"], plain(row["Difference"])) for row in rows] == [
        ("2017-06-15", "5000000.00", "", "the ledger held nothing yet"),
        ("2017-12-01", "5200000.00", "5000000.00", "'+US$ 200,000"),
        ("2019-05", "7200000.00", "6700000.00", "'+US$ 500,000"),
    ]
    text = words(login(viewer).get(address))
    assert "Public totals run from planned US$ 5,000,000 to US$ 7,200,000; the ledger holds US$ 6,700,000" in text


def test_the_comparison_knows_no_more_than_was_known(login, viewer, partnership, facts, address):
    make.make_statement(partnership, amount="5200000.00", as_of="2018-01-15")
    make.make_statement(partnership, amount="7200000.00", as_of="2019-05")
    text = words(login(viewer).get(f"{address}?as_of=2018-02-05&known_on=2018-02-05"))
    assert "US$ 7,200,000" not in text
    assert "The public total is US$ 5,200,000; the ledger holds US$ 5,000,000" in text


def test_ends_and_the_pledge_are_compared_too(login, viewer, partnership, facts, address):
    make.make_statement(partnership, measure="term_end", amount=None, as_of="2017-06-15", **make.precise("2021-06", "day"))
    make.make_statement(
        partnership, measure="award_end", amount=None, as_of="2017-12-01", award_key="first", **make.precise("2019-11", "day")
    )
    make.make_statement(partnership, measure="pledged", amount="8000000.00", currency="PEN", qualifier="at_least")
    make.make_statement(partnership, measure="pledged", amount="2400000.00", currency="USD", qualifier="about", as_of="2019-05")
    make.make_statement(partnership, measure="pledged", amount="2000000.00", currency="EUR", as_of="2019-05")
    text = words(login(viewer).get(address))
    for said_there in (
        "June 2021 June 2021 none", "November 2019 December 2019 −31 days", "at least S/ 8,000,000 at least S/ 8,000,000 none",
        "about US$ 2,400,000 at least US$ 2,463,433.41 at signature about −US$ 63,433.41",
        "no rate not comparable without a rate",
    ):  # fmt: skip
        assert said_there in text, said_there


def test_pairs_that_cannot_both_hold_are_listed(login, viewer, partnership, facts, address):
    make.make_statement(partnership, amount="6700000.00", as_of="2019-02-06")
    make.make_statement(partnership, amount="7100000.00", as_of="2019")
    assert "US$ 6,700,000 (6 Feb 2019) and US$ 7,100,000 (2019), if they speak of the same day" in words(
        login(viewer).get(address)
    )


def test_a_partner_reads_what_was_said_and_no_sums(client, partnership, facts, address):
    make.make_statement(partnership, amount="5200000.00", as_of="2017-12-01")
    make.make_statement(partnership, measure="pledged", amount="8000000.00", currency="PEN", qualifier="at_least")
    make.make_statement(
        partnership, measure="award_end", amount=None, as_of="2017-12-01", award_key="first", **make.precise("2019-11", "day")
    )
    client.force_login(make.make_user(Role.PARTNER_PREPARER, partnership, organization=facts))
    text = words(client.get(address))
    assert "The public total is US$ 5,200,000" in text
    for hidden in ("6,700,000", "5,000,000", "+US$", "Ledger 5", "2,463,433"):
        assert hidden not in text, hidden
    assert "not part of your role" in text
    assert "December 2019" in text  # the end of the own award
    client.force_login(make.make_user(Role.PARTNER_PREPARER, partnership))
    assert "December 2019" not in words(client.get(address))
    assert "6700000.00" not in client.get(f"{address}?format=csv").getvalue().decode()


def test_without_a_statement_the_page_says_so(login, viewer, address):
    text = words(login(viewer).get(address))
    assert "No public total yet" in text
    assert "No public total is on record for this day." in text


def test_a_stranger_gets_404_and_a_wrong_day_a_400(login, viewer, stranger, address):
    assert login(viewer).get(f"{address}?known_on=2020-02-11").status_code == 400
    assert login(stranger).get(address).status_code == 404


def test_as_many_queries_for_two_hundred_statements_as_for_two(
    login, viewer, partnership, facts, address, django_assert_max_num_queries
):
    client = login(viewer)
    for _n in range(2):
        make.make_statement(partnership, amount="5200000.00", as_of="2017-12-01")
    with django_assert_max_num_queries(14) as few:
        client.get(address)
    for _n in range(198):
        make.make_statement(partnership, amount="5200000.00", as_of="2017-12-01", qualifier="about")
    with django_assert_max_num_queries(14) as many:
        client.get(address)
    assert len(many) == len(few)
