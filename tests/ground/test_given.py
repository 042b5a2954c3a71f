"""Servers that the person named: refused in a sentence when they cannot be used, and never with their password."""

import os
from urllib.parse import urlsplit, urlunsplit

import pytest

from cpc.launch import given, prepare
from cpc.launch.console import LaunchError

from .launching import manage


@pytest.fixture
def ask(monkeypatch, capsys):
    """`ask(DATABASE_URL=…, REDIS_URL=…)`: (exit code, what is said)."""

    def run(**variables):
        for name in given.SCHEMES:
            monkeypatch.delenv(name, raising=False)
        for name, url in variables.items():
            monkeypatch.setenv(name, url)
        return given.main(), capsys.readouterr().out.strip()

    return run


def test_servers_that_answer_are_used(ask):
    assert ask(DATABASE_URL=postgres_of_the_tests(), REDIS_URL=os.environ["REDIS_URL"]) == (0, "")
    assert ask() == (0, "")


def test_everything_that_is_wrong_is_said_at_once(ask):
    code, said = ask(DATABASE_URL="postgres://a:secret@127.0.0.1:1/x", REDIS_URL="redis://:secret@127.0.0.1:1/0")
    assert code == 1
    first, second = said.splitlines()
    assert first.startswith("The server of DATABASE_URL cannot be used: ")
    assert second.startswith("The server of REDIS_URL cannot be used: ")
    assert "refused" in first
    assert "secret" not in said


def test_address_of_another_kind_of_server_is_refused_without_asking(ask):
    assert ask(DATABASE_URL="mysql://a:secret@h/x") == (1, "DATABASE_URL must begin with postgres://.")
    assert ask(REDIS_URL="amqp://a:secret@h/x") == (1, "REDIS_URL must begin with redis://.")


def test_database_that_is_not_there_is_named(ask):
    code, said = ask(DATABASE_URL=urlunsplit(urlsplit(postgres_of_the_tests())._replace(path="/not_there")))
    assert (code, '"not_there" does not exist' in said) == (1, True)


def test_start_stops_before_it_starts_anything(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "mysql://h/x")
    with pytest.raises(LaunchError, match="must begin with postgres"):
        prepare.refuse_unusable_servers()
    done = manage(tmp_path / "data", "check", DATABASE_URL="mysql://h/x")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip().endswith("DATABASE_URL must begin with postgres://.")
    assert not (tmp_path / "data" / "postgres").exists()


def postgres_of_the_tests():
    """The server's own database: the one of DATABASE_URL need not be there while tests run."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path="/postgres"))
