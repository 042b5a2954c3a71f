"""What a deadline is on a day: computed from its dates, never stored. Pure; queries.py says the same in SQL and the tests
compare them."""

from datetime import date, timedelta
from enum import StrEnum


class Status(StrEnum):
    """The states of a deadline. `before_records`: nobody kept track of it here, so it is never overdue."""

    UPCOMING = "upcoming"
    DUE_SOON = "due_soon"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    MET = "met"
    MET_LATE = "met_late"
    WAIVED = "waived"
    SUPERSEDED = "superseded"
    BEFORE_RECORDS = "before_records"


OPEN = (Status.OVERDUE, Status.DUE_TODAY, Status.DUE_SOON, Status.UPCOMING)
DUE_SOON_DAYS = 14
# The end of something comes by itself: nobody can be late with it.
ENDS = ("term_end", "award_end", "pledge_end", "records")


def status_on(
    today: date,
    *,
    kind: str,
    due_on: date,
    period_to: date | None = None,
    met_on: date | None = None,
    superseded: bool = False,
    tracked_from: date | None = None,
) -> Status:
    """The state on `today`. All days are days in the partnership's zone; a `met_on` later than `today` has not happened yet.

    What is met counts as met in time where its period lies before records, however late it was entered."""
    if superseded:
        return Status.SUPERSEDED
    before_records = is_before_records(today, kind=kind, due_on=due_on, period_to=period_to, tracked_from=tracked_from)
    if met_on is not None and met_on <= today:
        return Status.MET if met_on <= due_on or before_records else Status.MET_LATE
    if before_records:
        return Status.BEFORE_RECORDS
    if due_on < today:
        return Status.MET if kind in ENDS else Status.OVERDUE
    if due_on == today:
        return Status.DUE_TODAY
    return Status.DUE_SOON if due_on <= today + timedelta(days=DUE_SOON_DAYS) else Status.UPCOMING


def is_before_records(today: date, *, kind: str, due_on: date, period_to: date | None, tracked_from: date | None) -> bool:
    """Whether nobody could have kept track. A period is, if it ends before `tracked_from`, and every one while that is not
    known; a date without a period is, once past, by the day it fell due. An end needs no record."""
    if period_to is not None:
        return tracked_from is None or period_to < tracked_from
    if kind in ENDS or due_on >= today:
        return False
    return tracked_from is None or due_on < tracked_from
