"""A partner that owes a quarterly report, with one indicator per objective in two regions."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.urls import reverse

from activities.reporting.drafts import save_award_check, save_financial, save_indicators, save_narrative
from activities.reporting.models import Cell, FinancialReport, ReportVersion, Section
from activities.reporting.rules import NARRATIVES
from activities.reporting.services import open_report, sync_reports
from cpc.core.periods import Period
from partners.roles import Role
from tests import factories as make
from tests.factories import lima

Q4 = Period(date(2019, 10, 1), date(2019, 12, 31))
Q3 = Period(date(2019, 7, 1), date(2019, 9, 30))
LINES = {"10a": "100.00", "10b": "90.00", "10d": "500.00", "10e": "90.00", "10f": "20.00"}
SOON = lima("2020-01-20 10:00")
KEY = "test-award-ilo-2019-q4"
LIST = "/p/test-2017/reports/"


def url(name, *rest):
    return reverse(f"reports:{name}", args=["test-2017", KEY, *rest])


def text_of(response):
    return response.content.decode()


def owe(award, organization, period, *, due_on="2020-01-30", final=False):
    """Both halves of a report as the engine would ask for them."""
    days = {"period_from": period.first, "period_to": period.last, "award": award, "recipient": organization, "due_on": due_on}
    halves = {"financial": "R-FFR-Q", "performance": "R-PPR-Q"}
    for half, rule in halves.items():
        kind = "final_report" if final else f"{half}_report"
        make.make_deadline(award.partnership, kind=kind, rule=rule.replace("-Q", "-F-90") if final else rule, **days)


def amounts(**changes) -> dict:
    return {line: None if value is None else Decimal(value) for line, value in (LINES | changes).items()}


def fill_in(version, actor, *, at=SOON, cells=None, lines=None, remarks=""):
    """Complete every task of a version, as its preparer would."""
    revisions = {section.key: section.revision for section in version.sections.all()}
    common = {"actor": actor, "at": at, "done": True}
    save_award_check(version.pk, revision=revisions.get("award", 0), **common)
    for number in (1, 2, 3):
        key = f"indicators-{number}"
        filled = {f"I-{number}/{region}/{sex}": 5 for region in ("XA-ONE", "XA-TWO") for sex in ("female", "male")}
        filled |= {field: value for field, value in (cells or {}).items() if field in filled}
        save_indicators(version.pk, key, cells=filled, revision=revisions.get(key, 0), **common)
    for key in NARRATIVES:
        save_narrative(version.pk, key, text=f"Text of {key}.", language="en", revision=revisions.get(key, 0), **common)
    save_financial(
        version.pk, basis="cash", lines=lines or amounts(), remarks=remarks, revision=revisions.get("financial", 0), **common
    )
    return ReportVersion.objects.get(pk=version.pk)


@pytest.fixture
def world(partnership):
    w = SimpleNamespace(partnership=partnership, ilo=make.make_organization("ilo"))
    make.make_member(partnership, w.ilo)
    w.award = make.make_award(partnership, recipients=[w.ilo], key="test-award")
    for number in (1, 2, 3):
        make.make_indicator(partnership, key=f"I-{number}", objective=number)
    owe(w.award, w.ilo, Q4)
    sync_reports(partnership)
    w.preparer = make.make_user(Role.PARTNER_PREPARER, partnership, organization=w.ilo, email="prep@example.org", name="Pilar")
    w.certifier = make.make_user(Role.PARTNER_CERTIFIER, partnership, organization=w.ilo, email="cert@example.org", name="Carla")
    w.officer = make.make_user(Role.PROGRAM_OFFICER, partnership, email="officer@example.org", name="Olivia")
    w.other_officer = make.make_user(Role.PROGRAM_OFFICER, partnership, email="officer2@example.org", name="Oscar")
    w.report = partnership.reports.get()
    return w


@pytest.fixture
def draft(world):
    """The version that the preparer has just begun."""
    return open_report(world.award, world.ilo, Q4, actor=world.preparer, at=SOON)


@pytest.fixture
def filled(world, draft):
    """A draft in which every task is completed, as `fill_in` leaves it, in three statements."""
    keys = ["award", *(f"indicators-{number}" for number in (1, 2, 3)), *NARRATIVES, "financial"]
    saved = {"version": draft, "saved_by": world.preparer, "saved_at": SOON, "is_done": True, "revision": 1, "language": "en"}
    Section.objects.bulk_create(Section(key=key, text=f"Text of {key}." if key in NARRATIVES else "", **saved) for key in keys)
    Cell.objects.bulk_create(
        Cell(version=draft, indicator=indicator, organization=world.ilo, region=row.region, category=sex, value=5)
        for indicator in world.partnership.indicators.all()
        for row in world.partnership.coverage.select_related("region")
        for sex in indicator.categories
    )
    FinancialReport.objects.create(version=draft, **{f"line_{line}": amount for line, amount in amounts().items()})
    return draft
