"""Routes of the activities. Everybody reads those of the own scope; program officers and the partner whose they are write."""

from . import ALL_PARTNERS, EVERYBODY, PARTNER_STAFF, Route, Rule, in_partnership, nothing

OFFICER = {"program_officer"}
HIDDEN = ALL_PARTNERS - PARTNER_STAFF  # another partner's activity does not exist for them
WRITES = OFFICER | PARTNER_STAFF


def of_activity(world):
    return in_partnership(world) | {"key": world.activity.key}


def missing(world):
    return in_partnership(world) | {"key": "nothing"}


def no_partnership(world):
    return {"partnership": "nothing"}


ROUTES = {
    "activities:list": Route(get=Rule(EVERYBODY), missing=no_partnership),
    "activities:new": Route(get=Rule(OFFICER | ALL_PARTNERS), post=Rule(OFFICER | ALL_PARTNERS), missing=no_partnership),
    "activities:detail": Route(get=Rule(EVERYBODY - HIDDEN, hidden=HIDDEN), kwargs=of_activity, missing=missing),
    "activities:edit": Route(
        get=Rule(WRITES, hidden=HIDDEN), post=Rule(WRITES, hidden=HIDDEN), kwargs=of_activity, missing=missing
    ),
    "activities:void": Route(
        get=Rule(WRITES, hidden=HIDDEN), post=Rule(WRITES, hidden=HIDDEN), kwargs=of_activity, missing=missing
    ),
    "api:activity-list": Route(get=Rule(EVERYBODY), kwargs=nothing, scoped=False, api=True),
    "api:activity-detail": Route(
        get=Rule(EVERYBODY - HIDDEN, hidden=HIDDEN),
        kwargs=lambda world: {"key": world.activity.key},
        missing=lambda world: {"key": "nothing"},
        api=True,
    ),
}
