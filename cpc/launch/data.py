"""The data folder: what is kept between two starts, readable by its owner alone.

lock                 held (flock) by the launcher that works on this folder
state.json           what is running: addresses, day, processes; only while something is
last.json            how it was last started: day, with or without sample
accounts.json        who can log in to the database as it was loaded
secret_key, demo_password, database_password      made once
postgres/            the embedded cluster, owned by the account that the server runs as
log/, files/, mail/  what the processes write
"""

import fcntl
import json
import os
import secrets
from contextlib import suppress
from pathlib import Path

from cpc.launch.console import LaunchError

# Without the look-alikes l, 1, o and 0: the demonstration's password is read from a terminal and typed into a browser.
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


def made_up_password():
    """Four groups of four letters and digits, 80 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


class DataFolder:
    """A folder of mode 0700 with what has to be kept. Raises LaunchError if it is not ours to use."""

    def __init__(self, path):
        self.path = Path(path).expanduser().absolute()
        self.lock = None

    def open(self):
        """Makes the folder if it is not there, and makes sure that it holds nothing else and is private."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            strangers = [each.name for each in self.path.iterdir()] if not (self.path / "lock").exists() else []
            if strangers:
                raise LaunchError(
                    f"The data folder {self.path} already holds other things ({', '.join(sorted(strangers)[:3])}). "
                    "Name an empty or a new folder with ALIANZA_DATA."
                )
            self.path.chmod(0o700)
            (self.path / "lock").touch(mode=0o600)
            for name in ("log", "files", "mail"):
                (self.path / name).mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise LaunchError(
                f"The data folder {self.path} cannot be used: {error.strerror.lower()}. "
                "Run as the user who owns it, or name another folder with ALIANZA_DATA."
            ) from None
        return self

    # Who works on it

    def take(self):
        """True if this process now holds the folder; False if another does."""
        lock = os.open(self.path / "lock", os.O_RDWR)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        self.lock = lock
        return True

    def release(self):
        if self.lock is not None:
            os.close(self.lock)
            self.lock = None

    # What is kept

    def kept_text(self, name, make):
        """The text of a small private file, made by `make()` the first time. Written whole or not at all."""
        path = self.path / name
        with suppress(FileNotFoundError):
            if text := path.read_text().strip():
                return text
        text = make()
        self.write_private(name, text + "\n")
        return text

    def secret_key(self):
        return self.kept_text("secret_key", lambda: secrets.token_urlsafe(48))

    def demo_password(self):
        """`ALIANZA_DEMO_PASSWORD`, else the one made at the first start."""
        return os.environ.get("ALIANZA_DEMO_PASSWORD") or self.kept_text("demo_password", made_up_password)

    def database_password(self):
        return self.kept_text("database_password", lambda: secrets.token_urlsafe(24))

    def write_private(self, name, text):
        partial = self.path / f"{name}.new"
        partial.unlink(missing_ok=True)
        with open(partial, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self.path / name)

    def read_json(self, name):
        """What was written under this name, or an empty dictionary: a missing or torn file tells nothing."""
        try:
            return json.loads((self.path / name).read_text())
        except (OSError, ValueError):
            return {}

    def write_json(self, name, content):
        self.write_private(name, json.dumps(content, indent=1))

    def forget(self, name):
        (self.path / name).unlink(missing_ok=True)

    def log(self, name):
        """The path of a log. The one of the start before is kept beside it."""
        return self.path / "log" / f"{name}.log"

    def turn_logs(self):
        for path in (self.path / "log").glob("*.log"):
            path.replace(path.with_suffix(".log.1"))
