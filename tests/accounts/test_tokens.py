"""API tokens: made, used, bounded, expired, revoked."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from cpc.accounts.models import ApiToken, User
from cpc.accounts.services import create_token
from cpc.audit.models import AuditEvent
from partners.models import Membership
from tests import factories as make

ME = "/api/v1/me/"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOKENS = "/accounts/tokens/"


def token_of(user, scopes=("funding:read",), name="test", **more) -> str:
    return create_token(user, actor=user, name=name, scopes=list(scopes), now=more.pop("now", timezone.now()), **more)[1]


def ask(client, text, path=ME, **headers):
    return client.get(path, headers={"authorization": f"Bearer {text}"} | headers)


def refused(answer, status):
    assert answer.status_code == status
    [error] = answer.json()["errors"]
    assert set(error) == {"field", "code", "message"}
    return error


def test_a_token_says_whose_it_is_and_what_it_may(client, viewer, partnership):
    answer = ask(client, token_of(viewer, ["funding:read", "deadlines:read"])).json()
    assert (answer["email"], answer["token"]) == (viewer.email, "test")
    assert answer["scopes"] == ["funding:read", "deadlines:read"]
    assert answer["partnerships"] == [partnership.key]


def test_only_the_digest_is_stored(viewer):
    text = token_of(viewer)
    stored = ApiToken.objects.values().get()
    assert stored["digest"] == hashlib.sha512(text.encode()).hexdigest()
    assert not any(text in str(value) for value in stored.values())
    trail = AuditEvent.objects.get(act="token.created")
    assert text not in f"{trail.details} {trail.subject_key}"
    assert stored["digest"] not in f"{trail.details} {trail.subject_key}"


def test_last_use_is_kept_to_the_minute(client, viewer):
    with time_machine.travel(NOW, tick=False) as clock:
        text = token_of(viewer)
        ask(client, text)
        clock.shift(30)
        ask(client, text)
        assert ApiToken.objects.get().last_used_at == NOW
        clock.shift(31)
        ask(client, text)
        assert ApiToken.objects.get().last_used_at == NOW + timedelta(seconds=61)


def test_an_expired_token_is_401_and_stays_in_the_list(client, viewer):
    with time_machine.travel(NOW, tick=False) as clock:
        text = token_of(viewer, lifetime=timedelta(days=30))
        clock.shift(timedelta(days=30) - timedelta(seconds=1))
        assert ask(client, text).status_code == 200
        clock.shift(1)
        answer = ask(client, text)
    assert "expired" in refused(answer, 401)["message"]
    assert answer["WWW-Authenticate"] == "Bearer"
    assert ApiToken.objects.count() == 1


def test_a_revoked_token_is_401(client, viewer):
    text = token_of(viewer)
    call_command("revoke_token", "test", stdout=StringIO())
    assert refused(ask(client, text), 401)["code"] == "authentication_failed"


def test_the_token_of_somebody_switched_off_is_401(client, viewer):
    text = token_of(viewer)
    User.objects.filter(pk=viewer.pk).update(is_active=False)
    assert "switched off" in refused(ask(client, text), 401)["message"]


@pytest.mark.parametrize("text", ["", "x", "a b", "f" * 64, "ñandú", "' OR 1=1 --", "A" * 5000, "%00"])
def test_what_is_no_token_is_401(client, viewer, text):
    token_of(viewer)
    refused(ask(client, text), 401)


def test_bytes_that_are_no_text_are_401(client, viewer):
    refused(client.get(ME, HTTP_AUTHORIZATION="Bearer \xff\xfe"), 401)


def test_an_ended_role_shows_nothing_from_the_next_request_on(client, viewer, partnership):
    text = token_of(viewer)
    path = f"/api/v1/partnerships/{partnership.key}/"
    assert ask(client, text, path).status_code == 200
    Membership.objects.filter(user=viewer).delete()
    refused(ask(client, text, path), 404)
    assert ask(client, text).json()["partnerships"] == []


def test_a_token_without_the_scope_is_403_and_says_which(client, viewer, partnership):
    path = f"/api/v1/funding/summary/?partnership={partnership.key}"
    assert ask(client, token_of(viewer, ["funding:read"]), path).status_code == 200
    error = refused(ask(client, token_of(viewer, ["reports:read"], name="other"), path), 403)
    assert "funding:read" in error["message"]


def test_asking_with_a_token_costs_one_query_more_than_none(client, viewer, django_assert_num_queries):
    text = token_of(viewer)
    for number in range(5):
        token_of(viewer, name=f"more-{number}")
    ask(client, text)
    with django_assert_num_queries(3):  # the token with its owner, memberships, partnerships
        ask(client, text)


def test_the_owner_makes_a_token_that_is_shown_once(login, client_two, viewer):
    client = login(viewer)
    answer = client.post(TOKENS, {"name": "monthly totals, server 1/2", "scopes": ["funding:read", "reports:read"], "days": "90"})
    text = re.search(r'<code class="al-key-text">([0-9a-f]{64})</code>', answer.content.decode())[1]
    assert "no-store" in answer["Cache-Control"]
    assert ask(client_two, text).json()["scopes"] == ["funding:read", "reports:read"]
    assert text not in client.get(TOKENS).content.decode()
    token = ApiToken.objects.get()
    assert token.user == viewer
    assert timedelta(days=89) < token.expiry - timezone.now() <= timedelta(days=90)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"name": "taken"}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["funding:write"]}, "scopes"),
        ({"days": "100000"}, "days"),
    ],
)
def test_a_token_needs_a_free_name_scopes_and_an_end(login, viewer, officer, change, field):
    token_of(officer, name="taken")
    data = {"name": "new", "scopes": ["funding:read"], "days": "90"} | change
    text = login(viewer).post(TOKENS, data).content.decode()
    assert f'id="id_{field}_error"' in text
    assert 'class="al-errors"' in text
    assert ApiToken.objects.count() == 1


def test_two_tokens_of_one_name_at_once_are_one_token_and_an_error_at_the_field(login, viewer, officer, monkeypatch):
    token_of(officer, name="taken")
    monkeypatch.setattr("cpc.accounts.services.check_token", lambda token: None)  # both were checked before either was written
    monkeypatch.setattr("cpc.accounts.forms.TokenForm.validate_unique", lambda form: None)
    answer = login(viewer).post(TOKENS, {"name": "taken", "scopes": ["funding:read"], "days": "90"})
    assert answer.status_code == 200
    assert 'id="id_name_error"' in answer.content.decode()
    assert [token.user for token in ApiToken.objects.all()] == [officer]


def test_the_owner_revokes_after_being_asked(login, client_two, viewer):
    text, client = token_of(viewer, name="a & b/c?"), login(viewer)
    address = re.search(r'href="(/accounts/tokens/revoke/\?name=[^"]+)"', client.get(TOKENS).content.decode())[1]
    assert client.get(address).status_code == 200
    assert ask(client_two, text).status_code == 200
    assert client.post(address)["Location"] == TOKENS
    refused(ask(client_two, text), 401)
    event = AuditEvent.objects.get(act="token.revoked")
    assert (event.actor, event.subject_key, event.details["owner"]) == (viewer, "a & b/c?", viewer.email)


@pytest.mark.parametrize("name", ["officers", "nothing", "", "%00"])
def test_the_token_of_somebody_else_is_a_404(login, viewer, officer, name):
    token_of(officer, name="officers")
    assert login(viewer).post(f"{TOKENS}revoke/?name={name}").status_code == 404
    assert ApiToken.objects.exists()


def test_nobody_makes_a_token_of_somebody_else(viewer, officer):
    with pytest.raises(PermissionDenied):
        create_token(officer, actor=viewer, name="x", scopes=["funding:read"], now=NOW)


def test_somebody_switched_off_gets_no_token(viewer):
    viewer.is_active = False
    with pytest.raises(ValidationError):
        create_token(viewer, actor=None, name="x", scopes=["funding:read"], now=NOW)


def run(*words):
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    "scopes", [["--scope", "funding:read", "reports:read"], ["--scope", "funding:read", "--scope", "reports:read"]]
)
def test_the_command_prints_the_token_alone(client, viewer, scopes):
    out = run("create_token", viewer.email.upper(), "pull", *scopes)
    assert re.fullmatch(r"[0-9a-f]{64}\n", out)
    assert ask(client, out.strip()).json()["scopes"] == ["funding:read", "reports:read"]
    assert AuditEvent.objects.get(act="token.created").actor is None


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nobody@example.org", "x", "--scope", "funding:read"], "Nobody has the e-mail"),
        (["known@example.org", "x", "--scope", "funding:write"], "There is no scope funding:write"),
        (["known@example.org", "x"], "--scope"),
        (["known@example.org", "taken", "--scope", "funding:read"], "There is a token with this name already."),
        (["known@example.org", "x", "--scope", "funding:read", "--days", "0"], "--days"),
    ],
)
def test_the_command_says_what_is_wrong(db, words, sentence):
    token_of(make.make_user(email="known@example.org"), name="taken")
    with pytest.raises(CommandError, match=re.escape(sentence)):
        run("create_token", *words)
    assert ApiToken.objects.count() == 1


def test_revoking_what_is_not_there_is_an_error(db):
    with pytest.raises(CommandError, match="no token called x"):
        run("revoke_token", "x")
