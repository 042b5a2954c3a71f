"""Two versions of one activity side by side, for somebody whose edit was overtaken."""

from django.utils.translation import gettext as _

from cpc.core.labels import day_label, format_number

from .choices import OBJECTIVE, ORGANIZATION, RECIPIENT, REGION, Choices
from .forms import ActivityForm
from .labels import cell_label
from .models import Activity


def compare(form: ActivityForm, current: Activity, counts: dict) -> list[dict]:
    """A row for each field, and each cell in which the two differ: `label`, `yours` as typed, `theirs` as stored, `is_same`."""
    yours, theirs = form.values, {name: getattr(current, name) for name in form.values}
    rows = [
        _row(label, say(yours[name], form.choices), say(theirs[name], form.choices), yours[name] == theirs[name])
        for name, label, say in _fields()
    ]
    typed = form.counts
    for cell in sorted({*typed, *counts}):
        if typed.get(cell) != counts.get(cell):
            rows.append(_row(cell_label(*cell), _number(typed.get(cell)), _number(counts.get(cell)), False))
    return rows


def _row(label, yours, theirs, is_same):
    return {"label": label, "yours": yours, "theirs": theirs, "is_same": is_same}


def _number(n):
    return format_number(n, unknown=_("not recorded"))


def _named(what, missing):
    def say(pk, choices: Choices):
        return getattr(choices.by_id(what, pk), "name", missing)

    return say


def _fields():
    """Name, label and how a value is said."""
    plain = lambda value, _choices: value  # noqa: E731 a name for it would be longer
    day = lambda value, _choices: day_label(value)  # noqa: E731
    return (
        ("title", _("Title"), plain),
        ("kind", _("Kind"), lambda value, _choices: Activity.Kind(value).label),
        ("state", _("State"), lambda value, _choices: Activity.State(value).label),
        ("starts_on", _("First day"), day),
        ("ends_on", _("Last day"), day),
        ("region_id", _("Region"), _named(REGION, _("National"))),
        ("objective_id", _("Objective"), _named(OBJECTIVE, "")),
        ("organization_id", _("Organization"), _named(ORGANIZATION, _("another organization"))),
        ("award_id", _("Award"), _named(RECIPIENT, _("no award"))),
        ("notes", _("Note"), plain),
    )
