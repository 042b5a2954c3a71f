"""What stands between servers that run and a site that answers: catalogues, migrations, data. What is done is not done again."""

import hashlib
import os

from cpc.launch.console import LaunchError
from cpc.launch.environment import PYTHON, ROOT
from cpc.launch.processes import run_quietly

UP_TO_DATE, OF_OTHERS = 0, 3  # exit codes of cpc.launch.database check
APPS = ("cpc", "partners", "funding", "activities")
# What decides whether a database is up to date: how it is built, what is loaded into it, and by what.
INPUTS = ("**/migrations/*.py", "**/data/*", "**/management/commands/load_*.py", "**/management/demo_*.py")


def project_environment(data, *, database_url, redis_url, today):
    """The environment of every process of the project. What the person set wins, except where `./run` decides: all it starts is
    the demonstration, and production is started without it."""
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONHOME", "__PYVENV_LAUNCHER__")}
    environment["ALIANZA_DEMO"] = "1"
    environment.setdefault("SECRET_KEY", data.secret_key())
    environment["ALIANZA_DEMO_PASSWORD"] = data.demo_password()
    environment["ALIANZA_DATA"] = str(data.path)
    environment["ALIANZA_TODAY"] = "" if today == "real" else today
    environment["DATABASE_URL"] = database_url
    environment["REDIS_URL"] = redis_url
    environment["DJANGO_SETTINGS_MODULE"] = "cpc.settings"
    environment["PYTHONUNBUFFERED"] = "1"
    return environment


def stale_catalogues():
    """The message catalogues whose compiled form is missing or older, as (language, domain)."""
    for source in sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            yield source, compiled


def compile_catalogues(console):
    """Compiles by Babel: GNU gettext is not on every machine."""
    for source, compiled in stale_catalogues():
        language = source.parent.parent.name
        console.step(f"Compiling the messages of {source.relative_to(ROOT)}")
        partial = compiled.with_suffix(".mo.new")
        command = [PYTHON, "-m", "babel.messages.frontend", "-q", "compile", "-i", source, "-o", partial, "-l", language]
        checked(command, dict(os.environ), "The messages could not be compiled", console)
        partial.replace(compiled)


def inputs_fingerprint(*extra):
    """One text for all files that decide what a database should hold, and for `extra`."""
    digest = hashlib.sha256()
    for app in APPS:
        for path in sorted({each for pattern in INPUTS for each in (ROOT / app).glob(pattern) if each.is_file()}):
            digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    for each in extra:
        digest.update(f"\0{each}".encode())
    return digest.hexdigest()[:32]


def prepare_database(data, environment, *, facts_only, console):
    """Migrates and loads, unless the database says that both were done from the files as they are. Returns the lines that tell
    who can log in, which are kept beside the other secrets so that a usual start need not ask Django. Raises LaunchError."""
    text = inputs_fingerprint("facts" if facts_only else "sample", environment["ALIANZA_DEMO_PASSWORD"])
    answer = database(environment, "check", text).returncode
    kept = data.read_json("accounts.json")
    if answer == UP_TO_DATE and kept.get("for") == text:
        return kept["lines"]
    if answer == OF_OTHERS:
        raise LaunchError(
            "The database of DATABASE_URL holds users, and none of the demonstration's: it seems to serve something else. "
            "./run would add its sample and its demo accounts. Name a database of its own."
        )
    options = ["--facts-only"] if facts_only else []
    if answer != UP_TO_DATE:
        console.step("Bringing the database up to date")
        manage(environment, "migrate", "--no-input", failed="The database could not be migrated", console=console)
        console.step("Loading the public facts" + ("" if facts_only else " and the marked sample"))
        manage(environment, "load_demo", *options, failed="The data could not be loaded", console=console)
        database(environment, "stamp", text)
    failed = "The demo accounts could not be listed"
    lines = manage(environment, "load_demo", *options, "--print-accounts", failed=failed, console=console).strip().splitlines()
    data.write_json("accounts.json", {"for": text, "lines": lines})
    return lines


def refuse_unusable_servers():
    """Raises LaunchError where a server that the person named does not answer: before anything is started beside it."""
    if not (os.environ.get("DATABASE_URL") or os.environ.get("REDIS_URL")):
        return
    asked = run_quietly([PYTHON, "-m", "cpc.launch.given"], cwd=ROOT, env=dict(os.environ))
    if asked.returncode:
        raise LaunchError(asked.stdout.strip() or asked.stderr.strip())


def create_database(environment):
    """Makes the database on an embedded server, if it is not there."""
    done = database(environment, "create")
    if done.returncode:
        raise LaunchError(f"The database could not be made:\n{done.stderr.strip()}")


def database(environment, *words):
    return run_quietly([PYTHON, "-m", "cpc.launch.database", *words], cwd=ROOT, env=environment)


def manage(environment, *words, failed, console):
    return checked([PYTHON, "manage.py", *words], environment, failed, console)


def checked(command, environment, failed, console):
    """Runs and returns the output; raises LaunchError with `failed` and the end of what the command said."""
    done = run_quietly(command, cwd=ROOT, env=environment, still_working=console.still_working)
    if done.returncode:
        words = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise LaunchError(f"{failed}:\n{words}")
    return done.stdout
