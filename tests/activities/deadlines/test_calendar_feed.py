"""A person's private calendar: what stands in it, for whom, and that any program can read it."""

import re
from datetime import date, datetime, timedelta

import pytest
import vobject
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from activities.deadlines.feed import make_feed
from activities.deadlines.status import ENDS
from activities.models import CalendarFeed, Deadline, Dialogue, Report, ReportVersion, Transition
from activities.tasks import recompute
from cpc.audit.models import AuditEvent
from partners.models import Membership
from tests import factories as make

TODAY = make.day("2020-02-10")
PAGE = "/accounts/calendar/"


@pytest.fixture(autouse=True)
def _play():
    with override_settings(ALIANZA_TODAY=TODAY):
        yield


@pytest.fixture
def world(db):
    """A partnership, two recipients of one award, and every date that follows."""
    partnership = make.make_partnership("test-2017", name_es="Alianza; de prueba, ñandú")
    organizations = [make.make_organization(f"org-{letter}", name_en=f"Org {letter}, Inc; x") for letter in "ab"]
    for one in organizations:
        make.make_member(partnership, one)
    award = make.make_award(partnership, recipients=organizations, key="award-a", title_en="A title " * 12)
    make.make_action(award, start="2020-01", end="2020-12", effective="2020-01")
    recompute(partnership.pk, today=TODAY)
    partnership.organizations, partnership.award = organizations, award
    return partnership


@pytest.fixture
def officer(world):
    return make.make_user("program_officer", world)


def address_of(user) -> str:
    return reverse("calendar:feed", args=[make_feed(user, now=timezone.now())])


def read(address: str):
    """The events of an address by UID, read by a parser that is not the one that wrote them; and the answer."""
    answer = Client().get(address)
    assert answer.status_code == 200
    calendar = vobject.readOne(answer.content.decode())
    assert calendar.validate(raiseException=True)
    return {event.uid.value: event for event in calendar.contents.get("vevent", [])}, answer


def open_of(user):
    return Deadline.objects.open().visible_to(user).filter(met_at=None).exclude(due_on__lt=TODAY, kind__in=ENDS)


def test_it_holds_the_open_dates_that_the_person_sees_each_once(world, officer):
    preparer = make.make_user("partner_preparer", world, organization=world.organizations[0])
    delegate = make.make_user("host_delegate", world)
    for person in (officer, preparer, delegate):
        events, _answer = read(address_of(person))
        assert sorted(event.dtstart.value for event in events.values()) == sorted(
            open_of(person).values_list("due_on", flat=True)
        )
    assert not any("Org b" in str(event) for event in read(address_of(preparer))[0].values())
    assert {event.categories.value[0] for event in events.values()} == {
        "Term ends",
        "Decide on an extension of the term",
        "Yearly targets",
    }
    assert read(address_of(make.make_user()))[0] == {}


def test_an_event_is_a_whole_day_with_reason_both_clocks_and_the_page(world, officer):
    events, _answer = read(address_of(officer))
    event = events["deadline-award-a-org-a-2020-q2-financial@alianza"]
    assert (event.dtstart.value, event.dtend.value) == (date(2020, 7, 30), date(2020, 7, 31))
    assert event.summary.value == "Quarterly SF-425, April–June 2020: Org a, Inc; x"
    text = event.description.value
    assert "Until 30 Jul 2020, 23:59 in Lima; the clock in Washington then says 31 Jul 2020, 00:59." in text
    assert "Counted from 30 Jun 2020, end of the reporting period" in text
    assert "2 CFR 200" in text
    assert "Waiting on: Org a, Inc; x" in text
    page = "http://testserver/p/test-2017/deadlines/award-a-org-a-2020-q2-financial/"
    assert event.url.value == page
    assert text.endswith(page)
    client = Client()
    client.force_login(officer)
    assert client.get(page).status_code == 200


