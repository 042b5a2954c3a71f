"""Real workers and beats on a real broker: two of each double no row, and with all of them stopped a changed date is right."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import date
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import Count

from activities.deadlines.models import Deadline, JobRun

PERU = Path(settings.BASE_DIR, "partners/data/peru-2017.yaml")
AFTER = "  - key: peru-2017-extension\n    level: prime\n"
EXTENSION = """      - key: trial
        kind: no_cost_extension
        effective: 2020-02-10
        known_on: 2020-02-10
        new_end: 2021-06-30
        basis: signed
        reason: Invented for a test.
        certainty: assumed
"""
START_SECONDS = 240  # two workers and two beats at once, on two cores that others use as well
PLACE = ("partnership", "subject_key", "recipient", "rule", "period_from", "period_to")
# Rows that other processes see. Naming the apps lets the clean-up cascade to the table of the swapped-out token model.
rows_for_all = pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)


def extend_by_file(folder):
    """The file of facts with one more action, loaded by the command that a person would use."""
    text = PERU.read_text(encoding="utf-8")
    assert text.count(AFTER) == 1
    path = folder / "extended.yaml"
    path.write_text(text.replace(AFTER, EXTENSION + AFTER), encoding="utf-8")
    call_command("load_partnership", str(path), stdout=StringIO())


def doubles():
    return list(Deadline.objects.open().order_by().values(*PLACE).annotate(n=Count("*")).filter(n__gt=1))


def wait_until(question, seconds):
    end = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.2)


@contextmanager
def celery(folder, *, workers, beats):
    """So many of each, stopped at the end as a service manager stops them. Gives their log files."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    place = os.environ | {"DATABASE_URL": url, "TEST_QUEUE": f"test-{os.getpid()}", "ALIANZA_TODAY": "2020-02-10"}
    base = [sys.executable, "-m", "celery", "-A", "tests.activities.deadlines.quick_schedule"]
    worker = [*base, "worker", "--loglevel", "info", "--concurrency", "1", "--without-gossip", "--without-mingle"]
    calls = [[*worker, "-n", f"{n}@test"] for n in range(workers)]
    calls += [
        [*base, "beat", "--loglevel", "info", "--schedule", str(folder / f"beat{n}"), "--pidfile", ""] for n in range(beats)
    ]
    logs = [folder / f"{n}.log" for n in range(len(calls))]
    running = []
    try:
        for call, log in zip(calls, logs, strict=True):
            with log.open("w") as out:
                running.append(subprocess.Popen(call, cwd=settings.BASE_DIR, env=place, stdout=out, stderr=out))
        yield logs
    finally:
        for one in running:
            one.send_signal(signal.SIGTERM)
        for one in running:
            one.wait(timeout=30)


@pytest.mark.deep
@rows_for_all
def test_two_workers_and_two_beats_double_no_row_and_without_them_dates_are_right(tmp_path):
    call_command("load_reference", stdout=StringIO())
    call_command("load_partnership", str(PERU), stdout=StringIO())
    n_rows = Deadline.objects.count()
    with celery(tmp_path, workers=2, beats=2) as logs:
        for n in range(4):
            # nothing is left: both workers are asked for the whole work again and again
            Deadline.objects.all().delete()
            JobRun.objects.all().delete()
            wait_until(lambda: JobRun.objects.filter(finished_at__isnull=False).exists(), START_SECONDS)
            n_asked = asked(logs)
            wait_until(lambda n_asked=n_asked: asked(logs) >= n_asked + 4, START_SECONDS)
            assert list(JobRun.objects.values_list("job", "n_written", "failure")) == [("deadlines America/Lima", n_rows, "")], n
            assert Deadline.objects.count() == n_rows
            assert doubles() == []
    assert all("recompute_all" in log.read_text() for log in logs)

    before = Deadline.objects.get(key="peru-2017-initial-award-end").due_on
    extend_by_file(tmp_path)
    after = Deadline.objects.get(key="peru-2017-initial-award-end").due_on
    assert (before, after) == (date(2020, 12, 31), date(2021, 6, 30))
    call_command("compute_deadlines", "--check", stdout=StringIO())


def asked(logs) -> int:
    """How many tasks the workers have finished."""
    return sum(log.read_text().count("succeeded in") for log in logs)


LONGER = """adds_to: test-2017
documents:
  - {key: note, title: Note, publisher: Test, published: 2020-02-06}
term_events:
  - {key: test-2017-longer, kind: extended, effective: 2020-02-06, new_end: 2022-06, source: note, certainty: primary}
"""


def test_date_is_right_at_once_where_no_broker_answers(partnership, tmp_path, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    call_command("compute_deadlines", stdout=StringIO())
    JobRun.objects.all().delete()
    path = tmp_path / "longer.yaml"
    path.write_text(LONGER)
    before = Deadline.objects.get(kind="term_end").due_on
    call_command("load_partnership", str(path), stdout=StringIO())
    after = Deadline.objects.get(kind="term_end").due_on
    assert (before, after) == (date(2021, 6, 30), date(2022, 6, 30))
    call_command("compute_deadlines", "--check", stdout=StringIO())
    assert not JobRun.objects.exists()
