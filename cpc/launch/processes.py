"""Starting and stopping child processes so that none outlives the launcher.

Every child leads a session of its own: Ctrl-C reaches only the launcher, which stops the others in order, and a whole group can
be ended at once. On Linux the kernel also signals the children when the launcher dies without a word (`kill -9`). Elsewhere, and
for whatever survives that, the next start finds them by the process number and start time that were written down.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
STOPPING = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


def load_libc():
    """The C library for prctl, or None where there is no such call. Loaded here, since a forked child must not load anything."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        import ctypes
    except ImportError:
        return None
    return ctypes.CDLL(None)


LIBC = load_libc()


class Stopped(BaseException):
    """A person or the system asked the launcher to stop."""

    def __init__(self, number):
        super().__init__(number)
        self.number = number


def stop_on_signals():
    """From now on SIGINT, SIGTERM and SIGHUP raise Stopped, once; what is done about it is not interrupted again."""

    def stop(number, _frame):
        ignore_signals()
        raise Stopped(number)

    for number in STOPPING:
        if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
            continue  # nohup
        signal.signal(number, stop)


def ignore_signals():
    """From now on nothing interrupts: what has begun to stop is stopped to the end."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def signals_held():
    """No stop signal arrives inside: a child that was started is also written down."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@dataclass
class Child:
    """One process that the launcher started. `stop_signal` asks it to finish, `stop_seconds` is how long it may take;
    `death_signal` is what the kernel sends it when the launcher dies."""

    name: str
    argv: list
    env: dict
    log: Path
    cwd: Path
    stop_signal: int = signal.SIGTERM
    death_signal: int = signal.SIGTERM
    stop_seconds: float = 10
    account: tuple | None = None  # (uid, gid) to run as, when the launcher is root
    stdin: str | None = None
    process: subprocess.Popen | None = None
    restarts: list = field(default_factory=list)

    def start(self):
        """Starts it, its output added to the log, which is opened here so that a child of another account can write it."""
        who = {"user": self.account[0], "group": self.account[1], "extra_groups": []} if self.account else {}
        with open(self.log, "ab", opener=private_opener) as log:
            self.process = subprocess.Popen(
                self.argv,
                env=self.env,
                cwd=self.cwd,
                stdin=subprocess.PIPE if self.stdin is not None else subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_launcher(self.death_signal),
                **who,
            )
        if self.stdin is not None:
            self.process.stdin.write(self.stdin.encode())
            self.process.stdin.close()

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self):
        if self.is_running:
            with suppress(ProcessLookupError):
                self.process.send_signal(self.stop_signal)

    def wait_stopped(self):
        """Waits until it has stopped, ends it by force when it does not, and ends whatever is left of its group."""
        if self.process is None:
            return
        try:
            self.process.wait(self.stop_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        end_group(self.process.pid)

    def record(self):
        """What the next start needs to find it again."""
        return {
            "name": self.name,
            "pid": self.process.pid,
            "started": started_at(self.process.pid),
            "stop_signal": int(self.stop_signal),
            "stop_seconds": self.stop_seconds,
        }


def dies_with_launcher(number=signal.SIGTERM):
    """What a new child does before it becomes its program: takes stop signals again, and asks for one when its parent dies."""
    parent = os.getpid()

    def in_child():
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return in_child


def run_quietly(command, *, still_working=None, **options):
    """Runs a command to its end and returns what it said; nothing is shown. `still_working()` is called every five seconds.
    The command ends with the launcher, and when it is interrupted so do the programs that it has started."""
    command = [str(each) for each in command]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
        preexec_fn=dies_with_launcher(),
        **options,
    )
    try:
        while True:
            try:
                said, complained = process.communicate(timeout=5)
                return subprocess.CompletedProcess(command, process.returncode, said, complained)
            except subprocess.TimeoutExpired:
                if still_working:
                    still_working()
    except BaseException:
        process.terminate()
        process.wait()
        end_group(process.pid)
        raise


def private_opener(path, flags):
    return os.open(path, flags, 0o600)


def stop_all(children):
    """Asks all to stop, then waits for each."""
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.wait_stopped()


def started_at(pid):
    """A text that differs between two processes that had the same number, or None if there is no such process."""
    try:
        if LIBC is not None or sys.platform.startswith("linux"):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            return None if fields[0] == "Z" else fields[19]  # state, and field 22 of proc(5): start time in ticks since boot
        found = subprocess.run(["ps", "-p", str(pid), "-o", "lstart="], capture_output=True, text=True)
    except OSError:
        return None
    return found.stdout.strip() or None


def end_group(group):
    """Ends by force what is left of a group, and waits until it has: a process on its way out still holds its ports. The number
    of a group that still has members is not given to a new process."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
    wait_until(lambda: not has_running_members(group), 5)


def has_running_members(group):
    """Whether a process of the group still runs; one that ended and was not collected yet does not."""
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    if not sys.platform.startswith("linux"):
        return True
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _parent, its_group = stat.read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state != "Z":
                return True
    return False


def stop_leftovers(records):
    """Stops the children of a launcher that died. Returns the names of those that were still there.

    A process counts only if its start time is the recorded one: numbers are used again. Where the leader is gone and its group is
    not, the group is the old one."""
    found = [each for each in records if each["started"] and started_at(each["pid"]) == each["started"]]
    for each in found:
        with suppress(ProcessLookupError):
            os.kill(each["pid"], each["stop_signal"])
    for each in found:
        wait_until(lambda each=each: started_at(each["pid"]) != each["started"], each["stop_seconds"])
    for each in records:
        if each in found or started_at(each["pid"]) is None:
            end_group(each["pid"])
    for each in found:
        wait_until(lambda each=each: started_at(each["pid"]) != each["started"], 5)
    return [each["name"] for each in found]


def wait_until(is_done, seconds, pause=0.02):
    """True as soon as `is_done()` is; False when the seconds are over."""
    end = time.monotonic() + seconds
    while not is_done():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def server_environment():
    """What a server needs to know: nothing of the person's own settings for clients (PG…) or languages."""
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "TMPDIR", "TZDIR", "SYSTEMROOT")}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}
