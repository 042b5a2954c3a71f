"""What the counts of an activity may hold. Plain functions, without a query."""

from collections.abc import Iterable, Mapping

from .models import ParticipantCount

Group, Sex, AgeBand = ParticipantCount.Group, ParticipantCount.Sex, ParticipantCount.AgeBand
MOST_IN_A_CELL = 1_000_000

# How many took part, by (group, sex, age band). A cell that is absent was not recorded; 0 is none.
Cell = tuple[str, str, str]
Counts = Mapping[Cell, int]

# The columns that everybody is offered: each participant belongs in exactly one of them, so that the total adds up.
COLUMNS = (
    (Group.OFFICIALS, AgeBand.ADULT),
    (Group.OFFICIALS, AgeBand.UNKNOWN),
    (Group.COMMUNITY, AgeBand.ADULT),
    (Group.COMMUNITY, AgeBand.UNKNOWN),
    (Group.CHILDREN, AgeBand.CHILD),
)
IMPOSSIBLE = {(Group.CHILDREN, AgeBand.ADULT), (Group.OFFICIALS, AgeBand.CHILD)}


def is_about_children(group: str, age_band: str) -> bool:
    """Whether a cell counts children. Such a figure stays in the circle of those who need it exactly."""
    return group == Group.CHILDREN or age_band == AgeBand.CHILD


def columns_for(counts: Iterable[Cell]) -> list[tuple[str, str]]:
    """The columns offered to everybody, then those besides in which `counts` holds something."""
    more = {(group, age_band) for group, _sex, age_band in counts} - set(COLUMNS)
    return [*COLUMNS, *sorted(more)]


def total(counts: Counts, cells: Iterable[Cell]) -> int | None:
    """The sum over `cells` of what was recorded; None when nothing was."""
    known = [counts[cell] for cell in cells if cell in counts]
    return sum(known) if known else None
