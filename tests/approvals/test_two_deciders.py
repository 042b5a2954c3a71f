"""Two grants officers decide the same proposal in the same instant, on real transactions: one decision, one set of rows."""

from datetime import datetime
from threading import Barrier

import pytest
from django.conf import settings
from django.db import DatabaseError

from cpc.approvals import services
from cpc.approvals.models import Proposal
from cpc.approvals.services import Overtaken, approve, preview, propose, refuse
from partners.models import TermEvent
from tests import factories as make
from tests.at_once import PATIENCE, at_once, kinds

# Rows that other connections see. Naming the apps lets the clean-up cascade to the table of the swapped-out token model.
pytestmark = pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)
AT = datetime(2020, 2, 6, 12, tzinfo=make.LIMA)
TERM = {"act": "term", "kind": "extended", "effective": "2020-02-06", "new_end": "2022-06"}


@pytest.fixture
def world():
    return make.make_partnership()


@pytest.fixture
def deciders(world):
    return [make.make_user("grants_officer", world) for _n in range(2)]


@pytest.fixture
def proposal(world):
    return propose(world.pk, [TERM], actor=make.make_user("program_officer", world), at=AT, reason="Agreed.")


def test_two_who_approve_at_once_make_one_decision(world, proposal, deciders):
    seen = preview(proposal, at=AT).fingerprint
    found = at_once(*(lambda who=who: approve(proposal.pk, actor=who, at=AT, seen=seen) for who in deciders))
    assert kinds(found) == ["Overtaken", "Proposal"]
    winner = next(one for one in found if isinstance(one, Proposal))
    loser = next(one for one in found if isinstance(one, Overtaken))
    assert loser.proposal.decided_by_id == winner.decided_by_id
    assert TermEvent.objects.filter(partnership=world, kind="extended").count() == 1


def test_one_who_approves_and_one_who_refuses_at_once_make_one_decision(world, proposal, deciders):
    seen = preview(proposal, at=AT).fingerprint
    found = at_once(
        lambda: approve(proposal.pk, actor=deciders[0], at=AT, seen=seen),
        lambda: refuse(proposal.pk, actor=deciders[1], at=AT, reason="No."),
    )
    assert kinds(found) == ["Overtaken", "Proposal"]
    proposal.refresh_from_db()
    rows = TermEvent.objects.filter(partnership=world, kind="extended").count()
    assert (proposal.decision, rows) in (("approved", 1), ("refused", 0))


def test_without_the_lock_both_get_as_far_as_the_database(world, proposal, deciders, monkeypatch):
    """The other half of the proof: the acts do meet here, and without their locks the second one is stopped by the database
    alone, as a failure that nobody could read."""
    seen, both = preview(proposal, at=AT).fingerprint, Barrier(2)

    def claim_without_lock(proposal_id):
        found = Proposal.objects.select_related("partnership", "proposed_by", "source").get(pk=proposal_id)
        both.wait(PATIENCE)
        return found

    monkeypatch.setattr(services, "claim", claim_without_lock)
    found = at_once(*(lambda who=who: approve(proposal.pk, actor=who, at=AT, seen=seen) for who in deciders))
    assert sum(isinstance(one, Proposal) for one in found) == 1
    assert sum(isinstance(one, DatabaseError | services.WorldChanged | services.FaultyAct) for one in found) == 1
    assert not any(isinstance(one, Overtaken) for one in found)
    assert TermEvent.objects.filter(partnership=world, kind="extended").count() == 1
