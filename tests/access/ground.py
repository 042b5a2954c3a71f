"""Routes of the process itself."""

from . import EVERYBODY, Route, Rule, nothing

ROUTES = {
    "readyz": Route(get=Rule(EVERYBODY), kwargs=nothing, scoped=False, public=True),
    "healthz": Route(get=Rule(EVERYBODY), kwargs=nothing, scoped=False, public=True),
}
