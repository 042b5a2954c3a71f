"""What is planned, for whom, once; and what is over."""

from datetime import date, timedelta

import pytest
from django.db import connection

from activities.deadlines.models import HOST_KINDS
from activities.deadlines.models import Kind as DateKind
from activities.models import Deadline, ReportVersion, Transition
from cpc.notices.models import Ladder, Notice
from cpc.notices.reminders import OWNERS
from partners.models import Membership
from partners.roles import Role
from tests import factories as make

from .conftest import AT

pytestmark = pytest.mark.django_db


def told(**fields):
    """Kind, step and recipient of what holds."""
    rows = Notice.objects.holding().filter(**fields).order_by("kind", "step", "recipient__email")
    return list(rows.values_list("kind", "step", "recipient__email"))


def test_late_report_is_the_partners_and_nobody_elses(partnership, late, preparer, officer, stranger, on):
    make.make_user(Role.PARTNER_CERTIFIER, partnership, organization=make.make_organization("chs"))
    make.make_user(Role.API_CLIENT, partnership)
    assert on().n_planned == 1
    assert told() == [("deadline", 7, preparer.email)]
    notice = Notice.objects.get()
    assert notice.subject_en == "Quarterly performance report, October–December 2019 – Ilo"
    assert notice.subject_es != notice.subject_en
    assert (notice.due_on, notice.planned_on, notice.path) == (late.due_on, date(2020, 2, 10), "/p/test-2017/deadlines/late/")


def test_reminder_of_a_report_leads_to_it_and_is_marked_where_it_is_a_sample(late, award, ilo, preparer, on):
    report = make.make_report(award, ilo, is_sample=True)
    on()
    notice = Notice.objects.get(kind="deadline")
    assert (notice.path, notice.is_sample) == (f"/p/test-2017/reports/{report.key}/", True)


def test_second_run_writes_nothing(late, preparer, on):
    assert [on().n_planned, on().n_planned] == [1, 0]
    assert Notice.objects.count() == 1


def test_later_step_swallows_an_older_one_that_did_not_leave(late, preparer, on):
    preparer.mail = "none"
    preparer.save()
    on("2020-01-31")
    on("2020-02-15")
    rows = Notice.objects.order_by("step")
    assert [(row.step, row.over_at is None, row.letter) for row in rows] == [(1, False, None), (14, True, None)]


def test_days_of_standstill_lose_nothing(late, preparer, on, mailoutbox):
    on("2020-01-29")
    assert [mail.subject[:13] for mail in mailoutbox] == ["Due in 1 day,"]
    on("2020-02-20")
    assert told() == [("deadline", 21, preparer.email)]
    assert mailoutbox[1].subject.startswith("21 days late; due on 30 Jan 2020")


@pytest.mark.parametrize("change", [{"met_at": AT}, {"superseded_at": AT}, {"due_on": date(2020, 5, 1)}])
def test_what_is_met_superseded_or_put_off_is_over_and_not_mailed(late, preparer, on, change):
    preparer.mail = "none"
    preparer.save()
    on()
    Deadline.objects.filter(pk=late.pk).update(**change)
    assert on().n_planned == 0
    assert Notice.objects.get().over_at


def test_what_is_due_again_after_a_withdrawal_is_taken_up_without_a_second_mail(late, preparer, on, mailoutbox):
    on()
    Deadline.objects.update(met_at=AT)
    on()
    assert told() == []
    Deadline.objects.update(met_at=None)
    on()
    assert told() == [("deadline", 7, preparer.email)]
    assert len(mailoutbox) == 1


def test_nobody_is_reminded_of_what_lies_before_records_nor_of_an_end_that_is_past(
    partnership, award, ilo, preparer, officer, on
):
    period = {"period_from": date(2017, 1, 1), "period_to": date(2017, 3, 31)}
    make.make_deadline(partnership, award=award, recipient=ilo, due_on="2017-04-30", **period)
    make.make_deadline(partnership, kind="award_end", rule="R-AWARD-END", award=award, due_on="2020-02-01")
    assert on().n_planned == 0


def test_term_and_targets_are_the_officers_and_the_hosts(partnership, officer, on):
    grants, viewer = (make.make_user(role, partnership) for role in (Role.GRANTS_OFFICER, Role.EMBASSY_VIEWER))
    host = make.make_user(Role.HOST_DELEGATE, partnership)
    make.make_deadline(partnership, kind="term_end", rule="R-TERM-END", due_on="2020-02-20")
    make.make_deadline(partnership, kind="targets", rule="R-TERM-DECIDE", due_on="2020-02-11")
    on()
    people = sorted([officer.email, grants.email, host.email])
    assert told(due_on="2020-02-20") == [("deadline", -14, email) for email in people]
    assert told(due_on="2020-02-11") == [("deadline", -1, email) for email in sorted([officer.email, host.email])]
    assert not Notice.objects.filter(recipient=viewer).exists()


