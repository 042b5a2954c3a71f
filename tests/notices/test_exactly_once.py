"""Workers are killed, sessions break, the clock moves on: each notice arrives, once. The sample of the long drill, with forked
workers; two guards are taken away to see that the drill would notice."""

import os
import random
import signal
import time
from contextlib import contextmanager, suppress
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.db import close_old_connections, connection, connections, transaction
from django.utils import timezone

from cpc.notices import mails, tasks
from cpc.notices.models import Letter

from . import drill
from .post_office import PostOffice

# Rows that other processes see. Naming the apps lets the clean-up cascade to the table of the swapped-out token model.
pytestmark = pytest.mark.django_db(transaction=True, available_apps=django_settings.INSTALLED_APPS)
N_PEOPLE = 40  # a fiftieth of the long drill: 200 notices, and 40 of the later step
SECONDS = 60


@pytest.fixture
def office(settings):
    with PostOffice() as office:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
        settings.ALIANZA_TODAY = drill.FIRST_DAY
        yield office


@pytest.fixture(autouse=True)
def everything_read_once(office):
    """Rules, addresses, templates and languages are read here, so that not each child does it."""
    with transaction.atomic():
        drill.seed(1)
        tasks.fill_outbox(tasks.Run(), at=timezone.now())
        for letter in Letter.objects.all():
            mails.mail_of(letter).message()
        transaction.set_rollback(True)


class Crew:
    """Forked workers, each doing what Celery would ask for, again and again."""

    def __init__(self, n):
        self.pids = []
        self.n_kills = 0
        for _one in range(n):
            self.start()

    def start(self):
        connections.close_all()  # a session that two processes hold would be spoilt
        if pid := os.fork():
            self.pids.append(pid)
            return
        while True:  # the child: until it is killed
            with suppress(Exception):
                tasks.run_notices()
            close_old_connections()
            time.sleep(0.01)

    def kill(self, pid=None):
        """One of them at any point of its work, and another in its place."""
        pid = pid or random.choice(self.pids)
        self.end(pid)
        self.n_kills += 1
        self.start()

    def end(self, pid):
        self.pids.remove(pid)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


@contextmanager
def crew_of(n):
    crew = Crew(n)
    try:
        yield crew
    finally:
        for pid in list(crew.pids):
            crew.end(pid)


def wait_until(question, pause=0.01):
    end = time.monotonic() + SECONDS
    while not question():
        assert time.monotonic() < end, "it did not come"
        time.sleep(pause)


def break_sessions():
    """What a restart of the server does to workers: every session but ours ends, wherever it was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    connections.close_all()


def test_sample_of_the_drill(office, settings):
    drill.seed(N_PEOPLE)
    n_all = drill.EACH * N_PEOPLE
    with crew_of(3) as crew:
        for part in (0.1, 0.25, 0.4):
            wait_until(lambda part=part: office.n_mails >= part * n_all)
            crew.kill()
        break_sessions()
        office.victims, office.trap = lambda: crew.pids, office.n_mails + 5
        wait_until(lambda: office.n_trapped)
        n_breaks = 3 + office.n_trapped  # each of three sessions may have been in the gap, and each of those trapped was killed
        settings.ALIANZA_TODAY = drill.LATER_DAY
        for pid in list(crew.pids):
            crew.kill(pid)
        wait_until(lambda: office.n_mails >= n_all * 0.8)
        crew.kill()
        wait_until(lambda: drill.is_done(drill.state(), N_PEOPLE), pause=0.1)
    assert office.n_doubles >= 1, "the trap has sprung in the gap"
    drill.check(drill.state(), office, n_people=N_PEOPLE, n_kills=crew.n_kills + n_breaks)


def test_drill_sees_two_workers_with_the_same_letter(office, monkeypatch):
    """The control: without the lock on a letter the office gets doubles, although nobody dies."""
    drill.seed(4)
    tasks.fill_outbox(tasks.Run(), at=timezone.now())
    office.seconds = 0.02
    monkeypatch.setattr(type(Letter.objects.all()), "select_for_update", lambda rows, **_lock: rows)
    with crew_of(2):
        wait_until(lambda: Letter.objects.exists() and not Letter.objects.waiting().exists())
    with pytest.raises(AssertionError, match="died in the gap"):
        drill.check(as_on_later_day(drill.state(), 4), office, n_people=4, n_kills=0)


def test_drill_sees_a_name_that_is_made_anew_at_each_try(office, monkeypatch):
    """The control: with a Message-ID that is not the letter's own, the mail of a worker that died in the gap is a stranger."""
    drill.seed(2)
    monkeypatch.setattr(mails, "message_id_of", lambda _letter: f"<{uuid4()}@example.org>")
    with crew_of(1) as crew:
        office.victims, office.trap = lambda: crew.pids, 3
        wait_until(lambda: office.n_trapped)
        crew.kill(crew.pids[0])
        wait_until(lambda: office.n_mails >= 11)
    assert office.n_doubles == 0
    assert len(office.arrived) == 11 > Letter.objects.count()


def as_on_later_day(found, n_people):
    """The state of a drill that did not go on to its later day, as `check` wants to read it."""
    return found | {"told": found["told"] | {"deadline 14": [n_people, 0, n_people]}}
