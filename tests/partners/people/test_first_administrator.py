"""`create_administrator`: the first person of a new site, without a mail server."""

import re
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from cpc.accounts.models import User
from cpc.audit.models import AuditEvent
from partners.models import Membership
from tests import factories as make

PASSWORD = "a-password-that-is-long-enough"


def run(*words):
    out, err = StringIO(), StringIO()
    call_command("create_administrator", *words, stdout=out, stderr=err)
    return out.getvalue()


def test_the_link_is_printed_alone_and_opens_the_site_once(client, partnership):
    out = run("Boss@Example.org", "--address", "https://alianza.example.org/")
    path = re.fullmatch(r"https://alianza\.example\.org(/accounts/invitation/\S+)\n", out)[1]
    assert mail.outbox == []
    assert client.post(path, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    assert client.get(path).status_code == 410
    client.post("/accounts/login/", {"login": "boss@example.org", "password": PASSWORD})
    assert client.get(f"/p/{partnership.key}/people/").status_code == 200


def test_the_administrator_is_one_of_every_partnership_and_the_trail_knows(db):
    run("boss@example.org")
    member = Membership.objects.get()
    assert (member.user.email, member.user.name) == ("boss@example.org", "boss")
    assert (member.role, member.partnership) == ("administrator", None)
    assert set(AuditEvent.objects.values_list("act", flat=True)) == {"user.invited", "membership.given"}


def test_running_it_again_makes_a_new_link_and_nobody_twice(client, db):
    first, second = run("boss@example.org"), run("boss@example.org")
    paths = [out.strip().partition("8000")[2] for out in (first, second)]
    assert [client.get(path).status_code for path in paths] == [410, 200]
    assert (User.objects.count(), Membership.objects.count()) == (1, 1)


def test_somebody_with_an_account_becomes_one_and_keeps_the_password_until_the_link_is_used(db):
    make.make_user(email="known@example.org")
    User.objects.update(password="")
    user = User.objects.get()
    user.set_password(PASSWORD)
    user.save()
    run("known@example.org")
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert user.memberships.get().role == "administrator"


@pytest.mark.parametrize("email", ["no address", ""])
def test_what_is_no_address_is_refused(db, email):
    with pytest.raises(CommandError):
        run(email)
    assert not User.objects.exists()
