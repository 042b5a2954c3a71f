"""What the site refuses to start with, and what production collects."""

import json
import subprocess
import sys

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.management import call_command
from django.utils.module_loading import import_string

from .launching import ROOT, plain_environment

SAFE = {"SECRET_KEY": "k" * 50, "ALLOWED_HOSTS": "alianza.example.org"}


def start(code="import cpc.settings", **variables):
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=plain_environment(**variables), capture_output=True, text=True
    )


def test_safe_settings_start():
    done = start(**SAFE)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY must be set"),
        ({"SECRET_KEY": "not-a-secret-only-for-the-demonstration-and-the-tests"}, "SECRET_KEY must be set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY must be set"),
        ({"OLD_SECRET_KEYS": "o" * 50 + ",short"}, "OLD_SECRET_KEYS holds a key"),
        ({"DEBUG": "1"}, "DEBUG must be off"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS must name the hosts"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name the hosts"),
        ({"ALLOWED_HOSTS": "alianza.example.org,*"}, "ALLOWED_HOSTS must name the hosts"),
        ({"ALIANZA_TODAY": "2020-02-10"}, "ALIANZA_TODAY moves the clock"),
    ],
)
def test_production_refuses_what_is_only_right_in_the_demonstration(change, sentence):
    done = start(**{**SAFE, **change})
    assert done.returncode != 0
    assert sentence in done.stderr


def test_all_faults_are_named_at_once():
    done = start(DEBUG="1", ALIANZA_TODAY="2020-02-10")
    for word in ("SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "ALIANZA_TODAY"):
        assert word in done.stderr


def test_publisher_of_rates_that_nobody_knows_is_refused_by_name():
    assert start(**SAFE, ALIANZA_FETCH_RATES="treasury, bcrp").returncode == 0
    done = start(**SAFE, ALIANZA_FETCH_RATES="treasury,imf")
    assert "knows treasury, bcrp, not imf" in done.stderr


def test_demonstration_starts_with_nothing_set():
    assert start(ALIANZA_DEMO="1", ALIANZA_TODAY="2020-02-10").returncode == 0


def test_production_is_secure_and_the_demonstration_works_without_tls():
    names = ["DEBUG", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY"]
    code = f"import json, cpc.settings as s; print(json.dumps({{n: bool(getattr(s, n, False)) for n in {names}}}))"
    production = json.loads(start(code, **SAFE).stdout)
    assert production == {name: name != "DEBUG" for name in names}
    demonstration = json.loads(start(code, ALIANZA_DEMO="1").stdout)
    assert not demonstration["SECURE_SSL_REDIRECT"]
    assert not demonstration["SESSION_COOKIE_SECURE"]


def test_mail_goes_where_the_environment_says_and_leads_back_to_the_site():
    names = ["EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_USE_TLS", "SITE_URL"]
    code = f"import json, cpc.settings as s; print(json.dumps([getattr(s, n, None) for n in {names}]))"
    production = json.loads(start(code, **SAFE, EMAIL_URL="smtp+tls://ana:secret@mail.example.org:587", SITE_URL="").stdout)
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    assert production == [smtp, "mail.example.org", 587, True, "https://alianza.example.org"]
    demonstration = json.loads(start(code, ALIANZA_DEMO="1", PORT="8001").stdout)
    assert demonstration[0] == "django.core.mail.backends.filebased.EmailBackend"
    assert demonstration[4] == "http://127.0.0.1:8001"


def test_every_file_that_a_stylesheet_names_is_there(settings, tmp_path):
    """In production each file is renamed by its content, and what cannot be found stops the build. Compressing is left out: it
    takes long and cannot fail for want of a file."""
    settings.STATIC_ROOT = tmp_path
    renaming = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": renaming}}
    call_command("collectstatic", "--no-input", verbosity=0)
    assert "css/alianza.css" in json.loads((tmp_path / "staticfiles.json").read_text())["paths"]


def test_production_names_files_by_their_content():
    code = "import cpc.settings as s; print(s.STORAGES['staticfiles']['BACKEND'])"
    backend = start(code, **SAFE).stdout.strip()
    assert issubclass(import_string(backend), ManifestStaticFilesStorage)
