"""What an administrator does to somebody else's account: switch it off and on, change its address, reset its second factor."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone, translation

from cpc.accounts.invitations import invitation_path, invite_user
from cpc.accounts.models import ApiToken, User
from cpc.accounts.services import create_token
from cpc.audit.models import AuditEvent
from partners.people import account_services
from partners.roles import Role
from tests import factories as make

PEOPLE = "/p/test-2017/people/"
INVITE = f"{PEOPLE}invite/"
PASSWORD = "a-password-that-is-long-enough"
REASON = {"reason": "Left the organization"}
NOW = timezone.now()


@pytest.fixture
def administrator(person):
    return person(Role.ADMINISTRATOR, name="Rosa")


@pytest.fixture
def nadia(person):
    """A viewer who can sign in."""
    user = person(Role.EMBASSY_VIEWER, email="nadia@example.org", name="Nadia")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def admin(client, administrator):
    client.force_login(administrator)
    return client


def page_of(user, act="") -> str:
    return f"{PEOPLE}{user.memberships.get().pk}/account/{act}"


def sign_in(client, email="nadia@example.org"):
    client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    return is_in(client)


def is_in(client) -> bool:
    return client.get("/accounts/profile/").status_code == 200


def token_of(user):
    create_token(user, actor=user, name="pull", scopes=["funding:read"], now=NOW)


def text_of(answer) -> str:
    return answer.content.decode()


def test_the_page_says_how_the_account_stands(admin, nadia):
    token_of(nadia)
    text = text_of(admin.get(page_of(nadia)))
    for expected in (
        "Account of Nadia",
        "nadia@example.org",
        "in use",
        "Embassy viewer",
        "never",
        "Change the e-mail",
        "Switch off",
    ):
        assert expected in text
    assert "Reset the second factor" not in text
    assert page_of(nadia) in text_of(admin.get(PEOPLE))


def test_switching_off_ends_sessions_and_tokens_and_tells_the_person(admin, client_two, nadia, administrator):
    token_of(nadia)
    assert sign_in(client_two)
    assert "id_reason_error" in text_of(admin.post(page_of(nadia, "switch-off/"), {"reason": ""}))
    answer = admin.post(page_of(nadia, "switch-off/"), REASON, follow=True)
    assert answer.redirect_chain == [(page_of(nadia), 302)]
    assert "The account of Nadia is switched off." in text_of(answer)
    assert not is_in(client_two)
    assert not sign_in(client_two)
    assert not ApiToken.objects.exists()
    [message] = mail.outbox
    assert (message.to, message.subject) == (["nadia@example.org"], "Your account in Alianza is switched off")
    assert f"Rosa, {administrator.email}" in message.body
    assert "Left the organization" not in message.body
    acts = AuditEvent.objects.filter(actor=administrator)
    assert set(acts.values_list("act", flat=True)) == {"token.revoked", "user.switched_off"}
    assert acts.get(act="user.switched_off").details == {"email": "nadia@example.org", "reason": "Left the organization"}


def test_a_session_that_was_ended_does_not_come_back_with_the_account(admin, client_two, nadia):
    sign_in(client_two)
    admin.post(page_of(nadia, "switch-off/"), REASON)
    admin.post(page_of(nadia, "switch-on/"), REASON)
    assert not is_in(client_two)
    assert not UserSession.objects.filter(user=nadia).exists()


def test_switching_on_gives_back_what_was(admin, client_two, nadia):
    admin.post(page_of(nadia, "switch-off/"), REASON)
    assert "Switch on" in text_of(admin.get(page_of(nadia)))
    answer = admin.post(page_of(nadia, "switch-on/"), {"reason": "Came back"}, follow=True)
    assert "is switched on" in text_of(answer)
    assert sign_in(client_two)
    assert client_two.get("/p/test-2017/partners/").status_code == 200
    assert mail.outbox[-1].subject == "Your account in Alianza is switched on again"
    assert AuditEvent.objects.get(act="user.switched_on").details["reason"] == "Came back"


def test_switching_twice_says_so(admin, nadia):
    assert "This account is not switched off." in text_of(admin.post(page_of(nadia, "switch-on/"), REASON))
    admin.post(page_of(nadia, "switch-off/"), REASON)
    assert "This account is switched off already." in text_of(admin.post(page_of(nadia, "switch-off/"), REASON))
    assert len(mail.outbox) == 1


def new_email(email="New@Example.org", seen="nadia@example.org"):
    return {"email": email, "seen": seen, "reason": "Another employer"}


def test_another_address_opens_the_account_and_the_old_one_does_not(admin, client_two, nadia):
    EmailAddress.objects.create(user=nadia, email=nadia.email, verified=True, primary=True)
    assert sign_in(client_two)
    admin.post(page_of(nadia, "email/"), new_email())
    assert not is_in(client_two)
    assert not sign_in(client_two, "nadia@example.org")
    assert sign_in(client_two, "new@example.org")
    left, arrived = mail.outbox
    assert (left.to, arrived.to) == (["nadia@example.org"], ["new@example.org"])
    assert "new@example.org" not in left.body
    assert "new@example.org" in arrived.body
    event = AuditEvent.objects.get(act="user.email_changed")
    assert (event.before, event.after) == ({"email": "nadia@example.org"}, {"email": "new@example.org"})


def test_a_reset_link_sent_to_the_old_address_dies_with_it(admin, client_two, nadia):
    client_two.post("/accounts/password/reset/", {"email": nadia.email})
    path = re.search(r"https?://[^/\s]+(/\S+)", mail.outbox[0].body)[1]
    admin.post(page_of(nadia, "email/"), new_email())
    assert "does not work any more" in text_of(client_two.get(path, follow=True))


def test_tokens_outlive_another_address(admin, nadia):
    token_of(nadia)
    admin.post(page_of(nadia, "email/"), new_email())
    assert ApiToken.objects.get().user == nadia


@pytest.mark.parametrize(
    "email", ["", "no address", "Taken@Example.org", "NADIA@example.org", "a\0b@example.org", f"{'x' * 250}@y.org"]
)
def test_what_is_wrong_with_an_address_is_said_at_the_field(admin, nadia, email):
    make.make_user(email="taken@example.org")
    text = text_of(admin.post(page_of(nadia, "email/"), new_email(email)))
    assert 'id="id_email_error"' in text
    assert "Another employer" in text
    nadia.refresh_from_db()
    assert (nadia.email, mail.outbox) == ("nadia@example.org", [])


def test_an_address_that_somebody_takes_in_the_same_moment_is_an_error_at_the_field(administrator, nadia, monkeypatch):
    make.make_user(email="taken@example.org")
    monkeypatch.setattr("partners.people.account_services.is_taken", lambda email: False)
    monkeypatch.setattr(User, "full_clean", lambda user, **rest: None)
    with pytest.raises(ValidationError) as caught:
        account_services.change_email(
            nadia.pk, actor=administrator, email="taken@example.org", seen=nadia.email, reason="x", now=NOW
        )
    assert set(caught.value.message_dict) == {"email"}


def test_an_address_that_somebody_changed_meanwhile_is_a_409(admin, nadia):
    answer = admin.post(page_of(nadia, "email/"), new_email(seen="older@example.org"))
    assert answer.status_code == 409
    nadia.refresh_from_db()
    assert nadia.email == "nadia@example.org"


def test_an_invitation_follows_the_address(admin, client_two, partnership, administrator):
    user = invite_user("typo@example.org", actor=administrator, name="Nadia", language="en", now=NOW)
    make.grant(user, Role.EMBASSY_VIEWER, partnership)
    old = invitation_path(user)
    admin.post(page_of(user, "email/"), new_email(seen="typo@example.org"))
    [message] = mail.outbox
    assert message.to == ["new@example.org"]
    new = re.search(r"https?://[^/\s]+(/\S+)", message.body)[1]
    assert (client_two.get(old).status_code, client_two.get(new).status_code) == (410, 200)


def test_a_lost_second_factor_is_reset(admin, client_two, nadia):
    totp.TOTP.activate(nadia, totp.generate_totp_secret())
    assert not sign_in(client_two)
    assert "Reset the second factor" in text_of(admin.get(page_of(nadia)))
    answer = admin.post(page_of(nadia, "second-factor/"), {"reason": "Phone stolen"}, follow=True)
    assert "The second factor of Nadia is reset." in text_of(answer)
    assert not Authenticator.objects.exists()
    assert client_two.get("/accounts/2fa/authenticate/")["Location"] == "/accounts/login/"
    assert client_two.get("/accounts/login/").status_code == 200  # who waited at the code begins anew
    assert sign_in(client_two)
    assert mail.outbox[0].subject == "Your second factor for Alianza was reset"
    assert AuditEvent.objects.get(act="user.second_factor_reset").details["reason"] == "Phone stolen"
    assert "This account has no second factor." in text_of(admin.post(page_of(nadia, "second-factor/"), REASON))


def test_the_mails_speak_the_persons_language(admin, nadia, monkeypatch):
    User.objects.filter(pk=nadia.pk).update(language="es")
    seen = []
    monkeypatch.setattr("partners.people.mail.send_mail", lambda *_args: seen.append(translation.get_language()))
    admin.post(page_of(nadia, "switch-off/"), REASON)
    admin.post(page_of(nadia, "switch-on/"), REASON)
    assert seen == ["es", "es"]


def test_a_mail_that_cannot_be_sent_is_said_and_the_account_is_off_all_the_same(admin, nadia, monkeypatch):
    def refuse(*_args):
        raise ConnectionRefusedError

    monkeypatch.setattr("partners.people.mail.send_mail", refuse)
    text = text_of(admin.post(page_of(nadia, "switch-off/"), REASON, follow=True))
    assert "The account of Nadia is switched off." in text
    assert "could not be sent" in text
    nadia.refresh_from_db()
    assert not nadia.is_active


ACTS = ["switch-off/", "switch-on/", "email/", "second-factor/"]


@pytest.mark.parametrize("act", ACTS)
def test_nobody_does_it_to_their_own_account(admin, administrator, act):
    answer = admin.post(page_of(administrator, act), new_email() | REASON)
    assert answer.status_code == 403
    assert "Nobody does this to their own account." in text_of(answer)
    assert "Nobody does this to their own account." in text_of(admin.get(page_of(administrator)))


@pytest.mark.parametrize("act", ["", *ACTS])
def test_an_officer_manages_no_account(login, officer, nadia, act):
    answer = login(officer).get(page_of(nadia, act))
    assert answer.status_code == 403
    assert "Who may: Administrator." in text_of(answer)


@pytest.mark.parametrize("act", ACTS)
def test_an_account_of_more_than_one_partnership_belongs_to_an_administrator_of_every_one(login, admin, nadia, act):
    address = page_of(nadia, act)
    make.grant(nadia, Role.EMBASSY_VIEWER, make.make_partnership(regions=("XB-ONE",)))
    answer = admin.post(address, REASON)
    assert answer.status_code == 403
    assert "Who may: An administrator of every partnership." in text_of(answer)
    assert login(make.make_user(Role.ADMINISTRATOR, None)).get(address).status_code == 200


def test_an_administrator_of_every_partnership_is_managed_by_such_a_one_alone(login, admin):
    everywhere = make.make_user(Role.ADMINISTRATOR, None)
    assert admin.post(page_of(everywhere, "switch-off/"), REASON).status_code == 403
    assert login(make.make_user(Role.ADMINISTRATOR, None)).post(page_of(everywhere, "switch-off/"), REASON).status_code == 302


def test_the_services_ask_too(officer, nadia):
    with pytest.raises(PermissionDenied):
        account_services.switch_off(nadia.pk, actor=officer, reason="x")
    with pytest.raises(PermissionDenied):
        account_services.reset_second_factor(nadia.pk, actor=officer, reason="x")


def test_of_two_administrators_who_switch_off_each_other_one_stays(administrator, person):
    other = person(Role.ADMINISTRATOR)
    account_services.switch_off(other.pk, actor=administrator, reason="x")
    with pytest.raises(PermissionDenied, match="Your own account was switched off meanwhile"):
        account_services.switch_off(administrator.pk, actor=other, reason="x")
    administrator.refresh_from_db()
    assert administrator.is_active


def test_an_account_without_any_access_is_not_a_partnership_administrators(administrator):
    with pytest.raises(PermissionDenied):
        account_services.switch_off(make.make_user().pk, actor=administrator, reason="x")


def test_a_switched_off_account_that_lost_its_roles_can_come_back(login, partnership):
    everywhere = make.make_user(Role.ADMINISTRATOR, None)
    user = make.make_user(email="off@example.org", is_active=False)
    client = login(everywhere)
    data = {"email": user.email, "name": "X", "role": "embassy_viewer", "organization": "", "language": "en"}
    answer = client.post(INVITE, data, follow=True)
    assert answer.redirect_chain == [(page_of(user), 302)]
    assert "stays so until somebody switches it on" in text_of(answer)
    assert mail.outbox == []
    client.post(page_of(user, "switch-on/"), REASON)
    user.refresh_from_db()
    assert user.is_active


def test_a_switched_off_account_is_not_invited_again_but_by_switching_it_on(admin, client_two, partnership, administrator):
    user = invite_user("new@example.org", actor=administrator, name="New", language="en", now=NOW)
    member = make.grant(user, Role.EMBASSY_VIEWER, partnership)
    admin.post(page_of(user, "switch-off/"), REASON)
    again = f"{PEOPLE}{member.pk}/invite-again/"
    assert again not in text_of(admin.get(PEOPLE))
    assert "This account is switched off." in text_of(admin.post(again, follow=True))
    admin.post(page_of(user, "switch-on/"), REASON)
    off, invitation = mail.outbox
    assert off.subject == "Your account in Alianza is switched off"
    path = re.search(r"https?://[^/\s]+(/\S+)", invitation.body)[1]
    assert client_two.get(path).status_code == 200


def test_an_invitation_again_to_somebody_of_every_partnership(login, partnership, client_two):
    everywhere = make.make_user(Role.ADMINISTRATOR, None)
    other = invite_user("other@example.org", actor=everywhere, name="Other", language="en", now=NOW)
    member = make.grant(other, Role.ADMINISTRATOR, None)
    login(everywhere).post(f"{PEOPLE}{member.pk}/invite-again/")
    assert "every partnership" in mail.outbox[0].body


def test_two_invitations_of_one_address_at_once_make_one_account(administrator, monkeypatch):
    existing = make.make_user(email="new@example.org")
    found = iter([None, existing])
    monkeypatch.setattr("cpc.accounts.invitations.locked_user", lambda email: next(found))
    monkeypatch.setattr(User, "full_clean", lambda user, **rest: None)
    assert invite_user("new@example.org", actor=administrator, name="New", language="en", now=NOW) == existing
