"""The one place that says what day it is. Domain code is handed `today`; only views, tasks and commands ask here.

In the demonstration `settings.ALIANZA_TODAY` moves the day; the time of day stays real, so that a later act is recorded later.
Sessions, tokens and the audit trail use the real clock (`django.utils.timezone.now`).
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone


def now(zone: str | None = None) -> datetime:
    """The present instant, aware, in UTC.

    With `ALIANZA_TODAY` set: the real time of day in `zone`, on that day in `zone`, written in UTC. So for every zone
    `now(zone).astimezone(ZoneInfo(zone)).date() == today(zone)`. `zone` is an IANA name, default `settings.TIME_ZONE`;
    give the partnership's own zone wherever the day of the instant decides something (lateness, known_on).
    """
    real = timezone.now()
    if settings.ALIANZA_TODAY is None:
        return real.astimezone(UTC)
    local = real.astimezone(ZoneInfo(zone or settings.TIME_ZONE))
    day = settings.ALIANZA_TODAY
    # fold=0: an hour that the zone skips is then read as later on the same day, never as the day before
    return local.replace(year=day.year, month=day.month, day=day.day, fold=0).astimezone(UTC)


def today(zone: str | None = None) -> date:
    """The civil day in `zone` (IANA name, default `settings.TIME_ZONE`); `ALIANZA_TODAY` where that is set."""
    if settings.ALIANZA_TODAY is not None:
        return settings.ALIANZA_TODAY
    return timezone.now().astimezone(ZoneInfo(zone or settings.TIME_ZONE)).date()
