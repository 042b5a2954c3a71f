"""The line of a partnership's term: what has passed, what is left, and each step that moved the end. Pure."""

from dataclasses import dataclass
from datetime import date

WIDTH = 284
ROOM = 62  # how much of the line a label needs, so that two do not lie on each other


@dataclass(frozen=True)
class Mark:
    """A step on the line: where it stands, and its label unless there is no room for it."""

    x: int
    day: date
    anchor: str
    shown: bool


@dataclass(frozen=True)
class TermLine:
    """`passed` and `left` are widths; `today_x` None once the term is over or has not begun."""

    passed: int
    left: int
    today_x: int | None
    today_anchor: str
    marks: tuple[Mark, ...]


def draw_term(steps: list[tuple[date, date]], *, as_of: date) -> TermLine | None:
    """`steps`: (day of the step, last day of the end it set), oldest first. The line runs from the first step to the last end."""
    if not steps:
        return None
    begin, end = steps[0][0], max(last for _day, last in steps)
    length = max((end - begin).days, 1)

    def x_of(day):
        return round(WIDTH * min(max((day - begin).days, 0), length) / length)

    today_x = x_of(as_of)
    days = [begin, *(day for day, _end in steps[1:]), end]
    marks, taken = [], []
    for day in (begin, end, *days[1:-1]):
        x = x_of(day)
        fits = all(abs(x - other) >= ROOM for other in taken)
        if fits:
            taken.append(x)
        marks.append(Mark(min(max(x, 1), WIDTH - 1), day, "start" if x == 0 else "end" if x == WIDTH else "middle", fits))
    return TermLine(
        passed=today_x,
        left=WIDTH - today_x,
        today_x=today_x if begin <= as_of <= end else None,
        today_anchor="start" if today_x < 40 else "end",
        marks=tuple(sorted(marks, key=lambda mark: mark.x)),
    )
