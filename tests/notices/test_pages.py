"""The page of notices, its head on every page, the mails that did not go, and the ladder of a partnership."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activities.models import JobRun
from cpc.audit.models import AuditEvent
from cpc.core import clock
from cpc.notices.models import Kind, Ladder, Letter, Notice
from partners.models import Membership
from partners.roles import Role
from tests import factories as make

from .conftest import AT

pytestmark = pytest.mark.django_db
LIST = "/notices/"


def notice_to(user, partnership, **fields):
    values = {
        "kind": "deadline",
        "subject_key": f"subject-{make.day('2020-01-30')}-{Notice.objects.count()}",
        "subject_en": "Quarterly report",
        "subject_es": "Informe trimestral",
        "path": f"/p/{partnership.key}/deadlines/",
        "due_on": make.day("2020-01-30"),
        "planned_on": make.day("2020-02-10"),
        "planned_at": AT,
    }
    return Notice.objects.create(recipient=user, partnership=partnership, **(values | fields))


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode()).replace("\xa0", " ")


def test_page_shows_the_readers_own_in_the_readers_language_with_the_way_to_the_subject(login, officer, viewer, partnership):
    notice_to(officer, partnership)
    notice_to(viewer, partnership, subject_en="Somebody else's")
    page = text_of(login(officer).get(LIST))
    assert "11 days late; due on 30 Jan 2020" in page
    assert '<a href="/p/test-2017/deadlines/">Quarterly report</a>' in page
    assert "Somebody else" not in page
    assert "Informe trimestral" in text_of(login(officer).get(f"{LIST}?lang=es"))


def test_unread_ones_are_counted_in_the_head_of_every_page_without_a_statement_more(login, officer, partnership):
    client = login(officer)
    client.get("/accounts/profile/")
    with CaptureQueriesContext(connection) as before:
        assert "not read" not in text_of(client.get("/accounts/profile/"))
    for n in range(3):
        notice_to(officer, partnership, read_at=AT if n == 2 else None)
    make.grant(officer, Role.GRANTS_OFFICER, partnership)  # two roles do not count twice
    with CaptureQueriesContext(connection) as after:
        assert '<b class="al-badge">2<span' in text_of(client.get("/accounts/profile/"))
    assert len(after) == len(before)


def test_page_says_when_nobody_has_looked_for_notices(login, officer, on):
    warning = "Nobody has looked for new notices"
    assert warning in text_of(login(officer).get(LIST))
    on()
    assert warning not in text_of(login(officer).get(LIST))
    JobRun.objects.update(started_at=clock.now() - timedelta(minutes=6))
    assert warning in text_of(login(officer).get(LIST))


def test_mark_one_and_mark_all_as_read_keep_the_filter(login, officer, partnership):
    first, _second = notice_to(officer, partnership), notice_to(officer, partnership)
    client = login(officer)
    assert client.post(f"{LIST}{first.pk}/read/?show=all")["Location"] == f"{LIST}?show=all"
    assert list(Notice.objects.unread().values_list("pk", flat=True)) == [_second.pk]
    assert client.get(f"{LIST}read/").status_code == 405
    assert client.post(f"{LIST}read/")["Location"] == LIST
    assert not Notice.objects.unread().exists()
    assert "Nothing new" in text_of(client.get(LIST))


def test_nobody_marks_anothers_and_who_lost_access_sees_none(login, officer, viewer, partnership):
    notice = notice_to(officer, partnership)
    assert login(viewer).post(f"{LIST}{notice.pk}/read/").status_code == 404
    Membership.objects.filter(user=officer).delete()
    assert "Quarterly report" not in text_of(login(officer).get(f"{LIST}?show=all"))


def test_filter_shows_a_kind_and_what_is_read_and_over(login, officer, partnership):
    notice_to(officer, partnership, read_at=AT, subject_en="Read one")
    notice_to(officer, partnership, over_at=AT, subject_en="Over one")
    notice_to(officer, partnership, kind=Kind.PROPOSAL_MADE, due_on=None, subject_en="Proposal one")
    client = login(officer)
    unread, everything, proposals = (text_of(client.get(LIST + query)) for query in ("", "?show=all", "?kind=proposal_made"))
    assert ["Read one" in unread, "Over one" in unread, "Proposal one" in unread] == [False, False, True]
    assert ["Read one" in everything, "Over one" in everything, "Proposal one" in everything] == [True, True, True]
    assert ["Read one" in proposals, "Proposal one" in proposals] == [False, True]
    assert login(officer).get(f"{LIST}?kind=nothing&show=<b>&page=x").status_code == 200


def test_mail_that_was_refused_is_shown_to_an_officer_who_can_try_again(login, officer, viewer, partnership, stranger):
    now = timezone.now()
    letter = Letter.objects.create(
        recipient=viewer, made_at=now, next_try_at=now, n_tries=1, failed_at=now, failure="550 no such"
    )
    notice_to(viewer, partnership, letter=letter)
    page = text_of(login(officer).get("/notices/unsent/"))
    assert "550 no such" in page
    assert viewer.email in page
    assert viewer.email not in text_of(login(stranger).get("/notices/unsent/"))
    assert login(stranger).post(f"/notices/unsent/{letter.pk}/again/").status_code == 404
    assert login(viewer).get("/notices/unsent/").status_code == 403
    assert login(officer).post(f"/notices/unsent/{letter.pk}/again/")["Location"] == "/notices/unsent/"
    letter.refresh_from_db()
    assert (letter.failed_at, letter.n_tries) == (None, 0)
    assert AuditEvent.objects.get(act="notices.letter_tried_again").actor == officer
    Letter.objects.update(sent_at=now)
    answer = login(officer).post(f"/notices/unsent/{letter.pk}/again/", follow=True)
    assert "This mail has left meanwhile." in text_of(answer)


LADDER = "/p/test-2017/reminders/"
GOOD = {"before": "10, 3", "on_the_day": "on", "after": "2", "repeat": "5", "version": "0"}


def test_program_officer_changes_the_ladder_once_with_a_trace(login, officer, partnership):
    client = login(officer)
    assert 'value="30, 14, 7, 1"' in text_of(client.get(LADDER))
    assert client.post(LADDER, GOOD)["Location"] == LADDER
    row = Ladder.objects.get()
    assert (row.days, row.repeat, row.version) == ([-10, -3, 0, 2], 5, 1)
    event = AuditEvent.objects.get(act="notices.ladder_changed")
    assert (event.actor, event.before["repeat"], event.after["days"]) == (officer, 7, [-10, -3, 0, 2])
    client.post(LADDER, GOOD | {"version": "1"})
    assert AuditEvent.objects.count() == 1, "the same again records nothing"


def test_deadlines_lead_to_the_ladder_whoever_may_change_it(login, officer, viewer, partnership):
    page = "/p/test-2017/deadlines/"
    assert [LADDER in text_of(login(person).get(page)) for person in (officer, viewer)] == [True, False]


def test_ladder_that_somebody_else_changed_meanwhile_is_a_conflict(login, officer, partnership):
    Ladder.objects.create(partnership=partnership, days=[0], version=1)
    assert login(officer).post(LADDER, GOOD).status_code == 409
    assert Ladder.objects.get().days == [0]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"before": "soon"}, "before"),
        ({"before": "-3"}, "before"),
        ({"after": "366"}, "after"),
        ({"after": "1.5"}, "after"),
        ({"before": "١"}, "before"),
        ({"before": "9" * 200}, "before"),
        ({"repeat": "0"}, "repeat"),
        ({"repeat": "often"}, "repeat"),
        ({"before": "3, 3"}, ""),
        ({"before": "", "after": "", "on_the_day": ""}, ""),
        ({"version": "x"}, ""),
    ],
)
def test_days_that_make_no_sense_are_refused_and_kept_as_typed(login, officer, partnership, change, field):
    answer = login(officer).post(LADDER, GOOD | change)
    page = text_of(answer)
    assert answer.status_code == 200
    assert 'class="al-errors"' in page
    assert not field or f'id="id_{field}_error"' in page
    assert not Ladder.objects.exists()


def test_grants_officer_is_refused_the_ladder_and_a_stranger_does_not_find_it(login, person, stranger, partnership):
    assert login(person(Role.GRANTS_OFFICER)).get(LADDER).status_code == 403
    assert login(stranger).get(LADDER).status_code == 404
