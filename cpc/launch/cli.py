"""What the words after `./run` mean."""

import argparse
import errno
import os
import sys
from datetime import date
from pathlib import Path

from cpc.launch import commands, demo
from cpc.launch.console import LaunchError
from cpc.launch.data import DataFolder
from cpc.launch.environment import ROOT
from cpc.launch.processes import Stopped, stop_on_signals

USAGE = """\
./run [--today DAY|real] [--facts-only]   serve the demonstration on http://127.0.0.1:8000
       ./run test [--deep] [pytest arguments]    run the tests
       ./run manage COMMAND [arguments]          run a management command
       ./run --help"""
EPILOG = """\
environment variables:
  PORT                   where to serve, 8000 if not given
  ALIANZA_DATA           folder of the embedded database and files, .alianza in the checkout if not given
  ALIANZA_DEMO_PASSWORD  the demo accounts' password, made up once and kept if not given
  DATABASE_URL           a PostgreSQL of your own instead of the embedded one
  REDIS_URL              a Valkey or Redis of your own instead of the embedded one"""

DISK_FAULTS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


def main(words):
    """Does what the words say. Returns the exit code."""
    data_path = os.environ.get("ALIANZA_DATA") or ROOT / ".alianza"
    stop_on_signals()
    try:
        if words[:1] == ["test"]:
            return commands.run_tests(words[1:], data_path=data_path)
        if words[:1] == ["manage"]:
            refuse_wrong_day(os.environ.get("ALIANZA_TODAY"))
            return commands.run_manage(words[1:], data_path=data_path)
        return demo.run(read_options(words, data_path))
    except LaunchError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno not in DISK_FAULTS:
            raise
        print(f"\n{disk_fault(error, data_path)}", file=sys.stderr)
        return 1
    except Stopped as stopped:
        return 128 + stopped.number


def disk_fault(error, data_path):
    """A full or read-only disk, said with the place: the file where the system names it."""
    where = error.filename or data_path
    return f"{where} cannot be written: {error.strerror.lower()}. Make room, or name another folder with ALIANZA_DATA."


def read_options(words, data_path):
    """Options of the demonstration: `today` ("2020-02-10" or "real"), `facts_only`, `port`, `data`. Exits with 2 on a mistake."""
    parser = argparse.ArgumentParser(
        prog="./run", usage=USAGE, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument(
        "--today",
        metavar="DAY",
        type=day,
        default=os.environ.get("ALIANZA_TODAY") or commands.DEFAULT_DAY,
        help=f"the day on which the demonstration plays, such as {commands.DEFAULT_DAY} (the default), or real for today",
    )
    parser.add_argument("--facts-only", action="store_true", help="load the public facts without the sample")
    options = parser.parse_args(words)
    options.port = port(os.environ.get("PORT") or "8000")
    options.data = DataFolder(Path(data_path))
    return options


def day(text):
    """An ISO day or "real"."""
    if text == "real":
        return text
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day. Write it like {commands.DEFAULT_DAY}, or real.") from None


def refuse_wrong_day(text):
    """Raises LaunchError, since the words after `manage` are somebody else's and no usage of ours helps."""
    try:
        day(text or "real")
    except argparse.ArgumentTypeError as error:
        raise LaunchError(f"ALIANZA_TODAY: {error}") from None


def port(text):
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise LaunchError(f"PORT must be a number from 1 to 65535; it is {text!r}.")
    return int(text)
