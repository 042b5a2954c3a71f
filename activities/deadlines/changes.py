"""Ask for a later due day of a report, and answer. The history stays: a decided row never changes.

A person asks for a report, not for one of its halves: a request is for every date that the report discharges and that falls due
before the day that is wanted, a row for each, and one answer decides them all. `at` is an aware instant of the caller's clock;
the day it falls on in the partnership's zone is the day of the act. `recompute`: as in `above.Above`.
"""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cpc.audit.services import record
from cpc.core.labels import day_label
from cpc.core.periods import Period
from partners.models import Partnership

from .models import Deadline, DueDateChange
from .permissions import STATE, TOO_LATE, may_answer, may_ask
from .services import in_lock_order, open_reports_of
from .sync import REPORT_KINDS


class Overtaken(Exception):
    """The date is not where the reader saw it: `reason` says so in a sentence. `change` is the request that somebody else made or
    answered first, None where the report itself went on. Nothing was written."""

    def __init__(self, reason: str, change: DueDateChange | None = None):
        super().__init__(reason)
        self.reason, self.change = reason, change


@transaction.atomic
def ask_for_later(deadline_id: int, *, actor, at: datetime, wanted_on: date, reason: str) -> list[DueDateChange]:
    """Ask that the report of a date falls due on `wanted_on` instead. One row for each date that would move, the asked one first.

    Raises PermissionDenied if `actor` may not, Overtaken where a request waits already or the report was handed in, and
    ValidationError naming `wanted_on` or `reason`."""
    dates = lock_dates(deadline_id)
    deadline, partnership = dates[0], dates[0].partnership
    today, waiting = partnership.day_of(at), waiting_among(dates)
    check_turn(may_ask(actor, deadline, today=today, waiting=waiting[0] if waiting else None), waiting[0] if waiting else None)
    check_day("wanted_on", wanted_on, after=deadline.due_on, today=today)
    check_words("reason", reason, _("Say why a later day is needed, so that an officer can decide."))
    moving = [one for one in dates if one.due_on < wanted_on]
    changes = [
        DueDateChange(
            deadline=one, was_due_on=one.due_on, wanted_on=wanted_on, reason=reason.strip(), asked_by=actor, asked_at=at
        )
        for one in moving
    ]
    DueDateChange.objects.bulk_create(changes)
    record(
        actor, "due_date.asked", deadline, partnership_key=partnership.key,
        dates=[one.key for one in moving], wanted_on=wanted_on.isoformat(), reason=reason.strip(),
    )  # fmt: skip
    return changes


@transaction.atomic
def grant_later(change_id: int, *, actor, at: datetime, granted_on: date, answer: str = "", recompute) -> list[DueDateChange]:
    """Grant a request, with the wanted day or another later than the present one: the date moves in the same transaction, and
    with it every date of the report that falls due before `granted_on`.

    Raises PermissionDenied, Overtaken where somebody else answered first or the report was handed in, and ValidationError naming
    `granted_on`."""
    changes = claim(change_id, actor=actor, at=at)
    partnership = changes[0].deadline.partnership
    today = partnership.day_of(at)
    check_day("granted_on", granted_on, after=latest_of(changes[0]), today=today)
    before = {one.deadline.key: one.deadline.due_on.isoformat() for one in changes}
    for one in changes:
        one.granted_on = granted_on if granted_on > latest_of(one) else None
    close(changes, actor=actor, at=at, answer=answer)
    record(
        actor, "due_date.granted", changes[0].deadline, partnership_key=partnership.key, before=before,
        after={one.deadline.key: granted_on.isoformat() for one in changes if one.granted_on}, answer=answer.strip(),
    )  # fmt: skip
    recompute(partnership.pk, today=today, actor=actor)
    return changes


@transaction.atomic
def refuse_later(change_id: int, *, actor, at: datetime, answer: str) -> list[DueDateChange]:
    """Refuse a request: the dates stay. Raises as `grant_later`, and ValidationError naming `answer` where there is none."""
    changes = claim(change_id, actor=actor, at=at)
    check_words("answer", answer, _("Say why not, so that the partner knows what to do."))
    close(changes, actor=actor, at=at, answer=answer)
    deadline = changes[0].deadline
    record(
        actor, "due_date.refused", deadline, partnership_key=deadline.partnership.key,
        dates=[one.deadline.key for one in changes], answer=answer.strip(),
    )  # fmt: skip
    return changes


def lock_dates(deadline_id: int) -> list[Deadline]:
    """The date, and after it every other open one that the same report discharges; each with its partnership. One decision at a
    time in a partnership, and none beside a recomputation; nobody hands in the report meanwhile."""
    seen = Deadline.objects.get(pk=deadline_id)
    partnership = Partnership.objects.locked().get(pk=seen.partnership_id)
    beside = Q(pk=seen.pk)
    if seen.kind in REPORT_KINDS:
        period = Period(seen.period_from, seen.period_to)
        triple = open_reports_of(award_id=seen.award_id, recipient_id=seen.recipient_id, period=period)
        beside |= Q(pk__in=triple.values("pk"))
    found = list(in_lock_order(Deadline.objects.filter(beside)).select_related("award", "recipient"))
    for one in found:
        one.partnership = partnership
    deadline = next(one for one in found if one.pk == deadline_id)
    return [deadline, *(one for one in found if one.pk != deadline_id and one.superseded_at is None and one.met_at is None)]


def claim(change_id: int, *, actor, at: datetime) -> list[DueDateChange]:
    """The rows of a request, locked, the asked one first. Raises PermissionDenied, or Overtaken where it was answered already."""
    dates = lock_dates(DueDateChange.objects.values_list("deadline", flat=True).get(pk=change_id))
    change = DueDateChange.objects.select_for_update(of=["self"]).select_related("decided_by", "asked_by").get(pk=change_id)
    change.deadline = dates[0]
    check_turn(may_answer(actor, change, today=dates[0].partnership.day_of(at)), change)
    return [change, *(one for one in waiting_among(dates) if one.pk != change.pk)]


def waiting_among(dates: list[Deadline]) -> list[DueDateChange]:
    """The requests for these dates that wait for an answer."""
    by_id = {one.pk: one for one in dates}
    found = list(DueDateChange.objects.waiting().filter(deadline__in=by_id).select_related("asked_by", "decided_by"))
    for change in found:
        change.deadline = by_id[change.deadline_id]
    return found


def latest_of(change: DueDateChange) -> date:
    """The day that a granted one must lie after: the present due day, which may have moved since somebody asked."""
    return max(change.was_due_on, change.deadline.due_on)


def check_turn(may, change: DueDateChange | None):
    if may.code in TOO_LATE:
        raise Overtaken(may.message, None if may.code == STATE else change)
    may.require()


def check_day(name: str, day: date, *, after: date, today: date):
    if day <= after:
        raise ValidationError({name: _("The new day is after %(day)s, the present due day.") % {"day": day_label(after)}})
    if day < today:
        raise ValidationError({name: _("The new day is not in the past; today is %(day)s.") % {"day": day_label(today)}})


def check_words(name: str, text: str, sentence: str):
    if not text.strip():
        raise ValidationError({name: sentence})


def close(changes: list[DueDateChange], *, actor, at: datetime, answer: str):
    for one in changes:
        one.answer, one.decided_by, one.decided_at = answer.strip(), actor, at
    DueDateChange.objects.bulk_update(changes, ["granted_on", "answer", "decided_by", "decided_at"])
