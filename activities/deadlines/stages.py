"""How the facts came to stand as they do: what was in force after each day on which a row of a ledger came into force."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from partners.ledger import LedgerRow

from .facts import Stage


class Standing(NamedTuple):
    """The rows in force after `on`, in ledger order, and those that came. What a file brought on a day stands before what was
    `decided` here on it."""

    on: date
    decided: bool
    in_force: list
    came: list


def ledger_of(rows: QuerySet, *, as_of: date, known_on: date) -> QuerySet:
    """Every row that was true on `as_of` and could be known on `known_on`, in ledger order; those taken back, and what took them
    back, too."""
    rows = rows.filter(Q(voids__isnull=False) | Q(effective_on__lte=as_of), known_on__lte=known_on)
    return rows.select_related("voids").order_by("effective_on", "pk")


def in_force_among(rows: Iterable[LedgerRow]) -> list[LedgerRow]:
    """Those of `ledger_of` that count; the rows of several ledgers may stand together. Says in Python what
    `LedgerQuerySet.in_force` says in SQL of one day."""
    voided = {(type(row), row.voids_id) for row in rows if row.voids_id}
    return sorted(
        (row for row in rows if row.voids_id is None and (type(row), row.pk) not in voided),
        key=lambda row: (row.effective_on, row.pk),
    )


def standings(ledger: Iterable[LedgerRow], *, not_before: date = date.min) -> Iterator[Standing]:
    """One for each day on which rows of `ledger` became known and true; two where some were loaded and some decided here."""
    come = defaultdict(list)
    for row in ledger:
        day = row.known_on if row.voids_id else max(row.effective_on, row.known_on)
        come[max(day, not_before), row.decided_here].append(row)
    known: list[LedgerRow] = []
    for on, decided in sorted(come):
        known += come[on, decided]
        yield Standing(on, decided, in_force_among(known), come[on, decided])


def stages_of(ledger: list[LedgerRow], facts_of: Callable, *, not_before: date = date.min) -> tuple[Stage, ...]:
    """The stages that the engine must know: each that differs from the one before it. None where a file brought everything, since
    history keeps its days. `facts_of` makes facts of the rows in force."""
    stages: list[Stage] = []
    if any(row.decided_here for row in ledger):
        for on, decided, in_force, _came in standings(ledger, not_before=not_before):
            facts = facts_of(in_force)
            if not stages or facts != stages[-1].facts:
                stages.append(Stage(on, decided, facts))
    return tuple(stages)
