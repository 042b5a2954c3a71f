"""Cells, columns and days of activities in words, the same on pages, in the history and in exports."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cpc.core.labels import NBSP, day_label, month_label, period_label
from cpc.core.periods import Period

from .models import Activity
from .rules import AgeBand, Group, Sex

# How a state looks; the word is the model's, the same everywhere.
STATE_TAGS = {
    Activity.State.PLANNED: "none",
    Activity.State.HELD: "full",
    Activity.State.CANCELLED: "off",
    Activity.State.VOID: "off",
}


GROUP_LABELS = {
    Group.OFFICIALS: gettext_lazy("Officials"),
    Group.COMMUNITY: gettext_lazy("Community"),
    Group.CHILDREN: gettext_lazy("Children"),
}
AGE_LABELS = {
    AgeBand.CHILD: gettext_lazy("under 18"),
    AgeBand.ADULT: gettext_lazy("18 and over"),
    AgeBand.UNKNOWN: gettext_lazy("age not recorded"),
}


def column_label(group: str, age_band: str) -> str:
    """ "Officials, 18 and over"."""
    return _("%(group)s, %(age)s") % {"group": GROUP_LABELS[group], "age": AGE_LABELS[age_band]}


def cell_label(group: str, sex: str, age_band: str) -> str:
    """ "Female – Officials, 18 and over", for the error and the history of one cell."""
    return _("%(sex)s – %(column)s") % {"sex": Sex(sex).label, "column": column_label(group, age_band)}


def when_label(activity: Activity, *, exact: bool) -> str:
    """The days of an activity, or, for who does not see exact figures, its month."""
    first, last = activity.starts_on, activity.ends_on
    if exact:
        return period_label(Period(first, last)) if first != last else day_label(first)
    if (first.year, first.month) == (last.year, last.month):
        return month_label(first).replace(" ", NBSP)
    return _("%(first)s to %(last)s") % {"first": month_label(first), "last": month_label(last)}
