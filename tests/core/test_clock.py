from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from cpc.core import clock

DEMO_DAY = date(2020, 2, 10)
ZONES = ["America/Lima", "America/New_York", "America/Santiago", "Africa/Accra", "Asia/Manila", "UTC"]


def test_without_a_demonstration_day_both_are_the_real_ones(settings):
    settings.ALIANZA_TODAY = None
    with time_machine.travel(datetime(2021, 7, 1, 3, 30, tzinfo=UTC), tick=False):
        assert clock.now() == datetime(2021, 7, 1, 3, 30, tzinfo=UTC)
        assert clock.now().tzinfo is UTC
        assert clock.today("America/Lima") == date(2021, 6, 30)
        assert clock.today("UTC") == date(2021, 7, 1)


def test_zone_defaults_to_the_setting(settings):
    settings.ALIANZA_TODAY, settings.TIME_ZONE = None, "America/Lima"
    with time_machine.travel(datetime(2021, 7, 1, 3, 30, tzinfo=UTC), tick=False):
        assert clock.today() == date(2021, 6, 30)


def test_the_demonstration_moves_the_day_and_keeps_the_time_of_day(settings):
    settings.ALIANZA_TODAY = DEMO_DAY
    with time_machine.travel(datetime(2026, 11, 24, 3, 30, tzinfo=UTC), tick=False):
        assert clock.today("America/Lima") == DEMO_DAY
        assert clock.now("America/Lima").astimezone(ZoneInfo("America/Lima")) == datetime(
            2020, 2, 10, 22, 30, tzinfo=ZoneInfo("America/Lima")
        )


@pytest.mark.parametrize("zone", ZONES)
@given(
    real=st.datetimes(datetime(2017, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
    day=st.dates(date(2017, 1, 1), date(2040, 1, 1)),
)
def test_now_lies_on_today_in_every_zone(zone, real, day):
    with override_settings(ALIANZA_TODAY=day), time_machine.travel(real, tick=False):
        assert clock.now(zone).astimezone(ZoneInfo(zone)).date() == clock.today(zone) == day


def test_an_hour_that_the_zone_skips_stays_on_its_day(settings):
    # Santiago's clocks went from 23:59:59 on 7 September 2019 to 01:00 on the 8th
    settings.ALIANZA_TODAY = date(2019, 9, 8)
    with time_machine.travel(datetime(2026, 6, 1, 4, 30, tzinfo=UTC), tick=False):  # 00:30 in Santiago
        assert clock.now("America/Santiago").astimezone(ZoneInfo("America/Santiago")).date() == date(2019, 9, 8)
