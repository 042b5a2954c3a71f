"""Starting the launcher from a test, as a person would, on a data folder and a port of its own."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from cpc.launch.processes import free_port, wait_until

ROOT = Path(__file__).resolve().parents[2]
OURS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "PORT", "DEBUG", "EMAIL_URL", "ALLOWED_HOSTS")


def plain_environment(**more):
    """The environment of a person who set nothing but `more`."""
    kept = {key: value for key, value in os.environ.items() if key not in OURS and not key.startswith(("ALIANZA_", "PYTEST_"))}
    return {**kept, **more}


class Launch:
    """One `./run` that serves."""

    def __init__(self, data, *words, **variables):
        self.data = Path(data)
        self.port = free_port()
        self.output = ""
        variables = plain_environment(ALIANZA_DATA=str(data), PORT=str(self.port), **variables)
        self.process = subprocess.Popen(
            [sys.executable, ROOT / "run", *words],
            env=variables,
            cwd="/",
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def wait_ready(self):
        """Reads what it says until it says that it is ready. Returns the seconds that took."""
        began = time.monotonic()
        for line in self.process.stdout:
            self.output += line
            if "Stop with Ctrl-C" in line:
                return time.monotonic() - began
        raise AssertionError(f"./run ended with {self.process.wait()} after saying:\n{self.output}")

    def get(self, path):
        talk = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        talk.request("GET", path)
        return talk.getresponse()

    def state(self):
        return json.loads((self.data / "state.json").read_text())

    def stop(self, number=signal.SIGTERM):
        """Ends it and returns the exit code."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        self.output += self.process.communicate(timeout=60)[0]
        return self.process.returncode


def manage(data, *words, **variables):
    """`./run manage …` on this data folder."""
    command = [sys.executable, ROOT / "run", "manage", *words]
    variables = plain_environment(ALIANZA_DATA=str(data), **variables)
    return subprocess.run(command, env=variables, cwd="/", text=True, capture_output=True, stdin=subprocess.DEVNULL)


def processes_of(data):
    """Every process that has to do with this data folder, as {number: command}: by its environment or the folder it works in.
    Linux only."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            works_in = os.readlink(entry / "cwd")
            variables = (entry / "environ").read_bytes().split(b"\0")
            if works_in.startswith(str(data)) or f"ALIANZA_DATA={data}".encode() in variables:
                found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return found


def left_over(data):
    """What is still there of this data folder's processes after a moment; those that are just ending have time to."""
    wait_until(lambda: not processes_of(data), 10, pause=0.1)
    return processes_of(data)