@pytest.mark.parametrize("side", ["us", "host"])
def test_commitment_is_of_the_side_that_made_it(partnership, officer, on, side):
    host = make.make_user(Role.HOST_DELEGATE, partnership)
    commitment = make.make_commitment(make.make_dialogue(partnership), side=side)
    make.make_deadline(partnership, kind="commitment", rule="R-COMMITMENT", due_on="2020-02-17", subject_key=commitment.key)
    on()
    assert told() == [("deadline", -7, (officer if side == "us" else host).email)]
    assert Notice.objects.get().subject_es.endswith("– Designar mentores")


def test_people_are_told_only_of_dates_that_they_may_see():
    assert {kind for kind, roles in OWNERS.items() if Role.HOST_DELEGATE in roles} <= set(HOST_KINDS)


def test_every_kind_of_date_has_somebody_whose_it_is():
    assert set(OWNERS) == set(DateKind)


@pytest.mark.parametrize("change", [{"is_active": False}, {"invited_at": AT}])
def test_account_that_is_not_in_use_is_told_nothing(late, preparer, on, change):
    for name, value in change.items():
        setattr(preparer, name, value)
    preparer.save()
    assert on().n_planned == 0


def test_who_lost_access_is_not_told_any_more(late, preparer, on):
    on()
    Membership.objects.filter(user=preparer).delete()
    on()
    assert told() == []


def test_partnership_has_a_ladder_of_its_own(partnership, late, preparer, on):
    Ladder.objects.create(partnership=partnership, days=[-3, 10], repeat=None, version=1)
    on()
    assert told() == [("deadline", 10, preparer.email)]
    on("2021-02-10")
    assert told() == [("deadline", 10, preparer.email)]


def put(report, state):
    """Brings the version there with plain rows, along the table."""
    steps = {"submitted": ["submitted"], "returned": ["submitted", "in_review", "returned"]}
    for step in steps.get(state, ["submitted", "in_review", state]):
        ReportVersion.objects.filter(report=report).update(state=step, submitted_at=AT - timedelta(days=3))
    return report.versions.get()


def moved(version, move, end):
    return Transition.objects.create(version=version, move=move, end=end, at=AT - timedelta(days=1))


def test_return_is_told_at_once_until_it_is_answered(award, ilo, preparer, officer, on, mailoutbox):
    report = make.make_report(award, ilo)
    version = put(report, "returned")
    ReportVersion.objects.update(due_on=date(2020, 2, 24))
    moved(version, "return", "returned")
    on()
    assert told() == [("report_due_again", -14, preparer.email), ("report_returned", 0, preparer.email)]
    assert [(mail.to, mail.subject[:8]) for mail in mailoutbox] == [
        ([preparer.email], "Returned"),
        ([preparer.email], "Due agai"),
    ]
    ReportVersion.objects.filter(pk=version.pk).update(state="submitted")
    on()
    assert told() == [("review_waits", 0, officer.email)]


def test_acceptance_is_told_and_stays_when_its_time_is_up(award, ilo, preparer, on):
    version = put(make.make_report(award, ilo), "accepted")
    moved(version, "accept", "accepted")
    on()
    assert told() == [("report_accepted", 0, preparer.email)]
    for day in ("2020-03-10", "2020-03-11", "2020-06-01"):
        on(day)
        assert told() == [("report_accepted", 0, preparer.email)]
    new = make.make_user(Role.PARTNER_CERTIFIER, preparer.memberships.get().partnership, organization=ilo)
    on("2020-06-01")
    assert not Notice.objects.filter(recipient=new).exists(), "who comes later is not told old news"


def test_return_that_nobody_answers_holds_however_long_and_ends_when_it_is_answered(award, ilo, preparer, on):
    version = put(make.make_report(award, ilo), "returned")
    moved(version, "return", "returned")
    for day in ("2020-02-10", "2020-09-10"):
        on(day)
        assert told() == [("report_returned", 0, preparer.email)]
    ReportVersion.objects.update(state="submitted")
    on("2020-09-11")
    assert told() == []


def test_report_that_waits_is_every_officers_until_one_has_begun(partnership, award, ilo, officer, on):
    other = make.make_user(Role.PROGRAM_OFFICER, partnership)
    put(make.make_report(award, ilo), "submitted")
    on("2020-02-14")
    assert told() == [("review_waits", 7, email) for email in sorted([officer.email, other.email])]
    ReportVersion.objects.update(state="in_review", reviewer=other)
    on("2020-02-14")
    assert told() == [("review_waits", 7, other.email)]


def test_planning_asks_as_often_for_many_rows_as_for_few(partnership, award, ilo, late, preparer, on):
    on()
    with connection.execute_wrapper(counting := Counting()):
        on()
    few = counting.n
    for n in range(5):
        make.make_deadline(partnership, award=award, recipient=ilo, due_on=f"2020-01-1{n}", period_from=date(2019, n + 1, 1),
                           period_to=date(2019, n + 1, 28))  # fmt: skip
    on()
    with connection.execute_wrapper(counting := Counting()):
        on()
    assert counting.n == few


class Counting:
    def __init__(self):
        self.n = 0

    def __call__(self, execute, *args):
        self.n += 1
        return execute(*args)
