"""While the nightly job stands still, every page whose dates rest on it says so."""

import pytest

from activities.models import JobRun
from partners.roles import Role
from tests import factories as make

WARNING = "The nightly check of deadlines has not run for two days."


@pytest.fixture
def pages(partnership):
    """Role and address of each page; the date belongs to the organization of the partner."""
    organization = make.make_organization("owing")
    award = make.make_award(partnership, recipients=[organization])
    row = make.make_deadline(partnership, award=award, recipient=organization)
    officer = make.make_user(Role.PROGRAM_OFFICER, partnership)
    place = f"/p/{partnership.key}"
    return [
        (make.make_user(Role.PARTNER_PREPARER, partnership, organization=organization), "/"),
        (officer, f"{place}/"),
        (officer, f"{place}/deadlines/"),
        (officer, f"{place}/deadlines/{row.key}/"),
        (officer, f"{place}/what-if/?term_end=2023-06"),
        (officer, f"{place}/funding/awards/{award.key}/"),
    ]


def warned(login, pages) -> list[bool]:
    return [WARNING in login(person).get(address).content.decode() for person, address in pages]


def test_every_page_of_dates_warns_until_the_job_has_run(login, pages):
    assert warned(login, pages) == [True] * len(pages)
    began = make.lima("2020-02-09 00:00")
    JobRun.objects.create(job="deadlines America/Lima", started_at=began, finished_at=began)
    assert warned(login, pages) == [False] * len(pages)
