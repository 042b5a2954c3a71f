"""One deadline as the list shows it: what, when in words, who is waited on, and why that date."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cpc.core.texts import text_in

from .explain import Explanation, explain, title_of
from .filters import GOVERNMENT_KINDS, STATUS_LABELS
from .models import Deadline
from .status import ENDS, Status

TAG_KINDS = {
    Status.OVERDUE: "late",
    Status.DUE_TODAY: "soon",
    Status.DUE_SOON: "soon",
    Status.MET: "full",
    Status.MET_LATE: "full",
}


@dataclass(frozen=True, slots=True)
class Line:
    """`tag` is the state in words ("20 days late"), `tag_kind` its look; `waiting_on` is empty where nobody is waited on."""

    row: Deadline
    title: str
    tag: str
    tag_kind: str
    waiting_on: str
    why: Explanation


def line_of(row: Deadline) -> Line:
    """A row from `queries.rows_of` as the list shows it."""
    return Line(
        row, title_of(row), tag_of(row), TAG_KINDS.get(row.status, off_or_none(row.status)), waiting_on(row), explain(row)
    )


def off_or_none(status: str) -> str:
    return "none" if status == Status.UPCOMING else "off"


def tag_of(row: Deadline) -> str:
    """The state with its count of days, where it has one."""
    days = abs((row.due_on - row.asked_on).days)
    if row.status == Status.OVERDUE:
        return ngettext("%(n)s day late", "%(n)s days late", days) % {"n": days}
    if row.status in (Status.DUE_SOON, Status.UPCOMING):
        return ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}
    if row.status == Status.MET_LATE:
        late = (row.met_on - row.due_on).days
        return ngettext("met %(n)s day late", "met %(n)s days late", late) % {"n": late}
    if row.status == Status.MET and row.kind in ENDS:
        return _("past")
    return STATUS_LABELS[row.status]


def waiting_on(row: Deadline) -> str:
    """Who has to act, while nobody has."""
    if row.status in (Status.MET, Status.MET_LATE, Status.SUPERSEDED, Status.BEFORE_RECORDS):
        return ""
    if row.kind in GOVERNMENT_KINDS:
        host = str(text_in(row.partnership, "host_name"))
        return _("TIP Office and %(host)s") % {"host": host}
    return str(text_in(row.recipient, "name")) if row.recipient else ""
