"""What Celery runs every minute: plan, put letters together, send. Safe to run twice and at once; whatever a run that was killed
left undone, the next one does."""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from celery import shared_task
from django.db import connection, transaction
from django.utils import timezone

from cpc.core import clock
from partners.models import Partnership

from .letters import compose
from .planning import plan
from .runs import note_run
from .sending import ServerAway, send_waiting

logger = logging.getLogger(__name__)
LOCK_SPACE, LOCK = 0x4E4F54, 1  # "NOT": keeps this advisory lock apart from others


@dataclass
class Run:
    """What one run did: notices planned, letters sent, letters given up, and what went wrong, a line each."""

    n_planned: int = 0
    n_sent: int = 0
    n_failed: int = 0
    failures: list[str] = field(default_factory=list)


@shared_task(name="notices.run")
def run_notices() -> int:
    """Asked for every minute by beat. How many letters were sent."""
    return run().n_sent


def run() -> Run:
    """One round. What fails in one partnership, or at the mail server, does not keep the rest from being done."""
    done, began = Run(), clock.now()
    fill_outbox(done, at=timezone.now())
    try:
        done.n_sent, done.n_failed = send_waiting(clock=timezone.now)
    except ServerAway as error:
        logger.warning("The mail server cannot be reached; letters wait.", extra={"error": str(error)})
        done.failures.append(f"The mail server cannot be reached. {error}")
    failure = "\n".join(done.failures)
    note_run(began=began, ended=clock.now(), n_found=done.n_planned, n_written=done.n_sent, failure=failure)
    return done


@transaction.atomic
def fill_outbox(done: Run, *, at: datetime) -> None:
    """Plan for every partnership, then put the letters together, all in one transaction, so that no digest leaves with half of
    its day; one worker at a time, the others go on to sending."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_SPACE, LOCK])
        if not cursor.fetchone()[0]:
            return
    days = {}
    for partnership in Partnership.objects.for_list():
        today = days.setdefault(partnership.time_zone, clock.today(partnership.time_zone))
        try:
            done.n_planned += plan(partnership, today=today, at=at).n_new
        except Exception as error:  # whatever it is, the run must say so and go on
            logger.exception("Notices of %s could not be planned.", partnership.key)
            done.failures.append(f"{partnership.key}: {type(error).__name__}: {error}")
    compose(days=days, at=at)
