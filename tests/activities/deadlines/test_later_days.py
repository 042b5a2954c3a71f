"""A later due day: who may ask and answer, what an answer moves, and what stays as it was."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, InternalError, transaction

from activities.deadlines.changes import Overtaken, ask_for_later, grant_later, refuse_later
from activities.deadlines.queries import requests_waiting
from activities.deadlines.services import mark_met
from activities.models import Deadline, DueDateChange
from activities.tasks import recompute
from cpc.audit.models import AuditEvent
from cpc.core.periods import Period
from tests import factories as make

TODAY = date(2020, 2, 10)
NOW = make.lima("2020-02-10 12:00")
WANTED = date(2020, 5, 15)
QUARTER = Period(date(2020, 1, 1), date(2020, 3, 31))


@pytest.fixture
def ilo(db):
    return make.make_organization("ilo", organization_class="foreign_public_entity")


@pytest.fixture
def award(partnership, ilo):
    award = make.make_award(partnership, key="initial", recipients=[ilo], rule_class="fpe")
    make.make_action(award, start="2019-10", end="2020-12", effective="2019-10-01")
    recompute(partnership.pk, today=TODAY)
    return award


@pytest.fixture
def preparer(partnership, ilo):
    return make.make_user("partner_preparer", partnership, organization=ilo)


@pytest.fixture
def deadline(award):
    """One half of the report of January to March 2020, due on 30 April."""
    return Deadline.objects.get(key="initial-ilo-2020-q1-performance")


@pytest.fixture
def ask(deadline, preparer):
    def ask(wanted_on=WANTED, *, actor=preparer, reason="The data come late.", at=NOW):
        return ask_for_later(deadline.pk, actor=actor, at=at, wanted_on=wanted_on, reason=reason)

    return ask


def grant(change, actor, day=WANTED, **rest):
    return grant_later(change.pk, actor=actor, at=NOW, granted_on=day, recompute=recompute, **rest)


def due_days(award) -> dict:
    rows = Deadline.objects.open().filter(award=award, period_to=QUARTER.last)
    return dict(rows.order_by("key").values_list("key", "due_on"))


def both(day) -> dict:
    return {"initial-ilo-2020-q1-financial": day, "initial-ilo-2020-q1-performance": day}


def test_a_request_is_for_every_date_of_the_report_and_moves_none(ask, award, deadline):
    changes = ask()
    assert [change.deadline.key for change in changes] == [deadline.key, "initial-ilo-2020-q1-financial"]
    assert {(change.was_due_on, change.wanted_on) for change in changes} == {(date(2020, 4, 30), WANTED)}
    assert due_days(award) == both(date(2020, 4, 30))
    event = AuditEvent.objects.get(act="due_date.asked")
    assert (event.subject_key, event.details["wanted_on"]) == (deadline.key, "2020-05-15")


def test_a_date_that_falls_later_than_the_wanted_day_stays_out_of_the_request(ask, award):
    late = Deadline.objects.get(key="initial-ilo-2020-q1-financial")
    Deadline.objects.filter(pk=late.pk).update(due_on=WANTED)
    assert [change.deadline.key for change in ask()] == ["initial-ilo-2020-q1-performance"]


@pytest.mark.parametrize("granted", [WANTED, date(2020, 5, 8), date(2020, 6, 1)])
def test_a_granted_day_counts_at_once_for_the_whole_report(ask, award, officer, granted):
    change = ask()[0]
    grant(change, officer, granted, answer="Until then.")
    assert due_days(award) == both(granted)
    assert {(one.granted_on, one.decided_by, one.answer) for one in DueDateChange.objects.all()} == {
        (granted, officer, "Until then.")
    }
    event = AuditEvent.objects.get(act="due_date.granted")
    assert (event.actor, event.before, event.after) == (
        officer,
        {key: day.isoformat() for key, day in both(date(2020, 4, 30)).items()},
        {key: day.isoformat() for key, day in both(granted).items()},
    )
    assert AuditEvent.objects.filter(act="deadlines.recomputed", actor=officer).count() == 1
    assert recompute(award.partnership_id, today=TODAY).n_written == 0


def test_after_an_answer_one_may_ask_again_and_the_history_stays(ask, officer):
    grant(ask()[0], officer)
    again = ask(date(2020, 6, 30))
    assert {change.was_due_on for change in again} == {WANTED}
    assert DueDateChange.objects.count() == 4


def test_today_may_still_be_asked_for_and_granted_for_a_late_report(ask, award, officer):
    on_the_day = make.lima("2020-05-15 23:59:59")
    change = ask(WANTED, at=on_the_day)[0]
    grant_later(change.pk, actor=officer, at=on_the_day, granted_on=WANTED, recompute=recompute)
    assert due_days(award) == both(WANTED)


def test_a_refusal_says_why_and_moves_nothing(ask, award, officer):
    change = ask()[0]
    with pytest.raises(ValidationError) as refused:
        refuse_later(change.pk, actor=officer, at=NOW, answer="  ")
    assert list(refused.value.message_dict) == ["answer"]
    refuse_later(change.pk, actor=officer, at=NOW, answer="The dialogue needs it.")
    assert due_days(award) == both(date(2020, 4, 30))
    assert {(one.granted_on, one.answer) for one in DueDateChange.objects.all()} == {(None, "The dialogue needs it.")}
    assert AuditEvent.objects.get(act="due_date.refused").actor == officer


@pytest.mark.parametrize(
    ("wanted", "today"), [("2020-04-30", "2020-02-10"), ("2020-04-29", "2020-02-10"), ("2020-05-15", "2020-05-16")]
)
def test_the_wanted_day_is_after_the_due_day_and_not_past(ask, wanted, today):
    with pytest.raises(ValidationError) as refused:
        ask(make.day(wanted), at=make.lima(f"{today} 12:00"))
    assert list(refused.value.message_dict) == ["wanted_on"]
    assert not DueDateChange.objects.exists()


@pytest.mark.parametrize("day", ["2020-04-30", "2020-01-01"])
def test_the_granted_day_is_after_the_due_day(ask, officer, day):
    change = ask()[0]
    with pytest.raises(ValidationError) as refused:
        grant(change, officer, make.day(day))
    assert list(refused.value.message_dict) == ["granted_on"]
    assert DueDateChange.objects.waiting().count() == 2


def test_a_request_needs_a_reason(ask):
    with pytest.raises(ValidationError) as refused:
        ask(reason=" \n")
    assert list(refused.value.message_dict) == ["reason"]


@pytest.mark.parametrize("role", ["program_officer", "grants_officer", "embassy_viewer", "host_delegate", "administrator"])
def test_only_the_organization_that_owes_the_report_asks(ask, person, role):
    with pytest.raises(PermissionDenied, match="Partner, preparer, Partner, certifier"):
        ask(actor=person(role))


def test_another_partner_does_not_ask(ask, person):
    with pytest.raises(PermissionDenied):
        ask(actor=person("partner_certifier"))


@pytest.mark.parametrize("role", ["grants_officer", "embassy_viewer", "partner_certifier", "administrator"])
def test_only_program_officers_answer(ask, person, ilo, role):
    change = ask()[0]
    who = person(role, organization=ilo) if role == "partner_certifier" else person(role)
    for act in (lambda: grant(change, who), lambda: refuse_later(change.pk, actor=who, at=NOW, answer="No.")):
        with pytest.raises(PermissionDenied, match="Program officer"):
            act()
    assert DueDateChange.objects.waiting().count() == 2


def test_who_asked_does_not_answer(ask, partnership, preparer):
    make.grant(preparer, "program_officer", partnership)
    change = ask()[0]
    with pytest.raises(PermissionDenied, match="somebody else answers"):
        grant(change, preparer)


def test_no_two_requests_wait_for_one_report(ask, award, preparer):
    first = ask()[0]
    with pytest.raises(Overtaken) as overtaken:
        ask_for_later(
            Deadline.objects.get(key="initial-ilo-2020-q1-financial").pk,
            actor=preparer, at=NOW, wanted_on=date(2020, 6, 30), reason="More.",
        )  # fmt: skip
    assert overtaken.value.change.asked_by == preparer
    assert overtaken.value.change.wanted_on == first.wanted_on


def test_the_second_answer_is_told_who_was_first(ask, officer, person):
    change = ask()[0]
    grant(change, officer)
    with pytest.raises(Overtaken) as overtaken:
        refuse_later(change.pk, actor=person("program_officer"), at=NOW, answer="No.")
    assert overtaken.value.change.decided_by == officer


def test_a_report_that_was_handed_in_has_no_later_day(ask, award, ilo, officer, partnership):
    change = ask()[0]
    mark_met(award_id=award.pk, recipient_id=ilo.pk, period=QUARTER, met_at=NOW)
    for act in (lambda: grant(change, officer), lambda: ask(date(2020, 7, 1))):
        with pytest.raises(Overtaken, match="submitted"):
            act()
    assert requests_waiting(officer, partnership) == []


def test_a_period_before_records_has_no_later_day(ask, partnership):
    partnership.tracked_from = date(2020, 6, 1)
    partnership.save()
    with pytest.raises(Overtaken, match="before records"):
        ask()


def test_a_date_of_the_award_is_not_put_off_on_request(award, preparer):
    end = Deadline.objects.get(key="initial-award-end")
    with pytest.raises(PermissionDenied, match="Only the due day of a report"):
        ask_for_later(end.pk, actor=preparer, at=NOW, wanted_on=date(2021, 6, 1), reason="More time.")


def test_an_answer_stays_as_it_was_given(ask, officer):
    change = grant(ask()[0], officer)[0]
    for write in (lambda: DueDateChange.objects.filter(pk=change.pk).update(answer="Other."), change.delete):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            write()


def test_requests_wait_once_for_each_report_and_only_where_seen(ask, officer, partnership, stranger):
    ask()
    (change,) = requests_waiting(officer, partnership)
    assert change.deadline.key == "initial-ilo-2020-q1-financial"
    assert requests_waiting(stranger, partnership) == []
