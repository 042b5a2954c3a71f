"""What Celery runs, and the one way to right dates: gather the facts of all floors below, run the engine, bring the rows in line.

Whoever changes a date calls `recompute` in the same transaction; the nightly job calls it for everybody. No broker is needed
for a date to be right. Tasks take plain values, are safe to run twice and at once, and return a count."""

import logging
from datetime import date

from celery import shared_task
from django.db import connection, transaction

from activities.deadlines.engine import Outcome, compute
from activities.deadlines.gather import gather, load_awards
from activities.deadlines.jobs import begin_run, end_run, job_of_zone
from activities.deadlines.rulebook import shipped
from activities.deadlines.sync import Changes, Places, places_of, sync
from activities.from_above import find_above
from activities.models import JobRun
from activities.rate_jobs import fetch_due
from activities.reporting.services import sync_reports
from cpc.audit.services import record
from cpc.core import clock
from funding.models import Award
from partners.models import Partnership

logger = logging.getLogger(__name__)
LOCK_SPACE = 0x445545  # "DUE": keeps these advisory locks apart from others


def outcome_of(partnership: Partnership, *, as_of: date, known_on: date) -> Outcome:
    """What the engine says on a day, of what could be known on a day. Reads only."""
    return look(partnership, as_of=as_of, known_on=known_on)[0]


def look(partnership: Partnership, *, as_of: date, known_on: date, events=(), actions=()) -> tuple[Outcome, Places]:
    """The engine's answer, and the awards and recipients that it speaks of. `events` and `actions`: unsaved steps of the term and
    of awards that count as if they were in force. Reads only."""
    book, days = shipped(), {"as_of": as_of, "known_on": known_on}
    awards = load_awards(Award.objects.filter(partnership=partnership), **days, tried=actions)
    facts = gather(partnership, **days, awards=awards, above=find_above(partnership, **days), book=book, tried=events)
    return compute(facts, book), places_of(awards)


@transaction.atomic(savepoint=False)
def recompute(partnership_id: int, *, today: date, actor=None) -> Changes:
    """Bring the deadlines of a partnership, and with them the reports that are owed, in line with its facts on `today`, a day in
    its zone. `actor` is who changed a fact, None for the job. Writes nothing where nothing changed; running it twice changes
    nothing.

    Twenty statements at most, whatever changed and however many awards there are; the locks included. An error inside undoes
    the whole transaction of the caller.

    Locks the partnership's row first, then its advisory lock. Whoever holds the row of an award in the same transaction must have
    locked it with `select_for_update(no_key=True)`, and whoever needs both must take the partnership's row first. New deadlines
    and reports point to awards, and a foreign key takes `KEY SHARE`: that goes together with `NO KEY UPDATE`, but waits for a
    plain `FOR UPDATE`, so that a transaction with the award's row and one with the partnership's would wait for each other.
    """
    partnership = Partnership.objects.locked().select_related("host_country").get(pk=partnership_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, partnership_id])
    outcome, places = look(partnership, as_of=today, known_on=today)
    changes = sync(partnership, outcome.due, places=places, book=shipped())
    sync_reports(partnership)
    if changes.n_written:
        record(actor, "deadlines.recomputed", partnership, partnership_key=partnership.key, **changes.as_details())
    return changes


@shared_task(name="activities.recompute_all")
def recompute_all() -> int:
    """The nightly job, asked for every minute: the first call after midnight in a zone does the day's work there, and so does the
    first one after a standstill, or an hour after a failure. How many rows were written."""
    return sum(run.n_written for run in recompute_zones())


@shared_task(name="activities.fetch_rates")
def fetch_rates() -> int:
    """Ask the publishers of exchange rates that are switched on and whose day's work is not done. How many rates were added."""
    return sum(run.n_written for run in fetch_due())


def recompute_zones(*, even_if_done: bool = False) -> list[JobRun]:
    """The runs that it was time for, one for each zone that has a partnership."""
    zones = Partnership.objects.order_by("time_zone").values_list("time_zone", flat=True).distinct()
    runs = [recompute_zone(zone, even_if_done=even_if_done) for zone in list(zones)]
    return [run for run in runs if run is not None]


def recompute_zone(zone: str, *, even_if_done: bool = False) -> JobRun | None:
    """Recompute every partnership of a zone, each in a transaction of its own; one that fails does not keep the others from
    theirs. None where it is not time, or another worker is at it."""
    run = begin_run(job_of_zone(zone), now=clock.now(zone), zone=zone, even_if_done=even_if_done)
    if run is None:
        return None
    failures = []
    for pk, key in list(Partnership.objects.filter(time_zone=zone).order_by("key").values_list("pk", "key")):
        try:
            with transaction.atomic():
                changes = recompute(pk, today=clock.today(zone))
        except Exception as error:  # whatever it is, the run must say so and go on
            logger.exception("Deadlines of %s could not be recomputed.", key)
            failures.append(f"{key}: {type(error).__name__}: {error}")
        else:
            run.n_found += changes.n_kept + changes.n_written
            run.n_written += changes.n_written
    end_run(run, now=clock.now(zone), failure="\n".join(failures))
    return run
