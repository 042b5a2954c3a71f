"""Headers of what no route answers (files, errors), and what production adds. Every route × actor: see tests/test_access.py."""

import json
import subprocess
import sys

import pytest
from django.test import Client

from cpc.accounts.models import User
from tests.ground.launching import ROOT, plain_environment
from tests.headers import assert_headers, policy_of


@pytest.mark.parametrize("path", ["/static/css/alianza.css", "/static/js/grid.js", "/static/fonts/public-sans.woff2"])
def test_files_carry_them_and_no_other_site_may_read_them(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nothing/", 404), ("/api/v1/nothing/", 401), ("/static/nothing.css", 404), ("/accounts/invitation/x/", 410)],
)
def test_what_is_not_there_carries_them(client, db, path, status):
    answer = client.get(path)
    assert answer.status_code == status
    assert_headers(answer, path)


def test_a_fault_of_ours_carries_them_and_tells_nothing(client, db, monkeypatch):
    def fail(*_args):
        raise RuntimeError("secret detail in /work/somewhere")

    monkeypatch.setattr("cpc.accounts.views.ProfileForm", fail)
    client.force_login(User.objects.create_user("ana@example.org", name="Ana"))
    client.raise_request_exception = False
    answer = client.get("/accounts/profile/")
    assert answer.status_code == 500
    assert_headers(answer, "500")
    assert "secret" not in answer.content.decode()
    assert "Traceback" not in answer.content.decode()


def test_a_host_that_is_not_ours_is_a_400_that_carries_them(client, db):
    answer = client.get("/accounts/login/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert_headers(answer, "400")


def test_a_forged_form_is_a_403_that_carries_them(db):
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x", "password": "y"})
    assert answer.status_code == 403
    assert_headers(answer, "403")


ASK = """
import json, django
SESSION = ("NAME", "SECURE", "HTTPONLY", "SAMESITE", "PATH", "DOMAIN")
from django.conf import settings
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
django.setup()
from django.test import Client
def told(answer):
    cookies = {name: {key: value for key, value in cookie.items() if value} for name, cookie in answer.cookies.items()}
    return {"status": answer.status_code, "headers": dict(answer.headers), "cookies": cookies}
host = {"HTTP_HOST": "alianza.example.org"}
client = Client()
print(json.dumps({
    "plain": told(client.get("/accounts/login/", **host)),
    "login": told(client.get("/accounts/login/", secure=True, **host)),
    "proxied": told(client.get("/accounts/login/", HTTP_X_FORWARDED_PROTO="https", **host)),
    "health": told(client.get("/healthz", **host)),
    "session": {name: getattr(settings, f"SESSION_COOKIE_{name}") for name in SESSION},
}))
"""


@pytest.fixture(scope="module")
def production():
    """What a process with the settings of production answers, in a process of its own; it needs no database for this."""
    variables = {"SECRET_KEY": "k" * 50, "ALLOWED_HOSTS": "alianza.example.org", "DJANGO_SETTINGS_MODULE": "cpc.settings"}
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env=plain_environment(**variables), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_production_tells_browsers_to_come_by_tls_only_for_a_year(production):
    seconds, *rest = production["login"]["headers"]["Strict-Transport-Security"].split("; ")
    assert int(seconds.removeprefix("max-age=")) >= 31_536_000
    assert "includeSubDomains" in rest


def test_production_leads_from_plain_http_to_tls_but_not_the_health_check(production):
    assert production["plain"]["status"] == 301
    assert production["plain"]["headers"]["Location"] == "https://alianza.example.org/accounts/login/"
    assert (production["proxied"]["status"], production["health"]["status"]) == (200, 200)


def test_production_cookies_are_bound_to_the_host_and_to_tls(production):
    cookie = production["login"]["cookies"]["__Host-csrf"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, True, "Lax", "/")
    assert "domain" not in cookie
    assert production["session"] == {
        "NAME": "__Host-session", "SECURE": True, "HTTPONLY": True, "SAMESITE": "Lax", "PATH": "/", "DOMAIN": None
    }  # fmt: skip


def test_production_carries_the_same_headers(production):
    class Answer:
        headers, cookies = production["login"]["headers"], {}

    assert_headers(Answer, "production")
    assert policy_of(Answer)["script-src"] == ["'self'"]
