"""Deadlines as they stood on another day: the engine runs on that day's facts. Reads only, and keeps nothing."""

from dataclasses import dataclass
from datetime import date

from funding.models import Award
from partners.models import Partnership
from partners.permissions import memberships_of
from partners.roles import FULL_READERS, PARTNER_ROLES, Role

from .engine import compute
from .facts import PartnershipFacts
from .gather import gather, load_awards
from .models import HOST_KINDS, Deadline, Kind
from .rulebook import shipped
from .status import status_on
from .sync import REPORT_KINDS, make_row, places_of, triple_of

FROM_ABOVE = ("previous_dialogue", "dialogue_date", "commitment_due", "final_reports_accepted", "final_sf425_submitted")


def rows_as_of(user, partnership: Partnership, *, as_of: date, known_on: date, of_awards: bool = True) -> list[Deadline]:
    """Unsaved rows with their `status` on `as_of`, as far as could be known on `known_on`, by due day and key; those that
    `user` may see. Without `of_awards` the partnership's own dates alone, with three statements less.

    What was handed in and accepted, which dialogues were held and what was promised in them, the stored rows tell."""
    book = shipped()
    stored = list(Deadline.objects.filter(partnership=partnership).select_related("award", "recipient"))
    own = Award.objects.filter(partnership=partnership)
    awards = load_awards(own, as_of=as_of, known_on=known_on) if of_awards else []
    facts = gather(partnership, as_of=as_of, known_on=known_on, awards=awards, book=book)
    rows = [make_row(one, partnership, places_of(awards), book) for one in compute(facts, book).due]
    handed_in = {triple_of(row): row.met_at for row in stored if row.met_at and row.kind in REPORT_KINDS}
    for row in rows:
        if row.kind in REPORT_KINDS:
            row.met_at = handed_in.get(triple_of(row))
    rows += [row for row in stored if rests_on_above(row) and was_there(row, facts, min(as_of, known_on))]
    scope = scope_of(user, partnership)
    return sorted((put_status(row, partnership, as_of) for row in rows if scope.sees(row)), key=lambda row: (row.due_on, row.key))


def rests_on_above(row: Deadline) -> bool:
    """Whether what a row counts from is known to the floors above alone."""
    return shipped().rule(row.rule).trigger in FROM_ABOVE


def was_there(row: Deadline, facts: PartnershipFacts, day: date) -> bool:
    """Whether the dialogue that a stored row counts from had been held by `day`, and the next one would have fallen into the
    term; whether the final report that another counts from had been handed in."""
    if row.superseded_at is not None or date.fromisoformat(row.inputs.get("since") or row.inputs["base_on"]) > day:
        return False
    if row.kind != Kind.DIALOGUE:
        return True
    return facts.term_end is None or row.legal_on <= facts.term_end.last


def put_status(row: Deadline, partnership: Partnership, day: date) -> Deadline:
    """Give a row what `queries.with_status` would: `asked_on`, `met_on`, `status`."""
    row.asked_on = day
    row.met_on = row.met_at and partnership.day_of(row.met_at)
    row.status = status_on(
        day,
        kind=row.kind,
        due_on=row.due_on,
        period_to=row.period_to,
        met_on=row.met_on,
        superseded=row.superseded_at is not None,
        tracked_from=partnership.tracked_from,
    )
    return row


@dataclass(frozen=True)
class Scope:
    """What a reader sees of one partnership's deadlines; says in Python what `DeadlineQuerySet.visible_to` says in SQL."""

    reads_all: bool
    reads_host_side: bool
    organizations: frozenset[int]
    own_awards: frozenset[int]
    passed_on: frozenset[int]

    def sees(self, row: Deadline) -> bool:
        if self.reads_all or (self.reads_host_side and row.kind in HOST_KINDS):
            return True
        if row.award_id in self.passed_on or row.recipient_id in self.organizations:
            return True
        return row.recipient_id is None and row.award_id in self.own_awards


def scope_of(user, partnership: Partnership) -> Scope:
    mine = [m for m in memberships_of(user) if m.partnership_id in (partnership.pk, None)]
    roles = {m.role for m in mine}
    organizations = frozenset(m.organization_id for m in mine if m.role in PARTNER_ROLES)
    own, passed_on = frozenset(), frozenset()
    if organizations:
        awards = Award.objects.filter(partnership=partnership)
        own = frozenset(awards.filter(recipients__organization__in=organizations).values_list("pk", flat=True))
        subs = awards.filter(level=Award.Level.SUB, pass_through__in=organizations, parent__in=own)
        passed_on = frozenset(subs.values_list("pk", flat=True))
    return Scope(bool(roles & FULL_READERS), Role.HOST_DELEGATE in roles, organizations, own, passed_on)
