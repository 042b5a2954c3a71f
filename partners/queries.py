"""What the pages, the API and the other apps read of a partnership, as of a day and as known on a day."""

from dataclasses import dataclass
from datetime import date

from cpc.core.dates import PreciseDate

from .models import Coverage, Partnership, TermEvent


@dataclass(frozen=True)
class Term:
    """The term as it stands. `ends` None: not signed yet on that day. After the end `days_left` is None and `ended_days_ago` a
    number."""

    events: tuple[TermEvent, ...]
    ends: PreciseDate | None
    days_left: int | None
    ended_days_ago: int | None

    @property
    def n_extensions(self) -> int:
        return sum(event.kind == TermEvent.Kind.EXTENDED for event in self.events)


def end_of(event: TermEvent) -> PreciseDate:
    return PreciseDate.of(event.new_end_on, event.new_end_precision)


def term_on(partnership: Partnership, *, as_of: date, known_on: date) -> Term:
    """The steps of the term in force, oldest first, and the days left from `as_of` to the last day that fits the end."""
    events = tuple(
        TermEvent.objects.filter(partnership=partnership)
        .in_force(as_of=as_of, known_on=known_on)
        .select_related("source")
        .order_by("effective_on", "pk")
    )
    return term_of(events, as_of=as_of)


def term_of(events: tuple[TermEvent, ...], *, as_of: date) -> Term:
    """The term after `events` (oldest first), seen on `as_of`."""
    if not events:
        return Term((), None, None, None)
    ends = end_of(events[-1])
    days = (ends.working_day - as_of).days
    return Term(events, ends, days if days >= 0 else None, -days if days < 0 else None)


def coverage_on(partnership: Partnership, *, as_of: date, known_on: date) -> list[Coverage]:
    """The regions covered, in the order in which they came in, then by key."""
    rows = Coverage.objects.filter(partnership=partnership).in_force(as_of=as_of, known_on=known_on)
    return list(rows.select_related("region", "source").order_by("from_on", "pk"))
