"""What a deadline is on a day."""

from datetime import date, timedelta

import pytest

from activities.deadlines.status import DUE_SOON_DAYS, Status, status_on

DUE = date(2020, 7, 30)
TRACKED = date(2017, 6, 15)
REPORT = {"kind": "performance_report", "due_on": DUE, "period_to": date(2020, 6, 30), "tracked_from": TRACKED}
TERM_END = {"kind": "term_end", "due_on": DUE, "tracked_from": TRACKED}
DIALOGUE = {"kind": "dialogue", "due_on": DUE, "tracked_from": TRACKED}


def on(n_days, **values):
    return status_on(DUE + timedelta(days=n_days), **values)


def test_report_becomes_due_soon_then_due_then_overdue():
    assert on(-DUE_SOON_DAYS - 1, **REPORT) == Status.UPCOMING
    assert on(-DUE_SOON_DAYS, **REPORT) == Status.DUE_SOON
    assert on(-1, **REPORT) == Status.DUE_SOON
    assert on(0, **REPORT) == Status.DUE_TODAY
    assert on(1, **REPORT) == Status.OVERDUE


def test_report_met_on_its_day_is_in_time_and_a_day_later_late():
    assert on(5, **REPORT, met_on=DUE) == Status.MET
    assert on(5, **REPORT, met_on=DUE + timedelta(days=1)) == Status.MET_LATE


def test_report_met_later_was_overdue_when_one_looks_back():
    assert on(5, **REPORT, met_on=DUE + timedelta(days=9)) == Status.OVERDUE


@pytest.mark.parametrize("kind", ["term_end", "award_end", "pledge_end"])
@pytest.mark.parametrize("tracked_from", [TRACKED, None])
def test_end_is_met_once_past_and_never_overdue(kind, tracked_from):
    values = TERM_END | {"kind": kind, "tracked_from": tracked_from}
    assert [on(n, **values) for n in (-1, 0, 1)] == [Status.DUE_SOON, Status.DUE_TODAY, Status.MET]


@pytest.mark.parametrize("kind", ["term_decision", "dialogue"])
def test_what_nobody_acted_on_is_overdue(kind):
    assert on(1, **DIALOGUE | {"kind": kind}) == Status.OVERDUE


def test_while_nothing_is_tracked_every_period_lies_before_records():
    untracked = REPORT | {"tracked_from": None}
    assert {on(n, **untracked) for n in (-100, 0, 100)} == {Status.BEFORE_RECORDS}


def test_period_that_ends_before_tracking_began_lies_before_records():
    assert on(100, **REPORT | {"tracked_from": date(2020, 7, 1)}) == Status.BEFORE_RECORDS
    assert on(100, **REPORT | {"tracked_from": date(2020, 6, 30)}) == Status.OVERDUE


def test_date_without_a_period_lies_before_records_by_its_day():
    assert on(1, **DIALOGUE | {"tracked_from": DUE}) == Status.OVERDUE
    assert on(1, **DIALOGUE | {"tracked_from": DUE + timedelta(days=1)}) == Status.BEFORE_RECORDS
    assert on(1, **DIALOGUE | {"tracked_from": None}) == Status.BEFORE_RECORDS
    assert on(-1, **DIALOGUE | {"tracked_from": None}) == Status.DUE_SOON


def test_what_lies_before_records_cannot_be_late():
    assert on(900, **REPORT | {"tracked_from": None, "met_on": DUE + timedelta(days=800)}) == Status.MET


def test_superseded_says_only_that():
    assert on(5, **REPORT, met_on=DUE, superseded=True) == Status.SUPERSEDED
