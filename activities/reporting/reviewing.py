"""The reviewer's own clock: the reports that wait for an officer's answer, and since when. No deadline of the API's kinds, and no
row of its own: it is read from the reports each time."""

from collections.abc import Mapping, Set
from datetime import date, timedelta

from django.urls import reverse

from activities.deadlines.above import Review
from cpc.core.workdays import ShiftPolicy, shift
from partners.models import Partnership

from .labels import organization_name, report_title
from .models import Report, ReportVersion
from .rules import IN_REVIEW, SUBMITTED
from .services import triple_of

# R-DATAREVIEW of the domain rules: the TIP Office's own practice, assumed; nothing published sets the day.
DAYS_TO_ANSWER = 30


def reviews_waiting(
    user, partnership: Partnership, *, closed_days: Mapping[str, Set[date]]
) -> dict[tuple[int, int, date, date], Review]:
    """By award, recipient and period: the reports that `user` may open and that are submitted or in review. One query.
    `closed_days` as in `PartnershipFacts`."""
    visible = Report.objects.visible_to(user).filter(partnership=partnership)
    rows = ReportVersion.objects.filter(state__in=[SUBMITTED, IN_REVIEW], report__in=visible.values("pk"))
    versions = rows.select_related("report__award", "report__organization", "reviewer").order_by("submitted_at", "pk")
    return {triple_of(version.report): review_of(version, partnership, closed_days) for version in versions}


def review_of(version: ReportVersion, partnership: Partnership, closed_days: Mapping[str, Set[date]]) -> Review:
    report = version.report
    submitted_on = partnership.day_of(version.submitted_at)
    return Review(
        title=report_title(report),
        organization=organization_name(report.organization),
        url=reverse("reports:detail", args=[partnership.key, report.key]),
        submitted_on=submitted_on,
        due_on=shift(submitted_on + timedelta(days=DAYS_TO_ANSWER), ShiftPolicy.NEXT_US, extra=closed_days),
        reviewer=str(version.reviewer) if version.reviewer else "",
        is_sample=report.is_sample,
    )
