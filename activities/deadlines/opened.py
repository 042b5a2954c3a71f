"""One date as its pages show it: the row in scope, who waits, its requests, and its history in sentences."""

from dataclasses import dataclass
from datetime import date
from functools import wraps

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from cpc.core import clock
from cpc.core.labels import day_label, weekday_label
from cpc.core.workdays import US
from funding.models import Award
from partners.models import Partnership
from partners.pages import partnership_page

from .above import Above
from .changes_words import answered_words, asked_words, city_of, note_words
from .explain import explain_move
from .gather import closed_days_of, load_awards
from .history import Move, moves_of
from .lines import line_of, page_of
from .models import Deadline, DueDateChange
from .permissions import may_answer, may_ask
from .queries import attach_reports, stale_job_message, with_changes, with_status
from .sync import REPORT_KINDS
from .waits import waits_of


@dataclass(frozen=True)
class Opened:
    """A date that a page shows to `reader`. `changes`: the requests for it and for the other dates of the same report, the newest
    first; `waiting`: the one of them that waits for an answer, None without any."""

    partnership: Partnership
    row: Deadline
    today: date
    reader: object
    changes: list[DueDateChange]
    waiting: DueDateChange | None
    above: Above

    @property
    def page(self) -> str:
        return page_of(self.row)

    @property
    def crumbs(self) -> list[dict]:
        return [{"label": _("Deadlines"), "url": reverse("deadlines:list", args=[self.partnership.key])}]

    @property
    def may_ask(self):
        return may_ask(self.reader, self.row, today=self.today, waiting=self.waiting)

    @property
    def may_answer(self):
        """May the reader answer the request that waits; None where none does."""
        return may_answer(self.reader, self.waiting, today=self.today) if self.waiting else None

    def context(self) -> dict:
        return {
            "partnership": self.partnership,
            "row": self.row,
            "city": city_of(self.partnership.time_zone),
            "waiting": self.waiting,
        }


def date_page(view):
    """A view of one date: 404 out of scope; `opened` has its report attached."""

    @partnership_page("read.deadlines")
    @wraps(view)
    def guarded(request, partnership, key, *, above: Above):
        today = clock.today(partnership.time_zone)
        rows = Deadline.objects.visible_to(request.user).filter(partnership=partnership)
        rows = with_changes(with_status(rows, today)).select_related("award", "recipient", "superseded_by")
        row = get_object_or_404(rows, key=key)
        row.partnership = partnership
        changes = changes_of(row)
        waiting = next((one for one in changes if one.decided_at is None and is_open(one.deadline)), None)
        return view(request, Opened(partnership, row, today, request.user, changes, waiting, above))

    return guarded


def changes_of(row: Deadline) -> list[DueDateChange]:
    """Those of every date that the same report discharges, the newest first. One query; none where no report is due."""
    if row.kind not in REPORT_KINDS:
        return []
    triple = {name: getattr(row, name) for name in ("award_id", "recipient_id", "period_from", "period_to")}
    rows = DueDateChange.objects.filter(**{f"deadline__{name}": value for name, value in triple.items()})
    found = list(rows.select_related("asked_by", "decided_by", "deadline").order_by("-asked_at", "deadline__due_on", "pk"))
    for change in found:
        change.deadline.partnership = row.partnership
        change.deadline.recipient = row.recipient
    return found


def is_open(row: Deadline) -> bool:
    return row.superseded_at is None and row.met_at is None


def detail_context(opened: Opened) -> dict:
    """Everything about one date, in words."""
    row, partnership = opened.row, opened.partnership
    closed_days = closed_days_of([US, partnership.host_country.key])
    reviews = {}
    if row.met_at is not None:  # nothing else can wait for a review
        reviews = opened.above.find_reviews(opened.reader, partnership, closed_days=closed_days)
    attach_reports([row], opened.reader, opened.above.find_reports, reviews)
    awards = load_awards(Award.objects.filter(pk=row.award_id), as_of=opened.today, known_on=opened.today) if row.award_id else []
    moves = moves_of([row], partnership, awards, today=opened.today, closed_days=closed_days).get(row.pk)
    return opened.context() | {
        "line": line_of(row, moves),
        "weekday": weekday_label(row.due_on),
        "waits": waits_of(row),
        "history": history_lines(opened, moves or ()),
        "stale": stale_job_message(partnership, today=opened.today),
        "may_ask": opened.may_ask,
        "may_answer": opened.may_answer,
        "crumbs": opened.crumbs,
    }


def history_lines(opened: Opened, moves: tuple[Move, ...]) -> list[dict]:
    """For includes/_history.html: how the date stands, then every request, answer and move, the newest first."""
    row, zone = opened.row, opened.partnership.time_zone
    told = [(move.on, 0, {"sentence": explain_move(move)}) for move in moves]
    for n, change in enumerate(reversed([one for one in opened.changes if one.deadline_id == row.pk]), start=1):
        asked = {"sentence": asked_words(change, opened.reader), "note": note_words(change.asked_at, zone, change.reason)}
        told.append((opened.partnership.day_of(change.asked_at), 2 * n, asked))
        if change.decided_at is not None:
            note = note_words(change.decided_at, zone, change.answer)
            answered = {"sentence": answered_words(change, opened.reader), "note": note}
            told.append((opened.partnership.day_of(change.decided_at), 2 * n + 1, answered))
    told.sort(key=lambda one: one[:2], reverse=True)
    return [{"sentence": now_words(row)}, *(one for _on, _n, one in told)]


def now_words(row: Deadline) -> str:
    """How the date stands today."""
    if row.superseded_at is not None:
        return _("Replaced by another date") if row.superseded_by else _("No longer asked for")
    if row.met_on is not None and row.met_at is not None:
        return _("Met on %(day)s") % {"day": day_label(row.met_on)}
    return _("Falls due on %(day)s") % {"day": day_label(row.due_on)}
