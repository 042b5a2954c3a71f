"""The words after ./run and the variables around it."""

import errno
import os
import subprocess
import sys

import pytest

from cpc.launch import cli, commands, prepare
from cpc.launch.console import LaunchError
from cpc.launch.data import DataFolder

from .launching import ROOT, plain_environment


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    for name in ("PORT", "ALIANZA_TODAY", "ALIANZA_DEMO_PASSWORD", "ALIANZA_DEMO", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)


def read(*words):
    return cli.read_options(list(words), "/nowhere")


def test_demonstration_plays_four_days_after_the_first_dialogue():
    options = read()
    assert (options.today, options.facts_only, options.port) == ("2020-02-10", False, 8000)


def test_day_is_chosen_by_the_word_then_by_the_variable(monkeypatch):
    monkeypatch.setenv("ALIANZA_TODAY", "2019-07-01")
    assert read().today == "2019-07-01"
    assert read("--today", "2021-06-30", "--facts-only").today == "2021-06-30"
    assert read("--today", "real").today == "real"


@pytest.mark.parametrize("text", ["2020-13-01", "10/02/2020", "today", ""])
def test_text_that_is_no_day_is_refused_with_an_example(text, capsys):
    with pytest.raises(SystemExit) as refusal:
        read("--today", text)
    assert refusal.value.code == 2
    assert "Write it like 2020-02-10, or real" in capsys.readouterr().err


def test_wrong_day_in_the_variable_is_refused_as_well(monkeypatch):
    monkeypatch.setenv("ALIANZA_TODAY", "tomorrow")
    with pytest.raises(SystemExit):
        read()


def test_wrong_day_is_refused_for_a_command_too():
    with pytest.raises(LaunchError, match="ALIANZA_TODAY: '2020-13-40' is no day. Write it like 2020-02-10, or real."):
        cli.refuse_wrong_day("2020-13-40")
    for text in (None, "", "real", "2020-02-10"):
        cli.refuse_wrong_day(text)


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1", "80.5"])
def test_port_that_is_none_is_refused(text, monkeypatch):
    monkeypatch.setenv("PORT", text)
    with pytest.raises(LaunchError, match="PORT must be a number from 1 to 65535"):
        read()


def test_full_disk_is_said_with_its_place():
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/data/secret_key.new")
    assert full.errno in cli.DISK_FAULTS
    assert cli.disk_fault(full, "/data").startswith("/data/secret_key.new cannot be written: no space left on device. Make room")
    unnamed = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert cli.disk_fault(unnamed, "/data").startswith("/data cannot be written")


def test_unknown_word_is_refused(capsys):
    with pytest.raises(SystemExit):
        read("serve")
    assert "./run manage COMMAND" in capsys.readouterr().err


def test_whole_suite_runs_in_two_processes_and_chosen_tests_in_one():
    assert commands.pytest_options([]) == ["-n", "2", "--dist", "loadgroup"]
    assert commands.pytest_options(["tests/core", "-x"]) == ["tests/core", "-x"]


@pytest.mark.xdist_group("stays-together")
def test_a_group_of_tests_goes_to_one_process(request):
    """The processes know a group by the end of the test's name; with a pytest that lets it fall, groups fall apart silently."""
    if not getattr(request.config.option, "loadgroup", False):
        pytest.skip("this run is in one process")
    assert request.node.nodeid.endswith("@stays-together")


def test_deep_takes_every_mark_and_leaves_the_last_word_to_the_person():
    assert commands.pytest_options(["--deep"]) == ["-n", "2", "--dist", "loadgroup", "-m", ""]
    assert commands.pytest_options(["--deep", "-m", "browser"]) == ["-m", "", "-m", "browser"]


def test_variables_of_the_person_win_except_the_day_and_the_servers(tmp_path, monkeypatch):
    data = DataFolder(tmp_path / "data").open()
    monkeypatch.setenv("SECRET_KEY", "chosen by the person")
    monkeypatch.setenv("ALIANZA_TODAY", "1999-01-01")
    monkeypatch.setenv("ALIANZA_DEMO", "0")
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/x")
    made = prepare.project_environment(data, database_url="postgres://here/y", redis_url="redis://here/0", today="2020-02-10")
    assert made["SECRET_KEY"] == "chosen by the person"
    assert (made["ALIANZA_TODAY"], made["DATABASE_URL"]) == ("2020-02-10", "postgres://here/y")
    assert made["ALIANZA_DEMO"] == "1"
    assert made["ALIANZA_DATA"] == str(data.path)


def test_real_day_is_no_day_for_the_settings(tmp_path):
    data = DataFolder(tmp_path / "data").open()
    made = prepare.project_environment(data, database_url="a", redis_url="b", today="real")
    assert made["ALIANZA_TODAY"] == ""


def test_help_and_mistakes_need_nothing_installed():
    """With -I -S the launcher has the standard library and itself, as on a machine where nothing was installed."""
    plain = [sys.executable, "-I", "-S", str(ROOT / "run")]
    shown = subprocess.run([*plain, "--help"], capture_output=True, text=True, env=plain_environment())
    assert shown.returncode == 0
    assert "./run manage COMMAND" in shown.stdout
    assert subprocess.run([*plain, "--today", "never"], capture_output=True, env=plain_environment()).returncode == 2


def test_launcher_imports_the_standard_library_and_itself_only():
    listing = "import sys; sys.path.insert(0, '.'); import cpc.launch.cli; print(*sorted({n.split('.')[0] for n in sys.modules}))"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", listing], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    strangers = set(done.stdout.split()) - set(sys.stdlib_module_names) - {"cpc", "__main__"}
    assert not {name for name in strangers if not name.startswith("_")}
