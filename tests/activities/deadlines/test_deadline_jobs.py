"""The nightly job: once a day in each zone, made up after a standstill, harmless when asked twice; and the command."""

from datetime import date, timedelta
from io import StringIO
from threading import Barrier, Thread

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from activities.deadlines.jobs import begin_run, end_run, is_stale, job_of_zone
from activities.deadlines.models import Deadline, JobRun
from activities.deadlines.queries import stale_job_message
from activities.reporting.services import open_report
from activities.tasks import recompute, recompute_all
from cpc.celery import app
from cpc.core.periods import Period
from tests import factories as make

LIMA = "America/Lima"
TODAY = date(2020, 2, 10)


def owed(partnership):
    award = make.make_award(partnership, recipients=[make.make_organization()])
    make.make_action(award, start="2017-10", end="2020-12")
    return award


def run_command(*arguments):
    out = StringIO()
    call_command("compute_deadlines", *arguments, stdout=out)
    return out.getvalue()


def test_beat_asks_for_a_task_that_exists():
    tasks = {entry["task"] for entry in app.conf.beat_schedule.values()}
    app.loader.import_default_modules()
    assert tasks
    assert tasks <= set(app.tasks)


def test_day_s_work_is_done_once(partnership):
    owed(partnership)
    assert recompute_all() > 0
    assert recompute_all() == 0
    run = JobRun.objects.get()
    assert (run.job, run.failure) == ("deadlines America/Lima", "")
    assert run.n_written == run.n_found == Deadline.objects.count()
    assert run.finished_at is not None


def test_each_zone_has_its_own_run(partnership):
    make.make_partnership("far", time_zone="Asia/Tokyo")
    recompute_all()
    assert set(JobRun.objects.values_list("job", flat=True)) == {"deadlines America/Lima", "deadlines Asia/Tokyo"}


def test_next_day_is_another_run_and_a_missed_night_is_made_up(partnership, settings):
    recompute_all()
    settings.ALIANZA_TODAY = TODAY + timedelta(days=5)
    recompute_all()
    recompute_all()
    assert JobRun.objects.count() == 2


def test_change_that_comes_into_force_is_found_by_night(partnership, settings):
    make.make_term_event(partnership, new_end="2022-06", effective="2020-02-11")
    recompute_all()
    assert Deadline.objects.get(kind="term_end").due_on == date(2021, 6, 30)
    settings.ALIANZA_TODAY = TODAY + timedelta(days=1)
    recompute_all()
    assert Deadline.objects.get(kind="term_end").due_on == date(2022, 6, 30)


def test_failure_is_kept_does_not_stop_the_others_and_is_tried_again_after_an_hour(partnership, monkeypatch):
    other = make.make_partnership("other-2018")
    first, second = sorted([partnership, other], key=lambda one: one.key)

    def fail_for_one(partnership_id, **kwargs):
        if partnership_id == first.pk:
            raise ValueError("broken")
        return recompute(partnership_id, **kwargs)

    monkeypatch.setattr("activities.tasks.recompute", fail_for_one)
    recompute_all()
    run = JobRun.objects.get()
    assert run.failure == f"{first.key}: ValueError: broken"
    assert Deadline.objects.filter(partnership=second).exists()
    assert not Deadline.objects.filter(partnership=first).exists()
    monkeypatch.undo()
    assert recompute_all() == 0
    JobRun.objects.update(started_at=run.started_at - timedelta(minutes=61))
    # the hour may have begun the day before: then this day's work is still to be done, too
    assert recompute_all() > 0


def test_run_that_was_killed_is_taken_up_after_an_hour(partnership):
    noon = make.lima("2020-02-10 12:00")
    assert begin_run("job", now=noon, zone=LIMA) is not None
    assert begin_run("job", now=noon + timedelta(minutes=59), zone=LIMA) is None
    assert begin_run("job", now=noon + timedelta(minutes=61), zone=LIMA) is not None


def test_worker_that_read_the_clock_first_and_got_the_lock_second_begins_no_run(partnership):
    noon = make.lima("2020-02-10 12:00")
    assert begin_run("job", now=noon + timedelta(milliseconds=5), zone=LIMA) is not None
    assert begin_run("job", now=noon, zone=LIMA) is None


def test_day_of_a_run_is_the_day_of_its_zone(db):
    before_midnight = make.lima("2020-02-10 23:59:59")
    end_run(begin_run("job", now=before_midnight, zone=LIMA), now=before_midnight)
    assert begin_run("job", now=before_midnight, zone=LIMA) is None
    assert begin_run("job", now=before_midnight + timedelta(seconds=1), zone=LIMA) is not None


