"""Propose, preview, decide: what was previewed is what happens, and nobody decides alone."""

from datetime import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from cpc.approvals.acts import FaultyAct
from cpc.approvals.models import Proposal
from cpc.approvals.services import Overtaken, WorldChanged, approve, preview, propose, refuse, withdraw
from cpc.core.decisions import Refused
from funding.models import AwardAction
from partners.models import Coverage, TermEvent
from partners.queries import term_on
from tests import factories as make

AT = datetime(2020, 2, 6, 12, tzinfo=make.LIMA)
TERM = {"act": "term", "kind": "extended", "effective": "2020-02-06", "new_end": "2022-06"}


def proposed(world, actor, *acts, reason="Agreed at the dialogue."):
    return propose(world.pk, list(acts), actor=actor, at=AT, reason=reason)


def approved(proposal, actor):
    return approve(proposal.pk, actor=actor, at=AT, seen=preview(proposal, at=AT).fingerprint)


def test_nothing_moves_before_somebody_else_decides(world, officers):
    proposal = proposed(world, officers[0], TERM, {"act": "coverage", "region": "XA-TWO", "since": "2020-02-06"})
    assert TermEvent.objects.filter(partnership=world).count() == 1
    consequences = preview(proposal, at=AT).consequences
    assert consequences["term"] == {"from": "2021-06", "to": "2022-06"}
    assert consequences["regions"] == {"XA-TWO": {"from": None, "to": "2020-02-06"}}
    assert TermEvent.objects.filter(partnership=world).count() == 1
    done = approved(proposal, officers[1])
    assert (done.decision, done.decided_by, done.consequences) == ("approved", officers[1], consequences)
    event = TermEvent.objects.get(partnership=world, kind="extended")
    assert (event.proposed_by, event.decided_by, event.loaded_from, event.known_on) == (*officers[:2], "", make.day("2020-02-06"))
    assert term_on(world, as_of=make.day("2020-02-06"), known_on=make.day("2020-02-06")).ends.iso == "2022-06"
    assert Coverage.objects.filter(partnership=world).count() == 2


def test_the_proposer_does_not_decide_and_who_may_is_said(world, officers):
    proposal = proposed(world, officers[1], TERM)
    for act in (approve, refuse):
        with pytest.raises(Refused) as refused:
            act(proposal.pk, actor=officers[1], at=AT, **({"seen": ""} if act is approve else {"reason": "No."}))
        assert refused.value.decision.code == "own_proposal"
    with pytest.raises(Refused):
        approve(proposal.pk, actor=officers[0], at=AT, seen="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(decision="approved", decided_by=officers[1], decided_at=AT)
    assert approved(proposal, officers[2]).decision == "approved"


def test_a_preview_that_another_decision_made_stale_is_refused_and_shown_anew(world, officers):
    first = proposed(world, officers[0], TERM)
    second = proposed(
        world, officers[0], {"act": "coverage", "region": "XA-TWO", "since": "2020-02-06"}, TERM | {"new_end": "2023-06"}
    )
    seen = preview(second, at=AT).fingerprint
    approved(first, officers[1])
    with pytest.raises(WorldChanged) as changed, transaction.atomic():
        approve(second.pk, actor=officers[2], at=AT, seen=seen)
    assert changed.value.preview.consequences["term"] == {"from": "2022-06", "to": "2023-06"}
    second.refresh_from_db()
    assert second.decision == "proposed"
    assert Coverage.objects.filter(partnership=world).count() == 1
    approve(second.pk, actor=officers[2], at=AT, seen=changed.value.preview.fingerprint)


def test_what_was_decided_is_decided_once(world, officers):
    proposal = proposed(world, officers[0], TERM)
    with pytest.raises(ValidationError):
        refuse(proposal.pk, actor=officers[1], at=AT, reason=" ")
    refuse(proposal.pk, actor=officers[1], at=AT, reason="The dialogue said something else.")
    for act in (
        lambda: withdraw(proposal.pk, actor=officers[0], at=AT),
        lambda: approve(proposal.pk, actor=officers[2], at=AT, seen=""),
    ):
        with pytest.raises(Overtaken):
            act()
    for statement in ("UPDATE approvals_proposal SET decision = 'approved'", "DELETE FROM approvals_proposal"):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_proposer_may_withdraw(world, officers):
    proposal = proposed(world, officers[0], TERM)
    with pytest.raises(Refused):
        withdraw(proposal.pk, actor=officers[1], at=AT)
    assert withdraw(proposal.pk, actor=officers[0], at=AT).decision == "withdrawn"


def test_a_fault_names_the_act_and_its_field(world, officers):
    with pytest.raises(FaultyAct) as fault:
        proposed(world, officers[0], TERM, TERM | {"new_end": "2021-01"})
    assert (fault.value.number, list(fault.value.message_dict)) == (1, ["new_end"])
    assert not Proposal.objects.exists()


@pytest.fixture
def award(world):
    organizations = [make.make_organization(key) for key in ("ilo", "yan")]
    award = make.make_award(world, recipients=organizations)
    make.make_action(award, amount="5000000.00", start="2017-10", end="2020-12", effective="2017-10-31")
    return award


def test_an_allocation_leaves_every_total_and_removes_what_was_not_told_apart(world, officers, award):
    parts = [{"recipient": "ilo", "amount": "3000000"}, {"recipient": "yan", "amount": "2000000"}]
    act = {"act": "allocation", "award": award.key, "basis": "announced", "parts": parts}
    proposal = proposed(world, officers[0], act)
    found = preview(proposal, at=AT).consequences
    assert found["totals"]["prime"]["from"] == found["totals"]["prime"]["to"]
    assert found["sums"]["prime partner"] == {
        f"unallocated-{award.key} USD": {"from": "5000000.00", "to": None},
        "ilo USD": {"from": None, "to": "3000000.00"},
        "yan USD": {"from": None, "to": "2000000.00"},
    }
    approved(proposal, officers[1])
    assert sum(row.amount for row in AwardAction.objects.filter(kind="allocation")) == 0
    with pytest.raises(FaultyAct):
        proposed(world, officers[0], act)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "no_cost_extension", "new_end": "2020-11"}, "new_end"),
        ({"kind": "no_cost_extension", "new_end": "2021-11", "amount": "1"}, "amount"),
        ({"kind": "deobligation", "amount": "5"}, "amount"),
        ({"kind": "deobligation", "amount": "-5000000.01"}, "amount"),
        ({"kind": "supplement", "amount": "1.005"}, "amount"),
        ({"kind": "supplement", "amount": "1", "currency": "PEN"}, "amount"),
        ({"kind": "supplement", "amount": "1", "recipient": "nobody"}, "recipient"),
        ({"kind": "supplement", "amount": "1", "effective": "2020-02-07"}, "effective"),
        ({"kind": "supplement", "amount": "1", "effective": "06/02/2020"}, "effective"),
        ({"kind": "supplement", "amount": "1", "award": "other"}, "award"),
    ],
)
def test_a_step_that_cannot_be_is_refused_at_its_field(world, officers, award, fields, field):
    with pytest.raises(FaultyAct) as fault:
        proposed(world, officers[0], {"act": "action", "award": award.key, "basis": "signed", **fields})
    assert list(fault.value.message_dict) == [field]
