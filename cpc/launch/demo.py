"""`./run`: the demonstration. Servers, data, web, worker and beat, watched until somebody stops them."""

import os
import signal
import socket
import time

from cpc.launch import environment, prepare
from cpc.launch.console import Console, LaunchError, tail
from cpc.launch.probe import status_of
from cpc.launch.processes import Child, Stopped, wait_until
from cpc.launch.site import Site, load, start_servers_and_database

RESTARTS = 5  # of one process
RESTART_SECONDS = 120  # within which they are counted
WEB_SECONDS = 60


def run(options):
    """Serves the demonstration until it is told to stop. Returns the exit code."""
    console = Console()
    data = options.data.open()
    if not data.take():
        raise LaunchError(already_running(data))
    site = Site(data, console)
    try:
        return serve(site, options)
    except Stopped:
        console.line()
        console.step("Stopping")
        site.stop()
        console.step("Stopped; nothing is left running")
        return 0
    finally:
        site.stop()
        data.release()


def serve(site, options):
    """Sets everything up and watches it. Ends by Stopped or LaunchError only."""
    console, data = site.console, site.data
    site.clear_leftovers()
    site.tell(kind="run")
    refuse_taken_port(options.port)
    data.turn_logs()
    given = bool(os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))
    environment.ensure(environment.needed_set(for_tests=False, servers_given=given), console)
    prepare.compile_catalogues(console)
    chosen = {"today": options.today, "facts_only": options.facts_only}
    variables = start_servers_and_database(site, **chosen)
    accounts = load(site, variables, **chosen)
    start_web(site, variables, options.port)
    for child in background_processes(data, variables):
        site.start_child(child)
    site.tell(url=address(options.port))
    greet(console, options, accounts)
    watch(site)


def address(port):
    return f"http://127.0.0.1:{port}"


def already_running(data):
    state = data.read_json("state.json")
    who = f"process {state.get('pid', 'unknown')}"
    if state.get("kind") == "manage":
        return f"A management command ({who}) works on {data.path} now. Start again when it has ended."
    where = f"at {state['url']} ({who})" if state.get("url") else f"or is just starting ({who})"
    return (
        f"Alianza already runs on {data.path}, {where}. Stop that one first, "
        "or run a second one beside it: PORT=8001 ALIANZA_DATA=another-folder ./run"
    )


def refuse_taken_port(port):
    """Raises LaunchError if somebody listens there, or if we may not."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise LaunchError(f"Port {port} is for the administrator alone. Choose another: PORT=8001 ./run") from None
        except OSError:
            raise LaunchError(f"Port {port} is taken by another program. Choose another: PORT={port + 1} ./run") from None


def start_web(site, variables, port):
    """gunicorn, until it answers. Two processes of four threads suit two cores."""
    command = [environment.PYTHON, "-m", "gunicorn", "cpc.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload", "--no-control-socket"]
    command += ["--graceful-timeout", "5", "--access-logfile", "-"]
    web = Child(
        name="web",
        argv=[str(each) for each in command],
        env=variables,
        log=site.data.log("web"),
        cwd=environment.ROOT,
        death_signal=signal.SIGKILL,  # at once, the next start needs the port; its processes see that and end
    )
    site.console.step("Starting the site")
    site.start_child(web)
    answered = wait_until(lambda: status_of(port, "/healthz") == 200 or not web.is_running, WEB_SECONDS, pause=0.05)
    if not (answered and web.is_running):
        raise LaunchError(f"The site does not start. The end of {web.log}:\n{tail(web.log)}")


def background_processes(data, variables):
    """Worker and beat, as in production but for their number."""
    celery = [str(environment.PYTHON), "-m", "celery", "-A", "cpc.celery"]
    worker = [*celery, "worker", "--loglevel", "info", "--concurrency", "1", "--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", "--loglevel", "info", "--schedule", str(data.path / "beat-schedule"), "--pidfile", ""]
    place = {"env": variables, "cwd": environment.ROOT}
    return [
        # By force: a worker that is asked waits for a broker which dies with the launcher too. Tasks are safe to run again.
        Child(name="worker", argv=worker, log=data.log("worker"), death_signal=signal.SIGKILL, **place),
        Child(name="beat", argv=beat, log=data.log("beat"), **place),
    ]


def greet(console, options, accounts):
    """The address, the day, and who can log in."""
    day = "today's date" if options.today == "real" else options.today
    console.step("Alianza is ready")
    console.line()
    console.line(f"    {address(options.port)}")
    console.line()
    console.line(f"    The demonstration plays on {day}; ./run --today DAY chooses another.")
    for line in accounts:
        console.line(f"    {line}")
    console.line(f"    Logs: {options.data.path / 'log'}")
    console.line("    Stop with Ctrl-C.")


def watch(site):
    """Starts again what ends by itself; gives up, with the reason, when that happens too often."""
    while True:
        time.sleep(0.5)
        for child in site.children:
            if not child.is_running:
                start_again(site, child)


def start_again(site, child):
    now = time.monotonic()
    child.restarts = [each for each in child.restarts if now - each < RESTART_SECONDS] + [now]
    code = child.process.returncode
    if len(child.restarts) > RESTARTS:
        raise LaunchError(f"{child.name} keeps ending (last with {code}). The end of {child.log}:\n{tail(child.log)}")
    site.console.step(f"{child.name} ended by itself ({code}) and is started again; see {child.log}")
    child.wait_stopped()
    time.sleep(min(len(child.restarts) - 1, 3))
    site.start_child(child)
