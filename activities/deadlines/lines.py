"""One deadline as the list shows it: what, when in words, who is waited on, why that date, and what moved it."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cpc.core.labels import day_label
from cpc.core.texts import text_in
from partners.models import Partnership

from .explain import Explanation, explain, explain_move, title_of
from .filters import GOVERNMENT_KINDS, STATUS_LABELS
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
    if row.award is not None:
        return reverse("dashboards:award", args=[partnership, row.award.key])
    if row.kind in TERM_KINDS:
        return reverse("dashboards:overview", args=[partnership])
    return reverse("pledges:list" if row.kind == Kind.PLEDGE_END else "dialogues:list", args=[partnership])


def about(row: Deadline) -> str:
    """What `url_of` opens."""
    if row.report is not None:
        return _("Open the report")
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


def waiting_on(row: Deadline) -> str:
    """Who has to act, while nobody has."""
    if row.status in (Status.MET, Status.MET_LATE, Status.SUPERSEDED, Status.BEFORE_RECORDS):
        return ""
    if row.kind in GOVERNMENT_KINDS:
        host = str(text_in(row.partnership, "host_name"))
        return _("TIP Office and %(host)s") % {"host": host}
    return recipient_name(row) if row.recipient else ""


def waits_since(row: Deadline) -> date | None:
    """From when on somebody waits: a report can be written once its period has ended, and both governments are waited on once
    their day is past. None before that."""
    if not waiting_on(row):
        return None
    first = row.due_on if row.kind in GOVERNMENT_KINDS else row.period_to
    return first + timedelta(days=1) if first and first < row.asked_on else None


def waits_of(row: Deadline) -> list[str]:
    """Who waits on whom and since when, in sentences, for the page of one date."""
    words = {"who": waiting_on(row), "since": day_label(since) if (since := waits_since(row)) else ""}
    found = []
    if row.review:
        words |= {"who": row.review.organization, "since": day_label(row.review.submitted_on), "reviewer": row.review.reviewer}
        if row.review.reviewer:
            found.append(_("%(who)s waits on %(reviewer)s, who reviews the report submitted on %(since)s.") % words)
        else:
            found.append(_("%(who)s waits on the program officers since %(since)s, when the report was submitted.") % words)
    elif row.kind in GOVERNMENT_KINDS and words["who"]:
        sentence = _("%(who)s wait on each other since %(since)s.") if since else _("%(who)s wait on each other.")
        found.append(sentence % words)
    elif since:
        found.append(_("The program officers wait on %(who)s since %(since)s, when the period had ended.") % words)
    elif words["who"] and row.period_to and not row.wanted_on:
        ends = {"day": day_label(row.period_to)}
        found.append(_("Nobody yet: the period runs until %(day)s.") % ends)
    if row.wanted_on and not row.met_at:
        words = {"who": recipient_name(row), "since": day_label(row.partnership.day_of(row.wanted_at))}
        found.append(_("%(who)s waits on the program officers since %(since)s for an answer to its request.") % words)
    return found


def request_words(row: Deadline) -> str:
    """The later day that was asked for, or granted; empty where there is neither."""
    if row.wanted_on and row.met_at is None and row.superseded_at is None:
        words = {"wanted": day_label(row.wanted_on), "asked": day_label(row.partnership.day_of(row.wanted_at))}
        return _("%(wanted)s asked for on %(asked)s; waits for an answer") % words
    if row.granted_on and row.granted_on == row.due_on:
        return _("Later day granted")
    return ""


def recipient_name(row: Deadline) -> str:
    return str(text_in(row.recipient, "name"))
