"""`./run test` and `./run manage`: somebody else's command in the environment that `./run` sets up."""

import os
import shutil
import signal
import subprocess
import sys

from cpc.launch import environment, prepare
from cpc.launch.console import Console, LaunchError, SilentConsole
from cpc.launch.data import DataFolder
from cpc.launch.processes import Stopped, dies_with_launcher, wait_until
from cpc.launch.site import Site, load, start_servers_and_database

DEFAULT_DAY = "2020-02-10"  # four days after the first dialogue
# Two cores; only for the whole suite, since a single file is quicker in one process. The browser tests share one site and its
# data, so they stay together in one process.
DEFAULT_TEST_OPTIONS = ["-n", "2", "--dist", "loadgroup"]
START_SECONDS = 300


def run_tests(words, *, data_path):
    """Runs pytest on servers and a data folder of its own, which go away afterwards. Returns pytest's exit code.

    `--deep` takes the long suites in as well; everything else is pytest's."""
    console = Console(sys.stderr)
    environment.ensure("test", console)
    prepare.compile_catalogues(console)
    parent = DataFolder(data_path).open()
    sweep_test_folders(parent)
    data = DataFolder(parent.path / "test" / str(os.getpid())).open()
    data.take()
    site = Site(data, console, for_tests=True)
    try:
        database_url, redis_url = site.start_servers(database="alianza", number=0)
        variables = prepare.project_environment(data, database_url=database_url, redis_url=redis_url, today=DEFAULT_DAY)
        if not os.environ.get("DATABASE_URL"):
            prepare.create_database(variables)
        return run_in_front([environment.PYTHON, "-m", "pytest", *pytest_options(words)], variables)
    finally:
        site.stop()
        data.release()
        shutil.rmtree(data.path, ignore_errors=True)


def pytest_options(words):
    """What pytest is called with: the person's words, `--deep` as the choice of all marks, by default two processes."""
    own = [each for each in words if each != "--deep"]
    options = DEFAULT_TEST_OPTIONS if not own else []
    return [*options, *(["-m", ""] if "--deep" in words else []), *own]


def sweep_test_folders(parent):
    """Removes what test runs left that were ended by force. A folder that is held belongs to one that still runs."""
    folder = parent.path / "test"
    folder.mkdir(mode=0o700, exist_ok=True)
    for path in folder.iterdir():
        old = DataFolder(path)
        try:
            if old.open().take():
                Site(old, Console(sys.stderr)).clear_leftovers()
                shutil.rmtree(path, ignore_errors=True)
        except LaunchError:
            continue
        finally:
            old.release()


def run_manage(words, *, data_path):
    """Runs a management command on what `./run` has running, else on servers started for it. Returns the command's exit code.

    Standard output is the command's alone."""
    console = Console(sys.stderr)
    given = bool(os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))
    environment.ensure(environment.needed_set(for_tests=False, servers_given=given), console)
    prepare.compile_catalogues(console)
    data = DataFolder(data_path).open()
    command = [str(environment.PYTHON), str(environment.ROOT / "manage.py"), *words]
    if given:
        day = os.environ.get("ALIANZA_TODAY") or data.read_json("last.json").get("today", DEFAULT_DAY)
        variables = prepare.project_environment(
            data, database_url=os.environ["DATABASE_URL"], redis_url=os.environ["REDIS_URL"], today=day
        )
        return become(command, variables)
    while not data.take():
        state = running_state(data, console)
        if state:
            return become(command, beside(data, state))
    return run_on_own_servers(command, data, console)


def running_state(data, console):
    """What `./run` has written down once it is up; waits while it is starting. None when the folder has become free, or was held
    by another management command that has ended."""
    state = {}

    def is_settled():
        state.clear()
        state.update(data.read_json("state.json"))
        return state.get("database_url") and state.get("kind") == "run" or not is_held(data)

    if not is_settled():
        console.step("Waiting for the command that works on this data folder now")
        if not wait_until(is_settled, START_SECONDS, pause=0.2):
            raise LaunchError(f"{data.path} is still in use by process {state.get('pid')}.")
    return state if state.get("database_url") and state.get("kind") == "run" else None


def is_held(data):
    if data.take():
        data.release()
        return False
    return True


def beside(data, state):
    """The environment for a command beside a running site: same servers, same day."""
    return prepare.project_environment(
        data,
        database_url=os.environ.get("DATABASE_URL") or state["database_url"],
        redis_url=os.environ.get("REDIS_URL") or state["redis_url"],
        today=state["today"],
    )


def run_on_own_servers(command, data, console):
    """Starts the servers for one command. A data folder that was never used is filled first, as `./run` would; where that fails,
    the command may be the one that mends it."""
    last = data.read_json("last.json")
    today = os.environ.get("ALIANZA_TODAY") or last.get("today", DEFAULT_DAY)
    facts_only = last.get("facts_only", False)
    site = Site(data, SilentConsole() if last else console)
    try:
        site.clear_leftovers()
        site.tell(kind="manage")
        variables = start_servers_and_database(site, today=today, facts_only=facts_only)
        if not last:
            try:
                load(site, variables, today=today, facts_only=facts_only)
            except LaunchError as error:
                console.line(f"{error}\nThe command is run all the same.")
        return run_in_front(command, variables)
    finally:
        site.stop()
        data.release()


def become(command, variables):
    """Turns into the command: its output, signals and exit code are the launcher's."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(command[0], command, variables)


def run_in_front(command, variables):
    """Runs with the person's terminal and returns the exit code. Ctrl-C reaches the command too, so it is only waited for."""
    process = subprocess.Popen(
        [str(each) for each in command],
        env=variables,
        cwd=environment.ROOT if command[0] == environment.PYTHON else None,
        preexec_fn=dies_with_launcher(),
    )
    try:
        code = process.wait()
    except Stopped as stopped:
        if stopped.number != signal.SIGINT or not sys.stdin.isatty():
            process.send_signal(stopped.number)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise
    return code if code >= 0 else 128 - code
