"""One deadline as the list shows it: what, when in words, who is waited on, why that date, and what moved it."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cpc.core.labels import day_label
from partners.models import Partnership

from .explain import Explanation, explain, explain_move, title_of
from .filters import STATUS_LABELS
from .history import TERM_KINDS, Move
from .models import Deadline, Kind
from .queries import rests_on_sample
from .status import ENDS, Status
from .waits import waiting_on, waits_since

TAG_KINDS = {
    Status.OVERDUE: "late",
    Status.DUE_TODAY: "soon",
    Status.DUE_SOON: "soon",
    Status.MET: "full",
    Status.MET_LATE: "full",
}


@dataclass(frozen=True, slots=True)
class Line:
    """`page` is the date's own page, `url` opens what it is about, `about` says what that is; `tag` is the state in words ("20
    days late"), `tag_kind` its look; `waiting_on` is empty where nobody is waited on, `since` the day from which on, None where
    no day tells. `request`: that a later day was asked for, or granted. `changes`: what moved the date, None where no ledger
    tells. `replaced_by` and its address: what took the place of a superseded date, if anything did."""

    row: Deadline
    title: str
    page: str
    url: str
    about: str
    tag: str
    tag_kind: str
    waiting_on: str
    since: date | None
    why: Explanation
    request: str
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
        page=page_of(row),
        url=url_of(row),
        about=about(row),
        tag=tag_of(row),
        tag_kind=TAG_KINDS.get(row.status, off_or_none(row.status)),
        waiting_on=waiting_on(row),
        since=waits_since(row),
        why=explain(row),
        request=request_words(row),
        changes=None if moves is None else [explain_move(move) for move in moves],
        is_sample=rests_on_sample(row),
        replaced_by=title_of(row.superseded_by) if row.superseded_by else "",
        replaced_url=page_of(row.superseded_by, row.partnership) if row.superseded_by else "",
    )


def page_of(row: Deadline, partnership: Partnership | None = None) -> str:
    """The page of one date. `partnership`: where the row has not loaded its own."""
    return reverse("deadlines:detail", args=[(partnership or row.partnership).key, row.key])


def url_of(row: Deadline) -> str:
    """The page of what falls due: the report, the award, the pledges, the dialogues, or the partnership's own."""
    partnership = row.partnership.key
    if row.report is not None:
        return reverse("reports:detail", args=[partnership, row.report.key])
    if row.promise is not None:
        return row.promise.url
    if row.award is not None:
        return reverse("dashboards:award", args=[partnership, row.award.key])
    if row.kind in TERM_KINDS:
        return reverse("dashboards:overview", args=[partnership])
    return reverse("pledges:list" if row.kind == Kind.PLEDGE_END else "dialogues:list", args=[partnership])


def about(row: Deadline) -> str:
    """What `url_of` opens."""
    if row.report is not None:
        return _("Open the report")
    if row.promise is not None:
        return _("Open the commitment")
    if row.award is not None:
        return _("Open the award")
    if row.kind in TERM_KINDS:
        return _("Open the dashboard")
    return _("Open the pledges") if row.kind == Kind.PLEDGE_END else _("Open the dialogues")


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


def request_words(row: Deadline) -> str:
    """The later day that was asked for, or granted; empty where there is neither."""
    if row.wanted_on and row.met_at is None and row.superseded_at is None:
        words = {"wanted": day_label(row.wanted_on), "asked": day_label(row.partnership.day_of(row.wanted_at))}
        return _("%(wanted)s asked for on %(asked)s; waits for an answer") % words
    if row.granted_on and row.granted_on == row.due_on:
        return _("Later day granted")
    return ""
