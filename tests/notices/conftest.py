"""A partner with a report that is late, and people of both sides."""

from datetime import UTC, date, datetime

import pytest

from cpc.notices import tasks
from partners.roles import Role
from tests import factories as make

AT = datetime(2020, 2, 10, 15, tzinfo=UTC)


@pytest.fixture
def on(settings):
    """`on("2020-02-13")`: what a run of that day did."""

    def run(day="2020-02-10"):
        settings.ALIANZA_TODAY = date.fromisoformat(day)
        return tasks.run()

    return run


@pytest.fixture
def award(partnership):
    organization = make.make_organization("ilo")
    make.make_member(partnership, organization)
    return make.make_award(partnership, recipients=[organization], key="grant")


@pytest.fixture
def ilo(award):
    return award.recipients.get().organization


@pytest.fixture
def preparer(partnership, ilo):
    return make.make_user(Role.PARTNER_PREPARER, partnership, organization=ilo, email="ana@example.org", name="Ana")


@pytest.fixture
def late(partnership, award, ilo):
    """The partner's report of the last quarter, due on 2020-01-30: on 10 February its last step is the seventh day after."""
    period = {"period_from": date(2019, 10, 1), "period_to": date(2019, 12, 31)}
    return make.make_deadline(partnership, key="late", award=award, recipient=ilo, **period)
