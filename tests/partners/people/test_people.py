"""Who has access: the list, invitations, changes, ends."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import get_language

from cpc.accounts.models import ApiToken, User
from cpc.accounts.services import create_token
from cpc.audit.models import AuditEvent
from partners.models import Membership
from partners.roles import ORGANIZATION_ROLES, Role
from tests import factories as make

PEOPLE = "/p/test-2017/people/"
INVITE = f"{PEOPLE}invite/"
PASSWORD = "a-password-that-is-long-enough"


@pytest.fixture
def administrator(person):
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def partner(partnership):
    organization = make.make_organization("ilo", name_en="Labour Organization")
    make.make_member(partnership, organization)
    return organization


@pytest.fixture
def host(partnership):
    organization = make.make_organization("ministry", organization_class="government")
    make.make_member(partnership, organization, part="host_entity")
    return organization


def invitation(**changes):
    person = {"email": "New@Example.org", "name": "Nadia", "language": "es"}
    return person | {"role": "partner_preparer", "organization": "ilo"} | changes


def path_in(message) -> str:
    return re.search(r"https?://[^/\s]+(/\S+)", message.body)[1]


def sentences(answer) -> str:
    return answer.content.decode()


def test_an_officer_invites_a_partner_who_sets_a_password_and_signs_in(login, client_two, officer, partner):
    answer = login(officer).post(INVITE, invitation(), follow=True)
    assert answer.redirect_chain == [(PEOPLE, 302)]
    assert "An invitation is on its way to new@example.org." in sentences(answer)
    member = Membership.objects.get(user__email="new@example.org")
    assert (member.role, member.organization, member.exact_counts) == ("partner_preparer", partner, False)
    [message] = mail.outbox
    assert message.to == ["new@example.org"]
    path = path_in(message)
    page = client_two.get(path)
    assert '<html lang="es">' in sentences(page)
    assert "no-store" in page["Cache-Control"]
    assert client_two.post(path, {"password1": PASSWORD, "password2": PASSWORD})["Location"] == "/accounts/login/"
    assert client_two.post("/accounts/login/", {"login": "new@example.org", "password": PASSWORD}).status_code == 302
    assert client_two.get("/p/test-2017/partners/").status_code == 200


def test_the_invitation_is_written_in_the_invited_persons_language(login, officer, partner, monkeypatch):
    seen = []
    monkeypatch.setattr("partners.people.mail.send_mail", lambda *_args: seen.append(get_language()))
    for number, language in enumerate(("es", "en")):
        login(officer).post(INVITE, invitation(email=f"n{number}@example.org", language=language))
    assert seen == ["es", "en"]


def test_an_invitation_works_once(login, client_two, officer, partner):
    login(officer).post(INVITE, invitation())
    path = path_in(mail.outbox[0])
    client_two.post(path, {"password1": PASSWORD, "password2": PASSWORD})
    again = client_two.post(path, {"password1": "some-other-long-password", "password2": "some-other-long-password"})
    assert again.status_code == 410
    assert "does not work any more" in client_two.get(f"{path.split('?')[0]}?lang=en").content.decode()
    assert User.objects.get(email="new@example.org").check_password(PASSWORD)


def test_an_invitation_ends_after_a_week_and_can_be_sent_again(login, client_two, officer, partner):
    with time_machine.travel("2026-03-01 12:00:00Z", tick=False) as clock:
        client = login(officer)
        client.post(INVITE, invitation())
        clock.shift(timedelta(days=7))
        assert client_two.get(path_in(mail.outbox[0])).status_code == 200
        clock.shift(1)
        assert client_two.get(path_in(mail.outbox[0])).status_code == 410
        client.force_login(officer)
        assert "invitation expired" in sentences(client.get(PEOPLE))
        member = Membership.objects.get(user__email="new@example.org")
        client.post(f"{PEOPLE}{member.pk}/invite-again/")
        assert client_two.get(path_in(mail.outbox[1])).status_code == 200
        assert client_two.get(path_in(mail.outbox[0])).status_code == 410


def test_a_newer_invitation_replaces_the_older_one(login, client_two, officer, partner):
    client = login(officer)
    client.post(INVITE, invitation())
    client.post(f"{PEOPLE}{Membership.objects.get(user__email='new@example.org').pk}/invite-again/")
    old, new = (path_in(message) for message in mail.outbox)
    assert (client_two.get(old).status_code, client_two.get(new).status_code) == (410, 200)


@pytest.mark.parametrize("text", ["x", "WzEsICJ4Il0:1:2", "ñ", "%00"])
def test_a_made_up_invitation_is_dead(client, db, text):
    assert client.get(f"/accounts/invitation/{text}/").status_code == 410


def test_the_passwords_of_an_invitation_are_checked(login, client_two, officer, partner):
    login(officer).post(INVITE, invitation(language="en"))
    path = path_in(mail.outbox[0])
    common = "password1234"
    for first, second, field in (("short", "short", 1), (PASSWORD, "another", 2), (common, common, 1), ("", "", 1)):
        text = client_two.post(path, {"password1": first, "password2": second}).content.decode()
        assert f'id="id_password{field}_error"' in text
    assert not User.objects.get(email="new@example.org").has_usable_password()


def test_somebody_with_an_account_gets_the_role_and_a_mail_without_a_link_to_set_a_password(login, officer, partner):
    known = User.objects.create_user("known@example.org", PASSWORD, name="Known")
    login(officer).post(INVITE, invitation(email="known@example.org", name="Other"))
    known.refresh_from_db()
    assert (known.name, known.check_password(PASSWORD), known.invited_at) == ("Known", True, None)
    assert known.memberships.get().organization == partner
    assert path_in(mail.outbox[0]) == "/accounts/login/"


def test_a_mail_that_cannot_be_sent_is_said_and_loses_nothing(login, officer, partner, monkeypatch):
    def refuse(*_args):
        raise ConnectionRefusedError

    monkeypatch.setattr("partners.people.mail.send_mail", refuse)
    answer = login(officer).post(INVITE, invitation(), follow=True)
    assert "the mail could not be sent" in sentences(answer)
    assert Membership.objects.filter(user__email="new@example.org").exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"email": ""}, "email"),
        ({"name": ""}, "name"),
        ({"language": "fr"}, "language"),
        ({"role": "grants_officer", "organization": ""}, "role"),
        ({"role": "king"}, "role"),
        ({"role": ""}, "role"),
        ({"organization": ""}, "organization"),
        ({"organization": "ministry"}, "organization"),
        ({"organization": "nowhere"}, "organization"),
        ({"role": "host_delegate"}, "organization"),
        ({"email": "off@example.org"}, "email"),
    ],
)
def test_what_is_wrong_with_an_invitation_is_said_at_the_field(login, officer, partner, host, change, field):
    make.make_user(email="off@example.org", is_active=False)
    before = Membership.objects.count()
    text = sentences(login(officer).post(INVITE, invitation(**change)))
    assert f'id="id_{field}_error"' in text
    assert (Membership.objects.count(), mail.outbox) == (before, [])


def test_an_organization_of_another_partnership_cannot_be_chosen(login, officer, partner):
    elsewhere = make.make_organization("elsewhere")
    make.make_member(make.make_partnership(regions=("XB-ONE",)), elsewhere)
    assert 'id="id_organization_error"' in sentences(login(officer).post(INVITE, invitation(organization="elsewhere")))


def test_the_same_role_twice_is_refused(login, officer, partner):
    client = login(officer)
    client.post(INVITE, invitation())
    assert "This person has that role already." in sentences(client.post(INVITE, invitation()))
    assert Membership.objects.filter(user__email="new@example.org").count() == 1


def test_an_officer_offers_partner_and_host_roles_only(login, officer, partner):
    form = login(officer).get(INVITE).context["form"]
    assert {role for role, _label in form.fields["role"].choices} == ORGANIZATION_ROLES | {""}
    assert "exact_counts" not in form.fields


def test_an_officer_cannot_slip_exact_counts_in(login, officer, partner):
    login(officer).post(INVITE, invitation(exact_counts="on"))
    assert not Membership.objects.get(user__email="new@example.org").exact_counts


def test_an_administrator_gives_every_role_and_exact_counts(login, administrator, partner, host):
    client = login(administrator)
    for number, role in enumerate(Role):
        organization = {"host_delegate": "ministry"}.get(role, "ilo") if role in ORGANIZATION_ROLES else ""
        data = invitation(email=f"n{number}@example.org", role=role, organization=organization, exact_counts="on")
        assert client.post(INVITE, data).status_code == 302, role
        member = Membership.objects.get(user__email=f"n{number}@example.org")
        assert (member.role, member.exact_counts) == (role, True)


def test_a_role_without_an_organization_takes_none(login, administrator, partner):
    text = sentences(login(administrator).post(INVITE, invitation(role="embassy_viewer")))
    assert 'id="id_organization_error"' in text


def test_nobody_gives_access_to_themselves(login, officer, partner):
    answer = login(officer).post(INVITE, invitation(email=officer.email))
    assert answer.status_code == 403
    assert "Nobody gives access to themselves." in sentences(answer)


def change_of(member, **changes):
    organization = member.organization.key if member.organization else ""
    seen = f"{member.role}|{organization}|{member.exact_counts}"
    return {"role": member.role, "organization": organization, "seen": seen} | changes


@pytest.fixture
def preparer(person, partner):
    return person(Role.PARTNER_PREPARER, organization=partner).memberships.get()


def test_an_officer_makes_a_preparer_a_certifier(login, officer, preparer):
    login(officer).post(f"{PEOPLE}{preparer.pk}/change/", change_of(preparer, role="partner_certifier"))
    preparer.refresh_from_db()
    assert preparer.role == "partner_certifier"
    event = AuditEvent.objects.get(act="membership.changed")
    assert (event.actor, event.before["role"], event.after["role"]) == (officer, "partner_preparer", "partner_certifier")
    assert event.partnership_key == "test-2017"


def test_an_officer_cannot_make_a_preparer_an_officer(login, officer, preparer):
    answer = login(officer).post(f"{PEOPLE}{preparer.pk}/change/", change_of(preparer, role="program_officer", organization=""))
    assert 'id="id_role_error"' in sentences(answer)


def test_an_officers_change_keeps_the_view_of_counts(login, officer, preparer):
    Membership.objects.filter(pk=preparer.pk).update(exact_counts=True)
    preparer.refresh_from_db()
    login(officer).post(f"{PEOPLE}{preparer.pk}/change/", change_of(preparer, role="partner_certifier"))
    preparer.refresh_from_db()
    assert (preparer.role, preparer.exact_counts) == ("partner_certifier", True)


def test_an_administrator_gives_and_takes_the_view_of_exact_counts(login, administrator, viewer):
    member, client = viewer.memberships.get(), login(administrator)
    for switch, expected in (({"exact_counts": "on"}, True), ({}, False)):
        client.post(f"{PEOPLE}{member.pk}/change/", change_of(member, **switch))
        member.refresh_from_db()
        assert member.exact_counts is expected


def test_a_change_that_somebody_overtook_is_a_409(login, officer, preparer):
    data = change_of(preparer)
    Membership.objects.filter(pk=preparer.pk).update(role="partner_certifier")
    answer = login(officer).post(f"{PEOPLE}{preparer.pk}/change/", data)
    assert answer.status_code == 409
    assert "Somebody else changed the access" in sentences(answer)
    preparer.refresh_from_db()
    assert preparer.role == "partner_certifier"


def test_access_ends_with_a_reason_at_the_persons_next_click(login, client_two, officer, preparer):
    client_two.force_login(preparer.user)
    assert client_two.get("/p/test-2017/partners/").status_code == 200
    client = login(officer)
    assert 'id="id_reason_error"' in sentences(client.post(f"{PEOPLE}{preparer.pk}/end/", {"reason": ""}))
    client.post(f"{PEOPLE}{preparer.pk}/end/", {"reason": "Left the organization"})
    assert client_two.get("/p/test-2017/partners/").status_code == 404
    event = AuditEvent.objects.get(act="membership.ended")
    assert event.details == {"reason": "Left the organization"}
    assert event.before["email"] == preparer.user.email


@pytest.mark.parametrize("act", ["change", "end"])
def test_nobody_changes_or_ends_their_own_access(login, administrator, act):
    answer = login(administrator).get(f"{PEOPLE}{administrator.memberships.get().pk}/{act}/")
    assert answer.status_code == 403
    assert "Nobody changes their own access." in sentences(answer)


@pytest.mark.parametrize("act", ["change", "end", "invite-again"])
def test_an_officer_does_not_touch_other_officers(login, officer, viewer, act):
    answer = login(officer).post(f"{PEOPLE}{viewer.memberships.get().pk}/{act}/", {"reason": "x"})
    assert answer.status_code == 403
    assert "Who may: Administrator." in sentences(answer)
    assert Membership.objects.filter(user=viewer).exists()


def test_access_to_another_partnership_is_a_404(login, administrator, stranger):
    assert login(administrator).post(f"{PEOPLE}{stranger.memberships.get().pk}/end/", {"reason": "x"}).status_code == 404


def test_an_administrator_of_one_partnership_leaves_those_of_every_one_alone(login, administrator):
    everywhere = make.make_user(Role.ADMINISTRATOR, None)
    client = login(administrator)
    assert everywhere.email in sentences(client.get(PEOPLE))
    assert client.post(f"{PEOPLE}{everywhere.memberships.get().pk}/end/", {"reason": "x"}).status_code == 403
    other = make.make_user(Role.ADMINISTRATOR, None)
    client.force_login(other)
    assert client.post(f"{PEOPLE}{everywhere.memberships.get().pk}/end/", {"reason": "x"}).status_code == 302
    assert not everywhere.memberships.exists()


def test_somebody_with_a_password_is_not_invited_again(login, officer, preparer):
    preparer.user.set_password(PASSWORD)
    preparer.user.save()
    answer = login(officer).post(f"{PEOPLE}{preparer.pk}/invite-again/", follow=True)
    assert "has a password already" in sentences(answer)
    assert mail.outbox == []


def test_the_list_shows_its_own_people_by_name_and_costs_the_same_for_ten(login, officer, person, stranger):
    for name in ("Óscar", "ñandú", "Zoe", "Ángel"):
        person(Role.EMBASSY_VIEWER, name=name)
    client = login(officer)
    text = sentences(client.get(PEOPLE))
    places = [text.index(name) for name in ("Ángel", "ñandú", "Óscar", "Zoe")]
    assert places == sorted(places)
    assert stranger.email not in text
    with CaptureQueriesContext(connection) as few:
        client.get(PEOPLE)
    for _number in range(10):
        person(Role.PARTNER_PREPARER)
    with CaptureQueriesContext(connection) as many:
        client.get(PEOPLE)
    assert len(many) == len(few)


def test_an_administrator_sees_and_revokes_every_token_of_the_partnership(login, administrator, viewer, stranger):
    for owner, name in ((viewer, "ours"), (stranger, "theirs")):
        create_token(owner, actor=owner, name=name, scopes=["funding:read"], now=timezone.now())
    client = login(administrator)
    text = sentences(client.get(f"{PEOPLE}tokens/"))
    assert "ours" in text
    assert viewer.email in text
    assert "theirs" not in text
    assert client.post(f"{PEOPLE}tokens/revoke/?name=theirs").status_code == 404
    assert client.post(f"{PEOPLE}tokens/revoke/?name=ours")["Location"] == f"{PEOPLE}tokens/"
    assert [token.name for token in ApiToken.objects.all()] == ["theirs"]


def test_the_menu_leads_to_the_page_whoever_may_see_it(login, officer, viewer):
    assert f'href="{PEOPLE}"' in sentences(login(officer).get("/p/test-2017/partners/"))
    assert f'href="{PEOPLE}"' not in sentences(login(viewer).get("/p/test-2017/partners/"))
