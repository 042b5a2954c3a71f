"""Profile, language, time zone, and where one is signed in."""

import pytest
from django.utils import timezone

from cpc.accounts.middleware import PersonMiddleware
from cpc.accounts.models import User
from cpc.accounts.sessions import device_of
from cpc.audit.models import AuditEvent

from .conftest import PASSWORD

PROFILE = "/accounts/profile/"
GOOD = {"name": "Ana María Ñ.", "language": "es", "time_zone": "America/New_York", "mail": "at_once"}


def test_a_person_changes_name_language_zone_and_what_comes_by_mail(login, ana):
    client = login(ana)
    assert client.post(PROFILE, GOOD)["Location"] == PROFILE
    ana.refresh_from_db()
    assert {name: getattr(ana, name) for name in GOOD} == GOOD
    event = AuditEvent.objects.get(act="user.profile_changed")
    assert (event.actor, event.before["name"], event.after["name"]) == (ana, "Ana", "Ana María Ñ.")
    assert '<html lang="es">' in client.get(PROFILE).content.decode()


def test_saving_the_same_again_records_nothing(login, ana):
    login(ana).post(PROFILE, {"name": "Ana", "language": "en", "time_zone": "America/Lima"})
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 151),
        ("name", "a\0b"),
        ("language", "fr"),
        ("language", ""),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../../etc/passwd"),
        ("time_zone", "Etc/GMT+5"),
        ("mail", "hourly"),
    ],
)
def test_what_is_no_name_language_or_zone_is_refused_at_the_field(login, ana, field, value):
    answer = login(ana).post(PROFILE, GOOD | {field: value})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'class="al-errors"' in text
    assert f'id="id_{field}_error"' in text
    assert 'lang="en"' in text, "a refused language does not dress the page"
    assert User.objects.get(pk=ana.pk).name == "Ana"


def test_extra_fields_change_nothing(login, ana):
    login(ana).post(PROFILE, GOOD | {"email": "eve@example.org", "is_active": "", "password": "x", "invited_at": "2020-01-01"})
    stored = User.objects.get(pk=ana.pk)
    assert (stored.email, stored.is_active, stored.password, stored.invited_at) == (ana.email, True, ana.password, None)


def test_the_persons_language_wins_over_the_browsers(login, ana):
    User.objects.update(language="es")
    assert '<html lang="es">' in login(ana).get(PROFILE, headers={"accept-language": "en"}).content.decode()


def test_a_language_chosen_by_link_is_remembered_with_the_person(login, ana, client_two):
    assert '<html lang="es">' in login(ana).get(f"{PROFILE}?lang=es").content.decode()
    ana.refresh_from_db()
    assert ana.language == "es"
    client_two.force_login(ana)
    assert '<html lang="es">' in client_two.get(PROFILE).content.decode()


def test_an_unknown_language_in_a_link_changes_nothing(login, ana):
    assert '<html lang="en">' in login(ana).get(f"{PROFILE}?lang=fr").content.decode()
    ana.refresh_from_db()
    assert ana.language == "en"


def test_a_language_asked_of_the_api_is_for_that_answer_only(login, ana):
    login(ana).get("/api/v1/me/?lang=es")
    ana.refresh_from_db()
    assert ana.language == "en"


def test_instants_are_shown_in_the_persons_zone_and_only_while_it_is_answered(rf, ana):
    ana.time_zone = "Asia/Tokyo"
    request = rf.get("/")
    request.user, request.asked_language = ana, None
    assert PersonMiddleware(lambda _request: timezone.get_current_timezone_name())(request) == "Asia/Tokyo"
    assert timezone.get_current_timezone_name() == "UTC"


def test_sessions_are_listed_and_one_of_them_can_be_ended(client, client_two, ana, sign_in):
    sign_in()
    other = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Firefox/130.0", "REMOTE_ADDR": "10.9.9.9"}
    client_two.post("/accounts/login/", {"login": ana.email, "password": PASSWORD}, **other)
    page = client.get("/accounts/sessions/")
    text = page.content.decode()
    assert "Firefox, Linux" in text
    assert "10.9.9.9" in text
    [(here, _device), (there, _)] = sorted(page.context["rows"], key=lambda row: row[0].session_key != client.session.session_key)
    assert client.post("/accounts/sessions/", {"session": there.pk})["Location"] == "/accounts/sessions/"
    assert client.get(PROFILE).status_code == 200
    assert client_two.get(PROFILE).status_code == 302
    assert [row[0] for row in client.get("/accounts/sessions/").context["rows"]] == [here]


def test_all_other_sessions_end_at_once(client, client_two, ana, sign_in):
    sign_in()
    client_two.post("/accounts/login/", {"login": ana.email, "password": PASSWORD})
    client.post("/accounts/sessions/", {"others": ""})
    assert (client.get(PROFILE).status_code, client_two.get(PROFILE).status_code) == (200, 302)


@pytest.mark.parametrize("number", ["", "x", "0", "-1", "٣", "9" * 30])
def test_no_session_of_ones_own_is_a_404(login, ana, number):
    assert login(ana).post("/accounts/sessions/", {"session": number}).status_code == 404


def test_the_session_of_somebody_else_is_a_404_and_lives_on(client, client_two, ana, sign_in):
    eve = User.objects.create_user("eve@example.org", PASSWORD, name="Eve")
    client_two.post("/accounts/login/", {"login": eve.email, "password": PASSWORD})
    hers = client_two.get("/accounts/sessions/").context["rows"][0][0]
    sign_in()
    assert client.post("/accounts/sessions/", {"session": hers.pk}).status_code == 404
    assert client_two.get(PROFILE).status_code == 200


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 14) (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named(said, shown):
    assert device_of(said) == shown
