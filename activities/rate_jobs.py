"""The jobs that fetch exchange rates: one for each publisher, once a day in the publisher's own zone, off unless switched on.

A run that fails stores nothing of what failed and says why; the next try is an hour later. What is stored is never changed: a
publisher who now says otherwise is noted in the run, and the stored rate stays.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from activities.deadlines.jobs import begin_run, end_run, stale_before
from activities.models import JobRun
from cpc.core import clock
from funding.pledges.rate_lines import plain
from funding.pledges.rate_services import Comparison, add_rates
from funding.pledges.rate_sources import bcrp, treasury
from funding.pledges.rate_sources.refusals import SourceFailed
from funding.pledges.rate_sources.series import SERIES
from funding.pledges.rate_sources.transport import Transport
from partners.models import Partnership

logger = logging.getLogger(__name__)
BEFORE_SIGNING = timedelta(days=100)  # the rate in force at a signing is older than it
MOST_NOTES = 20


@dataclass(frozen=True)
class RateSource:
    """One publisher: its name in ALIANZA_FETCH_RATES, its zone, its fixed host, and `fetch(get, currency, since=, until=)`."""

    name: str
    zone: str
    origin: str
    fetch: Callable

    @property
    def job(self) -> str:
        return f"rates {self.name}"

    @property
    def is_switched_on(self) -> bool:
        return self.name in settings.ALIANZA_FETCH_RATES


SOURCES = (
    RateSource("treasury", "America/New_York", treasury.ORIGIN, treasury.fetch),
    RateSource("bcrp", "America/Lima", bcrp.ORIGIN, bcrp.fetch),
)


def fetch_due() -> list[JobRun]:
    """The runs that it was time for, of the publishers that are switched on."""
    runs = [fetch_from(source) for source in SOURCES if source.is_switched_on]
    return [run for run in runs if run is not None]


def fetch_from(source: RateSource, *, transport: Transport | None = None) -> JobRun | None:
    """Fetch the rates of every host currency, each in a transaction of its own; one that fails does not keep the others from
    theirs. None where the day's work is done, or another worker is at it."""
    run = begin_run(source.job, now=clock.now(source.zone), zone=source.zone)
    if run is None:
        return None
    get, failures, notes = (transport or Transport(source.origin)).get, [], []
    for currency, first in host_currencies().items():
        if currency not in SERIES:
            notes.append(f"{currency}: no series is known; its rates are loaded by file.")
            continue
        try:
            lines = source.fetch(get, currency, since=first, until=clock.today(source.zone))
            added = add_rates(lines, actor=None, through=source.job)
        except Exception as error:  # whatever it is, the run must say so and go on
            logger.exception("Rates of %s could not be fetched from %s.", currency, source.name)
            failures.append(f"{currency}: {said(error)}")
        else:
            run.n_found += len(lines)
            run.n_written += len(added.new)
            notes += conflicts(added)
    run.notes = "\n".join(notes)
    end_run(run, now=clock.now(source.zone), failure="\n".join(failures))
    return run


def stale_message(*, today: date) -> str:
    """What an answer that rests on rates must say while a publisher that is switched on has not been fetched for two days, or
    never; else empty. `today` is the day in the partnership's zone. One statement, none where all are switched off."""
    wanted = {source.job: source for source in SOURCES if source.is_switched_on}
    if not wanted:
        return ""
    done = JobRun.objects.filter(job__in=wanted, finished_at__isnull=False, failure="").order_by("job").values("job")
    newest = {row["job"]: row["at"] for row in done.annotate(at=Max("started_at"))}
    late = [source.name for job, source in wanted.items() if job not in newest or newest[job] < stale_before(today, source.zone)]
    if not late:
        return ""
    return _("No rate was fetched for two days from: %(sources)s. Newer ones may be missing.") % {"sources": ", ".join(late)}


def host_currencies() -> dict[str, date]:
    """The currencies of the host governments, each with the first day to ask for. All is asked for each time: a gap is filled
    by itself, and a rate that a publisher changes later is noticed."""
    rows = Partnership.objects.exclude(host_currency="USD").order_by("host_currency").values("host_currency")
    return {row["host_currency"]: row["first"] - BEFORE_SIGNING for row in rows.annotate(first=Min("signed_on"))}


def conflicts(added: Comparison) -> list[str]:
    """A line for each rate that differs from the stored one, which stays."""
    said = [f"{line}: stored {plain(stored.rate)}, now {plain(line.rate)}; kept." for line, stored in added.changed]
    more = len(said) - MOST_NOTES
    return said if more <= 0 else [*said[:MOST_NOTES], f"and {more} more"]


def said(error: Exception) -> str:
    return str(error) if isinstance(error, SourceFailed) else f"{type(error).__name__}: {error}"
