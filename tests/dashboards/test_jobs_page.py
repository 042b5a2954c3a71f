"""The page of the jobs: last runs, what they found, why they failed, when they run next, whether they are late."""

from datetime import date, timedelta

import pytest

from activities.deadlines.jobs import next_run
from activities.models import JobRun
from activities.tasks import recompute_all
from partners.roles import Role
from tests import factories as make

LIMA = "America/Lima"
NIGHTLY = f"deadlines {LIMA}"
TODAY = date(2020, 2, 10)


def ran(job=NIGHTLY, began="2020-02-10 00:01", *, seconds=2, failure="", notes="", found=0, written=0):
    start = make.lima(began)
    return JobRun.objects.create(
        job=job, started_at=start, finished_at=None if seconds is None else start + timedelta(seconds=seconds), failure=failure,
        notes=notes, n_found=found, n_written=written,
    )  # fmt: skip


@pytest.fixture
def officer_s(person, login):
    return login(person(Role.PROGRAM_OFFICER))


def look(client):
    answer = client.get("/jobs/")
    return {one.job.name: one for one in answer.context["standings"]}, answer.content.decode()


def test_last_runs_with_what_they_found_and_wrote(officer_s):
    for night in range(1, 8):
        ran(began=f"2020-02-0{night} 00:01", found=140 + night, written=night)
    ran(found=148, written=9)
    found, text = look(officer_s)
    nightly = found[NIGHTLY]
    assert [run.row.n_written for run in nightly.runs] == [9, 7, 6, 5, 4]
    assert (nightly.word, nightly.is_stale) == ("done", False)
    assert nightly.next_on == "11\u00a0Feb\u00a02020,\u00a000:00 or soon after"
    assert "2.0 s" in text


def test_a_job_that_never_ran_is_late_and_due(officer_s):
    found, text = look(officer_s)
    nightly = found[NIGHTLY]
    assert (nightly.word, nightly.is_stale, nightly.last_success) == ("has not run yet", True, None)
    assert "This job has never succeeded." in text
    assert nightly.next_on.startswith("as soon as")


def test_a_job_is_late_after_two_days_without_success(officer_s):
    ran(began="2020-02-09 00:00")
    assert not look(officer_s)[0][NIGHTLY].is_stale
    JobRun.objects.update(started_at=make.lima("2020-02-08 23:59"))
    found, text = look(officer_s)
    assert found[NIGHTLY].is_stale
    assert "has not succeeded for two days" in text


def test_a_failure_says_why_and_when_it_is_tried_again(officer_s, settings, monkeypatch):
    monkeypatch.setattr("cpc.core.clock.now", lambda zone=None: make.lima("2020-02-10 00:20"))
    ran(failure="test-2017: ValueError: broken <b>", found=3)
    found, text = look(officer_s)
    assert (found[NIGHTLY].word, found[NIGHTLY].is_stale) == ("failed", True)
    assert "ValueError: broken &lt;b&gt;" in text
    assert found[NIGHTLY].next_on == "10\u00a0Feb\u00a02020,\u00a001:01 or soon after"


def test_a_run_is_under_way_or_broken_off(officer_s, monkeypatch):
    ran(seconds=None)
    monkeypatch.setattr("cpc.core.clock.now", lambda zone=None: make.lima("2020-02-10 00:30"))
    assert look(officer_s)[0][NIGHTLY].word == "running"
    monkeypatch.setattr("cpc.core.clock.now", lambda zone=None: make.lima("2020-02-10 01:02"))
    assert look(officer_s)[0][NIGHTLY].word == "broken off"


def test_what_failed_elsewhere_is_not_told(officer_s):
    make.make_partnership("secret-2020")
    ran(failure="secret-2020: IntegrityError: what it was\nDETAIL: of theirs\ntest-2017: ValueError: ours")
    _found, text = look(officer_s)
    assert "ValueError: ours" in text
    assert "A partnership that you do not see failed, too." in text
    assert not any(word in text for word in ("secret-2020", "IntegrityError", "of theirs"))


def test_zones_without_a_partnership_of_the_reader_are_not_listed(officer_s):
    make.make_partnership("far", time_zone="Asia/Tokyo")
    assert set(look(officer_s)[0]) == {NIGHTLY, "notices", "rates treasury", "rates bcrp"}


def test_jobs_of_rates_are_switched_off_and_then_not_late(officer_s, settings):
    settings.ALIANZA_FETCH_RATES = ["bcrp"]
    ran("rates treasury", "2019-01-01 00:00")
    found, text = look(officer_s)
    treasury, bcrp = found["rates treasury"], found["rates bcrp"]
    assert (treasury.word, treasury.is_stale, treasury.next_on) == ("switched off", False, "")
    assert len(treasury.runs) == 1
    assert (bcrp.word, bcrp.is_stale) == ("has not run yet", True)
    assert "naming treasury in ALIANZA_FETCH_RATES" in text


def test_a_rate_that_was_kept_against_its_publisher_is_noted(officer_s, settings):
    settings.ALIANZA_FETCH_RATES = ["treasury"]
    ran("rates treasury", notes="USD/PEN 2019-12-31 TREASURY: stored 3.311, now 3.312; kept.\nXOF: no series is known.")
    _found, text = look(officer_s)
    assert "stored 3.311, now 3.312; kept." in text
    assert "XOF: no series is known." in text


@pytest.mark.parametrize(
    ("role", "shows"), [(Role.ADMINISTRATOR, True), (Role.GRANTS_OFFICER, True), (Role.EMBASSY_VIEWER, False)]
)
def test_the_person_menu_and_the_late_notice_lead_here(person, login, role, shows):
    client = login(person(role))
    text = client.get("/p/test-2017/deadlines/").content.decode()
    assert ('href="/jobs/">See the jobs' in text) is shows
    assert ('href="/jobs/">Jobs' in text) is shows
    assert ('href="/rates/"' in text) is (role == Role.ADMINISTRATOR)
    recompute_all()
    assert "See the jobs" not in client.get("/p/test-2017/deadlines/").content.decode()


@pytest.mark.parametrize(
    ("success", "start", "expected"),
    [
        (None, None, "2020-02-10 12:00"),  # it is time
        ("2020-02-09 23:59", "2020-02-09 23:59", "2020-02-10 12:00"),
        ("2020-02-10 00:01", "2020-02-10 00:01", "2020-02-11 00:00"),
        (None, "2020-02-10 11:30", "2020-02-10 12:30"),  # an hour after a failure
        (None, "2020-02-10 09:30", "2020-02-10 12:00"),
        (None, "2020-02-09 11:30", "2020-02-10 12:00"),
        ("2020-02-10 23:00", "2020-02-10 11:59", "2020-02-11 00:00"),  # a demonstration's clock goes back at midnight
    ],
)
def test_next_run_is_when_the_job_would_begin(success, start, expected):
    moments = {"last_success": success and make.lima(success), "last_start": start and make.lima(start)}
    assert next_run(now=make.lima("2020-02-10 12:00"), zone=LIMA, **moments) == make.lima(expected)
