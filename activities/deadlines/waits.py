"""Who waits on whom for a date, and since when: in words, for the list and for the page of one date."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from cpc.core.labels import day_label
from cpc.core.texts import text_in

from .filters import GOVERNMENT_KINDS, PARTNER_KINDS
from .models import Deadline, Kind
from .status import Status


def waiting_on(row: Deadline) -> str:
    """Who has to act, while nobody has; empty where something ends by itself."""
    if row.status in (Status.MET, Status.MET_LATE, Status.SUPERSEDED, Status.BEFORE_RECORDS):
        return ""
    if row.kind == Kind.COMMITMENT:
        return row.promise.owner if row.promise else _("the side that promised it")
    if row.kind in GOVERNMENT_KINDS:
        host = str(text_in(row.partnership, "host_name"))
        return _("TIP Office and %(host)s") % {"host": host}
    if row.kind == Kind.CLOSEOUT:
        return _("the grants officers")
    return recipient_name(row) if row.recipient and row.kind in PARTNER_KINDS else ""


def waits_since(row: Deadline) -> date | None:
    """From when on somebody waits: a report can be written once its period has ended, and both governments are waited on once
    their day is past. None before that."""
    if not waiting_on(row):
        return None
    first = row.due_on if row.kind in GOVERNMENT_KINDS else row.period_to
    return first + timedelta(days=1) if first and first < row.asked_on else None


def waits_of(row: Deadline) -> list[str]:
    """Sentences for the page of one date, its report attached; empty where nobody waits."""
    return [sentence for sentence in (wait_for_act(row), wait_for_answer(row)) if sentence]


def wait_for_act(row: Deadline) -> str:
    """Who waits for what the date is about, or for the officer's answer to what was handed in."""
    if row.review:
        return wait_for_review(row.review)
    since = waits_since(row)
    words = {"who": waiting_on(row), "since": day_label(since) if since else ""}
    if not words["who"]:
        return ""
    if row.kind in GOVERNMENT_KINDS and row.kind != Kind.COMMITMENT:
        return (_("%(who)s wait on each other since %(since)s.") if since else _("%(who)s wait on each other.")) % words
    if row.period_to is None:
        return _("Waiting on %(who)s.") % words
    if since:
        return _("The program officers wait on %(who)s since %(since)s, when the period had ended.") % words
    return "" if row.wanted_on else _("Nobody yet: the period runs until %(day)s.") % {"day": day_label(row.period_to)}


def wait_for_review(review) -> str:
    words = {"who": review.organization, "since": day_label(review.submitted_on), "reviewer": review.reviewer}
    if review.reviewer:
        return _("%(who)s waits on %(reviewer)s, who reviews the report submitted on %(since)s.") % words
    return _("%(who)s waits on the program officers since %(since)s, when the report was submitted.") % words


def wait_for_answer(row: Deadline) -> str:
    if not row.wanted_on or row.met_at is not None:
        return ""
    words = {"who": recipient_name(row), "since": day_label(row.partnership.day_of(row.wanted_at))}
    return _("%(who)s waits on the program officers since %(since)s for an answer to its request.") % words


def recipient_name(row: Deadline) -> str:
    return str(text_in(row.recipient, "name"))
