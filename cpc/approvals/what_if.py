"""What would fall due if the term, or an award, ended on another day. The engine runs on altered facts: nothing is tried out in
the database, no lock is taken, no row is written.

The answer is that of a proposal's preview for the same acts; `acts` says which those are."""

import sys
from dataclasses import dataclass
from datetime import date

from activities.deadlines.looking_back import scope_of
from activities.deadlines.rulebook import shipped
from activities.deadlines.sync import Changes, find_upserts, is_submitted, make_row
from activities.models import Deadline
from activities.tasks import look
from cpc.core.dates import PreciseDate
from funding.models import Award, AwardAction
from partners.acts import columns_of
from partners.ledger import TRIED_OUT
from partners.models import Partnership, TermEvent

from .consequences import split
from .picture import deadlines_in

LAST_PK = sys.maxsize  # an unsaved row comes after every stored one of its day


@dataclass(frozen=True)
class Supposed:
    """Other ends: of the term, and of the period of one award; None where it stays. `…_now` is the end as it stands, None where
    it is not known."""

    term_end: PreciseDate | None = None
    term_end_now: PreciseDate | None = None
    award: Award | None = None
    award_end: PreciseDate | None = None
    award_end_now: PreciseDate | None = None

    @property
    def acts(self) -> list[dict]:
        """What a proposal would have to hold to bring this about. An award's end moves later without cost, so that its guidance
        version stays; earlier by an administrative action."""
        found = []
        if self.term_end:
            kind = kind_of_event(self.term_end, self.term_end_now)
            found.append({"act": "term", "kind": kind, "new_end": self.term_end.iso})
        if self.award_end:
            kind, basis = kind_of_step(self.award_end, self.award_end_now), str(AwardAction.Basis.SIGNED)
            found.append({"act": "action", "award": self.award.key, "kind": kind, "new_end": self.award_end.iso, "basis": basis})
        return found

    def rows(self, partnership: Partnership, *, on: date) -> dict[str, list]:
        """The unsaved rows of the ledgers that the acts would write on a day: `events` of the term, `actions` of awards."""
        rows = {"events": [], "actions": []}
        shared = {"effective_on": on, "known_on": on, "loaded_from": TRIED_OUT, "pk": LAST_PK}
        for act in self.acts:
            fields = {"kind": act["kind"], **columns_of("new_end", PreciseDate.parse(act["new_end"])), **shared}
            if act["act"] == "term":
                rows["events"].append(TermEvent(partnership=partnership, **fields))
            else:
                rows["actions"].append(AwardAction(award=self.award, basis=act["basis"], **fields))
        return rows


def kind_of_event(new: PreciseDate, now: PreciseDate | None) -> str:
    """The kind of event that moves the end of the term from `now` (None: not known) to `new`."""
    return str(TermEvent.Kind.EXTENDED if now is None or new.last > now.last else TermEvent.Kind.ENDED)


def kind_of_step(new: PreciseDate, now: PreciseDate | None) -> str:
    """The kind of step that moves the end of an award's period from `now` (None: not known) to `new`."""
    later = now is None or new.last > now.last
    return str(AwardAction.Kind.NO_COST_EXTENSION if later else AwardAction.Kind.ADMINISTRATIVE)


def dates_if(user, partnership: Partnership, supposed: Supposed, *, today: date) -> dict:
    """The open deadlines that `user` may see and what becomes of each, if `supposed` were decided on `today`: `created`,
    `changed`, `superseded` and `kept`, as `consequences.split` gives them. Reads only; as many statements however many rows
    there are."""
    stored = {row.key: row for row in Deadline.objects.filter(partnership=partnership).select_related("award", "recipient")}
    outcome, places = look(partnership, as_of=today, known_on=today, **supposed.rows(partnership, on=today))
    wanted = [make_row(one, partnership, places, shipped()) for one in outcome.due]
    before = [row for row in stored.values() if row.superseded_at is None]
    after = rows_if(wanted, stored)
    scope = scope_of(user, partnership)
    pictures = [deadlines_in(in_order(row for row in rows if scope.sees(row))) for rows in (before, after)]
    everywhere = {row["award"] for picture in pictures for row in picture.values()}
    return split(*pictures, everywhere)


def rows_if(wanted: list[Deadline], stored: dict[str, Deadline]) -> list[Deadline]:
    """The open rows after `sync.sync` would have brought `stored` in line with `wanted`, without writing one."""
    written = {row.key: row for row in find_upserts(wanted, stored, Changes())}
    keys = {row.key for row in wanted}
    stay = [row for row in stored.values() if row.superseded_at is None and (row.key in keys or is_submitted(row))]
    return [*(row for row in stay if row.key not in written), *written.values()]


def in_order(rows) -> list[Deadline]:
    return sorted(rows, key=lambda row: (row.due_on, row.key))
