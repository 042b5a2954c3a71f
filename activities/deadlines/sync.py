"""Bring the rows of a partnership in line with what the engine computed, and write not one row more than that needs.

A row is known by its key, which names subject, rule's report and period. Open rows follow the facts. A row that no fact
supports any more is superseded, with a link to what took its place; it comes back if its facts do. A report that was submitted
is never rewritten."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

from funding.models import Award
from partners.models import Organization, Partnership

from .due import DueDate
from .gather import LoadedAward
from .models import Deadline, Kind
from .rulebook import RuleBook

REPORT_KINDS = (Kind.PERFORMANCE_REPORT, Kind.FINANCIAL_REPORT, Kind.FINAL_REPORT)
# What the facts decide of a row; key, kind, award and recipient are its identity and never change. The days of a
# partial quarter may, under the same key.
FOLLOWS = ("rule", "guidance_version", "period_from", "period_to", "inputs", "raw_on", "due_on", "next_business_on")
UPSERTED = (*FOLLOWS, "subject_key", "rules_version", "met_at", "superseded_at", "superseded_by", "changed_at")

Places = tuple[dict[str, Award], dict[str, Organization]]


@dataclass
class Changes:
    """What a recomputation did, by key, in the order of the days. `moved`: old and new due day. `corrected`: the day stayed,
    the reason changed, or it became known when it was met."""

    created: list[str] = field(default_factory=list)
    moved: dict[str, tuple[date, date]] = field(default_factory=dict)
    corrected: list[str] = field(default_factory=list)
    superseded: list[str] = field(default_factory=list)
    n_kept: int = 0

    @property
    def n_written(self) -> int:
        return len(self.created) + len(self.moved) + len(self.corrected) + len(self.superseded)

    def as_details(self) -> dict:
        """For the audit trail: plain values."""
        moved = {key: [old.isoformat(), new.isoformat()] for key, (old, new) in self.moved.items()}
        return {"created": self.created, "moved": moved, "corrected": self.corrected, "superseded": self.superseded}


def sync(partnership: Partnership, due: tuple[DueDate, ...], *, places: Places, book: RuleBook) -> Changes:
    """Write the difference between the rows and `due`. The caller holds the partnership's lock and the transaction. At most three
    statements, one where nothing changed."""
    rows = {row.key: row for row in Deadline.objects.filter(partnership=partnership)}
    wanted = [make_row(one, partnership, places, book) for one in due]
    changes = Changes()
    upserts = find_upserts(wanted, rows, changes)
    if upserts:
        upserts.sort(key=lambda row: row.key)  # the order of `services.in_lock_order`
        Deadline.objects.bulk_create(upserts, update_conflicts=True, unique_fields=["key"], update_fields=UPSERTED)
    supersede(rows, {row.key for row in wanted}, [*rows.values(), *upserts], changes)
    changes.n_kept = len(wanted) - len(upserts)
    return changes


def find_upserts(wanted: list[Deadline], rows: dict[str, Deadline], changes: Changes) -> list[Deadline]:
    """The rows to write, each as it should be. Fills `changes`."""
    submitted = {triple_of(row): row.met_at for row in rows.values() if is_submitted(row)}
    upserts = []
    for new in wanted:
        old = rows.get(new.key)
        if old is not None and is_submitted(old):
            continue
        if new.kind in REPORT_KINDS:
            new.met_at = submitted.get(triple_of(new))
        if old is None:
            changes.created.append(new.key)
        elif not note_change(old, new, changes):
            continue
        upserts.append(new)
    return upserts


def note_change(old: Deadline, new: Deadline, changes: Changes) -> bool:
    """Whether the stored row differs from the wanted one; says how in `changes`. The version of the rules alone is no
    difference."""
    if old.superseded_at is not None:
        changes.created.append(old.key)
    elif old.due_on != new.due_on:
        changes.moved[old.key] = (old.due_on, new.due_on)
    elif old.met_at != new.met_at or any(getattr(old, name) != getattr(new, name) for name in FOLLOWS):
        changes.corrected.append(old.key)
    else:
        return False
    return True


def supersede(rows: dict[str, Deadline], wanted: set[str], candidates: list[Deadline], changes: Changes) -> None:
    """Close the rows that no fact supports any more. A report's place is taken by the final one of the same half (performance or
    financial) for the same recipient of the same award; of other dates only the row itself tells."""
    gone = [row for row in rows.values() if row.key not in wanted and row.superseded_at is None and not is_submitted(row)]
    if not gone:
        return
    finals = {half_of(row): row for row in candidates if row.kind == Kind.FINAL_REPORT and row.key in wanted}
    now = timezone.now()
    for row in gone:
        row.superseded_at, row.changed_at = now, now
        row.superseded_by = finals.get(half_of(row)) if row.kind in REPORT_KINDS else None
        changes.superseded.append(row.key)
    Deadline.objects.bulk_update(gone, ["superseded_at", "superseded_by", "changed_at"])


def make_row(one: DueDate, partnership: Partnership, places: Places, book: RuleBook) -> Deadline:
    """An unsaved row of what the engine computed."""
    awards, organizations = places
    return Deadline(
        key=one.key,
        partnership=partnership,
        kind=one.kind,
        rule=one.rule,
        rules_version=book.version,
        guidance_version=one.guidance or "",
        award=awards.get(one.award),
        recipient=organizations.get(one.recipient),
        subject_key=one.subject,
        period_from=one.period and one.period.first,
        period_to=one.period and one.period.last,
        inputs=inputs_of(one),
        raw_on=one.raw_on,
        due_on=one.due_on,
        next_business_on=one.next_business_on,
        met_at=one.met_on and datetime.combine(one.met_on, time.min, ZoneInfo(partnership.time_zone)),
    )


def inputs_of(one: DueDate) -> dict:
    """What a date was counted from; where the award's own terms change the rule, what they say and why; where a decision or a
    grant set its day, which, and the day by the rule."""
    days = {name: getattr(one, name) for name in ("base_on", "since", "legal_on", "decided_on")}
    inputs = {"base": one.base} | {name: day.isoformat() for name, day in days.items() if day is not None}
    if one.override is not None:
        said = {name: getattr(one.override, name) for name in ("key", "offset", "shift", "reason", "source")}
        inputs["terms"] = {name: value for name, value in said.items() if value not in (None, "")}
    if one.granted is not None:
        inputs["granted"] = {"day": one.granted.day.isoformat(), "on": one.granted.on.isoformat()}
    return inputs


def places_of(awards: list[LoadedAward]) -> Places:
    """Awards and recipients by key, from the rows that the facts were made of."""
    organizations = {one.organization.key: one.organization for loaded in awards for one in loaded.recipients}
    return {loaded.award.key: loaded.award for loaded in awards}, organizations


def is_submitted(row: Deadline) -> bool:
    """A report that was handed in: its row stays as it was then."""
    return row.kind in REPORT_KINDS and row.met_at is not None


def triple_of(row: Deadline) -> tuple:
    """One report discharges every deadline of award, recipient and period."""
    return row.award_id, row.recipient_id, row.period_from, row.period_to


def half_of(row: Deadline) -> tuple:
    """Award, recipient, and which half of a report: performance or financial, as the key ends."""
    return row.award_id, row.recipient_id, row.key.rpartition("-")[2]
