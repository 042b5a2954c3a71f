"""Routes of the dialogues."""

from . import EVERYBODY, Route, Rule

ROUTES = {
    "dialogues:list": Route(get=Rule(EVERYBODY)),
    "dialogues:detail": Route(
        get=Rule(EVERYBODY),
        kwargs=lambda world: {"partnership": world.partnership.key, "key": world.dialogue.key},
        missing=lambda world: {"partnership": world.partnership.key, "key": "nothing"},
    ),
}
