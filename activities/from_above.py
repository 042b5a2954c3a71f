"""What the floors above the deadlines tell the engine: dialogues, commitments, final reports and targets, as plain values."""

from collections.abc import Iterable
from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models.functions import JSONObject

from activities.deadlines.facts import CommitmentFacts, DialogueFacts, FinalFacts, FromAbove
from activities.models import Commitment, Dialogue, ReportVersion, Target
from activities.reporting.rules import ACCEPTED, IN_REVIEW, SUBMITTED
from cpc.core.dates import PreciseDate
from partners.models import Partnership

HANDED_IN = (SUBMITTED, IN_REVIEW, ACCEPTED)


def find_above(partnership: Partnership, *, as_of: date, known_on: date) -> FromAbove:
    """What was so on `as_of`, as far as it could be known on `known_on`. One query, since it belongs to every recomputation."""
    dialogues = Dialogue.objects.filter(partnership=partnership, known_on__lte=known_on)
    held = dialogues.filter(ends_on__lte=as_of)
    planned = dialogues.filter(ends_on__gt=as_of).order_by("starts_on", "key")[:1]
    commitments = Commitment.objects.filter(dialogue__in=held)
    finals = ReportVersion.objects.filter(report__partnership=partnership, report__is_final=True, state__in=HANDED_IN)
    targets = Target.objects.filter(indicator__partnership=partnership).order_by("year")
    found = (
        Partnership.objects.filter(pk=partnership.pk)
        .annotate(
            held=array_of(held.order_by("ends_on", "key"), "key", "ends_on", "ends_precision"),
            planned=array_of(planned, "starts_on", "starts_precision"),
            promised=array_of(commitments.order_by("key"), "key", "dialogue__ends_on", "due_on", "state", "state_on"),
            finals=array_of(finals.order_by("number"), *FINAL_FIELDS),
            years=ArraySubquery(targets.values("year").distinct()),
        )
        .values("held", "planned", "promised", "finals", "years")
        .get()
    )
    return FromAbove(
        dialogues=tuple(DialogueFacts(row["key"], precise(row, "ends")) for row in found["held"]),
        planned=precise(found["planned"][0], "starts") if found["planned"] else None,
        commitments=tuple(commitment_facts(row, as_of=as_of) for row in found["promised"]),
        finals=final_facts(found["finals"], partnership, on=min(as_of, known_on)),
        target_years=frozenset(found["years"]),
    )


FINAL_FIELDS = (
    "report__award__key",
    "report__organization__key",
    "report__period_to",
    "submitted_at",
    "accepted_at",
    "financial__line_10f",
)


def array_of(rows, *names: str) -> ArraySubquery:
    """The named columns of rows, as an array of objects; days and instants in them are texts."""
    return ArraySubquery(rows.values(found=JSONObject(**{name: name for name in names})))


def precise(row: dict, name: str) -> PreciseDate:
    return PreciseDate.of(date.fromisoformat(row[f"{name}_on"]), row[f"{name}_precision"])


def day_in(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def commitment_facts(row: dict, *, as_of: date) -> CommitmentFacts:
    """One of a dialogue that was held. What became of it counts from its day on."""
    state_on = day_in(row["state_on"])
    state = row["state"] if state_on is None or state_on <= as_of else Commitment.State.OPEN
    return CommitmentFacts(
        row["key"],
        known_on=day_in(row["dialogue__ends_on"]),
        due_on=day_in(row["due_on"]),
        closed_on=state_on if state == Commitment.State.CLOSED else None,
        is_settled=state in (Commitment.State.CARRIED_OVER, Commitment.State.DROPPED),
    )


def final_facts(rows: Iterable[dict], partnership: Partnership, *, on: date) -> dict[tuple[str, str, date], FinalFacts]:
    """Final reports handed in by the end of `on` in the partnership's zone, and not returned; of several versions the newest one
    that was handed in. `rows` in the order of their versions."""
    finals = {}
    for row in rows:
        submitted_on, accepted_on = (day_of(row[name], partnership) for name in ("submitted_at", "accepted_at"))
        if submitted_on is None or submitted_on > on:
            continue
        finals[row["report__award__key"], row["report__organization__key"], day_in(row["report__period_to"])] = FinalFacts(
            submitted_on=submitted_on,
            accepted_on=accepted_on if accepted_on and accepted_on <= on else None,
            has_no_obligations=row["financial__line_10f"] == 0,
        )
    return finals


def day_of(instant: str | None, partnership: Partnership) -> date | None:
    return partnership.day_of(datetime.fromisoformat(instant)) if instant else None
