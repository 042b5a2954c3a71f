"""Dialogues and commitments as they stood on a day."""

from dataclasses import dataclass
from datetime import date

from cpc.core.dates import PreciseDate

from .models import Commitment, Dialogue


@dataclass(frozen=True)
class Standing:
    """A commitment on a day. `days_late`: None unless it was open and past its date. `state` is the one of that day; `us_on` and
    `host_on` the days on which a side had confirmed it by then."""

    commitment: Commitment
    state: str
    days_late: int | None
    us_on: date | None
    host_on: date | None

    @property
    def is_open(self) -> bool:
        return self.state == Commitment.State.OPEN


def standing_of(commitment: Commitment, *, as_of: date, known_on: date) -> Standing:
    """How `commitment` stood on `as_of`, as known on `known_on`: what ended or was confirmed later was not so yet."""
    until = min(as_of, known_on)
    ended = commitment.state_on is not None and commitment.state_on <= until
    state = commitment.state if ended else Commitment.State.OPEN
    is_late = state == Commitment.State.OPEN and commitment.due_on is not None and commitment.due_on < as_of
    us_on, host_on = (
        day if day is not None and day <= until else None for day in (commitment.us_confirmed_on, commitment.host_confirmed_on)
    )
    return Standing(commitment, state, (as_of - commitment.due_on).days if is_late else None, us_on, host_on)


def dialogues_known(dialogues, *, as_of: date, known_on: date):
    """The dialogues of which one could know by `known_on` and that had begun by `as_of`, newest first."""
    return dialogues.filter(known_on__lte=known_on, starts_on__lte=as_of).order_by("-ordinal")


def commitments_on(commitments, *, as_of: date, known_on: date) -> list[Standing]:
    """How the commitments of the dialogues known by then stood on `as_of`, by due day, those without one last."""
    rows = commitments.filter(dialogue__known_on__lte=known_on, dialogue__starts_on__lte=as_of)
    rows = rows.select_related("dialogue", "owner", "source", "evidence", "us_confirmed_by", "host_confirmed_by")
    standings = [standing_of(row, as_of=as_of, known_on=known_on) for row in rows]
    return sorted(standings, key=lambda s: (s.commitment.due_on or date.max, s.commitment.key))


@dataclass(frozen=True)
class SideCount:
    """How many of one side's commitments are closed (or ended otherwise), open in time, and late."""

    side: str
    closed: int
    open: int
    late: int

    @property
    def total(self) -> int:
        return self.closed + self.open + self.late


def count_by_side(standings: list[Standing]) -> list[SideCount]:
    """One count per side, in the order of the sides."""
    counts = []
    for side in Commitment.Side:
        own = [s for s in standings if s.commitment.side == side]
        late = sum(s.days_late is not None for s in own)
        is_open = sum(s.is_open for s in own)
        counts.append(SideCount(side, len(own) - is_open, is_open - late, late))
    return counts


def days_of(dialogue: Dialogue) -> tuple[PreciseDate, PreciseDate]:
    """First and last day, as far as they are known."""
    return (
        PreciseDate.of(dialogue.starts_on, dialogue.starts_precision),
        PreciseDate.of(dialogue.ends_on, dialogue.ends_precision),
    )
