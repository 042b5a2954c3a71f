"""What a partner owes, how reports stood on a day, what the accepted ones say."""

from datetime import date
from decimal import Decimal

import pytest

from activities.reporting import moves
from activities.reporting.completeness import financial_problems
from activities.reporting.contents import read_contents
from activities.reporting.drafts import save_financial
from activities.reporting.models import Report
from activities.reporting.queries import (
    late_reports,
    owed_by,
    reports_overview,
    standing_of,
    standings_on,
)
from activities.reporting.services import open_report, sync_reports
from activities.reporting.showing import Figures, changes_between
from cpc.core.periods import calendar_quarter
from tests import factories as make
from tests.factories import lima

from .conftest import Q3, Q4, SOON, amounts, fill_in, owe
from .test_moves import bring_to

TODAY = date(2020, 2, 10)


def test_partner_owes_its_own_reports_most_urgent_first(world, today):
    owe(world.award, world.ilo, Q3, due_on="2019-10-30")
    other = make.make_organization("other")
    owe(make.make_award(world.partnership, recipients=[other]), other, Q4)
    sync_reports(world.partnership)
    rows = owed_by(world.preparer, world.partnership, today)
    assert [(row.report.key, row.days_late) for row in rows] == [("test-award-ilo-2019-q3", 103), ("test-award-ilo-2019-q4", 11)]
    assert rows[0].parts == {"performance", "financial"}
    assert rows[0].url == "/p/test-2017/reports/test-award-ilo-2019-q3/"
    assert owed_by(world.officer, world.partnership, today) == []


def test_what_is_with_the_officer_is_owed_no_more_and_what_came_back_is(world, filled, today):
    bring_to(world, filled, "in_review")
    assert owed_by(world.preparer, world.partnership, today) == []
    moves.return_report(filled.pk, actor=world.officer, at=lima("2020-02-09 12:00"), items=[moves.Item("summary", "More.")])
    row = owed_by(world.certifier, world.partnership, today)[0]
    assert (row.state, row.due_on, row.days_left, row.is_due_soon) == ("returned", date(2020, 2, 23), 13, True)
    assert row.next_act == "Answer"


def test_owing_takes_as_many_queries_for_many_as_for_one(world, django_assert_num_queries):
    for year in (2017, 2018):
        for month in (1, 4, 7, 10):
            owe(world.award, world.ilo, calendar_quarter(date(year, month, 1)), due_on=f"{year + 1}-01-30")
    sync_reports(world.partnership)
    with django_assert_num_queries(2):
        assert len(owed_by(world.preparer, world.partnership, TODAY)) == 8  # one of the nine ends before the signing


def test_overview_counts_as_of_a_day(world, filled):
    early = reports_overview(world.partnership, date(2020, 1, 19))
    assert [one.state for one in early.due_soon] == ["not_started"]  # due in 11 days, nobody had begun
    assert reports_overview(world.partnership, date(2020, 1, 31)).overdue[0].days_late == 1
    moves.submit(filled.pk, actor=world.certifier, at=lima("2020-02-01 08:00"), certified=True)
    assert reports_overview(world.partnership, date(2020, 1, 31)).overdue[0].days_late == 1
    later = reports_overview(world.partnership, date(2020, 2, 1))
    assert (later.overdue, [one.days_late for one in later.waiting]) == ([], [2])


def test_overview_follows_returns_withdrawals_and_new_versions(world, filled):
    moves.submit(filled.pk, actor=world.certifier, at=lima("2020-01-21 08:00"), certified=True)
    moves.start_review(filled.pk, actor=world.officer, at=lima("2020-01-22 08:00"))
    moves.return_report(filled.pk, actor=world.officer, at=lima("2020-01-23 08:00"), items=[moves.Item("summary", "x")])

    def state_on(day):
        one = standings_on(world.partnership, date(2020, 1, day))[0]
        return one.state, one.due_on, one.submitted_on

    assert state_on(20) == ("draft", date(2020, 1, 30), None)
    assert state_on(21) == ("submitted", date(2020, 1, 30), date(2020, 1, 21))
    assert state_on(23) == ("returned", date(2020, 2, 6), date(2020, 1, 21))
    assert not standings_on(world.partnership, date(2020, 1, 23))[0].is_overdue


def test_overview_of_a_period_before_records_is_never_overdue(world):
    world.partnership.tracked_from = date(2020, 1, 1)
    world.partnership.save()
    assert reports_overview(world.partnership, TODAY).overdue == []


@pytest.mark.parametrize("state", ["draft", "submitted", "in_review", "returned", "accepted"])
def test_sql_and_python_agree_on_who_is_late(world, filled, state):
    bring_to(world, filled, state)
    for day in (date(2020, 1, 30), date(2020, 1, 31), date(2020, 2, 3), date(2020, 2, 4)):
        rows = Report.objects.for_list()
        late = set(late_reports(rows, {"America/Lima": day}))
        assert late == {row for row in rows if standing_of(row, today=day).days_late}


def quarter_before(world, number):
    """The third quarter, accepted, with `number` in each cell."""
    owe(world.award, world.ilo, Q3, due_on="2019-10-30")
    version = open_report(world.award, world.ilo, Q3, actor=world.preparer, at=lima("2019-10-10 10:00"))
    cells = {f"I-{n}/{region}/{sex}": number for n in (1, 2, 3) for region in ("XA-ONE", "XA-TWO") for sex in ("female", "male")}
    fill_in(version, world.preparer, cells=cells)
    return version


def test_figures_beside_a_row_come_from_submitted_reports_only(world, filled):
    version = quarter_before(world, 7)
    world.partnership.indicators.filter(key="I-1").update(adds_over_periods=True)
    make.make_target(world.partnership.indicators.get(key="I-1"), year=2019, value="40", region=make.make_region("XA-ONE"))

    def beside(n):
        contents, figures = read_contents(world.report, filled), Figures(world.report)
        block = contents.blocks[n]
        return figures.beside(block, block.rows[0])

    assert beside(0).last.value is None
    assert beside(0).year.value == 10
    moves.submit(version.pk, actor=world.certifier, at=SOON, certified=True)
    assert (beside(0).last.value, beside(0).year.value, beside(0).target) == (14, 24, Decimal(40))
    assert "not added" in beside(1).year.refused


def test_a_line_lower_than_in_the_last_report_is_found(world, filled):
    version = quarter_before(world, 1)
    save_financial(
        version.pk, basis="cash", lines=amounts(**{"10b": "95.00"}), actor=world.preparer, at=SOON, revision=1, done=True
    )
    moves.submit(version.pk, actor=world.certifier, at=SOON, certified=True)
    found = financial_problems(read_contents(world.report, filled), is_final=False)
    assert [(one.field, one.code) for one in found] == [("10b", "lower_than_before")]


def test_changes_name_their_places_and_hide_protected_counts(world, filled):
    world.partnership.indicators.filter(key="I-2").update(protected=True)
    contents = read_contents(world.report, filled)
    before = {"cells": {"I-1/XA-ONE/female": 4, "I-2/XA-ONE/female": 1}, "sections": {}, "financial": None}
    after = {"cells": {"I-1/XA-ONE/female": "withheld", "I-2/XA-ONE/female": 2}, "sections": {}, "financial": None}
    shown = changes_between(before, after, contents, exact=False)
    assert [(one.place, one.before, one.after) for one in shown] == [
        ("I-1, Xa-One, Female", "4", "withheld"),
        ("I-2, Xa-One, Female", "protected", "protected"),
    ]
    assert changes_between(before, before, contents, exact=True) == []
