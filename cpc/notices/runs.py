"""The job's trace for the page of the jobs: one row a day, which every run of that day brings up to date."""

from datetime import datetime

from django.db import connection, transaction

from activities.deadlines.jobs import LOCK_SPACE, day_bounds
from activities.models import JobRun

from .models import Letter

JOB = "notices"
ZONE = "UTC"


@transaction.atomic
def note_run(*, now: datetime, n_found: int, n_written: int, failure: str) -> JobRun:
    """Add what a run found (notices) and wrote (letters sent) to the day's row. `failure` is the newest run's, empty: it went
    well. `now` comes from `cpc.core.clock`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK_SPACE, JOB])
    first, after = day_bounds(now.date(), ZONE)
    row = JobRun.objects.filter(job=JOB, started_at__gte=first, started_at__lt=after).first() or JobRun(job=JOB, started_at=now)
    row.n_found += n_found
    row.n_written += n_written
    row.finished_at, row.failure, row.notes = max(now, row.started_at), failure, given_up()
    row.save()
    return row


def given_up() -> str:
    """What wants a reader although the run went well."""
    n = Letter.objects.filter(failed_at__isnull=False).count()
    return f"Letters that were given up, over all: {n}. They stand on the page Mails that did not go." if n else ""
