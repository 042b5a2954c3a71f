"""The reports that change what was disbursed or spent. What is accepted stays; a correction is a newer version."""

from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse

from activities.reporting.labels import report_title
from activities.reporting.models import ReportVersion
from activities.reporting.queries import end_of
from activities.reporting.rules import ACCEPTED
from cpc.core.dates import PreciseDate
from cpc.core.fingerprints import Fingerprint
from partners.models import Partnership
from partners.permissions import may

from .changes import MOST_CHANGES, Change


def accepted_since(
    user, fingerprint: Fingerprint, partnership: Partnership, levels: list[str], *, known_on: date
) -> tuple[list[Change], int]:
    """Reports of awards on these levels whose acceptance the sums of `known_on` count and the export could not, the oldest first,
    and how many they are; none for who does not read reports. Two statements."""
    if not may(user, "read.reports", partnership.pk):
        return [], 0
    zone = ZoneInfo(partnership.time_zone)
    later = Q(accepted_at__gt=fingerprint.made_at) | Q(accepted_at__gte=end_of(fingerprint.known_on, zone))
    rows = ReportVersion.objects.filter(
        later, report__partnership=partnership, report__award__level__in=levels, report__period_to__lte=fingerprint.as_of,
        state=ACCEPTED, accepted_at__lt=end_of(known_on, zone),
    ).select_related("report__award", "report__organization").order_by("accepted_at", "pk")  # fmt: skip
    return [change_of(row, partnership, zone) for row in rows[:MOST_CHANGES]], rows.count()


def change_of(version: ReportVersion, partnership: Partnership, zone: ZoneInfo) -> Change:
    report = version.report
    return Change(
        is_new=True,
        is_void=False,
        key=report.key,
        words=report_title(report),
        on=PreciseDate(report.period_to),
        since=version.accepted_at.astimezone(zone).date(),
        amount=None,
        currency="",
        reason=version.reason,
        where=reverse("reports:detail", args=[partnership.key, report.key]),
        is_sample=report.is_sample,
    )
