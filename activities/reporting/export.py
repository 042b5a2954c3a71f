"""The list of reports as a file."""

from django.utils.translation import gettext_lazy as _

from cpc.core.sheets import Column, Sheet


def report_sheet() -> Sheet:
    """One row per report as the views show it (`standing`, labels); no contents, no counts."""

    def column(key, label, read=None):
        return Column(key, label, read or (lambda row: getattr(row, key)))

    return Sheet(
        "reports",
        (
            column("key", _("Key")),
            column("title", _("Report")),
            column("award", _("Award key"), lambda row: row.award.key),
            column("award_title", _("Award")),
            column("organization", _("Organization key"), lambda row: row.organization.key),
            column("organization_name", _("Organization")),
            column("period_from", _("First day of the period")),
            column("period_to", _("Last day of the period")),
            column("is_final", _("Final report")),
            column("state", _("State"), lambda row: row.state_label),
            column("version", _("Version"), lambda row: row.number),
            column("due_on", _("Due day")),
            column("submitted_at", _("Submitted at")),
            column("days_late", _("Days late"), lambda row: row.standing.days_late),
            column("is_sample", _("Sample")),
        ),
    )
