"""The map and the line of the term: drawn from outlines and days alone."""

from datetime import date
from decimal import Decimal

import pytest

from cpc.dashboards.bars import part, scaled
from cpc.dashboards.country_map import area_of, centre_of, draw, name_lines, rings_of
from cpc.dashboards.term_line import WIDTH, draw_term

SQUARE = "M100 100l200 0 0 200-200 0z"


def test_rings_follow_relative_and_absolute_steps():
    assert rings_of(SQUARE) == [[(100, 100), (300, 100), (300, 300), (100, 300)]]
    assert rings_of("M0 0H10V10h-10zM5 5L6 5 6 6z") == [[(0, 0), (10, 0), (10, 10), (0, 10)], [(5, 5), (6, 5), (6, 6)]]


def test_centre_and_area_of_a_square():
    ring = rings_of(SQUARE)[0]
    assert (centre_of(ring), area_of(ring)) == ((200, 200), 40_000)


def test_small_region_is_drawn_again_enlarged_in_a_box():
    drawn = draw(
        width=400, height=600, land="", borders="", regions=[("Big", SQUARE, 3), ("Metropolitan Lima", "M10 10l9 0 0 9z", 7)]
    )
    assert [shape.fill for shape in drawn.shapes] == ["al-f2", "al-f1"]
    assert drawn.shapes[1].lines == ()
    (inset,) = drawn.insets
    assert [line for line, _x, _y in inset.shape.lines] == ["Metropolitan", "Lima"]
    xs = [x for ring in rings_of(inset.shape.path) for x, _y in ring]
    assert max(xs) - min(xs) > 90
    assert all(2 <= x <= 144 for x in xs)


def test_region_without_an_outline_is_left_out_of_the_map():
    assert draw(width=400, height=600, land="", borders="", regions=[("Nowhere", "", 3)]).shapes == ()


@pytest.mark.parametrize(
    ("name", "lines"), [("Puno", ["Puno"]), ("Madre de Dios", ["Madre", "de Dios"]), ("Huancavelica", ["Huancavelica"])]
)
def test_long_name_breaks_at_a_space(name, lines):
    assert name_lines(name) == lines


STEPS = [(date(2017, 6, 15), date(2021, 6, 30)), (date(2020, 2, 6), date(2022, 6, 30))]


def test_term_line_splits_at_the_day():
    line = draw_term(STEPS, as_of=date(2020, 2, 6))
    assert line.passed + line.left == WIDTH
    assert line.today_x == line.marks[1].x
    assert [mark.day for mark in line.marks] == [date(2017, 6, 15), date(2020, 2, 6), date(2022, 6, 30)]


def test_ended_term_has_no_today_on_its_line():
    assert draw_term(STEPS, as_of=date(2023, 1, 1)).today_x is None
    assert draw_term([], as_of=date(2023, 1, 1)) is None


def test_labels_that_would_lie_on_each_other_are_left_out():
    close = [*STEPS, (date(2020, 3, 1), date(2022, 7, 31))]
    assert [mark.shown for mark in draw_term(close, as_of=date(2020, 4, 1)).marks] == [True, True, False, True]


def test_bar_is_a_part_of_the_whole_and_never_more():
    assert part(Decimal("5318204"), Decimal("6700000")) == Decimal("79.38")
    assert part(Decimal(9), Decimal(3)) == 100
    assert part(None, Decimal(3)) == part(Decimal(3), Decimal(0)) == 0
    assert scaled("Spent", None, Decimal(3), words="not reported").amount is None
