"""Routes of the deadlines. Everybody has some; the API's row is a report of the partner, which other partners and the host do
not see."""

from . import ALL_PARTNERS, EVERYBODY, HOST, PARTNER_STAFF, READERS, Route, Rule, nothing

ROUTES = {
    "deadlines:list": Route(get=Rule(EVERYBODY), missing=lambda world: {"partnership": "nothing"}),
    "api:deadline-list": Route(get=Rule(EVERYBODY), kwargs=nothing, scoped=False, api=True),
    "api:deadline-detail": Route(
        get=Rule(READERS | PARTNER_STAFF, hidden=HOST | (ALL_PARTNERS - PARTNER_STAFF)),
        kwargs=lambda world: {"key": world.deadline.key},
        missing=lambda world: {"key": "nothing"},
        api=True,
    ),
}