def test_it_speaks_the_persons_language_and_the_partnerships_zone(world):
    person = make.make_user("program_officer", world, language="es")
    events, answer = read(address_of(person))
    assert "ñandú" in events["deadline-test-2017-term-end@alianza"].description.value
    assert answer.headers["Content-Language"] == "es"
    assert "junio de 2020" in events["deadline-award-a-org-a-2020-q2-financial@alianza"].summary.value
    make.make_award(make.make_partnership("elsewhere", time_zone="America/New_York"))
    elsewhere = make.make_user("program_officer", make.make_partnership("third", time_zone="Africa/Addis_Ababa"))
    recompute(elsewhere.memberships.get().partnership_id, today=TODAY)
    (event,) = (one for uid, one in read(address_of(elsewhere))[0].items() if uid.startswith("deadline-third-term-end"))
    assert "23:59 in Addis Ababa; the clock in Washington then says 30 Jun 2021, 16:59" in event.description.value


def test_the_file_keeps_to_the_format_line_by_line(world, officer):
    """RFC 5545, 3.1 and 3.3.11, by hand: lines, folding, escapes; what each event must have, once."""
    answer = read(address_of(officer))[1]
    raw = answer.content
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    for line in raw.split(b"\r\n"):
        line.decode()  # no character is cut in two
    lines = raw.replace(b"\r\n ", b"").decode().split("\r\n")
    values = [line.partition(":")[2] for line in lines if line.startswith(("SUMMARY", "DESCRIPTION"))]
    assert not any(re.search(r"(?<!\\)(\\\\)*[,;]", value) for value in values)
    assert any(r"\, Inc\; x" in value for value in values)
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == len(values) / 2
    for name in ("UID", "DTSTAMP", "DTSTART;VALUE=DATE", "DTEND;VALUE=DATE", "LAST-MODIFIED", "SEQUENCE", "URL"):
        assert sum(line.startswith(f"{name}:") for line in lines) == len(values) / 2, name
    assert all(re.fullmatch(r"DTSTAMP:\d{8}T\d{6}Z", line) for line in lines if line.startswith("DTSTAMP"))
    assert len({line for line in lines if line.startswith("UID")}) == len(values) / 2


def test_an_event_that_moves_stays_the_same_event_and_says_that_it_changed(world, officer):
    address = address_of(officer)
    before, _answer = read(address)
    Deadline.objects.update(created_at=timezone.now() - timedelta(days=3), changed_at=timezone.now() - timedelta(days=3))
    settled, _answer = read(address)
    make.make_action(world.award, kind="no_cost_extension", amount=None, end="2021-06", effective="2020-02-08")
    recompute(world.pk, today=TODAY)
    after, _answer = read(address)
    for uid in ("award-a-award-end", "award-a-org-a-final-performance", "award-a-org-b-final-financial"):
        old, new = (events[f"deadline-{uid}@alianza"] for events in (settled, after))
        assert new.dtstart.value > old.dtstart.value
        assert int(new.sequence.value) > int(old.sequence.value)
        assert new.last_modified.value > old.last_modified.value
    same = "deadline-award-a-org-a-2020-q1-financial@alianza"
    assert settled[same].serialize() == after[same].serialize()
    assert set(before) <= set(after)


def test_what_is_met_leaves_and_what_was_returned_comes_back_with_its_own_day(world, officer):
    report = Report.objects.get(organization=world.organizations[0], period_to="2020-03-31")
    version = ReportVersion.objects.create(report=report)
    preparer = make.make_user("partner_certifier", world, organization=world.organizations[0])
    address, uid = address_of(preparer), "deadline-award-a-org-a-2020-q1-financial@alianza"
    assert uid in read(address)[0]
    at = datetime(2020, 2, 10, 9, tzinfo=make.LIMA)
    Deadline.objects.filter(recipient=world.organizations[0], period_to="2020-03-31").update(met_at=at)
    assert uid not in read(address)[0]
    due = make.day("2020-02-24")
    for state in ("submitted", "in_review", "returned"):
        ReportVersion.objects.filter(pk=version.pk).update(state=state, due_on=due if state == "returned" else None)
        Transition.objects.create(version=version, move=state, end=state, actor=officer, at=at)
    event = read(address)[0][f"returned-{report.key}-1@alianza"]
    assert event.dtstart.value == due
    assert event.summary.value.startswith("Returned, due again: Quarterly report, January–March 2020")
    assert event.url.value.endswith(f"/reports/{report.key}/")


