"""Routes of the roof: where a person begins, and the dashboard. Award pages and statements stand with the money."""

from . import EVERYBODY, HOST, READERS, Route, Rule, nothing

ROUTES = {
    "dashboards:home": Route(get=Rule(EVERYBODY), kwargs=nothing, scoped=False),
    "dashboards:overview": Route(get=Rule(READERS | HOST), missing=lambda world: {"partnership": "nothing"}),
    "dashboards:grid-csv": Route(get=Rule(READERS | HOST)),
    "dashboards:grid-xlsx": Route(get=Rule(READERS | HOST)),
}
