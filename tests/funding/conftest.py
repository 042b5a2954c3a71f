import pytest

from .compact import build


@pytest.fixture
def compact(partnership):
    return build(partnership)
