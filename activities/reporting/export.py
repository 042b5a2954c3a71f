"""The list of reports as a file."""

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext_lazy as _

from cpc.core.sheets import Column, Sheet

from .labels import STATE_LABELS, name_of, organization_name, report_title
from .queries import standing_of


def report_sheet(today: Callable[[str], date]) -> Sheet:
    """One row per report of `for_list()`; no contents, no counts. `today` gives the day in a zone."""

    def column(key, label, read=None):
        return Column(key, label, read or (lambda row: getattr(row, key)))

    return Sheet(
        "reports",
        (
            column("key", _("Key")),
            column("title", _("Report"), report_title),
            column("award", _("Award key"), lambda row: row.award.key),
            column("award_title", _("Award"), lambda row: name_of(row.award, "title")),
            column("organization", _("Organization key"), lambda row: row.organization.key),
            column("organization_name", _("Organization"), lambda row: organization_name(row.organization)),
            column("period_from", _("First day of the period")),
            column("period_to", _("Last day of the period")),
            column("is_final", _("Final report")),
            column("state", _("State key")),
            column("state_label", _("State"), lambda row: STATE_LABELS[row.state]),
            column("version", _("Version"), lambda row: row.number),
            column("due_on", _("Due day")),
            column("submitted_at", _("Submitted at")),
            column("days_late", _("Days late"), lambda row: standing_of(row, today=today(row.partnership.time_zone)).days_late),
            column("is_sample", _("Sample")),
        ),
        title=_("Reports"),
    )
