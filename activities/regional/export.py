"""The list of activities as a file: the rows that the filters find, with what this reader may see."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cpc.core.sheets import Column, Sheet

from .models import Activity
from .protection import is_exact_for


def activity_sheet(user, *, for_programs: bool = False) -> Sheet:
    """One row per activity of `queries.readable`. Where `user` does not see exact figures, a day is a month ("2020-02") and the
    count of children says that it is protected, as it always does to programs."""

    known: dict = {}
    protected = gettext("protected figure")
    kinds, states = dict(Activity.Kind.choices), dict(Activity.State.choices)

    def exact(row):
        whose = (row.partnership_id, row.organization_id)
        if whose not in known:
            known[whose] = is_exact_for(user, row)
        return known[whose]

    def day(name):
        return lambda row: getattr(row, name).isoformat()[: 10 if exact(row) else 7]

    def children(row):
        return row.n_children if not for_programs and exact(row) else protected

    def column(key, label, read=None):
        return Column(key, label, read or (lambda row: getattr(row, key)))

    return Sheet(
        "activities",
        (
            column("key", _("Key")),
            column("title", _("Title")),
            column("kind", _("Kind"), lambda row: kinds[row.kind]),
            column("state", _("State"), lambda row: states[row.state]),
            column("starts_on", _("First day"), day("starts_on")),
            column("ends_on", _("Last day"), day("ends_on")),
            column("region", _("Region key"), lambda row: row.region_key or ""),
            column("region_name", _("Region"), lambda row: row.region_name or _("National")),
            column("objective", _("Objective key"), lambda row: row.objective_key),
            column("objective_name", _("Objective")),
            column("organization", _("Organization key"), lambda row: row.organization_key),
            column("organization_name", _("Organization")),
            column("award", _("Award"), lambda row: row.award_key or ""),
            column("n_others", _("Adults and age not recorded")),
            column("n_children", _("Under 18"), children),
            column("is_sample", _("Sample")),
        ),
        title=_("Activities"),
    )
