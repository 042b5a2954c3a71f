"""The job's trace for the page of the jobs: one row a day, which every run of that day brings up to date, since a row a minute
would bury the others."""

from datetime import datetime

from django.db import connection, transaction

from activities.deadlines.jobs import LOCK_SPACE, MINUTES_LATE, NOTICES, day_bounds
from activities.models import JobRun

from .models import Letter

ZONE = "UTC"


@transaction.atomic
def note_run(*, began: datetime, ended: datetime, n_found: int, n_written: int, failure: str) -> JobRun:
    """Add what a run found (notices) and wrote (letters sent) to the day's row, which then shows when this run began and ended
    and its `failure`, empty: it went well. Both instants come from `cpc.core.clock`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK_SPACE, NOTICES])
    first, after = day_bounds(began.date(), ZONE)
    row = JobRun.objects.filter(job=NOTICES, started_at__gte=first, started_at__lt=after).first() or JobRun(job=NOTICES)
    row.n_found += n_found
    row.n_written += n_written
    row.started_at, row.finished_at, row.failure, row.notes = began, max(began, ended), failure, given_up()
    row.save()
    return row


def is_late(now: datetime) -> bool:
    """Whether no run has gone well for some minutes, or ever: then the page of notices lacks what is new. `now` comes from
    `cpc.core.clock`. One query."""
    return not JobRun.objects.filter(job=NOTICES, failure="", started_at__gte=now - MINUTES_LATE).exists()


def given_up() -> str:
    """What wants a reader although the run went well."""
    n = Letter.objects.filter(failed_at__isnull=False).count()
    return f"Letters that were given up, over all: {n}. They stand on the page Mails that did not go." if n else ""
