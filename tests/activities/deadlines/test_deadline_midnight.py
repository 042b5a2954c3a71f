"""What day it is, is decided in Lima: days left fall by one at each midnight there, under any time zone of the server."""

import os
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st

from activities.deadlines.status import Status, status_on
from cpc.core.dates import PreciseDate
from partners.models import Partnership, TermEvent
from partners.queries import term_of
from tests import factories as make
from tests.activities.properties import EXAMPLES, for_all

END = PreciseDate.parse("2022-06")
DAYS = st.dates(make.day("2017-06-16"), END.last)
PERU = Partnership(time_zone="America/Lima")
SIGNED = TermEvent(kind="signed", effective_on=make.day("2017-06-15"), new_end_on=END.last, new_end_precision=END.precision)
SECOND = timedelta(seconds=1)


@contextmanager
def server_in(zone):
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
        time.tzset()


def left_at(instant):
    return term_of((SIGNED,), as_of=PERU.day_of(instant)).days_left


def status_at(instant, due_on):
    return status_on(PERU.day_of(instant), kind="targets", due_on=due_on, tracked_from=make.day("2017-06-15"))


@EXAMPLES
@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
def test_days_left_fall_by_exactly_one_at_each_midnight_in_lima(n, zone):
    with server_in(zone):

        @for_all(n, day=DAYS, seconds=st.integers(0, 86399))
        def fall(day, seconds):
            midnight = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)  # Lima is five hours behind all year
            assert left_at(midnight - SECOND) - left_at(midnight) == 1
            assert left_at(midnight + seconds * SECOND) == left_at(midnight) == (END.last - day).days


@EXAMPLES
@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
def test_a_date_is_due_until_its_day_has_ended_in_lima(n, zone):
    with server_in(zone):

        @for_all(n, day=DAYS)
        def end(day):
            begins = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
            ends = begins + timedelta(days=1)
            assert status_at(begins - SECOND, day) == Status.DUE_SOON
            assert status_at(begins, day) == status_at(ends - SECOND, day) == Status.DUE_TODAY
            assert status_at(ends, day) == Status.OVERDUE
