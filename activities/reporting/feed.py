"""Returned reports in a person's calendar: each has a due day of its own, while its deadline was met when it was first sent."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.deadlines.feed_entries import Entry, sample_words, until_words
from cpc.core.texts import text_in

from .labels import organization_name, report_title
from .models import Report, ReportVersion
from .rules import RETURNED


def returned_entries(user, today: Mapping[str, date]) -> Iterable[Entry]:
    """Reports that `user` may open and that were returned. One query."""
    visible = Report.objects.visible_to(user)
    rows = ReportVersion.objects.filter(state=RETURNED, due_on__isnull=False, report__in=visible.values("pk"))
    rows = rows.select_related("report__award", "report__organization", "report__partnership")
    return [entry_of(version) for version in rows.annotate(moved_at=Max("transitions__at"))]


def entry_of(version: ReportVersion) -> Entry:
    report = version.report
    words = {"report": report_title(report), "who": organization_name(report.organization)}
    details = [
        until_words(version.due_on, report.partnership),
        str(text_in(report.partnership, "name")),
        str(text_in(report.award, "title")),
        sample_words() if report.is_sample else "",
    ]
    return Entry(
        uid=f"returned-{report.key}-{version.number}",
        first=version.due_on,
        last=version.due_on,
        summary=_("Returned, due again: %(report)s: %(who)s") % words,
        details=tuple(filter(None, details)),
        path=reverse("reports:detail", args=[report.partnership.key, report.key]),
        changed_at=version.moved_at,
        category=_("Returned report"),
    )