def test_a_dialogue_stands_there_until_it_is_over(world, officer):
    make.make_dialogue(world)
    to_come = make.make_dialogue(world, ordinal=2, start="2020-03-04", end="2020-03-05", place_en="Lima")
    Dialogue.objects.filter(pk=to_come.pk).update(known_on=TODAY)
    make.make_dialogue(world, ordinal=3, start="2021-03-04")  # nobody can know of it yet
    address, uid = address_of(officer), f"dialogue-{to_come.key}@alianza"
    events, _answer = read(address)
    assert [one for one in events if one.startswith("dialogue-")] == [uid]
    event = events[uid]
    assert (event.dtstart.value, event.dtend.value) == (date(2020, 3, 4), date(2020, 3, 6))
    assert "days in Lima; the hours, there and in Washington, are not recorded" in event.description.value
    Dialogue.objects.filter(pk=to_come.pk).update(ends_on=date(2020, 3, 6))
    moved = read(address)[0][uid]
    assert moved.dtend.value == date(2020, 3, 7)
    assert moved.dtstart.value == event.dtstart.value


def test_a_commitment_says_what_was_promised_and_by_whom(world, officer):
    owner = make.make_organization("ministry", name_en="Ministry")
    make.make_commitment(make.make_dialogue(world), owner=owner, due_on=date(2020, 6, 1))
    recompute(world.pk, today=TODAY)
    (event,) = (one for one in read(address_of(officer))[0].values() if one.dtstart.value == date(2020, 6, 1))
    assert event.summary.value.endswith(": Ministry")
    assert "Name mentors" in event.description.value


def test_the_address_follows_the_access_of_its_person_at_once(world, officer):
    preparer = make.make_user("partner_preparer", world, organization=world.organizations[0])
    address = address_of(preparer)
    assert read(address)[0]
    Membership.objects.filter(user=preparer).delete()
    assert read(address)[0] == {}
    preparer.is_active = False
    preparer.save()
    assert Client().get(address).status_code == 404
    preparer.is_active = True
    preparer.save()
    assert Client().get(address).status_code == 200
    newer = address_of(preparer)
    assert Client().get(address).status_code == 404
    assert Client().get(newer).status_code == 200
    for wrong in ("x", "%00", "a" * 500, "ñ", newer.rpartition("/")[2][:-5]):
        assert Client().get(f"/calendar/{wrong}.ics").status_code == 404, wrong


def test_it_needs_no_session_sets_no_cookie_and_answers_not_modified(world, officer):
    address = address_of(officer)
    answer = Client().get(address)
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "private, no-cache"
    again = Client().get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert Client().head(address).status_code == 200
    Deadline.objects.open().filter(kind="term_end").delete()
    changed = Client().get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert changed.status_code == 200
    revoked = CalendarFeed.objects.filter(user=officer).delete()
    assert revoked
    assert Client().get(address, headers={"If-None-Match": changed.headers["ETag"]}).status_code == 404


def test_the_database_keeps_no_address(world, officer):
    text = make_feed(officer, now=timezone.now())
    feed = CalendarFeed.objects.get()
    assert text not in str(vars(feed))
    assert re.fullmatch(r"[0-9a-f]{64}", feed.digest)
    assert not AuditEvent.objects.filter(details__icontains=text).exists()


def test_the_page_makes_replaces_and_takes_back_an_address(client, world, officer):
    client.force_login(officer)
    assert "You have no address" in client.get(PAGE).content.decode()
    first = client.post(PAGE, {"act": "make"})
    (address,) = re.findall(r"http://testserver(/calendar/[^<\s]+\.ics)", first.content.decode())
    events, _answer = read(address)
    assert first.context["n_entries"] == len(events)
    page = client.get(PAGE)
    assert address not in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    second = client.post(PAGE, {"act": "make"}).context["made"]
    assert Client().get(address).status_code == 404
    assert Client().get(second).status_code == 200
    assert client.post(PAGE, {"act": "revoke"}).status_code == 302
    assert Client().get(second).status_code == 404
    client.post(PAGE, {"act": "revoke"})
    client.post(PAGE, {"act": "nothing"})
    acts = AuditEvent.objects.filter(act__startswith="calendar.").order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["calendar.made", "calendar.replaced", "calendar.revoked"]
    assert not CalendarFeed.objects.exists()