def test_stale_after_two_missed_nights_or_without_any_run(partnership):
    assert is_stale(LIMA, today=TODAY)
    assert "has not run for two days" in stale_job_message(partnership, today=TODAY)
    end_run(begin_run(job_of_zone(LIMA), now=make.lima("2020-02-10 00:01"), zone=LIMA), now=make.lima("2020-02-10 00:02"))
    assert stale_job_message(partnership, today=TODAY) == ""
    assert not is_stale(LIMA, today=TODAY + timedelta(days=1))
    assert is_stale(LIMA, today=TODAY + timedelta(days=2))


def test_failed_run_does_not_make_it_fresh(partnership):
    run = begin_run(job_of_zone(LIMA), now=make.lima("2020-02-10 00:01"), zone=LIMA)
    end_run(run, now=make.lima("2020-02-10 00:02"), failure="test-2017: broken")
    assert is_stale(LIMA, today=TODAY)


# Rows that other connections see. Naming the apps lets the clean-up cascade to the table of the swapped-out token model.
@pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)
def test_two_workers_at_once_double_no_row():
    partnership = make.make_partnership("test-2017")
    owed(partnership)
    barrier, written = Barrier(2), []

    def work(task):
        barrier.wait()
        written.append(task())
        connection.close()

    for task in (recompute_all, lambda: recompute(partnership.pk, today=TODAY).n_written):
        workers = [Thread(target=work, args=[task]) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    n_rows = Deadline.objects.count()
    assert sorted(written) == [0, 0, 0, n_rows]
    assert Deadline.objects.open().count() == n_rows
    assert JobRun.objects.count() == 1


@pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)
def test_recomputation_does_not_wait_for_somebody_who_just_begins_a_report():
    """The lock of an award's row that goes together with the foreign keys of new deadlines; see `recompute`."""
    partnership = make.make_partnership("test-2017")
    award = owed(partnership)
    recompute(partnership.pk, today=TODAY)
    ngo = award.recipients.get().organization
    preparer = make.make_user("partner_preparer", partnership, organization=ngo)
    make.make_action(award, kind="no_cost_extension", amount=None, effective="2020-02-10", end="2022-06-30")
    created = []

    def work():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '5s'")
            created.extend(recompute(partnership.pk, today=TODAY).created)
        finally:
            connection.close()

    with transaction.atomic():
        open_report(award, ngo, Period(date(2019, 10, 1), date(2019, 12, 31)), actor=preparer, at=make.lima("2020-02-10 12:00"))
        worker = Thread(target=work)
        worker.start()
        worker.join()
    assert len(created) == 14  # six more interims and the new final, each with its two halves


def test_command_recomputes_and_counts_as_the_day_s_run(partnership):
    owed(partnership)
    assert run_command() == f"{Deadline.objects.count()} deadlines, {Deadline.objects.count()} rows written\n"
    assert run_command() == f"{Deadline.objects.count()} deadlines, 0 rows written\n"
    assert recompute_all() == 0
    assert JobRun.objects.count() == 2


def test_command_fails_when_a_partnership_does(partnership, monkeypatch):
    monkeypatch.setattr("activities.tasks.look", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(CommandError, match="test-2017: ZeroDivisionError"):
        run_command()


def test_check_finds_every_kind_of_difference(partnership):
    award = owed(partnership)
    run_command()
    assert run_command("--check") == f"{Deadline.objects.count()} open rows equal the engine\n"
    moved, dropped = Deadline.objects.filter(kind="performance_report").order_by("key")[:2]
    Deadline.objects.filter(pk=moved.pk).update(due_on=date(2019, 1, 1))
    dropped.delete()
    make.make_deadline(partnership, award=award, key="never-heard-of")
    with pytest.raises(CommandError) as error:
        run_command("--check")
    said = str(error.value).splitlines()
    assert said[0] == "3 differences"
    assert said[1:] == sorted(
        [
            f"{moved.key}: stored 2019-01-01 by R-PPR-Q, engine {moved.due_on} by R-PPR-Q",
            f"{dropped.key}: stored nothing, engine {dropped.due_on} by R-PPR-Q",
            "never-heard-of: stored 2020-01-30 by R-PPR-Q, engine nothing",
        ]
    )


def test_as_of_prints_and_writes_nothing(partnership):
    make.make_term_event(partnership, new_end="2022-06", effective="2020-02-06")
    assert f"2021-06-30 {partnership.key}-term-end R-TERM-END\n" in run_command("--as-of", "2020-02-05")
    assert f"2022-06-30 {partnership.key}-term-end R-TERM-END\n" in run_command("--as-of", "2020-02-06")
    assert f"no date    {partnership.key} no_dialogue\n" in run_command("--as-of", "2020-02-06")
    assert not Deadline.objects.exists()
    assert not JobRun.objects.exists()


def test_wrong_day_is_refused_with_an_example(db):
    with pytest.raises(CommandError, match="2020-02-06"):
        run_command("--as-of", "06/02/2020")
