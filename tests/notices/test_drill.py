"""The long drill, with real Celery workers and beats on servers of its own: a hundred kills, the broker flushed, the database
restarted, the clock moved three days ahead; ten thousand notices and the later step arrive, each once."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest
import redis
from django.conf import settings as django_settings

from cpc.launch import database
from cpc.launch.console import Console
from cpc.launch.postgres import Postgres
from cpc.launch.processes import stop_all
from cpc.launch.valkey import Valkey

from . import drill
from .post_office import PostOffice

pytestmark = pytest.mark.deep
N_PEOPLE = 2000
N_KILLS = 100
N_WORKERS, N_BEATS = 3, 2
SECONDS = 1800


class Site:
    """Servers of the drill's own, and the crew of workers and beats."""

    def __init__(self, folder, office):
        self.folder, self.children, self.crew = folder, [], []
        self.n_kills = 0
        self.postgres = Postgres(folder / "postgres", password="of-the-drill", log=folder / "postgres.log")
        self.valkey = Valkey(folder, password="of-the-drill", log=folder / "valkey.log")
        self.postgres.start(self.start_server, Console())
        self.valkey.start(self.start_server)
        self.env = os.environ | {
            "DATABASE_URL": self.postgres.url("drill"),
            "REDIS_URL": self.valkey.url(0),
            "EMAIL_URL": f"smtp://127.0.0.1:{office.port}",
            "ALIANZA_DEMO": "1",
            "ALIANZA_TODAY": str(drill.FIRST_DAY),
        }

    def start_server(self, child):
        child.start()
        self.children.append(child)

    def run(self, *words) -> str:
        return subprocess.run(
            [sys.executable, *words], env=self.env, cwd=django_settings.BASE_DIR, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def prepare(self, n_people):
        database.create(self.postgres.url("drill"))
        self.run("manage.py", "migrate", "--verbosity", "0")
        self.run("-m", "tests.notices.drill", "seed", str(n_people))

    def state(self) -> dict:
        return json.loads(self.run("-m", "tests.notices.drill", "state"))

    def start(self, kind):
        base = [sys.executable, "-m", "celery", "-A", "tests.notices.quick_schedule", kind, "--loglevel", "warning"]
        name = f"{kind}-{len(list(self.folder.glob('*.log')))}"
        if kind == "worker":
            words = ["--pool", "solo", "--without-gossip", "--without-mingle", "-n", f"{name}@drill"]
        else:
            words = ["--schedule", str(self.folder / name), "--pidfile", ""]
        with (self.folder / f"{name}.log").open("w") as log:
            process = subprocess.Popen([*base, *words], env=self.env, cwd=django_settings.BASE_DIR, stdout=log, stderr=log)
        self.crew.append((kind, process))

    def start_crew(self):
        for kind, n in (("worker", N_WORKERS), ("beat", N_BEATS)):
            for _one in range(n):
                self.start(kind)

    def pids(self) -> list[int]:
        return [process.pid for kind, process in self.crew if kind == "worker"]

    def kill(self, one=None):
        one = one or random.choice(self.crew)
        self.end(one)
        self.n_kills += 1
        self.start(one[0])

    def end(self, one):
        self.crew.remove(one)
        one[1].send_signal(signal.SIGKILL)
        one[1].wait()

    def restart_database(self):
        child = self.postgres.child
        child.ask_to_stop()
        child.wait_stopped()
        child.start()
        assert self.postgres.wait_ready()

    def flush_broker(self):
        redis.Redis.from_url(self.env["REDIS_URL"]).flushall()

    def stop(self):
        for one in list(self.crew):
            self.end(one)
        stop_all(self.children)


@pytest.fixture
def office():
    with PostOffice() as office:
        yield office


@pytest.fixture
def site(tmp_path, office):
    site = Site(tmp_path, office)
    try:
        yield site
    finally:
        site.stop()


def wait_until(question, pause=0.02):
    end = time.monotonic() + SECONDS
    while not question():
        assert time.monotonic() < end, "it did not come"
        time.sleep(pause)


def test_ten_thousand_notices_and_a_hundred_kills(site, office):
    site.prepare(N_PEOPLE)
    n_all = drill.EACH * N_PEOPLE
    site.start_crew()
    for n in range(1, N_KILLS + 1):
        wait_until(lambda n=n: office.n_mails >= n * n_all // (N_KILLS + 2))
        site.kill()
        if n == N_KILLS // 4:
            site.flush_broker()
        if n == N_KILLS // 3:
            site.restart_database()
        if n == N_KILLS // 2:
            site.env["ALIANZA_TODAY"] = str(drill.LATER_DAY)
            for one in list(site.crew):
                site.kill(one)
    wait_until(lambda: drill.is_done(site.state(), N_PEOPLE), pause=2)
    found = site.state()
    print(f"{office.n_mails} mails, {office.n_doubles} doubles, {site.n_kills} kills, {found['told']}")
    drill.check(found, office, n_people=N_PEOPLE, n_kills=site.n_kills + N_WORKERS)
