"""No date is born overdue: what a decision taken here brings about after its own day falls due 30 days after the decision.

Pure. Dates are followed through the stages in which the facts came to stand as they do. What a file brought is history, and
keeps its days. The rule is the product's own; no regulation asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from cpc.core.workdays import US, next_working_day

from .status import ENDS

if TYPE_CHECKING:
    from .due import DueDate

DAYS_OF_GRACE = 30


def identity(one: DueDate) -> tuple:
    """What stays the same while a date moves. A final report changes its period, and so its key, with the end of the award."""
    if one.kind == "final_report":
        return one.award, one.recipient, one.key.rpartition("-")[2]
    return (one.key,)


class Births:
    """Follows the dates of one subject from stage to stage, oldest first. `closed_days` as in `PartnershipFacts`."""

    def __init__(self, closed_days: Mapping[str, Set[date]]):
        self.closed_days = closed_days
        self.standing: dict[tuple, DueDate] = {}
        # by identity and day by the rule: the day that counted when the date last stood, and by which decision; when it went
        self.days: dict[tuple, tuple[date, date | None]] = {}
        self.left: dict[tuple, date] = {}

    def follow(self, dates: Iterable[DueDate], *, on: date, decided: bool) -> list[DueDate]:
        """`dates` of a stage that began on `on`, as they fall due, in their order. `decided`: by a decision taken here."""
        settled = [self.settle(one, on=on, decided=decided) for one in dates]
        now = {identity(one): one for one in settled}
        for who, one in self.standing.items():
            if who not in now or now[who].day_by_rule != one.day_by_rule:
                self.left[who, one.day_by_rule] = on
        self.standing = now
        return settled

    def settle(self, one: DueDate, *, on: date, decided: bool) -> DueDate:
        """An end is no duty and stays where it is. A date that stood before keeps its day, one that comes back is late if it was
        late when it went, and one that is put off never falls due earlier than it did."""
        if one.kind in ENDS:
            return one
        who = identity(one)
        mark, before = (who, one.due_on), self.standing.get(who)
        stood = before is not None and before.day_by_rule == one.due_on
        due, decision = self.days.get(mark, (one.due_on, None))
        if decided and not stood:
            if due < on and not due < self.left.get(mark, date.min):
                due, decision = on + timedelta(days=DAYS_OF_GRACE), on
            elif before is not None and mark not in self.days and before.day_by_rule < one.due_on and due < before.due_on:
                due, decision = before.due_on, before.decided_on
        self.days[mark] = due, decision
        if decision is None:
            return one
        hint = next_working_day(due, [US], self.closed_days)
        return replace(one, due_on=due, legal_on=one.due_on, decided_on=decision, next_business_on=hint)
