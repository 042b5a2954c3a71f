"""The jobs that fetch exchange rates: off unless switched on, once a day, and a failed one changes nothing and says so."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from activities.models import JobRun
from activities.rate_jobs import SOURCES, RateSource, fetch_due, fetch_from
from activities.tasks import fetch_rates
from cpc.audit.models import AuditEvent
from funding.models import ExchangeRate
from funding.pledges.rate_lines import RateLine
from funding.pledges.rate_sources.refusals import SourceFailed
from funding.pledges.rate_sources.transport import Transport
from tests import factories as make
from tests.funding.test_rate_sources import line_to, ok, recorded, serving

TREASURY, BCRP = SOURCES
TODAY = date(2020, 2, 10)


def line(value="3.311", record="2019-12-31", **fields):
    columns = {"base": "USD", "quote": "PEN", "kind": "end_of_period", "source": "TREASURY"} | fields
    return RateLine(rate=Decimal(value), record_date=make.day(record), effective_date=make.day(record), **columns)


def publisher(*answers):
    """A source that gives one answer after the other: lines, or an error."""
    left = list(answers)

    def fetch(get, currency, *, since, until):
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return RateSource("treasury", "America/Lima", "https://nowhere.example", fetch)


def an_hour_later():
    run = JobRun.objects.first()
    JobRun.objects.filter(pk=run.pk).update(started_at=run.started_at - timedelta(minutes=61))


def stored():
    return sorted((rate.source, str(rate.record_date), str(rate.rate)) for rate in ExchangeRate.objects.all())


@pytest.fixture
def no_network(monkeypatch):
    def ask(self, path):
        raise AssertionError(f"{self.origin}{path} was asked for")

    monkeypatch.setattr(Transport, "ask", ask)


def test_nobody_is_asked_unless_switched_on(partnership, no_network, settings):
    settings.ALIANZA_FETCH_RATES = []
    assert fetch_rates() == 0
    assert not JobRun.objects.exists()


def test_only_what_is_switched_on_is_asked(partnership, settings, monkeypatch):
    settings.ALIANZA_FETCH_RATES = ["bcrp"]
    monkeypatch.setattr(Transport, "ask", lambda self, path: recorded("bcrp-daily.json"))
    assert fetch_rates() == 5
    assert [(run.job, run.n_found, run.n_written, run.failure) for run in JobRun.objects.all()] == [("rates bcrp", 5, 5, "")]
    assert fetch_due() == []  # the day's work is done


def test_treasury_job_from_the_line_to_the_table(partnership):
    """Recorded pages over a server on loopback; the demonstration's day hides what was published later."""
    pages = [ok(recorded(f"treasury-page-{number}.json")) for number in (1, 2)]
    with serving(*pages) as (origin, asked):
        run = fetch_from(TREASURY, transport=line_to(origin))
    assert "later than 2020-02-10" in run.failure  # the second page holds March 2020
    assert (run.n_written, stored(), len(asked)) == (0, [], 2)
    assert "record_date:gte:2017-03-07,record_date:lte:2020-02-10" in asked[0]


def test_treasury_job_stores_what_is_new(partnership, settings):
    settings.ALIANZA_TODAY = date(2020, 6, 30)
    pages = [ok(recorded(f"treasury-page-{number}.json")) for number in (1, 2)]
    with serving(*pages) as (origin, _asked):
        run = fetch_from(TREASURY, transport=line_to(origin))
    assert (run.failure, run.n_found, run.n_written) == ("", 6, 6)
    assert AuditEvent.objects.get().details == {
        "through": "rates treasury", "n": 6, "first": "2015-12-31", "last": "2020-03-31",
    }  # fmt: skip


@pytest.mark.parametrize(
    "failure", [SourceFailed("The answer is a web page, not data."), ValueError("unforeseen"), TimeoutError("slow")]
)
def test_a_failed_fetch_changes_nothing_says_so_and_is_tried_again_after_an_hour(partnership, failure):
    make.make_rate(record="2019-12-31", rate="3.314")
    before = stored()
    source = publisher(failure, [line()])
    run = fetch_from(source)
    assert str(failure) in run.failure
    assert run.finished_at is not None
    assert stored() == before
    assert fetch_from(source) is None
    an_hour_later()
    assert fetch_from(source).failure == ""
    assert len(stored()) == len(before) + 1


def test_a_rate_that_the_publisher_changed_stays_and_is_noted(partnership):
    fetch_from(publisher([line("3.311")]))
    an_hour_later()
    JobRun.objects.update(started_at=make.lima("2020-02-08 12:00"))
    run = fetch_from(publisher([line("3.312"), line("3.401", "2020-01-31")]))
    assert (run.failure, run.n_found, run.n_written) == ("", 2, 1)
    assert run.notes == "USD/PEN end_of_period 2019-12-31 TREASURY: stored 3.311, now 3.312; kept."
    assert [rate for _source, _day, rate in stored()] == ["3.31100000", "3.40100000"]
    assert JobRun.objects.first().notes == run.notes


def test_the_same_answer_twice_adds_nothing(partnership):
    fetch_from(publisher([line(), line()]))
    JobRun.objects.all().delete()
    assert fetch_from(publisher([line()])).n_written == 0
    assert len(stored()) == 1


def test_the_host_s_currency_decides_what_is_asked_for(db):
    make.make_partnership("one", host_currency="PEN")
    make.make_partnership("two", host_currency="USD")
    make.make_partnership("three", host_currency="XOF")
    asked = []

    def fetch(get, currency, *, since, until):
        asked.append((currency, since, until))
        return []

    run = fetch_from(RateSource("treasury", "America/Lima", "https://nowhere.example", fetch))
    assert asked == [("PEN", date(2017, 3, 7), TODAY)]
    assert run.notes == "XOF: no series is known; its rates are loaded by file."


def test_one_currency_that_fails_does_not_keep_the_others_from_their_rates(db, monkeypatch):
    make.make_partnership("one", host_currency="PEN")
    make.make_partnership("two", host_currency="BRL")
    monkeypatch.setattr("activities.rate_jobs.SERIES", {"PEN": None, "BRL": None})
    run = fetch_from(publisher(SourceFailed("BRL cannot be had."), [line()]))
    assert (run.failure, run.n_written) == ("BRL: BRL cannot be had.", 1)
