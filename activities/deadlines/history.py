"""How a date came to be what it is: the steps of the award's or the term's ledger that moved it, a step taken back included.

Nothing about it is stored. The engine runs on what was in force after each day on which something came into force, so that the
history of what was loaded is told as well as that of what was decided here."""

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date

from partners.ledger import LedgerRow
from partners.models import Partnership, TermEvent

from .award_dates import award_dates
from .births import Births, identity
from .due import DueDate, only_dates
from .engine import term_dates
from .facts import PartnershipFacts
from .gather import LoadedAward, award_facts, term_facts
from .models import Deadline, Kind, RuleOverride
from .rulebook import shipped
from .stages import ledger_of, standings

TERM_KINDS = (Kind.TERM_END, Kind.TERM_DECISION)


@dataclass(frozen=True, slots=True)
class Move:
    """On `on`, when it was both true and known, the date moved from `before` by these rows of the ledger."""

    on: date
    before: date
    causes: tuple[LedgerRow, ...]


Moves = dict[int, tuple[Move, ...]]
Told = dict[tuple, tuple[Move, ...]]  # by `births.identity`
ClosedDays = Mapping[str, Set[date]]


def moves_of(
    rows: list[Deadline], partnership: Partnership, awards: list[LoadedAward], *, today: date, closed_days: ClosedDays
) -> Moves:
    """For each open row, by its id, what moved it until `today`, oldest first; a row whose date rests on no ledger of steps (a
    dialogue, a pledge) has no entry. `awards` are those of the rows, as `gather.load_awards` gave them; `closed_days` as in
    `PartnershipFacts`. One query at most."""
    open_rows = [row for row in rows if row.superseded_at is None]
    ids = {row.award_id for row in open_rows if row.award_id}
    loaded = [one for one in awards if one.award.pk in ids]
    told = {}
    if loaded:
        told |= moves_of_awards(loaded, partnership, closed_days)
    if any(row.kind in TERM_KINDS for row in open_rows):
        told |= moves_of_term(partnership, today=today)
    return {row.pk: told.get(identity_of(row), ()) for row in open_rows if row.award_id or row.kind in TERM_KINDS}


def moves_of_awards(awards: list[LoadedAward], partnership: Partnership, closed_days: ClosedDays) -> Told:
    book, host = shipped(), partnership.host_country.key
    facts = PartnershipFacts(partnership.key, host, closed_days=closed_days)
    moves = {}
    for award, _actions, recipients, ledger in awards:
        births = Births(facts.closed_days)
        found = []
        for on, decided, in_force, came in standings(ledger, not_before=award.known_on):
            dates = award_dates(award_facts(award, in_force, recipients, book), facts, book)
            found.append((on, births.follow(only_dates(dates), on=on, decided=decided), came))
        moves |= compare(found)
    return moves


def moves_of_term(partnership: Partnership, *, today: date) -> Told:
    book, host = shipped(), partnership.host_country.key
    births, found = Births({}), []
    for on, decided, in_force, came in standings(
        ledger_of(TermEvent.objects.filter(partnership=partnership), as_of=today, known_on=today)
    ):
        facts = PartnershipFacts(partnership.key, host, **term_facts(in_force, as_of=on))
        found.append((on, births.follow(only_dates(term_dates(facts, book)), on=on, decided=decided), came))
    return compare(found)


def compare(found: list[tuple[date, list[DueDate], list[LedgerRow]]]) -> Told:
    """By identity, each difference between the dates of one standing and those of the last one that had the same date at all."""
    last: dict[tuple, date] = {}
    moves = defaultdict(tuple)
    for on, dates, came in found:
        for one in dates:
            who = identity(one)
            if last.get(who, one.due_on) != one.due_on:
                moves[who] += (Move(on, last[who], causes_among(came)),)
            last[who] = one.due_on
    return moves


def causes_among(came: list[LedgerRow]) -> tuple[LedgerRow, ...]:
    """Of the rows of a day those that set a period or the award's own terms, or take a row back; where there is none, all of
    them: one added money, and with it brought another text of the guidance."""
    setting = [row for row in came if row.voids_id or isinstance(row, RuleOverride) or row.new_end_on or row_starts(row)]
    return tuple(setting or came)


def row_starts(row: LedgerRow) -> bool:
    return getattr(row, "start_on", None) is not None


def identity_of(row: Deadline) -> tuple:
    """What `births.identity` says of the same date."""
    if row.kind == Kind.FINAL_REPORT:
        return row.award.key, row.recipient.key, row.key.rpartition("-")[2]
    return (row.key,)
