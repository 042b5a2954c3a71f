"""How a date came to be what it is: the steps of the award's or the term's ledger that moved it, a step taken back included.

Nothing about it is stored. The engine runs on what was in force after each day on which something came into force, so that the
history of what was loaded is told as well as that of what was decided here."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from cpc.core.workdays import US
from funding.models import AwardAction
from partners.ledger import LedgerRow
from partners.models import Partnership, TermEvent
from partners.queries import term_of

from .engine import DueDate, award_dates, term_dates
from .facts import PartnershipFacts
from .gather import LoadedAward, award_facts, closed_days_of
from .models import Deadline, Kind
from .rulebook import shipped

TERM_KINDS = (Kind.TERM_END, Kind.TERM_DECISION)


@dataclass(frozen=True, slots=True)
class Move:
    """On `on`, when it was both true and known, the date moved from `before` by these rows of the ledger."""

    on: date
    before: date
    causes: tuple[LedgerRow, ...]


Moves = dict[int, tuple[Move, ...]]


def moves_of(rows: list[Deadline], partnership: Partnership, awards: list[LoadedAward], *, today: date) -> Moves:
    """For each open row, by its id, what moved it until `today`, oldest first; a row whose date rests on no ledger of steps (a
    dialogue, a pledge) has no entry. `awards` are those of the rows, as `gather.load_awards` gave them. Three queries at most."""
    open_rows = [row for row in rows if row.superseded_at is None]
    ids = {row.award_id for row in open_rows if row.award_id}
    loaded = [one for one in awards if one[0].pk in ids]
    told = {}
    if loaded:
        told |= moves_of_awards(loaded, partnership, today=today)
    if any(row.kind in TERM_KINDS for row in open_rows):
        told |= moves_of_term(partnership, today=today)
    return {row.pk: told.get(identity(row), ()) for row in open_rows if row.award_id or row.kind in TERM_KINDS}


def moves_of_awards(awards: list[LoadedAward], partnership: Partnership, *, today: date) -> dict[tuple, tuple[Move, ...]]:
    book, host = shipped(), partnership.host_country.key
    facts = PartnershipFacts(partnership.key, host, closed_days=closed_days_of([US, host]))
    actions = defaultdict(list)
    for action in AwardAction.objects.filter(award__in=[award.pk for award, *_ in awards]).decided().select_related("voids"):
        actions[action.award_id].append(action)
    moves = {}
    for award, _now, recipients in awards:
        found = [
            (on, list(award_dates(award_facts(award, in_force, recipients, book), facts, book)), came)
            for on, in_force, came in standings(actions[award.pk], not_before=award.known_on, until=today)
        ]
        moves |= compare(found)
    return moves


def moves_of_term(partnership: Partnership, *, today: date) -> dict[tuple, tuple[Move, ...]]:
    book, host = shipped(), partnership.host_country.key
    events = TermEvent.objects.filter(partnership=partnership).decided().select_related("voids")
    found = []
    for on, in_force, came in standings(events, not_before=date.min, until=today):
        facts = PartnershipFacts(partnership.key, host, term_end=term_of(tuple(in_force), as_of=on).ends)
        found.append((on, list(term_dates(facts, book)), came))
    return compare(found)


def standings(
    ledger: Iterable[LedgerRow], *, not_before: date, until: date
) -> Iterator[tuple[date, list[LedgerRow], list[LedgerRow]]]:
    """For each day until `until` on which a row became known and true: the rows in force after it in ledger order, and those
    that came. Says in Python what `LedgerQuerySet.in_force` says in SQL of one day."""
    come = defaultdict(list)
    for row in ledger:
        day = row.known_on if row.voids_id else max(row.effective_on, row.known_on)
        come[max(day, not_before)].append(row)
    known: list[LedgerRow] = []
    for on in sorted(day for day in come if day <= until):
        known += come[on]
        voided = {row.voids_id for row in known if row.voids_id}
        in_force = [row for row in known if row.voids_id is None and row.pk not in voided]
        yield on, sorted(in_force, key=lambda row: (row.effective_on, row.pk)), come[on]


def compare(found: list[tuple[date, list, list[LedgerRow]]]) -> dict[tuple, tuple[Move, ...]]:
    """By identity, each difference between the dates of one standing and those of the last one that had the same date at all."""
    last: dict[tuple, date] = {}
    moves = defaultdict(tuple)
    for on, dates, came in found:
        for one in dates:
            if not isinstance(one, DueDate):
                continue
            who = identity(one)
            if last.get(who, one.due_on) != one.due_on:
                moves[who] += (Move(on, last[who], causes_among(came)),)
            last[who] = one.due_on
    return moves


def causes_among(came: list[LedgerRow]) -> tuple[LedgerRow, ...]:
    """Of the rows of a day those that set a period or take a row back; where there is none, all of them: one added money, and
    with it brought another text of the guidance."""
    setting = [row for row in came if row.voids_id or row.new_end_on or getattr(row, "start_on", None)]
    return tuple(setting or came)


def identity(one: Deadline | DueDate) -> tuple:
    """What stays the same while a date moves. A final report changes its period, and so its key, with the end of the award."""
    if one.kind == Kind.FINAL_REPORT:
        return place_of(one), one.key.rpartition("-")[2]
    return (one.key,)


def place_of(one: Deadline | DueDate) -> tuple[str, str]:
    if isinstance(one, DueDate):
        return one.award, one.recipient
    return one.award.key, one.recipient.key
