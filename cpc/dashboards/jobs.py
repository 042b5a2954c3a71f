"""The page of the jobs: what runs by itself, when it last did, what it found and wrote, and whether it is late."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Max, Window
from django.db.models.functions import RowNumber
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activities.deadlines.jobs import CLOCK_SLACK, MINUTES_LATE, NOTICES, RETRY_AFTER, job_of_zone, next_run, stale_before
from activities.models import JobRun
from activities.rate_jobs import SOURCES, RateSource
from cpc.core import clock
from cpc.core.labels import moment_label
from partners.pages import partnerships_seen
from partners.permissions import may_anywhere

RUNS_SHOWN = 5
ENTRY = re.compile(r"([a-z0-9][a-z0-9-]*): ")


@dataclass(frozen=True)
class Job:
    """What runs by itself once a day in its zone, or if `is_steady` every minute. `about`: what it does; `off`: why it does not
    run, or ""; `names_keys`: each entry of a failure begins with the key of a partnership."""

    name: str
    zone: str
    title: str
    about: str
    off: str = ""
    names_keys: bool = False
    is_steady: bool = False


@dataclass(frozen=True)
class Run:
    """One run, with what may be read of its failure; `is_kept_back`: not all of it."""

    row: JobRun
    word: str
    kind: str
    took: timedelta | None
    failure: Sequence[str] = ()
    is_kept_back: bool = False


@dataclass(frozen=True)
class Standing:
    """A job with its last runs. `next_on`: in words; `is_stale`: no success for two days, or five minutes."""

    job: Job
    runs: list[Run]
    word: str
    kind: str
    last_success: datetime | None
    next_on: str
    is_stale: bool


@require_safe
def job_list(request):
    may_anywhere(request.user, "read.jobs").require()
    partnerships = partnerships_seen(request.user)
    zones = sorted({partnership.time_zone for partnership in partnerships})
    jobs = [nightly(zone) for zone in zones] + [notices()] + [rates(source) for source in SOURCES]
    found, successes = runs_of(jobs)
    keys = {partnership.key for partnership in partnerships}
    standings = [standing(job, found.get(job.name, []), successes.get(job.name), keys) for job in jobs]
    return render(request, "dashboards/job_list.html", {"standings": standings, "zone": settings.TIME_ZONE})


def nightly(zone: str) -> Job:
    return Job(
        job_of_zone(zone),
        zone,
        _("Deadlines, %(zone)s") % {"zone": zone},
        _("After midnight there: brings deadlines, and the reports that are owed, in line with what came into force."),
        names_keys=True,
    )


def notices() -> Job:
    return Job(
        NOTICES,
        settings.TIME_ZONE,
        _("Notices"),
        _("Every minute: finds what people must be told, and sends the mails. A line sums up a day, with its newest run."),
        names_keys=True,
        is_steady=True,
    )


def rates(source: RateSource) -> Job:
    titles = {"treasury": _("Exchange rates of the U.S. Treasury"), "bcrp": _("Exchange rates of the central bank of Peru")}
    off = _("A site switches it on by naming %(name)s in ALIANZA_FETCH_RATES. Until then rates are loaded by file.")
    return Job(
        source.job,
        source.zone,
        titles[source.name],
        _("Once a day: adds the rates that are new. A stored rate is never changed, and a failed run changes nothing."),
        "" if source.is_switched_on else off % {"name": source.name},
    )


def runs_of(jobs: list[Job]) -> tuple[dict[str, list[JobRun]], dict[str, datetime]]:
    """The last runs of each job, the newest first, and when its last success began. Two statements."""
    rows = JobRun.objects.filter(job__in=[job.name for job in jobs])
    newest = Window(RowNumber(), partition_by=F("job"), order_by=[F("started_at").desc(), F("pk").desc()])
    found = {}
    for run in rows.annotate(place=newest).filter(place__lte=RUNS_SHOWN).order_by("-started_at", "-pk"):
        found.setdefault(run.job, []).append(run)
    succeeded = rows.filter(finished_at__isnull=False, failure="").order_by().values("job").annotate(last=Max("started_at"))
    return found, {row["job"]: row["last"] for row in succeeded}


def standing(job: Job, rows: list[JobRun], last_success: datetime | None, keys: set[str]) -> Standing:
    now = clock.now(job.zone)
    runs = [shown(row, now, keys if job.names_keys else None) for row in rows]
    started = next((row.started_at for row in rows if row.started_at <= now + CLOCK_SLACK), None)
    late_before = now - MINUTES_LATE if job.is_steady else stale_before(clock.today(job.zone), job.zone)
    is_late = last_success is None or last_success < late_before
    if job.off:
        return Standing(job, runs, _("switched off"), "off", last_success, "", is_stale=False)
    word, kind = (runs[0].word, runs[0].kind) if runs else (_("has not run yet"), "none")
    return Standing(job, runs, word, kind, last_success, next_words(job, now, last_success, started), is_stale=is_late)


def shown(row: JobRun, now: datetime, keys: set[str] | None) -> Run:
    took = row.finished_at - row.started_at if row.finished_at else None
    if row.failure:
        return Run(row, _("failed"), "late", took, *lines_for(row.failure, keys))
    if row.finished_at:
        return Run(row, _("done"), "full", took)
    if now - RETRY_AFTER < row.started_at <= now + CLOCK_SLACK:
        return Run(row, _("running"), "half", None)
    return Run(row, _("broken off"), "late", None)


def lines_for(failure: str, keys: set[str] | None) -> tuple[list[str], bool]:
    """The lines of a failure, and whether some are kept back. With `keys`: an entry that begins with another partnership's key is
    not the reader's."""
    lines, is_seen, is_kept_back = [], True, False
    for line in failure.splitlines():
        if keys is not None and (entry := ENTRY.match(line)):
            is_seen = entry.group(1) in keys
        if is_seen:
            lines.append(line)
        is_kept_back = is_kept_back or not is_seen
    return list(dict.fromkeys(lines)), is_kept_back


def next_words(job: Job, now: datetime, last_success: datetime | None, started: datetime | None) -> str:
    if job.is_steady:
        return _("within a minute, as soon as a worker is there")
    at = next_run(now=now, zone=job.zone, last_success=last_success, last_start=started)
    if at <= now:
        return _("as soon as a worker is there, within minutes")
    return _("%(moment)s or soon after") % {"moment": moment_label(at, job.zone)}
