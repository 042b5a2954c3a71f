import pytest

from tests import factories as make

from .compact import build
from .gifts import make_ministry


@pytest.fixture
def compact(partnership):
    return build(partnership)


@pytest.fixture
def ministry(partnership):
    return make_ministry(partnership)


@pytest.fixture
def row(partnership, ministry):
    return make.make_contribution(partnership, entity=ministry, amount="100.00", kind="project", valuation="budget")
