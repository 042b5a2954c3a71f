"""No process outlives the launcher, and none of somebody else's is ended."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time

import pytest

from cpc.launch.processes import LIBC, Child, run_quietly, started_at, stop_all, stop_leftovers, wait_until

from .launching import ROOT

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]


@pytest.fixture
def start(tmp_path):
    """`start(argv)`: a child that is up; ended after the test whatever happens."""
    children = []

    def build(argv, **options):
        log = tmp_path / f"{len(children)}.log"
        child = Child(name="sleeper", argv=argv, env=dict(os.environ), log=log, cwd=tmp_path, **options)
        child.start()
        children.append(child)
        assert wait_until(lambda: "up" in log.read_text(), 10)
        return child

    yield build
    for child in children:
        child.process.kill()
        child.process.wait()


def test_child_stops_when_asked(start):
    child = start(SLEEPER)
    stop_all([child])
    assert child.process.returncode == -signal.SIGTERM


def test_child_that_does_not_listen_is_ended(start):
    child = start(STUBBORN, stop_seconds=0.2)
    stop_all([child])
    assert child.process.returncode == -signal.SIGKILL


def test_children_of_a_child_are_ended_with_it(start, tmp_path):
    program = "import subprocess, sys, time; print(subprocess.Popen(['sleep', '60']).pid, 'up', flush=True); time.sleep(60)"
    child = start([sys.executable, "-c", program])
    grandchild = int((tmp_path / "0.log").read_text().split()[0])
    stop_all([child])
    assert wait_until(lambda: started_at(grandchild) is None, 5)


def test_log_of_a_child_is_private(start):
    child = start(SLEEPER)
    assert child.log.stat().st_mode & 0o777 == 0o600


def test_leftover_is_found_and_stopped(start):
    child = start(SLEEPER)
    record = child.record()
    assert stop_leftovers([record]) == ["sleeper"] or child.process.wait(5)
    assert child.process.wait(5) == -signal.SIGTERM


def test_process_that_has_the_number_of_an_old_one_is_left_alone(start):
    child = start(SLEEPER)
    assert stop_leftovers([{**child.record(), "started": "1"}]) == []
    assert child.is_running


HELD_PORT = """
import os, socket, sys, time
held = socket.create_server(("127.0.0.1", 0))
if os.fork():
    print("up", held.getsockname()[1], flush=True)
time.sleep(60)
"""


def test_port_that_the_processes_of_a_leftover_held_is_free_at_once(start):
    child = start([sys.executable, "-c", HELD_PORT])
    port = int(child.log.read_text().split()[1])
    record = child.record()
    child.process.kill()  # the leader alone, as when its launcher dies
    child.process.wait()
    stop_leftovers([record])
    socket.create_server(("127.0.0.1", port)).close()


def test_ended_leftovers_are_not_reported(start):
    child = start(SLEEPER)
    record = child.record()
    stop_all([child])
    assert stop_leftovers([record]) == []


@pytest.mark.skipif(LIBC is None, reason="the system has no signal for the death of a parent")
def test_children_die_with_a_launcher_that_is_killed(tmp_path):
    program = f"""
        import os, sys, time
        sys.path.insert(0, {str(ROOT)!r})
        from pathlib import Path
        from cpc.launch.processes import Child
        child = Child(name="x", argv={SLEEPER!r}, env=dict(os.environ), log=Path({str(tmp_path / "log")!r}), cwd="/")
        child.start()
        print(child.process.pid, flush=True)
        time.sleep(60)
    """
    launcher = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, text=True)
    pid = int(launcher.stdout.readline())
    assert started_at(pid)
    launcher.kill()
    launcher.communicate()
    assert wait_until(lambda: started_at(pid) is None, 5)


def test_quiet_command_returns_what_was_said_and_its_code():
    done = run_quietly([sys.executable, "-c", "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"])
    assert (done.stdout, done.stderr, done.returncode) == ("out\n", "err\n", 3)


def test_interrupted_quiet_command_is_ended_with_what_it_started(tmp_path):
    told = tmp_path / "pid"
    program = (
        f"import subprocess, time; open({str(told)!r}, 'w').write(str(subprocess.Popen(['sleep', '60']).pid)); time.sleep(60)"
    )

    def interrupt(_number, _frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 2)
    began = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            run_quietly([sys.executable, "-c", program])
    finally:
        signal.signal(signal.SIGALRM, before)
    assert wait_until(lambda: started_at(int(told.read_text())) is None, 5)
    assert time.monotonic() - began < 10
