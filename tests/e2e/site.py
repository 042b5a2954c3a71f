"""The site as people meet it: a real server on a database of its own, with Peru's facts, the sample and the demonstration's
people."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PASSWORD = "only-for-the-browser-tests"
DAY = "2020-02-10"


def fresh_database(template: str) -> str:
    """A copy of the migrated test database. Returns its DATABASE_URL."""
    name = f"{template}_site"
    own = settings.DATABASES["default"]
    place = {"host": own["HOST"], "port": own["PORT"], "user": own["USER"], "password": own["PASSWORD"]}
    connection = psycopg2.connect(dbname="postgres", **place)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    return urlunsplit(("postgres", f"{place['user']}:{place['password']}@{place['host']}:{place['port']}", f"/{name}", "", ""))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Site:
    """A server with its address; `manage` runs a command in the same environment."""

    def __init__(self, template: str, data: Path):
        self.database = fresh_database(template)
        self.environment = os.environ | {
            "DATABASE_URL": self.database,
            "ALIANZA_DEMO": "1",
            "ALIANZA_TODAY": DAY,
            "ALIANZA_DATA": str(data),
            "ALIANZA_DEMO_PASSWORD": PASSWORD,
            "REDIS_URL": urlsplit(settings.REDIS_URL)._replace(path="/15").geturl(),
        }
        self.environment.pop("PYTEST_CURRENT_TEST", None)
        self.address = f"http://127.0.0.1:{free_port()}"
        self.sessions: dict[str, list] = {}  # of who has logged in: role → cookies
        self.server = None

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self):
        self.manage("migrate", "--verbosity", "0")
        self.manage("load_demo")
        self.serve()

    def serve(self):
        """Start the server and wait until it answers."""
        place = urlsplit(self.address).netloc
        self.server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "gunicorn",
                "cpc.wsgi",
                "--bind",
                place,
                "--workers",
                "1",
                "--threads",
                "4",
                "--log-level",
                "error",
            ],
            cwd=ROOT,
            env=self.environment,
        )
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("The server did not answer within 30 seconds.")

    def stop(self):
        if self.server:
            self.server.terminate()
            self.server.wait(15)
