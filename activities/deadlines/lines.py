"""One deadline as the list shows it: what, when in words, who is waited on, why that date, and what moved it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cpc.core.texts import text_in

from .explain import Explanation, explain, explain_move, title_of
from .filters import ALL, GOVERNMENT_KINDS, STATUS_LABELS
from .history import TERM_KINDS, Move
from .models import Deadline, Kind
from .queries import rests_on_sample
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
    """`url` opens what the date is about; `tag` is the state in words ("20 days late"), `tag_kind` its look; `waiting_on` is
    empty where nobody is waited on. `changes`: what moved the date, None where no ledger tells. `replaced_by` and its address:
    what took the place of a superseded date, if anything did."""

    row: Deadline
    title: str
    url: str
    tag: str
    tag_kind: str
    waiting_on: str
    why: Explanation
    changes: list[str] | None
    is_sample: bool
    replaced_by: str
    replaced_url: str


def line_of(row: Deadline, moves: tuple[Move, ...] | None = None) -> Line:
    """A row from `queries.rows_of`, with its `report` where that was attached, as a list shows it; `moves` from
    `history.moves_of`."""
    return Line(
        row=row,
        title=title_of(row),
        url=url_of(row),
        tag=tag_of(row),
        tag_kind=TAG_KINDS.get(row.status, off_or_none(row.status)),
        waiting_on=waiting_on(row),
        why=explain(row),
        changes=None if moves is None else [explain_move(move) for move in moves],
        is_sample=rests_on_sample(row),
        replaced_by=title_of(row.superseded_by) if row.superseded_by else "",
        replaced_url=replaced_url(row) if row.superseded_by else "",
    )


def url_of(row: Deadline) -> str:
    """The page of what falls due: the report, the award, the pledges, the dialogues, or the partnership's own."""
    partnership = row.partnership.key
    if row.report is not None:
        return reverse("reports:detail", args=[partnership, row.report.key])
    if row.award is not None:
        return reverse("dashboards:award", args=[partnership, row.award.key])
    if row.kind in TERM_KINDS:
        return reverse("dashboards:overview", args=[partnership])
    return reverse("pledges:list" if row.kind == Kind.PLEDGE_END else "dialogues:list", args=[partnership])


def replaced_url(row: Deadline) -> str:
    """The list of what took a report's place: few rows, whatever page the other stands on."""
    after = row.superseded_by
    asked = {"award": row.award.key, "recipient": row.recipient.key, "kind": after.kind, "status": ALL}
    return f"{reverse('deadlines:list', args=[row.partnership.key])}?{urlencode(asked)}#{after.key}"


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
