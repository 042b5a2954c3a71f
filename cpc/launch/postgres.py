"""The embedded PostgreSQL: one cluster in a folder, on a random port of 127.0.0.1, with a password."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cpc.launch.binaries import find_postgres, reachable_copy, server_account, version_of
from cpc.launch.console import LaunchError, tail
from cpc.launch.processes import Child, free_port, server_environment, started_at, stop_all, wait_until

TEST_SETTINGS = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]


class Postgres:
    """One cluster in `folder`, with one superuser `alianza`.

    As root the server runs under another account, which may have no way into the data folder (a home of mode 0700, and the data
    folder itself). It is started *inside* the cluster's folder and told that its data is at /proc/self/cwd, which needs no right
    on the folders above: so the data stays where it belongs and no mode of any folder is changed."""

    def __init__(self, folder, *, password, log, for_tests=False):
        self.folder = Path(folder)
        self.password = password
        self.log = log
        self.settings = TEST_SETTINGS if for_tests else []
        self.account = server_account()
        self.port = None
        self.child = None
        if self.account and not sys.platform.startswith("linux"):
            raise LaunchError("On this system the embedded PostgreSQL does not run for root. Run as an ordinary user.")

    @property
    def data_argument(self):
        return "/proc/self/cwd" if self.account else str(self.folder)

    def url(self, database):
        return f"postgres://alianza:{self.password}@127.0.0.1:{self.port}/{database}"

    def start(self, start_child, console):
        """Makes the cluster if it is new, starts the server by `start_child(child)` and waits until it takes connections."""
        binaries = find_postgres()
        if self.account:
            binaries = reachable_copy(binaries, self.account)
        if not (self.folder / "PG_VERSION").exists():
            console.step("Making the database cluster")
            self.make_cluster(binaries)
        self.check_version(binaries)
        self.clear_leftover()
        for _attempt in range(3):
            self.port = free_port()
            self.child = self.new_child(binaries)
            start_child(self.child)
            if self.wait_ready():
                return
            stop_all([self.child])
            time.sleep(0.5)
        raise LaunchError(f"PostgreSQL does not start. The end of {self.log}:\n{tail(self.log)}")

    def new_child(self, binaries):
        settings = [f"port={self.port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", *self.settings]
        return Child(
            name="postgres",
            argv=[str(binaries / "postgres"), "-D", self.data_argument, *(part for each in settings for part in ("-c", each))],
            env=server_environment(),
            log=self.log,
            cwd=self.folder,
            stop_signal=signal.SIGINT,  # fast shutdown: ends the sessions, writes everything
            death_signal=signal.SIGINT,
            stop_seconds=60,
            account=self.account and self.account[:2],
        )

    def make_cluster(self, binaries):
        """initdb into a folder beside, moved into place when it is whole: a start that was cut off leaves no half cluster."""
        partial = self.folder.with_name(self.folder.name + ".new")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=0o700)
        with tempfile.TemporaryFile("w+") as password_file:
            password_file.write(self.password + "\n")
            password_file.flush()
            password_file.seek(0)
            identity = {}
            if self.account:
                uid, gid, _name = self.account
                os.chown(partial, uid, gid)
                os.fchown(password_file.fileno(), uid, gid)
                identity = {"user": uid, "group": gid, "extra_groups": []}
            where = "/proc/self/cwd" if self.account else str(partial)
            options = ["--username=alianza", "--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions"]
            if version_of(binaries / "postgres") >= 17:
                options += ["--locale-provider=builtin", "--locale=C.UTF-8"]
            else:
                options += ["--locale=C.UTF-8"]
            options += ["--no-sync"] if self.settings else []
            done = subprocess.run(
                [binaries / "initdb", "-D", where, *options, f"--pwfile=/dev/fd/{password_file.fileno()}"],
                cwd=partial,
                env=server_environment(),
                pass_fds=[password_file.fileno()],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                **identity,
            )
        if done.returncode:
            raise LaunchError(f"The database cluster could not be made:\n{done.stderr.strip()}")
        if self.folder.exists():
            self.folder.rmdir()
        partial.rename(self.folder)

    def check_version(self, binaries):
        made_by = int((self.folder / "PG_VERSION").read_text())
        runs = version_of(binaries / "postgres")
        if made_by != runs:
            raise LaunchError(
                f"The data in {self.folder} was made by PostgreSQL {made_by}, and the server here is PostgreSQL {runs}. "
                "Take it over with pg_dump and pg_restore, or name another folder with ALIANZA_DATA."
            )

    def clear_leftover(self):
        """Stops a server that a dead launcher left on this cluster, and forgets a lock file that names another program.

        Only called while the data folder is held. A lock file that names no process is left to PostgreSQL, which checks more."""
        lock_file = self.folder / "postmaster.pid"
        try:
            pid = int(lock_file.read_text().split("\n")[0])
        except (OSError, ValueError):
            return
        started = started_at(pid)
        if started is None:
            return
        if not self.is_our_server(pid):
            lock_file.unlink()
            return
        for number, seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                return
            if wait_until(lambda: started_at(pid) != started, seconds):
                return

    def is_our_server(self, pid):
        """Whether this process works in our cluster's folder."""
        try:
            if sys.platform.startswith("linux"):
                return os.path.samefile(f"/proc/{pid}/cwd", self.folder)
            words = subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True).stdout
        except OSError:
            return False
        return str(self.folder) in words

    def is_ready(self):
        """The last line of the server's lock file says so, as pg_ctl reads it."""
        try:
            lines = (self.folder / "postmaster.pid").read_text().split("\n")
        except OSError:
            return False
        return len(lines) > 7 and lines[0] == str(self.child.process.pid) and lines[7].strip() == "ready"

    def wait_ready(self):
        """True when it takes connections; recovery after a power cut may take its time."""
        wait_until(lambda: self.is_ready() or not self.child.is_running, 120)
        return self.child.is_running and self.is_ready()
