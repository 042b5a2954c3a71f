"""Two officers answer the same request in the same instant, on real transactions: one answer, and the other is told whose."""

from datetime import date
from threading import Barrier

import pytest
from django.conf import settings
from django.db import DatabaseError

from activities.deadlines import changes
from activities.deadlines.changes import Overtaken, ask_for_later, grant_later, refuse_later
from activities.deadlines.services import mark_met
from activities.models import Deadline, DueDateChange
from activities.tasks import recompute
from cpc.audit.models import AuditEvent
from cpc.core.periods import Period
from tests import factories as make
from tests.at_once import PATIENCE, at_once, kinds

# Rows that other connections see. Naming the apps lets the clean-up cascade to the table of the swapped-out token model.
pytestmark = pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)
AT = make.lima("2020-02-10 12:00")
WANTED = date(2020, 5, 15)


@pytest.fixture
def deadline(transactional_db):
    """A report date that the rules give, so that a recomputation finds it again."""
    partnership, ilo = make.make_partnership(), make.make_organization("ilo")
    award = make.make_award(partnership, key="initial", recipients=[ilo])
    make.make_action(award, start="2020-01", end="2020-06", effective="2020-01-01")
    recompute(partnership.pk, today=date(2020, 2, 10))
    return Deadline.objects.select_related("partnership", "recipient").get(key="initial-ilo-2020-q1-performance")


@pytest.fixture
def officers(deadline):
    return [make.make_user("program_officer", deadline.partnership) for _n in range(2)]


@pytest.fixture
def change(deadline):
    return make.make_due_date_change(deadline)


def grant(change, who):
    return grant_later(change.pk, actor=who, at=AT, granted_on=WANTED, recompute=recompute)


def test_one_who_grants_and_one_who_refuses_at_once_give_one_answer(change, officers):
    found = at_once(lambda: grant(change, officers[0]), lambda: refuse_later(change.pk, actor=officers[1], at=AT, answer="No."))
    assert kinds(found) == ["Overtaken", "list"]
    row, loser = DueDateChange.objects.get(), next(one for one in found if isinstance(one, Overtaken))
    assert loser.change.decided_by_id == row.decided_by_id
    assert AuditEvent.objects.filter(act__startswith="due_date.").count() == 1


def test_two_of_a_partner_who_ask_at_once_make_one_request(deadline):
    people = [
        make.make_user(role, deadline.partnership, organization=deadline.recipient)
        for role in ("partner_preparer", "partner_certifier")
    ]
    found = at_once(
        *(lambda who=who: ask_for_later(deadline.pk, actor=who, at=AT, wanted_on=WANTED, reason="Late data.") for who in people)
    )
    assert kinds(found) == ["Overtaken", "list"]
    assert len(set(DueDateChange.objects.values_list("asked_by", flat=True))) == 1


def test_a_report_handed_in_at_the_same_instant_is_met_by_its_day(deadline, change, officers):
    """Whichever comes first, the date knows when it was met, and a request answered too late is told so."""
    period = Period(deadline.period_from, deadline.period_to)
    found = at_once(
        lambda: mark_met(award_id=deadline.award_id, recipient_id=deadline.recipient_id, period=period, met_at=AT),
        lambda: grant(change, officers[0]),
    )
    assert found[0] == 2
    assert isinstance(found[1], Overtaken | list)
    assert set(Deadline.objects.filter(period_to=period.last).values_list("met_at", flat=True)) == {AT}


def test_without_the_lock_both_get_as_far_as_the_database(change, officers, monkeypatch):
    """The other half of the proof: the acts do meet here, and without their locks the second one is stopped by the database
    alone, as a failure that nobody could read."""
    both = Barrier(2)

    def claim_without_lock(change_id, **_rest):
        found = DueDateChange.objects.select_related("deadline__partnership").get(pk=change_id)
        both.wait(PATIENCE)
        return [found]

    monkeypatch.setattr(changes, "claim", claim_without_lock)
    found = at_once(*(lambda who=who: refuse_later(change.pk, actor=who, at=AT, answer="No.") for who in officers))
    assert sum(isinstance(one, list) for one in found) == 1
    assert sum(isinstance(one, DatabaseError) for one in found) == 1
