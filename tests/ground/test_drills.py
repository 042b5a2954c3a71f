"""Long drills: many starts and many violent ends in a row lose no row and leave no process."""

import os
import signal
import subprocess
import time

import psycopg2
import pytest

from .launching import Launch, left_over, manage, processes_of, wait_until

pytestmark = pytest.mark.deep
SECONDS = 5


@pytest.fixture(scope="module")
def used_folder(tmp_path_factory):
    """A data folder in which everything has been set up once."""
    folder = tmp_path_factory.mktemp("used") / "data"
    launch = Launch(folder)
    launch.wait_ready()
    assert launch.stop() == 0
    return folder


@pytest.fixture
def data(used_folder, tmp_path):
    """A copy of it, with the same owners."""
    subprocess.run(["cp", "-a", used_folder, tmp_path], check=True)
    return tmp_path / used_folder.name


def add_row(launch):
    """Writes one row of the drill's own and returns (rows of the drill, rows of every table of the project)."""
    connection = psycopg2.connect(launch.state()["database_url"])
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE IF NOT EXISTS drill (n serial, at timestamptz DEFAULT now())")
    cursor.execute("INSERT INTO drill DEFAULT VALUES")
    cursor.execute("SELECT count(*) FROM drill")
    n_own = cursor.fetchone()[0]
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'drill'"
    )
    counts = {}
    for (table,) in cursor.fetchall():
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        counts[table] = cursor.fetchone()[0]
    connection.close()
    return n_own, counts


def test_twenty_starts_in_a_row(data):
    seen, times = None, []
    for n in range(1, 21):
        launch = Launch(data)
        began = time.monotonic()
        assert wait_until(lambda launch=launch: answers(launch), 30)
        times.append(time.monotonic() - began)
        launch.wait_ready()
        n_own, counts = add_row(launch)
        assert n_own == n
        assert seen in (None, counts)
        seen = counts
        assert launch.stop(signal.SIGINT if n % 2 else signal.SIGTERM) == 0
        assert left_over(data) == {}
    print(f"answering after {min(times):.1f} to {max(times):.1f} s")
    assert sorted(times)[10] < SECONDS


def answers(launch):
    try:
        return launch.get("/healthz").status == 200
    except OSError:
        return False


def test_five_kills_in_a_row(data):
    seen = None
    for n in range(1, 6):
        launch = Launch(data)
        launch.wait_ready()
        n_own, counts = add_row(launch)
        assert n_own == n
        assert seen in (None, counts)
        seen = counts
        launch.stop(signal.SIGKILL)  # the next start follows at once
    launch = Launch(data)
    launch.wait_ready()
    assert add_row(launch)[0] == 6
    assert launch.stop() == 0
    assert left_over(data) == {}


@pytest.mark.parametrize("seconds", [0, 8])
def test_kill_alone_leaves_no_process(data, seconds):
    """While the worker starts, and when it waits at its broker, which goes with the rest."""
    launch = Launch(data)
    launch.wait_ready()
    time.sleep(seconds)
    assert len(processes_of(data)) > 5
    launch.stop(signal.SIGKILL)
    assert left_over(data) == {}


@pytest.mark.parametrize("name", ["web", "worker", "beat", "valkey", "postgres"])
def test_process_that_ends_is_started_again(data, name):
    launch = Launch(data)
    launch.wait_ready()
    pids = {each["name"]: each["pid"] for each in launch.state()["processes"]}
    os.kill(pids[name], signal.SIGKILL)
    assert wait_until(lambda: {each["name"]: each["pid"] for each in launch.state()["processes"]}[name] != pids[name], 20)
    assert wait_until(lambda: answers(launch), 20)
    assert wait_until(lambda: launch.get("/readyz").status == 200, 20)
    assert launch.stop() == 0
    assert f"{name} ended by itself" in launch.output
    assert left_over(data) == {}


@pytest.mark.parametrize("seconds", [0.2, 0.8, 3, 15])
def test_start_that_is_cut_off_leaves_nothing_and_the_next_one_works(tmp_path, seconds):
    data = tmp_path / "data"
    launch = Launch(data)
    time.sleep(seconds)
    launch.stop(signal.SIGTERM)
    assert left_over(data) == {}
    launch = Launch(data)
    launch.wait_ready()
    assert launch.stop() == 0
    assert left_over(data) == {}


def test_command_without_a_site_starts_and_stops_the_servers(data):
    done = manage(data, "shell", "--no-imports", "-c", "from partners.models import Partnership as P; print(P.objects.count())")
    assert (done.stdout, done.stderr, done.returncode) == ("1\n", "", 0)
    assert left_over(data) == {}
