"""Signing in: right and wrong passwords, lock-out, reset, and what is not offered."""

import re

import pytest
import time_machine
from django.core import mail
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from cpc.accounts.models import User

from .conftest import PASSWORD, link_in

NEW = "another-password-just-as-long"


def errors_of(answer):
    return re.findall(r"<li>(?:<a [^>]*>)?([^<]+)", re.search(r'class="al-errors".*?</ul>', answer.content.decode(), re.S)[0])


def is_in(client):
    return client.get("/accounts/profile/").status_code == 200


def test_the_right_password_opens_and_leads_on(client, ana, sign_in):
    answer = sign_in()
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_in(client)


def test_capitals_in_the_address_do_not_matter(client, ana, sign_in):
    sign_in("Ana@Example.org")
    assert is_in(client)


def test_a_foreign_address_after_login_is_ignored(client, ana):
    data = {"login": ana.email, "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post("/accounts/login/", data)["Location"] == "/"


def test_a_language_chosen_on_the_log_in_page_stays_chosen(client, ana):
    page = client.get("/accounts/login/?lang=es&next=/accounts/profile/").content.decode()
    assert 'action="/accounts/login/?lang=es"' in page
    answer = client.post("/accounts/login/?lang=es", {"login": ana.email, "password": PASSWORD, "next": "/accounts/profile/"})
    assert answer["Location"] == "/accounts/profile/"
    assert '<html lang="es">' in client.get("/accounts/profile/").content.decode()
    ana.refresh_from_db()
    assert ana.language == "es"


def test_a_wrong_password_chooses_no_language(client, ana):
    client.post("/accounts/login/?lang=es", {"login": ana.email, "password": "wrong"})
    ana.refresh_from_db()
    assert ana.language == "en"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, ana, sign_in):
    wrong, unknown = sign_in(password="wrong"), sign_in("nobody@example.org")
    assert errors_of(wrong) == errors_of(unknown) != []
    assert wrong.status_code == unknown.status_code == 200
    assert not is_in(client)


def test_sixth_attempt_is_refused_even_with_the_right_password(client, ana, sign_in):
    for _attempt in range(5):
        sign_in(password="wrong")
    locked = sign_in()
    assert locked.status_code == 200
    assert "Too many failed attempts" in errors_of(locked)[0]
    assert not is_in(client)


def test_five_attempts_do_not_lock(client, ana, sign_in):
    for _attempt in range(4):
        sign_in(password="wrong")
    sign_in()
    assert is_in(client)


def test_a_lock_out_ends_after_five_minutes(client, ana, sign_in):
    with time_machine.travel("2026-03-01 12:00:00Z", tick=False) as clock:
        for _attempt in range(5):
            sign_in(password="wrong")
        clock.shift(299)
        sign_in()
        assert not is_in(client)
        clock.shift(2)
        sign_in()
        assert is_in(client)


def test_nobody_can_lock_out_somebody_else(client, ana, sign_in):
    for _attempt in range(6):
        sign_in(password="wrong", ip="10.6.6.6")
    sign_in(ip="10.0.0.1")
    assert is_in(client)


def test_one_computer_cannot_try_many_accounts(client, ana, sign_in):
    for number in range(10):
        sign_in(f"somebody-{number}@example.org")
    assert "Too many failed attempts" in errors_of(sign_in())[0]


