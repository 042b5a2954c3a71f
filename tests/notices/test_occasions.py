"""What others did: proposals, disputes, requests for a later date; told to those who must act, or to who asked."""

from datetime import date

import pytest

from activities.models import DueDateChange
from cpc.approvals.services import propose, refuse, withdraw
from cpc.notices.models import Notice
from funding.models import ContributionConfirmation
from partners.roles import Role
from tests import factories as make

from .conftest import AT

pytestmark = pytest.mark.django_db


def told():
    rows = Notice.objects.holding().order_by("kind", "recipient__email")
    return list(rows.values_list("kind", "recipient__email"))


@pytest.fixture
def grants(partnership):
    return [make.make_user(Role.GRANTS_OFFICER, partnership, email=f"grants-{n}@example.org") for n in (1, 2)]


def test_proposal_is_told_to_every_other_decider_and_its_end_to_the_proposer(partnership, grants, officer, on, mailoutbox):
    act = {"act": "term", "kind": "extended", "new_end": "2022-06"}
    proposal = propose(partnership.pk, [act], actor=grants[0], at=AT, reason="Agreed.")
    on()
    assert told() == [("proposal_made", grants[1].email)]
    assert Notice.objects.get().path == f"/p/test-2017/proposals/{proposal.key}/"
    proposal.refresh_from_db()
    refuse(proposal.pk, actor=grants[1], at=AT, reason="Not now.")
    on()
    assert told() == [("proposal_refused", grants[0].email)]
    assert [mail.subject[:8] for mail in mailoutbox] == ["Proposed", "Refused;"]


def test_withdrawn_proposal_is_over_and_nobody_is_told(partnership, grants, officer, on):
    act = {"act": "term", "kind": "extended", "new_end": "2022-06"}
    proposal = propose(partnership.pk, [act], actor=officer, at=AT, reason="Agreed.")
    on()
    assert len(told()) == 2
    withdraw(proposal.pk, actor=officer, at=AT)
    on()
    assert told() == []


def word(contribution, side, *, agrees, day="2020-02-09"):
    return ContributionConfirmation.objects.create(
        contribution=contribution, side=side, agrees=agrees, confirmed_on=date.fromisoformat(day), reason="" if agrees else "No."
    )


def test_dispute_is_the_other_governments_until_it_is_settled(partnership, officer, on):
    host = make.make_user(Role.HOST_DELEGATE, partnership)
    contribution = make.make_contribution(partnership)
    word(contribution, "us", agrees=False)
    on()
    assert told() == [("contribution_disputed", host.email)]
    word(contribution, "us", agrees=True, day="2020-02-10")
    word(contribution, "host", agrees=False, day="2020-02-10")
    on()
    assert told() == [("contribution_disputed", officer.email)]


def test_request_for_a_later_date_goes_to_officers_and_its_answer_to_who_asked(late, preparer, officer, on):
    late.due_on = date(2021, 1, 30)  # no reminder beside it
    late.save()
    wanted = date(2021, 3, 1)
    asked = DueDateChange.objects.create(
        deadline=late, was_due_on=late.due_on, wanted_on=wanted, reason="Flood.", asked_by=preparer, asked_at=AT
    )
    on()
    assert told() == [("date_asked", officer.email)]
    other = make.make_deadline(late.partnership, award=late.award, recipient=late.recipient, rule="R-FFR-Q", due_on="2021-01-30")
    DueDateChange.objects.create(
        deadline=other, was_due_on=other.due_on, wanted_on=wanted, reason="Flood.", asked_by=preparer, asked_at=AT
    )
    on()
    assert told() == [("date_asked", officer.email)], "one request for two dates is told once"
    DueDateChange.objects.filter(pk=asked.pk).update(granted_on=wanted, decided_by=officer, decided_at=AT)
    on()
    assert told() == [("date_granted", preparer.email)]
