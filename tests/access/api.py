"""Routes of the API that belong to no slice, and those of the partners app. A person's session may read them, too."""

from . import EVERYBODY, Route, Rule, nothing


def listed(name, kwargs, *, scoped=True):
    """The two routes of a resource that everybody of the partnership reads."""
    return {
        f"api:{name}-list": Route(get=Rule(EVERYBODY), kwargs=nothing, scoped=False, api=True),
        f"api:{name}-detail": Route(
            get=Rule(EVERYBODY), kwargs=kwargs, missing=lambda world: {"key": "nothing"}, scoped=scoped, api=True
        ),
    }


def open_to_all(**more):
    return Route(get=Rule(EVERYBODY), kwargs=nothing, scoped=False, api=True, **more)


ROUTES = {
    "api:index": open_to_all(),
    "api:me": open_to_all(),
    "api:schema": open_to_all(),
    "api:docs": open_to_all(),
    "api:unknown": Route(
        get=Rule(set(), hidden=EVERYBODY),
        post=Rule(set(), hidden=EVERYBODY),
        kwargs=nothing,
        scoped=False,
        api=True,
        query="nothing/",
    ),
    **listed("partnership", lambda world: {"key": world.partnership.key}),
    **listed("organization", lambda world: {"key": world.partner.key}),
    **listed("region", lambda world: {"key": "XA-ONE"}, scoped=False),
    **listed("statement", lambda world: {"key": world.statement.key}),
}
