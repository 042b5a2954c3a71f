"""Routes of proposals, and the resources of the ledger in the API."""

from . import EVERYBODY, HOST, READERS, Route, Rule, nothing


def listed(rule=None):
    return Route(get=rule or Rule(EVERYBODY), kwargs=nothing, scoped=False, api=True)


def missing(world):
    return {"key": "nothing"}


def proposal(world):
    return {"partnership": world.partnership.key, "key": world.proposal.key}


OFFICERS = {"program_officer", "grants_officer"}
NO_PARTNERSHIP = {"partnership": "nothing"}

ROUTES = {
    "approvals:inbox": Route(get=Rule(READERS), kwargs=nothing, scoped=False),
    "approvals:new": Route(get=Rule(OFFICERS), post=Rule(OFFICERS), missing=lambda world: NO_PARTNERSHIP),
    "approvals:detail": Route(
        get=Rule(READERS, hidden=HOST),
        post=Rule({"grants_officer"}, hidden=HOST, data=lambda world: {"act": "refuse"}),
        kwargs=proposal,
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
