"""What the launcher says: one line per step with the seconds since the start, and errors that tell what to do."""

import sys
import time
from contextlib import suppress

STARTED = time.monotonic()


class LaunchError(Exception):
    """Something a person has to decide or mend. Its text is all that is shown."""


class Console:
    """Writes progress to standard output for `./run`, to standard error for commands whose output belongs to somebody else."""

    def __init__(self, stream=None):
        self.stream = stream or sys.stdout

    def step(self, text):
        """One line of progress, with the seconds since the start."""
        self.line(f"[{time.monotonic() - STARTED:5.1f} s] {text}")

    def still_working(self):
        """For steps that take long: a sign of life."""
        self.step("   still working")

    def line(self, text=""):
        """One line as it is. A reader who went away is no reason to stop."""
        with suppress(OSError):
            print(text, file=self.stream, flush=True)


class SilentConsole(Console):
    """Says nothing: for steps that are too usual to be worth a word."""

    def line(self, text=""):
        pass


def tail(path, n_lines=20):
    """The last lines of a log file, indented; empty text if there is none."""
    try:
        lines = path.read_text(errors="replace").splitlines()[-n_lines:]
    except OSError:
        return ""
    return "\n".join("    " + line for line in lines)
