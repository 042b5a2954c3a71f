"""The route that checks an export: for who reads the funding of any partnership. Out of scope is an answer of the page."""

from . import HOST, READERS, Route, Rule, nothing

ROUTES = {
    "exports:check": Route(
        get=Rule(READERS | HOST),
        post=Rule(READERS | HOST, data=lambda world: {"fingerprint": "no fingerprint"}),
        kwargs=nothing,
        scoped=False,
    )
}
