"""Whoever changes how an account is entered tells its owner, in the owner's language, and the trail."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.utils import translation

from cpc.accounts.adapter import ACTS
from cpc.accounts.models import User
from cpc.audit.models import AuditEvent

from .conftest import PASSWORD, link_in
from .test_second_factor import ACTIVATE, code_for

NEW = "another-password-just-as-long"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def inside(client, ana, sign_in):
    """Ana, signed in, who has just confirmed that it is her."""
    sign_in()
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def change_password(client, **more):
    data = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    return client.post("/accounts/password/change/", data, **more)


def acts():
    return list(AuditEvent.objects.order_by("pk").values_list("act", flat=True))


def test_a_changed_password_is_told_with_when_and_where_from(inside, ana):
    change_password(inside, headers={"user-agent": FIREFOX}, REMOTE_ADDR="10.0.0.7")
    [message] = mail.outbox
    assert (message.to, message.subject) == ([ana.email], "Your password for Alianza is changed")
    assert "Hello Ana," in message.body
    assert "From: Firefox, Linux, at the address 10.0.0.7" in message.body
    assert "When: " in message.body
    assert "<" not in message.body
    assert link_in(message) == "/accounts/password/reset/"
    assert acts() == ["user.password_changed"]


def test_a_reset_password_is_told(client, ana):
    client.post("/accounts/password/reset/", {"email": ana.email})
    path = client.get(link_in(mail.outbox[0]), follow=True).redirect_chain[-1][0]
    client.post(path, {"password1": NEW, "password2": NEW})
    assert [message.subject for message in mail.outbox] == [
        "Set a new password for Alianza",
        "Your password for Alianza is changed",
    ]
    assert acts() == ["user.password_reset"]


def test_a_second_factor_is_told_when_it_comes_and_goes(inside, monkeypatch):
    monkeypatch.setattr("django.db.transaction.on_commit", lambda tell: tell())  # a test never commits
    inside.get(ACTIVATE)
    inside.post(ACTIVATE, {"code": code_for(inside.session[totp.SECRET_SESSION_KEY])})
    inside.post("/accounts/2fa/recovery-codes/generate/")
    inside.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert [message.subject for message in mail.outbox] == [
        "Your second factor for Alianza is on",
        "You have new recovery codes for Alianza",
        "Your second factor for Alianza is off",
    ]
    assert acts() == ["user.second_factor_on", "user.recovery_codes_made", "user.second_factor_off"]


def test_the_mail_speaks_the_owners_language_and_hour(inside, ana, monkeypatch):
    User.objects.update(language="es", time_zone="America/Lima")
    seen = []
    monkeypatch.setattr(
        "allauth.account.adapter.EmailMultiAlternatives.send", lambda _mail: seen.append(translation.get_language())
    )
    change_password(inside)
    assert seen == ["es"]


def test_a_refused_change_tells_nobody(inside):
    inside.post("/accounts/password/change/", {"oldpassword": "wrong", "password1": NEW, "password2": NEW})
    assert (mail.outbox, acts()) == ([], [])


def test_a_mail_server_that_is_down_loses_no_change_and_betrays_no_address(inside, client_two, ana, monkeypatch):
    def refuse(_mail):
        raise ConnectionRefusedError

    monkeypatch.setattr("allauth.account.adapter.EmailMultiAlternatives.send", refuse)
    assert change_password(inside).status_code == 302
    ana.refresh_from_db()
    assert ana.check_password(NEW)
    answers = [client_two.post("/accounts/password/reset/", {"email": email}) for email in (ana.email, "nobody@example.org")]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/accounts/password/reset/done/")] * 2


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("prefix", ACTS)
def test_every_notification_has_a_text_of_this_site(rf, ana, prefix, language):
    ana.language = language
    from allauth.account.adapter import get_adapter
    from allauth.core.context import request_context

    request = rf.get("/")
    with request_context(request):
        get_adapter(request).send_notification_mail(prefix, ana)
    [message] = mail.outbox
    assert message.subject
    assert "http://testserver/accounts/password/reset/" in message.body
    assert "IP address" not in message.body  # allauth's own text
