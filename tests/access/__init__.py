"""The access table: every route × method × role.

Each slice states its routes in a module of this package, in a dict `ROUTES` from the route's full name (`activities:list`) to a
`Route`. `tests/test_access.py` walks the URLconf, fails for a route without a row and for a row without a route, and performs
every request against the rows of `World`.

A `Route` names, for each method, the actors who are served: they get any answer but 403, 404, 405 and 5xx. Those in `hidden`
get 404 (the row does not exist for them), every other person of the partnership gets 403 with a reason. The stranger, who has
the widest role in another partnership, gets 404, and so does everybody for a key that does not exist. Nobody logged in: a page
leads to the log-in, the API answers 401. A method that is not named is 405. HEAD follows GET; OPTIONS is left alone.
"""

from collections.abc import Callable
from dataclasses import dataclass

from partners.roles import Role

ROLES = tuple(role.value for role in Role)
OTHER_PARTNER = "other_partner_preparer"  # prepares for another prime recipient
SUB_PREPARER = "sub_preparer"  # prepares for a sub-recipient of the partner
ACTORS = (*ROLES, OTHER_PARTNER, SUB_PREPARER)

PARTNER_STAFF = {"partner_preparer", "partner_certifier"}
ALL_PARTNERS = PARTNER_STAFF | {OTHER_PARTNER, SUB_PREPARER}
READERS = {"program_officer", "grants_officer", "embassy_viewer", "administrator", "api_client"}
HOST = {"host_delegate"}
EVERYBODY = frozenset(ACTORS)


def in_partnership(world) -> dict:
    return {"partnership": world.partnership.key}


def nothing(world) -> dict:
    return {}


@dataclass(frozen=True)
class Rule:
    """Who is served by one method of a route, and whom a row does not exist for. `data` is what a POST sends (default:
    nothing)."""

    served: frozenset | set
    hidden: frozenset | set = frozenset()
    data: Callable | None = None


@dataclass(frozen=True)
class Route:
    """One route. `missing` gives the arguments of a key that does not exist, None where the route has no key of its own.

    `scoped`: the stranger gets 404. `api`: answers in the API's shape. `public`: served to anybody, also without a log-in.
    """

    get: Rule | None = None
    post: Rule | None = None
    kwargs: Callable = in_partnership
    missing: Callable | None = None
    query: str = ""
    scoped: bool = True
    api: bool = False
    public: bool = False
