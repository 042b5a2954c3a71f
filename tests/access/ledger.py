"""Routes of proposals, and the resources of the ledger in the API."""

from datetime import datetime

from cpc.approvals.services import approve, preview, propose
from tests import factories as make

from . import EVERYBODY, HOST, READERS, Route, Rule, nothing


def listed(rule=None):
    return Route(get=rule or Rule(EVERYBODY), kwargs=nothing, scoped=False, api=True)


def missing(world):
    return {"key": "nothing"}


def proposal(world):
    return {"partnership": world.partnership.key, "key": world.proposal.key}


def approved_row(world):
    """The row of a ledger that an approved proposal brought."""
    act = {"act": "coverage", "region": make.make_region("XA-NEW").key, "since": "2020-02-06"}
    act_of_term = {"act": "term", "kind": "extended", "new_end": "2023-06"}
    at = datetime(2020, 2, 6, 12, tzinfo=make.LIMA)
    officer, decider = (world.actors[role] for role in ("program_officer", "grants_officer"))
    proposal = propose(world.partnership.pk, [act, act_of_term], actor=officer, at=at, reason="Agreed.")
    done = approve(proposal.pk, actor=decider, at=at, seen=preview(proposal, at=at).fingerprint)
    return {"partnership": world.partnership.key, "key": done.consequences["rows"][0]}


OFFICERS = {"program_officer", "grants_officer"}
NO_PARTNERSHIP = {"partnership": "nothing"}

ROUTES = {
    "approvals:inbox": Route(get=Rule(READERS), kwargs=nothing, scoped=False),
    "approvals:new": Route(get=Rule(OFFICERS), post=Rule(OFFICERS), missing=lambda world: NO_PARTNERSHIP),
    "approvals:what-if": Route(
        get=Rule(EVERYBODY), query="?award=test-award&award_end=2021-06", missing=lambda world: NO_PARTNERSHIP
    ),
    "approvals:detail": Route(
        get=Rule(READERS, hidden=HOST),
        post=Rule({"grants_officer"}, hidden=HOST, data=lambda world: {"act": "refuse"}),
        kwargs=proposal,
        missing=lambda world: {"partnership": world.partnership.key, "key": "nothing"},
    ),
    "approvals:of-row": Route(
        get=Rule(READERS, hidden=HOST),
        kwargs=approved_row,
        missing=lambda world: {"partnership": world.partnership.key, "key": "nothing"},
    ),
    "api:term-event-list": listed(),
    "api:term-event-detail": Route(
        get=Rule(EVERYBODY), kwargs=lambda world: {"key": world.partnership.term_events.first().key}, missing=missing, api=True
    ),
    "api:coverage-list": listed(),
    "api:objective-list": listed(),
    "api:exchange-rate-list": listed(),
    "api:pledge-list": listed(Rule(READERS | HOST)),
    "api:pledge-detail": Route(
        get=Rule(READERS | HOST, hidden=EVERYBODY - READERS - HOST),
        kwargs=lambda world: {"key": world.pledge.key},
        missing=missing,
        api=True,
    ),
    "api:contribution-list": listed(Rule(READERS | HOST)),
    "api:contribution-detail": Route(
        get=Rule(READERS | HOST, hidden=EVERYBODY - READERS - HOST),
        kwargs=lambda world: {"key": world.contribution.key},
        missing=missing,
        api=True,
    ),
}
