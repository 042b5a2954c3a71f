"""The second factor: set up, asked for, kept encrypted, and required of officers outside the demonstration."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from cryptography.fernet import InvalidToken

from cpc.accounts.second_factor import cipher
from partners.roles import SECOND_FACTOR_ROLES, Role

from .conftest import PASSWORD

ACTIVATE = "/accounts/2fa/totp/activate/"
HOME = "/accounts/profile/"


def code_for(secret, step=0):
    counter = list(totp.yield_hotp_counters_from_time())[0] + step
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


@pytest.fixture
def outside(settings):
    settings.ALIANZA_DEMO = False


@pytest.fixture
def armed(ana):
    """Ana with an authenticator app; gives its secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(ana, secret)
    return secret


def test_the_password_alone_does_not_open_an_account_with_a_second_factor(client, armed, sign_in):
    assert sign_in()["Location"] == "/accounts/2fa/authenticate/"
    assert client.get(HOME).status_code == 302
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert client.get(HOME).status_code == 302
    client.post("/accounts/2fa/authenticate/", {"code": code_for(armed)})
    assert client.get(HOME).status_code == 200


def test_a_code_works_once(client, client_two, armed, sign_in):
    code = code_for(armed)
    sign_in()
    client.post("/accounts/2fa/authenticate/", {"code": code})
    client_two.post("/accounts/login/", {"login": "ana@example.org", "password": PASSWORD})
    client_two.post("/accounts/2fa/authenticate/", {"code": code})
    assert client_two.get(HOME).status_code == 302


def test_secrets_are_stored_encrypted(armed):
    stored = Authenticator.objects.get().data["secret"]
    assert armed not in stored
    assert cipher().decrypt(stored.encode()).decode() == armed


def test_secrets_outlive_a_change_of_the_key_that_names_the_old_one(armed, settings):
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-key-that-is-long-enough-for-this-test"
    stored = Authenticator.objects.get().data["secret"].encode()
    with pytest.raises(InvalidToken):
        cipher().decrypt(stored)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert cipher().decrypt(stored).decode() == armed


def test_setting_up_asks_for_the_password_again_when_the_log_in_is_not_fresh(login, ana):
    answer = login(ana).get(ACTIVATE)
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert login(ana).post(answer["Location"], {"password": PASSWORD})["Location"] == ACTIVATE
    assert login(ana).post(answer["Location"], {"password": "wrong"}).status_code == 200


@pytest.mark.parametrize("role", sorted(SECOND_FACTOR_ROLES))
def test_officers_and_administrators_must_set_one_up_before_anything_else(outside, login, person, role):
    client = login(person(role))
    for path in ("/", HOME, "/accounts/tokens/", "/p/test-2017/partners/", "/accounts/2fa/"):
        answer = client.get(path, secure=True)
        assert (answer.status_code, answer.headers.get("Location")) == (302, ACTIVATE), path
    assert client.post("/accounts/profile/", {"name": "X"}, secure=True)["Location"] == ACTIVATE


@pytest.mark.parametrize("role", sorted(set(Role) - SECOND_FACTOR_ROLES))
def test_the_others_may_do_without(outside, login, person, role):
    assert login(person(role)).get(HOME, secure=True).status_code == 200


def test_inside_the_demonstration_nobody_must(settings, login, officer):
    settings.ALIANZA_DEMO = True
    assert login(officer).get(HOME).status_code == 200


def test_an_officer_with_one_goes_on_and_stops_when_it_is_switched_off(outside, login, officer):
    totp.TOTP.activate(officer, totp.generate_totp_secret())
    client = login(officer)
    assert client.get(HOME, secure=True).status_code == 200
    Authenticator.objects.all().delete()
    assert client.get(HOME, secure=True)["Location"] == ACTIVATE


def test_an_officer_without_one_can_set_it_up_and_leave(outside, login, officer):
    officer.set_password(PASSWORD)
    officer.save()
    client = login(officer)
    assert client.get(ACTIVATE, secure=True)["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD}, secure=True)
    page = client.get(ACTIVATE, secure=True)
    assert page.status_code == 200
    answer = client.post(ACTIVATE, {"code": code_for(client.session[totp.SECRET_SESSION_KEY])}, secure=True)
    assert answer["Location"] == "/accounts/2fa/recovery-codes/"
    assert client.get(HOME, secure=True).status_code == 200
    assert client.post("/accounts/logout/", secure=True)["Location"] == "/accounts/login/"


def test_the_api_refuses_an_officers_session_in_its_own_shape(outside, login, officer):
    answer = login(officer).get("/api/v1/me/", secure=True)
    assert answer.status_code == 403
    [error] = answer.json()["errors"]
    assert (error["field"], error["code"]) == (None, "second_factor_needed")
