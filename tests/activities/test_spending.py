"""What accepted reports say was disbursed and spent: cumulative lines become what belongs to each period."""

from datetime import date
from types import SimpleNamespace

import pytest

from activities.sums import Asked, answer
from cpc.dashboards.cards import spent_on
from partners.asof import Days
from tests import factories as make

from .accepted import accept, owe_reports


def asked(world, as_of="2020-02-10", known_on="2020-02-10", **question):
    question = {"measure": "spent"} | question
    return answer(world.partnership, Asked(**question), as_of=make.day(as_of), known_on=make.day(known_on))


def figures(result):
    return {row.key: None if row.amount is None else str(row.amount) for row in result.rows}


def total(result):
    return [(one.currency, str(one.amount), str(one.qualifier)) for one in result.totals]


@pytest.fixture
def world(partnership):
    """Two recipients of one award, who owe the four quarters of 2019; a sub-award of the first."""
    ilo, yana = make.make_organization("ilo"), make.make_organization("yana")
    award = make.make_award(partnership, key="first", recipients=[ilo, yana])
    sub = make.make_award(partnership, key="sub", level="sub", parent=award, pass_through=ilo, recipients=[yana])
    quarters = [f"2019-Q{n}" for n in (1, 2, 3, 4)]
    return SimpleNamespace(
        partnership=partnership, ilo=ilo, yana=yana, award=award, sub=sub,
        of_ilo=owe_reports(award, ilo, *quarters), of_yana=owe_reports(award, yana, *quarters),
        of_sub=owe_reports(sub, yana, "2019-Q4"),
    )  # fmt: skip


def test_each_report_adds_what_came_since_the_one_before(world):
    for report, spent in zip(world.of_ilo, ("10.00", "10.00", "35.50", "30.00"), strict=True):
        accept(report, spent=spent)
    result = asked(world, group_by="quarter")
    assert figures(result) == {"2019-Q1": "10.00", "2019-Q2": "0.00", "2019-Q3": "25.50", "2019-Q4": "-5.50"}
    assert total(result) == [("USD", "30.00", "exact")]
    assert figures(asked(world, group_by="fiscal_year")) == {"FY2019": "35.50", "FY2020": "-5.50"}
    assert figures(asked(world, "2019-09-30", group_by="partner")) == {"ilo": "35.50"}


def test_null_is_not_zero_and_makes_the_sum_a_floor_until_a_later_report_gives_it(world):
    accept(world.of_ilo[0], spent="10.00", disbursed="0.00")
    accept(world.of_ilo[1], disbursed="5.00")
    result = asked(world, group_by="quarter")
    assert figures(result) == {"2019-Q1": "10.00", "2019-Q2": None}
    assert (total(result), result.not_reported) == ([("USD", "10.00", "at_least")], 1)
    assert result.messages == ["1 accepted report does not give this figure."]
    assert figures(asked(world, measure="disbursed", group_by="quarter")) == {"2019-Q1": "0.00", "2019-Q2": "5.00"}
    accept(world.of_ilo[2], spent="40.00")
    result = asked(world, group_by="quarter")
    assert figures(result) == {"2019-Q1": "10.00", "2019-Q2": None, "unallocated": "30.00"}
    assert total(result) == [("USD", "40.00", "exact")]
    assert [row.label for row in result.rows][-1] == "Reported for several periods together"


def test_a_missing_report_leaves_its_money_to_all_the_time_since(world):
    accept(world.of_ilo[0], spent="10.00")
    accept(world.of_ilo[2], spent="40.00")
    assert figures(asked(world, group_by="quarter")) == {"2019-Q1": "10.00", "unallocated": "30.00"}
    assert figures(asked(world, group_by="fiscal_year")) == {"FY2019": "40.00"}
    assert figures(asked(world, group_by="calendar_year")) == {"CY2019": "40.00"}


def test_the_first_report_counts_from_the_first_period_that_is_owed(world):
    accept(world.of_ilo[1], spent="10.00")
    assert figures(asked(world, group_by="quarter")) == {"unallocated": "10.00"}
    assert figures(asked(world, group_by="fiscal_year")) == {"FY2019": "10.00"}


def test_a_corrected_version_counts_from_the_day_of_its_acceptance(world):
    accept(world.of_ilo[0], spent="10.00", on="2019-04-20")
    accept(world.of_ilo[1], spent="25.00", on="2019-07-20")
    accept(world.of_ilo[0], spent="12.00", on="2020-01-10")
    assert figures(asked(world, group_by="quarter")) == {"2019-Q1": "12.00", "2019-Q2": "13.00"}
    assert figures(asked(world, known_on="2020-01-09", group_by="quarter")) == {"2019-Q1": "10.00", "2019-Q2": "15.00"}
    assert total(asked(world)) == total(asked(world, known_on="2020-01-09")) == [("USD", "25.00", "exact")]


def test_what_was_accepted_later_was_not_known_then(world):
    accept(world.of_ilo[3], spent="10.00", on="2020-01-20")
    assert total(asked(world, "2019-12-31", "2020-01-20")) == [("USD", "10.00", "exact")]
    for days in (("2019-12-31", "2020-01-19"), ("2019-12-30", "2020-01-20")):
        assert (asked(world, *days).rows, asked(world, *days).totals) == ([], [])


def test_an_award_that_was_not_known_hides_its_reports(world):
    accept(world.of_ilo[3], spent="10.00", on="2020-01-20")
    world.award.known_on = date(2020, 2, 1)
    world.award.save()
    assert asked(world, known_on="2020-01-31").rows == []
    assert total(asked(world, known_on="2020-02-01")) == [("USD", "10.00", "exact")]


def test_sub_awards_are_never_added(world):
    accept(world.of_ilo[3], spent="10.00")
    accept(world.of_sub[0], spent="4.00")
    assert total(asked(world)) == [("USD", "10.00", "exact")]
    assert total(asked(world, level="sub")) == [("USD", "4.00", "exact")]
    assert figures(asked(world, level="sub", group_by="award")) == {"sub": "4.00"}


def test_the_dashboard_s_card_gives_the_same_figure(world):
    accept(world.of_ilo[1], spent="10.00")
    accept(world.of_ilo[3], spent="45.10")
    accept(world.of_yana[2], spent="7.25")
    accept(world.of_sub[0], spent="4.00")
    for as_of, known_on in (("2020-02-10", "2020-02-10"), ("2019-09-30", "2020-02-10"), ("2020-02-10", "2020-01-19")):
        card = spent_on(world.partnership, Days(make.day(as_of), make.day(known_on), make.day("2020-02-10")), "USD")
        assert card.amount == next((one.amount for one in asked(world, as_of, known_on).totals), None)
    card = spent_on(world.partnership, Days(*[date(2020, 2, 10)] * 3), "USD")
    assert card.until == (date(2019, 9, 30), date(2019, 12, 31))


@pytest.mark.parametrize("group_by", ["none", "partner", "award", "quarter"])
def test_several_questions_are_one_statement_for_each_line(world, django_assert_num_queries, group_by):
    for report in [*world.of_ilo, *world.of_yana]:
        accept(report, spent="1.00")
    with django_assert_num_queries(1):
        asked(world, group_by=group_by)
