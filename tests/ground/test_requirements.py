"""The pinned packages: every file complete, hashed, in agreement with the others, and without any address."""

import re
import subprocess
import tomllib
from importlib import metadata

import pytest

from cpc.launch import environment

from .launching import ROOT

SETS = ["base", "embedded", "test", "dev"]
UV_INDEXES = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX")
PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9-]*)==(?P<version>[^\s;]+)(?: ; (?P<marker>.+?))? \\$")
# Split, so that this file does not hold what it looks for.
REGISTRIES = [
    "pypi" + ".org",
    "python" + "hosted",
    "npm" + "js.",
    "yarn" + "pkg.com",
    "jsdel" + "ivr",
    "unpkg" + ".com",
]


def pins(name):
    """{package: [(version, marker)]} of one file, each line of which is a pin or a hash of the pin above."""
    found = {}
    for line in environment.requirements_file(name).read_text().splitlines():
        if pin := PIN.match(line):
            found.setdefault(pin["name"], []).append((pin["version"], pin["marker"]))
        else:
            assert re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line), f"{name}: {line}"
    return found


def asked_for(*groups):
    """The names that pyproject.toml asks for directly, with those of its groups."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = list(project["project"]["dependencies"])
    for group in groups:
        for each in project["dependency-groups"][group]:
            if isinstance(each, dict):
                wanted += asked_for(each["include-group"])
            else:
                wanted.append(each)
    return {re.match(r"[A-Za-z0-9-]+", each)[0].lower() for each in wanted}


@pytest.mark.parametrize("name", [*SETS, "installer"])
def test_every_package_is_pinned_with_hashes(name):
    text = environment.requirements_file(name).read_text()
    assert len(pins(name)) == len(set(re.findall(r"^[a-z0-9-]+(?===)", text, re.MULTILINE)))
    for block in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in block, block


@pytest.mark.parametrize(("name", "groups"), [("base", []), ("embedded", ["embedded"]), ("test", ["test"]), ("dev", ["dev"])])
def test_everything_asked_for_is_pinned(name, groups):
    assert asked_for(*groups) <= set(pins(name))


def test_each_set_holds_the_smaller_one_in_the_same_versions():
    for smaller, larger in zip(SETS, SETS[1:], strict=False):
        for package, versions in pins(smaller).items():
            assert pins(larger).get(package) == versions, f"{package} differs between {smaller} and {larger}"


def test_environment_runs_the_pinned_versions():
    pinned = pins("test")
    for each in metadata.distributions():
        name = re.sub(r"[-_.]+", "-", each.name).lower()
        if name in pinned:
            assert each.version in [version for version, _marker in pinned[name]], name


def test_no_tracked_file_names_a_registry():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True)
    if listed.returncode:
        pytest.skip("not a clone")
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = ROOT / name
        if path.is_file():
            text = path.read_bytes().decode(errors="replace").lower()
            assert not [each for each in REGISTRIES if each in text], name


def test_changed_file_asks_for_a_new_installation(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "REQUIREMENTS", tmp_path)
    (tmp_path / "base.txt").write_text("a==1")
    before = environment.fingerprint("base")
    (tmp_path / "base.txt").write_text("a==2")
    assert environment.fingerprint("base") != before


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """An environment that stands and holds the set "embedded" (and with it "base")."""
    monkeypatch.setattr(environment, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(environment, "UNFINISHED", tmp_path / "unfinished")
    sets = {name: environment.fingerprint(name) for name in environment.covered_sets("embedded")}
    python = environment.python_of_environment()
    (tmp_path / "stamp").write_text(f'{{"python": "{python}", "sets": {str(sets).replace(chr(39), chr(34))}}}')
    return tmp_path


def test_environment_that_holds_the_set_is_ready_and_one_that_lacks_it_is_not(checkout):
    assert environment.is_ready("embedded")
    assert environment.is_ready("base")
    assert not environment.is_ready("test")


def test_environment_of_another_python_is_not_ready(checkout, monkeypatch):
    monkeypatch.setattr(environment, "python_of_environment", lambda: "3.99")
    assert not environment.is_ready("embedded")


def test_environment_whose_set_up_was_cut_off_is_not_ready(checkout):
    (checkout / "unfinished").write_text("installing")
    assert not environment.is_ready("embedded")


@pytest.mark.parametrize(
    ("for_tests", "given", "libc", "expected"),
    [
        (True, False, "glibc", "test"),
        (False, False, "glibc", "embedded"),
        (False, True, "glibc", "base"),
        (False, False, "musl", "base"),
    ],
)
def test_servers_are_installed_where_they_are_used_and_built(for_tests, given, libc, expected, monkeypatch):
    monkeypatch.setattr(environment.platform, "libc_ver", lambda: (libc, ""))
    monkeypatch.setattr(environment.sys, "platform", "linux")
    assert environment.needed_set(for_tests=for_tests, servers_given=given) == expected


def test_installer_is_told_what_pip_was_told(tmp_path, monkeypatch):
    """A certificate authority or an index of the house stands in pip's settings, which uv does not read."""
    settings = tmp_path / "pip.conf"
    settings.write_text("[global]\ncert = /house/ca.pem\nindex-url = https://index.example/simple\n")
    for name in (*UV_INDEXES, "SSL_CERT_FILE", "PIP_CERT", "PIP_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
    told = environment.installer_environment()
    assert (told["SSL_CERT_FILE"], told["UV_DEFAULT_INDEX"]) == ("/house/ca.pem", "https://index.example/simple")
    monkeypatch.setenv("PIP_CERT", "/mine/ca.pem")
    monkeypatch.setenv("UV_INDEX_URL", "https://other.example/simple")
    told = environment.installer_environment()
    assert told["SSL_CERT_FILE"] == "/mine/ca.pem"
    assert "UV_DEFAULT_INDEX" not in told


def test_installer_is_kept_for_the_next_checkout_in_the_pinned_version(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    fetched = tmp_path / "fetched"
    fetched.write_text("a program")
    assert environment.kept_uv() is None
    environment.keep_uv(fetched)
    assert environment.kept_uv().read_text() == "a program"
    monkeypatch.setattr(environment, "fingerprint", lambda _name: "another version is pinned")
    assert environment.kept_uv() is None


def test_home_that_cannot_be_written_keeps_no_installer_and_stops_nothing(monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")
    environment.keep_uv(environment.PYTHON)
    assert environment.kept_uv() is None
