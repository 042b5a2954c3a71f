"""The production shape, checked as text: there is no container engine where the tests run."""

import importlib.util
import re
import shlex

import pytest
import yaml
from django.core.management import get_commands

from .launching import ROOT

OURS = ("set-up", "web", "worker", "beat")


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def services(compose):
    return compose["services"]


def dockerfile():
    """[(instruction, rest)] with continued lines joined."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return [tuple(line.split(None, 1)) for line in lines]


def test_services_are_those_of_production(services):
    assert set(services) == {"postgres", "redis", *OURS}
    assert services["postgres"]["image"] == "postgres:18"
    assert services["redis"]["image"].startswith(("valkey/valkey:", "redis:"))


def test_every_service_that_stays_has_a_health_check_and_is_started_again(services):
    for name, service in services.items():
        if service.get("restart") == "no":
            assert name == "set-up"
            continue
        assert service["restart"] == "unless-stopped", name
        check = service["healthcheck"]
        assert check["test"][0] in ("CMD", "CMD-SHELL"), name
        assert {"interval", "timeout", "retries"} <= set(check), name


def test_nothing_starts_before_what_it_needs(services):
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"] == {
            "set-up": {"condition": "service_completed_successfully"},
            "redis": {"condition": "service_healthy"},
        }
    assert services["set-up"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_no_secret_stands_in_the_file(services):
    for name, service in services.items():
        for key, value in service.get("environment", {}).items():
            if re.search("SECRET|PASSWORD|TOKEN|_KEY", key) or "@" in str(value):
                from_outside = re.search(r"\$\{[A-Z_]+:\?[^}]+\}", str(value)) or value == "${OLD_SECRET_KEYS:-}"
                assert from_outside, f"{name}: {key} must come from outside, with a message"


def test_what_must_be_given_is_refused_with_a_message_when_it_is_not():
    text = (ROOT / "docker-compose.yml").read_text()
    needed = set(re.findall(r"\$\{([A-Z_]+):\?[^}]+\}", text))
    assert needed == {"SECRET_KEY", "ALLOWED_HOSTS", "POSTGRES_PASSWORD", "EMAIL_URL", "DEFAULT_FROM_EMAIL"}
    may_be_left_out = {"OLD_SECRET_KEYS", "CSRF_TRUSTED_ORIGINS", "TRUSTED_PROXY_COUNT", "SITE_URL", "ALIANZA_FETCH_RATES"}
    assert set(re.findall(r"\$\{([A-Z_]+)", text)) - needed == may_be_left_out


def test_production_is_never_the_demonstration(services):
    for name in OURS:
        assert not {"ALIANZA_DEMO", "ALIANZA_TODAY", "DEBUG"} & set(services[name]["environment"]), name
    assert "ALIANZA_DEMO" not in (ROOT / "Dockerfile").read_text()


def test_every_setting_that_is_passed_is_read(services):
    settings = (ROOT / "cpc" / "settings.py").read_text()
    for key in services["web"]["environment"]:
        assert f'"{key}"' in settings, key


def test_data_is_kept_in_named_volumes(compose, services):
    assert services["postgres"]["volumes"] == ["database:/var/lib/postgresql"]
    used = {volume.split(":")[0] for service in services.values() for volume in service.get("volumes", [])}
    assert used == set(compose["volumes"])


def test_database_compares_text_as_the_embedded_one(services):
    given = services["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    launcher = (ROOT / "cpc" / "launch" / "postgres.py").read_text()
    for option in given:
        assert f'"{option}"' in launcher, option


def test_databases_are_not_reachable_from_outside(compose, services):
    assert compose["networks"]["inside"] == {"internal": True}
    for name in ("postgres", "redis"):
        assert "ports" not in services[name]
        assert services[name]["networks"] == ["inside"]
    assert services["web"]["ports"] == ["127.0.0.1:8000:8000"]


def test_our_processes_have_no_rights_they_do_not_use(services):
    for name in OURS:
        assert services[name]["read_only"]
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["security_opt"] == ["no-new-privileges:true"]


def test_commands_exist(services):
    """Programs come with the base packages, modules and management commands are ours."""
    pinned = (ROOT / "requirements" / "base.txt").read_text()
    for name in OURS:
        command = services[name].get("command") or shlex.split("gunicorn")
        if name == "set-up":
            assert command[:2] == ["sh", "-c"]
            steps = [shlex.split(step) for step in command[2].split(" && ")]
            assert [step[:2] for step in steps] == [["python", "manage.py"]] * len(steps)
            assert [step[2] for step in steps] == ["migrate", "load_reference"]
            assert {step[2] for step in steps} <= get_commands().keys()
        else:
            assert f"\n{command[0]}==" in pinned, name
    assert importlib.util.find_spec(services["web"]["healthcheck"]["test"][3])
    for name in ("worker", "beat"):
        assert services[name]["command"][1:3] == ["-A", "cpc.celery"]
    assert importlib.util.find_spec("cpc.celery")


def test_image_installs_by_hash_and_runs_without_rights():
    lines = dockerfile()
    words = [f"{instruction} {rest}" for instruction, rest in lines]
    assert any("pip install" in line and "--require-hashes" in line for line in words)
    users = [rest.strip() for instruction, rest in lines if instruction == "USER"]
    assert users == ["alianza"]
    instructions = [instruction for instruction, _rest in lines]
    assert instructions.index("USER") < instructions.index("CMD")


def test_image_is_built_with_messages_and_static_files():
    built = " ".join(rest for instruction, rest in dockerfile() if instruction == "RUN")
    assert "babel.messages.frontend" in built
    assert "collectstatic" in built


def test_what_is_secret_or_local_does_not_reach_the_image():
    left_out = (ROOT / ".dockerignore").read_text().split("\n")
    for name in (".git", ".venv", ".alianza", ".env"):
        assert name in left_out