def test_behind_a_proxy_the_address_it_wrote_down_counts_and_not_what_the_browser_claims(client, ana, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def post(password, forwarded):
        return client.post("/accounts/login/", {"login": ana.email, "password": password}, headers={"x-forwarded-for": forwarded})

    for number in range(5):
        post("wrong", f"10.1.1.{number}, 10.6.6.6")
    post(PASSWORD, "10.1.1.9, 10.6.6.6")
    assert not is_in(client)
    post(PASSWORD, "10.6.6.6, 10.0.0.1")
    assert is_in(client)


def test_somebody_switched_off_is_told_so_only_with_the_right_password(client, ana, sign_in):
    User.objects.update(is_active=False)
    assert "switched off" not in sign_in(password="wrong").content.decode()
    assert sign_in()["Location"] == reverse("account_inactive")
    assert not is_in(client)


def test_switching_off_ends_a_session_at_the_next_click(client, ana, sign_in):
    sign_in()
    User.objects.update(is_active=False)
    assert not is_in(client)


def test_log_out_takes_a_post(client, ana, sign_in):
    sign_in()
    client.get(reverse("account_logout"))
    assert is_in(client)
    assert client.post(reverse("account_logout"))["Location"] == reverse("account_login")
    assert not is_in(client)


@pytest.mark.parametrize("path", ["signup/", "email/", "confirm-email/", "login/code/", "2fa/webauthn/", ""])
def test_what_is_not_offered_does_not_exist(login, ana, path):
    assert login(ana).get(f"/accounts/{path}").status_code == 404


def test_nobody_signs_up():
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


@pytest.mark.parametrize("language", ["en", "es"])
def test_reset_mail_speaks_the_persons_language_not_the_browsers(client, ana, language, monkeypatch):
    User.objects.update(language=language)
    seen = []
    monkeypatch.setattr("cpc.accounts.adapter.DefaultAccountAdapter.send_mail", lambda *_args: seen.append(get_language()))
    other = "es" if language == "en" else "en"
    client.post("/accounts/password/reset/", {"email": ana.email}, headers={"accept-language": other})
    assert seen == [language]


def test_reset_link_sets_the_password_once_and_ends_other_sessions(client, ana, sign_in, client_two):
    client_two.post("/accounts/login/", {"login": ana.email, "password": PASSWORD})
    assert is_in(client_two)
    client.post("/accounts/password/reset/", {"email": ana.email})
    [message] = mail.outbox
    assert message.to == [ana.email]
    form = client.get(link_in(message), follow=True)
    path = form.redirect_chain[-1][0]
    weak = client.post(path, {"password1": "short", "password2": "short"})
    assert errors_of(weak)
    assert client.post(path, {"password1": NEW, "password2": NEW}).status_code == 302
    assert not is_in(client_two)
    assert "This link does not work any more" in client.get(link_in(message), follow=True).content.decode()
    sign_in(password=NEW)
    assert is_in(client)


def test_reset_lifts_the_lock_of_the_computer_it_is_done_on(client, ana, sign_in):
    for _attempt in range(6):
        sign_in(password="wrong", ip="127.0.0.1")
    client.post("/accounts/password/reset/", {"email": ana.email})
    path = client.get(link_in(mail.outbox[0]), follow=True).redirect_chain[-1][0]
    client.post(path, {"password1": NEW, "password2": NEW})
    sign_in(password=NEW, ip="127.0.0.1")
    assert is_in(client)


def test_reset_link_dies_after_four_hours(client, ana):
    with time_machine.travel("2026-03-01 12:00:00Z", tick=False) as clock:
        client.post("/accounts/password/reset/", {"email": ana.email})
        clock.shift(4 * 3600 + 1)
        answer = client.get(link_in(mail.outbox[0]), follow=True)
    assert "This link does not work any more" in answer.content.decode()


def test_an_unknown_address_gets_no_mail_and_the_same_answer(client, ana):
    known = client.post("/accounts/password/reset/", {"email": ana.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [message.to for message in mail.outbox] == [[ana.email]]


def test_changing_the_password_needs_the_old_one_and_keeps_this_session_only(client, ana, sign_in, client_two):
    sign_in()
    client_two.post("/accounts/login/", {"login": ana.email, "password": PASSWORD})
    data = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}
    assert errors_of(client.post("/accounts/password/change/", data))
    assert client.post("/accounts/password/change/", data | {"oldpassword": PASSWORD})["Location"] == "/accounts/profile/"
    assert is_in(client)
    assert not is_in(client_two)
    ana.refresh_from_db()
    assert ana.check_password(NEW)
