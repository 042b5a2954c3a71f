"""Version 1 of the API: the viewsets stand in their slices, here they get their addresses."""

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from activities.deadlines.api import DeadlineViewSet
from activities.regional.api import ActivityViewSet
from activities.reporting.api import ReportViewSet
from activities.what_is_due import things_of_deadlines
from cpc.core.rest import UnknownAddress
from funding.awards.api import AwardActionViewSet, AwardViewSet
from funding.pledges.api import ContributionViewSet, ExchangeRateViewSet, PledgeViewSet
from partners.api import OrganizationViewSet, PartnershipViewSet, RegionViewSet, StatementViewSet
from partners.ledger_api import CoverageViewSet, ObjectiveViewSet, TermEventViewSet

from .funding_summary import FundingSummaryView
from .views import DocsView, IndexView, MeView, SchemaView


class DeadlinesAndReports(DeadlineViewSet):
    # The reports stand above the deadlines, which are handed the search for them.
    __doc__ = DeadlineViewSet.__doc__
    find_reports = staticmethod(things_of_deadlines)


app_name = "api"
router = SimpleRouter()
router.register("partnerships", PartnershipViewSet, "partnership")
router.register("organizations", OrganizationViewSet, "organization")
router.register("regions", RegionViewSet, "region")
router.register("statements", StatementViewSet, "statement")
router.register("awards", AwardViewSet, "award")
router.register("award-actions", AwardActionViewSet, "award-action")
router.register("term-events", TermEventViewSet, "term-event")
router.register("coverage", CoverageViewSet, "coverage")
router.register("objectives", ObjectiveViewSet, "objective")
router.register("pledges", PledgeViewSet, "pledge")
router.register("contributions", ContributionViewSet, "contribution")
router.register("exchange-rates", ExchangeRateViewSet, "exchange-rate")
router.register("activities", ActivityViewSet, "activity")
router.register("deadlines", DeadlinesAndReports, "deadline")
router.register("reports", ReportViewSet, "report")

urlpatterns = [
    path("", IndexView.as_view(), name="index"),
    path("me/", MeView.as_view(), name="me"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
    path("funding/summary/", FundingSummaryView.as_view(), name="funding-summary"),
    *router.urls,
    re_path(r"^", UnknownAddress.as_view(), name="unknown"),
]
