"""An organization with an award in the partnership of the tests, and a form filled in as a person would."""

import pytest

from activities.regional.rules import Counts
from partners.roles import Role
from tests import factories as make


@pytest.fixture
def ilo(partnership):
    organization = make.make_organization("ilo", short_name="ILO")
    make.make_member(partnership, organization)
    return organization


@pytest.fixture
def award(partnership, ilo):
    return make.make_award(partnership, recipients=[ilo], key="test-initial")


@pytest.fixture
def preparer(partnership, ilo):
    return make.make_user(Role.PARTNER_PREPARER, partnership, organization=ilo)


@pytest.fixture
def activity(partnership, ilo, award):
    """Held on 2020-01-15, with 12 women among the officials and 7 girls."""
    row = make.make_activity(partnership, organization=ilo, award=award, key="test-2017-2020-01-0001", notes="In the town hall.")
    add_counts(row, {("officials", "female", "adult"): 12, ("children", "female", "child"): 7})
    return row


def add_counts(activity, counts: Counts):
    for (group, sex, age_band), n in counts.items():
        activity.counts.create(group=group, sex=sex, age_band=age_band, n=n)


@pytest.fixture
def values(partnership, ilo, award):
    """The fields that `log_activity` takes."""
    return {
        "kind": "training",
        "state": "held",
        "starts_on": make.day("2020-02-05"),
        "ends_on": make.day("2020-02-05"),
        "region_id": make.make_region("XA-ONE").pk,
        "objective_id": partnership.objectives.get(number=1).pk,
        "organization_id": ilo.pk,
        "award_id": award.pk,
        "title": "Interview techniques",
        "notes": "",
    }


@pytest.fixture
def typed(ilo, award):
    """What the form sends for the same."""
    return {
        "kind": "training",
        "starts_on": "2020-02-05",
        "ends_on": "",
        "state": "held",
        "region": "XA-ONE",
        "objective": "prosecute",
        "under": "ilo|test-initial",
        "title": "Interview techniques",
        "notes": "",
        "n-female-officials-adult": "19",
        "n-male-officials-adult": "0",
    }
