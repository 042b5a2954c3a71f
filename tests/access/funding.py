"""Routes of money: pages of the funding app, the pages composed above it, and its resources in the API."""

from . import EVERYBODY, HOST, OTHER_PARTNER, PARTNER_STAFF, READERS, SUB_PREPARER, Route, Rule, nothing

NO_PARTNERSHIP = {"partnership": "nothing"}
OTHERS = {OTHER_PARTNER, SUB_PREPARER}  # partners to whom the award of `partner` is unknown


def award_of(world):
    return {"partnership": world.partnership.key, "key": world.award.key}


def listed():
    return Route(get=Rule(EVERYBODY), kwargs=nothing, scoped=False, api=True)


def detail(kwargs):
    served = READERS | HOST | PARTNER_STAFF
    return Route(get=Rule(served, hidden=OTHERS), kwargs=kwargs, missing=lambda world: {"key": "nothing"}, api=True)


ROUTES = {
    "funding:list": Route(get=Rule(READERS | HOST), missing=lambda world: NO_PARTNERSHIP),
    "pledges:list": Route(get=Rule(READERS | HOST), missing=lambda world: NO_PARTNERSHIP),
    "dashboards:statements": Route(get=Rule(EVERYBODY), missing=lambda world: NO_PARTNERSHIP),
    "dashboards:award": Route(
        get=Rule(READERS | PARTNER_STAFF, hidden=OTHERS),
        kwargs=award_of,
        missing=lambda world: {"partnership": world.partnership.key, "key": "nothing"},
    ),
    "api:funding-summary": Route(get=Rule(READERS | HOST), kwargs=nothing, query="?partnership=test-2017", api=True),
    "api:award-list": listed(),
    "api:award-detail": detail(lambda world: {"key": world.award.key}),
    "api:award-action-list": listed(),
    "api:award-action-detail": detail(lambda world: {"key": world.action.key}),
}
