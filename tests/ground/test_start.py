"""One real ./run: it serves, others work beside it, and nothing is left of it."""

import signal
import socket
import subprocess
import sys

import pytest

from .launching import ROOT, Launch, left_over, manage, plain_environment


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return tmp_path_factory.mktemp("start") / "data"


@pytest.fixture(scope="module")
def site(data):
    """A demonstration that serves the facts alone on another day than usual."""
    launch = Launch(data, "--facts-only", "--today", "2020-03-01", ALIANZA_DEMO_PASSWORD="chosen-by-the-test")
    try:
        launch.wait_ready()
        yield launch
    finally:
        launch.stop(signal.SIGKILL)
        left_over(data)


def test_site_answers_and_says_where_and_for_whom(site):
    assert f"http://127.0.0.1:{site.port}" in site.output
    assert "plays on 2020-03-01" in site.output
    assert "program_officer@example.org" in site.output
    assert "chosen-by-the-test" in site.output
    assert site.get("/healthz").status == 200
    assert site.get("/accounts/login/").status == 200


def test_worker_and_beat_work_beside_the_site(site):
    assert {each["name"] for each in site.state()["processes"]} == {"postgres", "valkey", "web", "worker", "beat"}


def test_command_beside_the_site_uses_its_servers_and_its_day_and_says_nothing_itself(site, data):
    code = "import os; from django.db import connection; print(os.environ['ALIANZA_TODAY'], connection.settings_dict['PORT'])"
    done = manage(data, "shell", "--no-imports", "-c", code)
    port = site.state()["database_url"].rpartition(":")[2].partition("/")[0]
    assert (done.stdout, done.stderr, done.returncode) == (f"2020-03-01 {port}\n", "", 0)


def test_command_passes_its_exit_code_on(site, data):
    assert manage(data, "shell", "--no-imports", "-c", "raise SystemExit(7)").returncode == 7


def test_second_start_on_the_same_data_is_refused_and_says_where_the_first_is(site, data):
    done = refused(ALIANZA_DATA=str(data), PORT="8999")
    assert f"already runs on {data}, at http://127.0.0.1:{site.port}" in done.stderr
    assert site.get("/healthz").status == 200


def test_taken_port_is_named_with_a_way_out(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = refused(ALIANZA_DATA=str(tmp_path / "data"), PORT=str(port))
    assert f"Port {port} is taken by another program" in done.stderr
    assert not (tmp_path / "data" / "postgres").exists()


def test_stop_leaves_no_process(site, data):
    """The last one here: it ends the site that the others use."""
    assert site.stop(signal.SIGINT) == 0
    assert "nothing is left running" in site.output
    assert left_over(data) == {}
    assert not (data / "state.json").exists()


def refused(**variables):
    done = subprocess.run(
        [sys.executable, ROOT / "run"],
        env=plain_environment(**variables),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 1
    return done
