"""Routes of the partners app."""

from . import EVERYBODY, Route, Rule

ROUTES = {"partners:list": Route(get=Rule(EVERYBODY), missing=lambda world: {"partnership": "nothing"})}
