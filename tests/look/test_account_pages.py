"""Pages of allauth: each one reachable stands in our frame, in our words."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.urls import get_resolver, reverse
from django.utils.translation import override

from cpc.accounts.models import User

from .reading import read

PASSWORD = "a-password-that-is-long-enough"
FOR_ANYBODY = {
    "account_login": "Sign in",
    "account_inactive": "This account is switched off",
    "account_reset_password": "I cannot sign in",
    "account_reset_password_done": "Look into your mailbox",
    "account_reset_password_from_key_done": "Your password is set",
}
FOR_A_PERSON = {
    "account_logout": "Sign out",
    "account_change_password": "Change password",
    "account_reauthenticate": "Confirm that it is you",
    "mfa_index": "Second factor",
    "mfa_activate_totp": "Set up an authenticator app",
}
WITH_SECOND_FACTOR = {
    "mfa_deactivate_totp": "Switch off the authenticator app",
    "mfa_reauthenticate": "Confirm that it is you",
    "mfa_view_recovery_codes": "Recovery codes",
    "mfa_generate_recovery_codes": "Make recovery codes",
}
# Drawn below: with a key in the address, or on the way of signing in. The others answer with a redirect or a file.
WITH_A_KEY = {"account_reset_password_from_key", "mfa_authenticate"}
WITHOUT_A_PAGE = {"account_set_password", "mfa_download_recovery_codes"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return User.objects.create_user("ana@example.org", PASSWORD, name="Ana")


def sign_in(client, user):
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


def confirm_who_it_is(client):
    """What allauth asks before a second factor may be changed, also just after signing in."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def page_of(response):
    """The answer as a page in our frame."""
    assert response.status_code == 200
    page = read(response.content.decode())
    assert page.find("div", cls="al-band"), "not in the frame"
    assert len(page.find("h1")) == 1
    return page


def test_every_route_of_allauth_is_drawn_here():
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str) and name.startswith(("account_", "mfa_"))}
    assert names == {*FOR_ANYBODY, *FOR_A_PERSON, *WITH_SECOND_FACTOR, *WITH_A_KEY, *WITHOUT_A_PAGE}


@pytest.mark.parametrize(("route", "heading"), FOR_ANYBODY.items())
def test_page_for_anybody(client, route, heading):
    page = page_of(client.get(reverse(route)))
    assert page.find("h1")[0].words == heading
    assert page.find("title")[0].words == f"{heading} – Alianza"


@pytest.mark.parametrize(("route", "heading"), FOR_A_PERSON.items())
def test_page_for_a_person(client, person, route, heading):
    sign_in(client, person)
    confirm_who_it_is(client)
    assert page_of(client.get(reverse(route))).find("h1")[0].words == heading


@pytest.mark.parametrize(("route", "heading"), WITH_SECOND_FACTOR.items())
def test_page_for_a_person_with_a_second_factor(client, person, route, heading):
    sign_in(client, person)
    confirm_who_it_is(client)
    totp.TOTP.activate(person, totp.generate_totp_secret())
    RecoveryCodes.activate(person)
    assert page_of(client.get(reverse(route))).find("h1")[0].words == heading


def test_signing_in_names_what_is_wrong_and_keeps_the_address(client):
    page = page_of(client.post(reverse("account_login"), {"login": "ana@example.org", "password": "wrong"}))
    assert page.find("title")[0].words.startswith("Error: ")
    assert page.find("div", cls="al-errors")[0].find("li")
    assert page.find("input", name="login")[0].attrs["value"] == "ana@example.org"
    assert page.find("input", name="password")[0].attrs.get("value", "") == ""


def test_signing_in_keeps_where_one_wanted_to_go(client):
    page = page_of(client.get(f"{reverse('account_login')}?next=/p/x/"))
    assert page.find("main")[0].find("input", name="next")[0].attrs["value"] == "/p/x/"


def test_password_field_says_no_more_than_its_label_and_the_way_out_comes_after_the_button(client):
    page = page_of(client.get(reverse("account_login")))
    [box] = page.find("input", name="password")
    tags = [element for element in page.find("main")[0].inside if element.tag in ("input", "button", "a")]
    described = [element for element in page.inside if element.attrs.get("id") == box.attrs["aria-describedby"]]
    assert [element.words for element in described] == ["I cannot sign in"]
    assert [element.tag for element in tags][-2:] == ["button", "a"]
    assert box.attrs["autocomplete"] == "current-password"


def test_signing_in_is_not_announced_once_it_worked(client, person):
    sign_in(client, person)
    assert page_of(client.get(reverse("mfa_index"))).find("div", cls="usa-alert") == []


@pytest.mark.parametrize(("language", "subject"), [("en", "Set a new password for Alianza"), ("es", None)])
def test_mail_for_a_new_password_holds_a_link_that_works(client, person, language, subject):
    with override(language):
        client.post(f"{reverse('account_reset_password')}?lang={language}", {"email": person.email})
    [message] = mail.outbox
    assert subject is None or message.subject.endswith(subject)
    assert person.email in message.body
    link = re.search(r"http://[^/]+(/\S+)", message.body).group(1)
    page = page_of(client.get(link, follow=True))
    [form] = page.find("main")[0].find("form")
    answer = client.post(form.attrs["action"], {"password1": "another-long-password", "password2": "another-long-password"})
    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.check_password("another-long-password")


def test_dead_links_say_so(client):
    reset = page_of(client.get(reverse("account_reset_password_from_key", kwargs={"uidb36": "x", "key": "dead-link"})))
    assert reset.find("h1")[0].words == "This link does not work any more"


def test_second_factor_is_asked_for_with_a_way_back(client, person):
    totp.TOTP.activate(person, totp.generate_totp_secret())
    answer = sign_in(client, person)
    assert answer["Location"] == reverse("mfa_authenticate")
    page = page_of(client.get(answer["Location"]))
    assert page.find("h1")[0].words == "Enter your code"
    assert page.find("input", name="code")[0].attrs["autocomplete"] == "one-time-code"
    assert page.find("form", action=reverse("account_logout"))


def test_setting_up_the_app_shows_the_key_and_then_the_recovery_codes(client, person):
    sign_in(client, person)
    confirm_who_it_is(client)
    page = page_of(client.get(reverse("mfa_activate_totp")))
    secret = page.find("code")[0].words
    assert page.find("img", cls="al-qr")[0].attrs["src"].startswith("data:image/svg+xml;base64,")
    code = totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))
    page = page_of(client.post(reverse("mfa_activate_totp"), {"code": code}, follow=True))
    codes = [item.words for item in page.find("ul", cls="al-codes")[0].find("li")]
    assert sorted(codes) == sorted(Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes())
    assert len(codes) == 10
