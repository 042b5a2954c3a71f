"""When a job ran, what it found, and whether it is time. Beat asks often; a day's work is done once.

The day of a run is the day of `started_at` in the job's zone. `now` comes from `cpc.core.clock`, so that a demonstration has
its own days."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Q

from .models import JobRun

DEADLINES = "deadlines"
NOTICES = "notices"
RETRY_AFTER = timedelta(hours=1)
CLOCK_SLACK = timedelta(minutes=5)
STALE_AFTER_DAYS = 2
MINUTES_LATE = timedelta(minutes=5)  # of a job that runs every minute: two intervals, and the time that a long run takes
LOCK_SPACE = 0x4A4F42  # "JOB": keeps these advisory locks apart from those of partnerships


def job_of_zone(zone: str) -> str:
    """The nightly job of one zone: each has its own midnight."""
    return f"{DEADLINES} {zone}"


def day_bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    first = datetime.combine(day, time.min, ZoneInfo(zone))
    return first, datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone))


@transaction.atomic
def begin_run(job: str, *, now: datetime, zone: str, even_if_done: bool = False) -> JobRun | None:
    """A new run, or None where this day's work is done, under way, or failed less than an hour ago. Safe for many workers at
    once.

    A run that did not finish within the hour was killed and is taken up again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK_SPACE, job])
    if not even_if_done:
        first, after = day_bounds(now.astimezone(ZoneInfo(zone)).date(), zone)
        today = JobRun.objects.filter(job=job, started_at__gte=first, started_at__lt=after)
        done = Q(finished_at__isnull=False, failure="")
        # Another worker's run may have begun after this one read the clock and before it got the lock. A demonstration's clock
        # goes back at midnight: what lies far ahead is of yesterday's evening.
        recent = Q(started_at__gt=now - RETRY_AFTER, started_at__lte=now + CLOCK_SLACK)
        if today.filter(done | recent).exists():
            return None
    return JobRun.objects.create(job=job, started_at=now)


def end_run(run: JobRun, *, now: datetime, failure: str = "") -> None:
    """Close a run with its counts; `failure` empty: it succeeded."""
    run.finished_at, run.failure = now, failure
    run.save(update_fields=["finished_at", "failure", "notes", "n_found", "n_written"])


def is_stale(zone: str, *, today: date) -> bool:
    """Whether the nightly job of a zone has not succeeded for two days, today's and yesterday's, or never."""
    runs = JobRun.objects.filter(job=job_of_zone(zone), finished_at__isnull=False, failure="")
    return not runs.filter(started_at__gte=stale_before(today, zone)).exists()


def stale_before(today: date, zone: str) -> datetime:
    """A daily job whose last success began before this instant has missed two days."""
    return day_bounds(today - timedelta(days=STALE_AFTER_DAYS - 1), zone)[0]


def next_run(*, now: datetime, zone: str, last_success: datetime | None, last_start: datetime | None) -> datetime:
    """From when `begin_run` lets a daily job begin: `now`, an hour after a run that did not succeed, or the next midnight of the
    zone. `last_start`: of the newest run that had begun by `now`."""
    first, after = day_bounds(now.astimezone(ZoneInfo(zone)).date(), zone)
    if last_success and first <= last_success < after:
        return after
    return max(now, last_start + RETRY_AFTER) if last_start and first <= last_start < after else now
