"""The grid of region × objective × quarter."""

from datetime import date
from types import SimpleNamespace as Row

import pytest

from activities.regional.sums import HeldCounts
from cpc.dashboards.silence import build_grid, kind_of, last_full_quarter, quarters_between

EAST, WEST = Row(key="E", name_en="East"), Row(key="W", name_en="West")
FIRST, SECOND = Row(number=1, short_en="Protect"), Row(number=2, short_en="Prevent")


def grid(cells, *, as_of=date(2020, 2, 10), west_from=date(2017, 6, 15)):
    coverage = [Row(region=EAST, from_on=date(2017, 6, 15)), Row(region=WEST, from_on=west_from)]
    first = min((quarter for _r, _o, quarter in cells), default=None)
    return build_grid(
        coverage=coverage,
        objectives=[FIRST, SECOND],
        counts=HeldCounts(cells, first, False),
        as_of=as_of,
        begins=date(2019, 1, 1),
    )


@pytest.mark.parametrize(
    ("as_of", "quarter"), [(date(2020, 2, 10), "2019-Q4"), (date(2020, 3, 31), "2020-Q1"), (date(2020, 4, 1), "2020-Q1")]
)
def test_quarter_is_full_on_its_last_day(as_of, quarter):
    assert last_full_quarter(as_of) == quarter


def test_quarters_run_over_the_turn_of_the_year():
    assert quarters_between("2019-Q3", "2020-Q2") == ["2019-Q3", "2019-Q4", "2020-Q1", "2020-Q2"]


@pytest.mark.parametrize(("n", "kind"), [(0, "z"), (1, "n1"), (2, "n1"), (3, "n2"), (4, "n2"), (5, "n3"), (90, "n3")])
def test_kind_of_a_full_quarter(n, kind):
    assert kind_of(n, is_in=True) == kind


def test_region_that_is_not_in_yet_is_no_silence():
    found = grid({("E", 1, "2019-Q3"): 1, ("E", 2, "2019-Q4"): 2}, west_from=date(2020, 2, 6))
    assert {cell.kind for pair in found.pairs if pair.region is WEST for cell in pair.cells[:-1]} == {"x"}
    assert [(pair.region.key, pair.objective.number) for pair in found.silent] == [("E", 1)]
    assert len(found.covered) == 2


def test_quarter_in_progress_is_no_silence():
    found = grid({("E", 1, "2019-Q4"): 1})
    assert {cell.kind for pair in found.pairs for cell in pair.cells if cell.quarter == "2020-Q1"} == {"p"}


def test_finding_names_the_longest_silence():
    found = grid({("E", 1, "2019-Q1"): 1, ("E", 2, "2019-Q3"): 1, ("W", 1, "2019-Q1"): 1, ("W", 2, "2019-Q4"): 1})
    objective, since, regions = found.finding()
    assert (objective.short_en, since, [region.key for region in regions]) == ("Protect", "2019-Q2", ["E", "W"])


def test_no_silence_has_no_finding():
    assert grid({(r, o, "2019-Q4"): 1 for r in "EW" for o in (1, 2)}).finding() is None


def test_partnership_without_any_activity_still_has_a_grid():
    found = grid({})
    assert (found.quarters[0], found.quarters[-1]) == ("2019-Q1", "2020-Q1")
    assert len(found.silent) == 4


def test_years_head_their_quarters():
    assert grid({("E", 1, "2019-Q2"): 1}).years == [("2019", 3), ("2020", 1)]
