"""The moves of a report along the table of rules.py, each with its row in `Transition`.

`at` is an aware instant of the caller's clock; the day it falls on in the partnership's zone decides what is due again when.
`seen` is how many moves the reader had seen (`n_moves`): a page that shows an older state moves nothing. All raise
PermissionDenied if `actor` may not, and Overtaken if somebody else acted first; the database refuses every other way too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from activities.deadlines.services import mark_met, mark_unmet
from cpc.audit.services import record
from cpc.core.periods import Period

from .completeness import tasks_of
from .contents import as_json, read_contents
from .drafts import Overtaken
from .models import Cell, FinancialReport, Report, ReportVersion, ReturnItem, Section, Transition
from .permissions import may_move, may_reopen
from .rules import ACCEPTED, Move, due_again, find_move
from .sf425 import TYPED


@dataclass(frozen=True)
class Item:
    """What a reviewer wants changed: the task, in it the field (`10b`, a cell's field, or "" for the whole task), and the
    words."""

    section_key: str
    text: str
    field: str = ""


@transaction.atomic
def submit(version_id: int, *, actor, at: datetime, certified: bool, seen: int | None = None) -> Transition:
    """Certify and submit: freezes the contents, and discharges every report deadline of award, organization and period.

    Raises ValidationError naming each task that is not completed, or without the certification.
    """
    version, move = begin(version_id, "submit", actor, seen)
    if not certified:
        raise ValidationError({"certified": _("Confirm the certification to submit.")})
    report = version.report
    contents = read_contents(report, version)
    if unfinished := [task.title for task in tasks_of(contents, is_final=report.is_final) if not task.is_completed]:
        raise ValidationError([_("Not completed: %(task)s.") % {"task": title} for title in unfinished])
    claim(version, move, certified_by=actor, submitted_at=at)
    mark_met(**discharged_by(report), met_at=at)
    return log(version, move, actor, at, contents=as_json(contents))


@transaction.atomic
def withdraw(version_id: int, *, actor, at: datetime, comment: str = "", seen: int | None = None) -> Transition:
    """Take a submitted report back before its review. Its deadlines are open again, unless it was handed in before (returned
    once, or an earlier version was accepted): then only its own due day counts."""
    version, move = begin(version_id, "withdraw", actor, seen)
    report = version.report
    claim(version, move, certified_by=None, submitted_at=None)
    if not version.return_items.exists() and not report.versions.filter(state=ACCEPTED).exists():
        mark_unmet(**discharged_by(report))
    return log(version, move, actor, at, comment=comment)


@transaction.atomic
def start_review(version_id: int, *, actor, at: datetime, seen: int | None = None) -> Transition:
    """Take a submitted report for review, under the reviewer's name."""
    version, move = begin(version_id, "start_review", actor, seen)
    claim(version, move, reviewer=actor)
    return log(version, move, actor, at)


@transaction.atomic
def release_review(version_id: int, *, actor, at: datetime, comment: str = "", seen: int | None = None) -> Transition:
    """Give a review back, so that the report waits for any officer again, or can be withdrawn."""
    version, move = begin(version_id, "release_review", actor, seen)
    claim(version, move, reviewer=None)
    return log(version, move, actor, at, comment=comment)


@transaction.atomic
def return_report(
    version_id: int,
    *,
    actor,
    at: datetime,
    items: Sequence[Item],
    comment: str = "",
    due_on: date | None = None,
    seen: int | None = None,
) -> Transition:
    """Send a report back with at least one item. `due_on` is its new due day (default: 14 days from now), after today.

    Raises ValidationError naming `items` or `due_on`.
    """
    version, move = begin(version_id, "return", actor, seen)
    today = version.report.partnership.day_of(at)
    due_on = due_on or due_again(today)
    if due_on <= today:
        raise ValidationError({"due_on": _("The new due day is after today.")})
    contents = read_contents(version.report, version)
    check_items(items, contents)
    claim(version, move, due_on=due_on)
    number = contents.round + 1
    for item in items:
        ReturnItem.objects.create(
            version=version,
            section_key=item.section_key,
            field=item.field,
            text=item.text.strip(),
            round=number,
            created_at=at,
            created_by=actor,
        )
    Section.objects.filter(version=version, key__in={item.section_key for item in items}).update(is_done=False)
    return log(version, move, actor, at, comment=comment, due_on=due_on)


@transaction.atomic
def accept(version_id: int, *, actor, at: datetime, comment: str = "", seen: int | None = None) -> Transition:
    """Accept a report: it is frozen for good. The certifier of a version may not accept it."""
    version, move = begin(version_id, "accept", actor, seen)
    report = version.report
    claim(version, move, accepted_at=at)
    mark_met(**discharged_by(report), met_at=version.submitted_at)
    return log(version, move, actor, at, comment=comment)


@transaction.atomic
def reopen(version_id: int, *, actor, at: datetime, reason: str, seen: int | None = None) -> ReportVersion:
    """Begin a new version of an accepted report, as a draft with the same contents and a due day of its own; the accepted one
    stays.

    Raises ValidationError without a reason.
    """
    old = lock(version_id)
    check_turn(old, may_reopen(actor, old.report, newest_of(old)), seen)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the accepted report must be corrected.")})
    new = ReportVersion.objects.create(
        report=old.report, number=old.number + 1, reason=reason.strip(), due_on=due_again(old.report.partnership.day_of(at))
    )
    copy_contents(old, new)
    row = Transition.objects.create(
        version=new, move="reopen", end=new.state, actor=actor, at=at, comment=reason.strip(), due_on=new.due_on
    )
    record(
        actor, "report.reopened", old.report, partnership_key=old.report.partnership.key, version=new.number, reason=row.comment
    )
    return new


def begin(version_id: int, name: str, actor, seen: int | None) -> tuple[ReportVersion, Move]:
    """The locked version and the move that starts in its state."""
    version = lock(version_id)
    check_turn(version, may_move(actor, version.report, newest_of(version), name), seen)
    return version, find_move(name, version.state)


def lock(version_id: int) -> ReportVersion:
    """The version, which nobody else changes until the transaction ends."""
    rows = ReportVersion.objects.select_for_update(of=("self",))
    return rows.select_related("report__award", "report__organization", "report__partnership").get(pk=version_id)


def newest_of(version: ReportVersion) -> ReportVersion:
    """The version itself if it is the report's newest; an older one, accepted, has no moves left."""
    newest = version.report.versions.first()
    return version if newest.pk == version.pk else newest


def check_turn(version: ReportVersion, may, seen: int | None):
    """Refuse an act that the role does not hold (PermissionDenied), or for which it is too late (Overtaken)."""
    if may.code == "state" or (may and seen is not None and seen != version.transitions.count()):
        raise Overtaken(version)
    may.require()


def claim(version: ReportVersion, move: Move, **columns):
    """Change the state if it still is what the move starts in; of two that try at once, one wins and the other is told."""
    rows = ReportVersion.objects.filter(pk=version.pk, state=move.start)
    if not rows.update(state=move.end, **columns):
        version.refresh_from_db()
        raise Overtaken(version)
    version.state = move.end
    for name, value in columns.items():
        setattr(version, name, value)


def log(version: ReportVersion, move: Move, actor, at: datetime, **rest) -> Transition:
    row = Transition.objects.create(version=version, move=move.name, start=move.start, end=move.end, actor=actor, at=at, **rest)
    report = version.report
    record(
        actor,
        f"report.{move.name}",
        report,
        partnership_key=report.partnership.key,
        before={"state": move.start},
        after={"state": move.end},
        version=version.number,
        comment=row.comment,
    )
    return row


def discharged_by(report: Report) -> dict:
    """Which deadlines one report discharges, as activities.deadlines.services wants to be told."""
    period = Period(report.period_from, report.period_to)
    return {"award_id": report.award_id, "recipient_id": report.organization_id, "period": period}


def check_items(items: Sequence[Item], contents):
    if not items:
        raise ValidationError({"items": _("Name at least one thing that must change.")})
    fields = fields_of(contents)
    for item in items:
        if not item.text.strip():
            raise ValidationError({"items": _("Say what must change.")})
        if item.section_key not in fields or item.field not in fields[item.section_key]:
            raise ValidationError({"items": _("This report has no such task or field.")})


def fields_of(contents) -> dict[str, list[str]]:
    """What a return item can be tied to: by task, "" for the whole of it, then its fields."""
    found = {key: [""] for key in contents.keys}
    for block in contents.blocks:
        found[block.task] += [cell.field for cell in block.cells]
    if "financial" in found:
        found["financial"] += ["basis", *TYPED, "remarks"]
    return found


def copy_contents(old: ReportVersion, new: ReportVersion):
    """Everything that was reported, as it was; the tasks stay completed until somebody changes them."""
    copies = [[*old.sections.all()], [*old.cells.all()], [*FinancialReport.objects.filter(version=old)]]
    for model, rows in zip((Section, Cell, FinancialReport), copies, strict=True):
        for row in rows:
            row.pk, row.version = None, new
        model.objects.bulk_create(rows)


def receipt_of(report: Report, version: ReportVersion, n_submissions: int) -> str:
    """The number of a submission, which never changes: `peru-2017-initial-ilo-2020-q1-v1-1`."""
    return f"{report.key}-v{version.number}-{n_submissions}"
