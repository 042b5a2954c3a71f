"""Whom proposals concern: those who may decide while they wait, their proposer once somebody has."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial

from django.urls import reverse

from partners.models import Partnership
from partners.occasions import Audience, Occasion
from partners.roles import roles_that_may

from .models import Proposal
from .words import Names, sentences_of, title_of_proposal

TOLD_DAYS = 30
DECIDED = {Proposal.Decision.APPROVED: "proposal_approved", Proposal.Decision.REFUSED: "proposal_refused"}


def occasions(partnership: Partnership, today: date) -> Iterable[Occasion]:
    """Proposals that wait, however long, and those decided in the last `TOLD_DAYS`. One query."""
    rows = Proposal.objects.filter(partnership=partnership, proposed_on__lte=today).order_by("pk")
    for row in rows.waiting() | rows.filter(decision__in=DECIDED, decided_on__range=(today - timedelta(days=TOLD_DAYS), today)):
        waits = row.decision == Proposal.Decision.PROPOSED
        deciders = Audience(frozenset(roles_that_may("money.decide")), but_not=frozenset({row.proposed_by_id}))
        yield Occasion(
            kind="proposal_made" if waits else DECIDED[row.decision],
            subject_key=row.key,
            words=partial(name_of, partnership, row),
            path=reverse("approvals:detail", args=[partnership.key, row.key]),
            audience=deciders if waits else Audience(users=frozenset({row.proposed_by_id})),
            on=row.proposed_on if waits else row.decided_on,
            is_sample=row.is_sample,
        )


def name_of(partnership: Partnership, row: Proposal) -> str:
    return title_of_proposal(sentences_of(row.acts, Names(partnership, row.acts)))
