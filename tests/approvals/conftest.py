"""A partnership of one region, three officers, and the day on which the acts of these tests are proposed."""

import pytest
from django.test import override_settings

from tests import factories as make


@pytest.fixture
def on_the_day():
    """For the pages, which ask the clock."""
    with override_settings(ALIANZA_TODAY=make.day("2020-02-06")):
        yield


@pytest.fixture
def world(db):
    partnership = make.make_partnership(regions=("XA-ONE",))
    make.make_region("XA-TWO")
    return partnership


@pytest.fixture
def officers(world):
    return [make.make_user(role, world) for role in ("program_officer", "grants_officer", "grants_officer")]
