"""Routes of exchange rates and of the jobs. Both belong to no partnership: a role in any one opens them."""

from . import HOST, READERS, Route, Rule, nothing

ADMINISTRATOR = {"administrator"}

ROUTES = {
    "rates:list": Route(get=Rule(READERS | HOST), kwargs=nothing, scoped=False),
    "rates:load": Route(get=Rule(ADMINISTRATOR), post=Rule(ADMINISTRATOR), kwargs=nothing, scoped=False),
    "dashboards:jobs": Route(get=Rule({"program_officer", "grants_officer", "administrator"}), kwargs=nothing, scoped=False),
    "rates:bases": Route(get=Rule(READERS | HOST), missing=lambda world: {"partnership": "nothing"}),
}
