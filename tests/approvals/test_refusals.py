"""Nobody decides alone: not on the page, not through a service, not past them."""

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from cpc.approvals.models import Proposal
from cpc.approvals.services import approve, preview, propose
from funding.models import AwardAction, Pledge
from partners.models import TermEvent
from tests import factories as make

from .test_proposals import AT, TERM

pytestmark = pytest.mark.usefixtures("on_the_day")


@pytest.fixture
def world(db):
    return make.make_partnership()


@pytest.fixture
def grants_officer(world):
    return make.make_user("grants_officer", world)


@pytest.fixture
def own(world, grants_officer):
    return propose(world.pk, [TERM], actor=grants_officer, at=AT, reason="Agreed.")


def page_of(proposal):
    return reverse("approvals:detail", args=[proposal.partnership.key, proposal.key])


@pytest.mark.parametrize("act", ["approve", "refuse"])
def test_the_proposer_reads_why_the_own_proposal_cannot_be_decided(client, own, grants_officer, act):
    client.force_login(grants_officer)
    text = client.get(page_of(own)).content.decode()
    assert "You proposed this yourself; somebody else decides. Who may: another Grants officer." in text
    seen = preview(own, at=AT).fingerprint
    answer = client.post(page_of(own), {"act": act, "seen": seen, "reason": "Because."})
    assert answer.status_code == 403
    assert "You proposed this yourself; somebody else decides." in answer.content.decode()
    own.refresh_from_db()
    assert own.decision == "proposed"
    assert TermEvent.objects.count() == 1


def test_only_the_proposer_withdraws(client, world, own, grants_officer):
    client.force_login(make.make_user("grants_officer", world))
    answer = client.post(page_of(own), {"act": "withdraw"})
    assert answer.status_code == 403
    assert "Only the person who proposed this may withdraw it." in answer.content.decode()
    client.force_login(grants_officer)
    assert client.post(page_of(own), {"act": "withdraw"}).status_code == 302


def test_a_preview_that_was_never_seen_approves_nothing(client, world, own):
    client.force_login(make.make_user("grants_officer", world))
    answer = client.post(page_of(own), {"act": "approve", "seen": ""})
    assert answer.status_code == 409
    assert answer.context["fingerprint"] == preview(own, at=AT).fingerprint
    assert TermEvent.objects.count() == 1


@pytest.mark.parametrize("typed", [{}, {"act": "decide"}, {"act": "approve", "seen": "x" * 65}])
def test_a_decision_that_is_none_is_told(client, world, own, typed):
    client.force_login(make.make_user("grants_officer", world))
    assert client.post(page_of(own), typed).status_code == 200
    own.refresh_from_db()
    assert own.decision == "proposed"


def test_an_act_that_has_become_impossible_is_said_and_can_be_refused(client, world, grants_officer):
    officer, decider = make.make_user("program_officer", world), make.make_user("grants_officer", world)
    second = propose(world.pk, [TERM], actor=officer, at=AT, reason="Agreed.")
    first = propose(world.pk, [TERM | {"new_end": "2023-06"}], actor=officer, at=AT, reason="Agreed.")
    seen = preview(second, at=AT).fingerprint
    approve(first.pk, actor=decider, at=AT, seen=preview(first, at=AT).fingerprint)
    client.force_login(decider)
    answer = client.post(page_of(second), {"act": "approve", "seen": seen})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "An extension ends later than the term does now: 2023-06." in text
    assert "Approve exactly this" not in text
    assert client.post(page_of(second), {"act": "refuse", "reason": "Overtaken."}).status_code == 302


def test_there_is_no_other_way_to_the_rows():
    """No admin site is installed, and no page of another place takes a decision."""
    assert not apps.is_installed("django.contrib.admin")


@pytest.mark.parametrize("model", [TermEvent, AwardAction, Pledge], ids=lambda model: model.__name__)
def test_the_database_takes_no_row_that_one_person_stands_for_alone(world, grants_officer, model):
    alone = {"proposed_by": grants_officer, "decided_by": grants_officer, "decided_at": AT, "loaded_from": ""}
    build = {
        TermEvent: lambda **people: make.make_term_event(world, **people),
        AwardAction: lambda **people: make.make_action(make.make_award(world), **people),
        Pledge: lambda **people: make.make_pledge(world, **people),
    }[model]
    for people in (alone, alone | {"decided_by": None}, alone | {"proposed_by": None, "decided_by": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            build(**people)
    build(**alone | {"decided_by": make.make_user("grants_officer", world)})
    for statement in (f"UPDATE {model._meta.db_table} SET reason = 'x'", f"DELETE FROM {model._meta.db_table}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_database_lets_a_proposal_be_decided_once_and_says_what_it_said(own, world):
    other = make.make_user("grants_officer", world)
    for changed in ({"acts": []}, {"reason": "Another."}, {"proposed_by": other}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Proposal.objects.filter(pk=own.pk).update(**changed)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=own.pk).update(decision="refused", decided_by=other, decided_at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        Proposal.objects.filter(pk=own.pk).delete()
