"""Routes of what the host gave: who enters and puts right, who confirms and disputes for which government."""

from . import HOST, READERS, Route, Rule, in_partnership

WRITERS = {"program_officer"} | HOST


def of_contribution(world):
    return in_partnership(world) | {"key": world.contribution.key}


def missing(world):
    return in_partnership(world) | {"key": "nothing"}


def written(**kwargs):
    return Route(get=Rule(WRITERS), post=Rule(WRITERS), **kwargs)


ROUTES = {
    "pledges:contribution-new": written(missing=lambda world: {"partnership": "nothing"}),
    "pledges:contribution": Route(get=Rule(READERS | HOST), kwargs=of_contribution, missing=missing),
    "pledges:contribution-replace": written(kwargs=of_contribution, missing=missing),
    "pledges:contribution-void": written(kwargs=of_contribution, missing=missing),
    "pledges:contribution-confirm": Route(post=Rule(WRITERS), kwargs=of_contribution, missing=missing),
    "pledges:contribution-dispute": written(kwargs=of_contribution, missing=missing),
}
