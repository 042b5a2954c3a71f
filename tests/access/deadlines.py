"""Routes of the deadlines. Everybody has some; the row is a report of the partner, which other partners and the host do not see.
It may be asked to fall due later by the partner's staff; for another one that has been asked already, and officers answer."""

from django.utils import timezone

from activities.deadlines.feed import make_feed

from . import ALL_PARTNERS, EVERYBODY, HOST, PARTNER_STAFF, READERS, Route, Rule, in_partnership, nothing

HIDDEN = HOST | (ALL_PARTNERS - PARTNER_STAFF)
OFFICER = {"program_officer"}


def of_date(name):
    return lambda world: in_partnership(world) | {"key": getattr(world, name).key}


def missing(world):
    return in_partnership(world) | {"key": "nothing"}


def with_a_calendar(world):
    """The program officer's; whoever asks for it is not asked who they are."""
    return {"token": make_feed(world.actors["program_officer"], now=timezone.now())}


ROUTES = {
    "calendar:page": Route(get=Rule(EVERYBODY), post=Rule(EVERYBODY), kwargs=nothing, scoped=False),
    "calendar:feed": Route(
        get=Rule(EVERYBODY), kwargs=with_a_calendar, missing=lambda world: {"token": "nothing"}, scoped=False, public=True
    ),
    "deadlines:list": Route(get=Rule(EVERYBODY), missing=lambda world: {"partnership": "nothing"}),
    "deadlines:detail": Route(get=Rule(READERS | PARTNER_STAFF, hidden=HIDDEN), kwargs=of_date("deadline"), missing=missing),
    "deadlines:ask": Route(
        get=Rule(PARTNER_STAFF, hidden=HIDDEN),
        post=Rule(PARTNER_STAFF, hidden=HIDDEN),
        kwargs=of_date("deadline"),
        missing=missing,
    ),
    "deadlines:answer": Route(
        get=Rule(OFFICER, hidden=HIDDEN), post=Rule(OFFICER, hidden=HIDDEN), kwargs=of_date("asked"), missing=missing
    ),
    "api:deadline-list": Route(get=Rule(EVERYBODY), kwargs=nothing, scoped=False, api=True),
    "api:deadline-detail": Route(
        get=Rule(READERS | PARTNER_STAFF, hidden=HIDDEN),
        kwargs=lambda world: {"key": world.deadline.key},
        missing=lambda world: {"key": "nothing"},
        api=True,
    ),
}
