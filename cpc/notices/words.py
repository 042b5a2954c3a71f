"""Notices in sentences of the reader's language, the same on the page and in the mail."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cpc.core.labels import day_label

from .models import Kind, Notice

EVENTS = {
    Kind.REPORT_RETURNED: gettext_lazy("Returned; the report says what to change"),
    Kind.REPORT_ACCEPTED: gettext_lazy("Accepted"),
    Kind.REPORT_REOPENED: gettext_lazy("Reopened for a correction; the report says why"),
    Kind.PROPOSAL_MADE: gettext_lazy("Proposed; it waits for a decision"),
    Kind.PROPOSAL_APPROVED: gettext_lazy("Approved"),
    Kind.PROPOSAL_REFUSED: gettext_lazy("Refused; the proposal says why"),
    Kind.CONTRIBUTION_DISPUTED: gettext_lazy("Disputed by the other government"),
    Kind.DATE_ASKED: gettext_lazy("A later due date is asked for; it waits for an answer"),
    Kind.DATE_GRANTED: gettext_lazy("A later due date is granted"),
    Kind.DATE_REFUSED: gettext_lazy("A later due date is refused; the deadline says why"),
}


def headline_of(notice: Notice, today: date) -> str:
    """What is said of the subject, on `today`, a day in the partnership's zone."""
    if notice.kind in EVENTS:
        return str(EVENTS[notice.kind])
    if notice.kind == Kind.REVIEW_WAITS:
        return waiting_words(notice.due_on, (today - notice.due_on).days)
    return due_words(notice.due_on, (notice.due_on - today).days, again=notice.kind == Kind.REPORT_DUE_AGAIN)


def waiting_words(since: date, n: int) -> str:
    words = {"n": n, "day": day_label(since)}
    if n == 0:
        return _("Submitted today, %(day)s; it waits for review") % words
    return ngettext("Waits for review for %(n)s day, since %(day)s", "Waits for review for %(n)s days, since %(day)s", n) % words


def due_words(due_on: date, n_left: int, *, again: bool) -> str:
    words = {"n": abs(n_left), "day": day_label(due_on)}
    if n_left < 0:
        return ngettext("%(n)s day late; due on %(day)s", "%(n)s days late; due on %(day)s", -n_left) % words
    if n_left == 0:
        return _("Due again today, %(day)s") % words if again else _("Due today, %(day)s") % words
    if again:
        return ngettext("Due again in %(n)s day, on %(day)s", "Due again in %(n)s days, on %(day)s", n_left) % words
    return ngettext("Due in %(n)s day, on %(day)s", "Due in %(n)s days, on %(day)s", n_left) % words


def is_past_due(notice: Notice, today: date) -> bool:
    return notice.kind in (Kind.DEADLINE, Kind.REPORT_DUE_AGAIN) and notice.due_on < today
