"""Deadlines as a file."""

from django.utils.translation import gettext_lazy as _

from cpc.core.sheets import Column, Sheet

from .explain import explain, title_of
from .filters import STATUS_LABELS
from .queries import rests_on_sample

DEADLINES = Sheet(
    "deadlines",
    (
        Column("key", _("Key"), lambda row: row.key),
        Column("title", _("What"), title_of),
        Column("kind", _("Kind"), lambda row: row.get_kind_display()),
        Column("award", _("Award"), lambda row: row.award and row.award.key),
        Column("recipient", _("Partner"), lambda row: row.recipient and row.recipient.key),
        Column("period_from", _("Period from"), lambda row: row.period_from),
        Column("period_to", _("Period to"), lambda row: row.period_to),
        Column("due_on", _("Due"), lambda row: row.due_on),
        Column("wanted_on", _("Later day asked for"), lambda row: row.wanted_on),
        Column("granted_on", _("Later day granted"), lambda row: row.granted_on),
        Column("next_business_day", _("Next business day"), lambda row: row.next_business_on),
        Column("status", _("Status"), lambda row: str(STATUS_LABELS[row.status])),
        Column("met_on", _("Met on"), lambda row: row.met_on),
        Column("is_sample", _("Sample"), rests_on_sample),
        Column("explanation", _("Why"), lambda row: str(explain(row))),
    ),
    title=_("Deadlines"),
)
