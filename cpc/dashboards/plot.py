"""The drawing of public totals beside the ledger's steps: coordinates for an inline SVG, whose table stands under it. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from cpc.core.money import round_half_up

MILLION = Decimal(1_000_000)
ROOM = 76  # how much of the line a label needs
CHARACTER = 6.8  # how wide a letter of the labels is


@dataclass(frozen=True)
class Shape:
    """The measures of one drawing: its size, the ground line, the left and right ends of the axis, and a year's name on it."""

    width: int
    height: int
    left: int
    right: int
    ground: int
    top: int
    short_years: bool


WIDE = Shape(width=944, height=290, left=24, right=832, ground=256, top=36, short_years=False)
NARROW = Shape(width=328, height=270, left=20, right=252, ground=236, top=34, short_years=True)


@dataclass(frozen=True)
class Point:
    """One stated total. `is_floor`: "more than", the truth may lie above. `gap_y`: the ledger of that day, where it is lower."""

    x: int
    y: int
    label: str
    label_x: int
    label_y: int
    anchor: str
    is_open: bool
    is_floor: bool
    gap_y: int | None


@dataclass(frozen=True)
class Tick:
    at: int
    label: str


@dataclass(frozen=True)
class Plot:
    shape: Shape
    points: list[Point]
    ledger: str
    ledger_labels: list[Point]
    rows: list[Tick]
    years: list[Tick]


@dataclass(frozen=True)
class Said:
    """A stated total to draw: its day, amount, and the ledger of that day in the same currency."""

    on: date
    amount: Decimal
    words: str
    is_planned: bool
    is_floor: bool
    held: Decimal | None


def draw(said: list[Said], steps: list[tuple[date, Decimal]], *, shape: Shape) -> Plot | None:
    """`steps`: from when the ledger's total was what, oldest first. None where there is nothing to draw.

    The axis ends some weeks after the last of both: a longer one would only press the marks together."""
    days = [one.on for one in said] + [on for on, _total in steps]
    if not days:
        return None
    first = date(min(days).year, 1, 1)
    last = max(days) + timedelta(days=60)
    step = scale_step(max([one.amount for one in said] + [total for _on, total in steps]))
    highest = step * 3

    def x_of(day: date) -> int:
        return round(shape.left + (shape.right - shape.left) * (day - first).days / (last - first).days)

    def y_of(amount: Decimal) -> int:
        return round(shape.ground - (shape.ground - shape.top) * float(amount / highest))

    corners = [(x_of(on), y_of(total), total) for on, total in steps]
    return Plot(
        shape=shape,
        points=points_of(said, x_of, y_of, shape),
        ledger=path_of(corners, shape.right),
        ledger_labels=ledger_labels(corners, shape),
        rows=[Tick(y_of(step * n), f"{step * n / MILLION:f}") for n in range(4)],
        years=[Tick(x_of(middle), year_name(middle.year, shape)) for middle in middles(first, last)],
    )


def middles(first: date, last: date) -> list[date]:
    """The middle of each year that the axis holds, for its name."""
    days = (date(year, 7, 1) for year in range(first.year, last.year + 1))
    return [day for day in days if day <= last]


def scale_step(highest: Decimal) -> Decimal:
    """A third of the axis in whole millions, such that the highest amount fits under the top line."""
    return max((highest / 3 / MILLION).to_integral_value(ROUND_CEILING), Decimal(1)) * MILLION


def millions(amount: Decimal) -> str:
    """ "6.7": an amount in millions, to one decimal, half-up."""
    return f"{round_half_up(amount / MILLION, 1):f}"


def year_name(year: int, shape: Shape) -> str:
    return f"’{year % 100:02}" if shape.short_years else f"{year}"


def path_of(corners: list[tuple[int, int, Decimal]], right: int) -> str:
    """The ledger's steps as one path: along, then up or down on the day of the step."""
    if not corners:
        return ""
    (x, y, _total), *others = corners
    return f"M{x} {y}" + "".join(f"H{x}V{y}" for x, y, _total in others) + f"H{right}"


@dataclass(frozen=True)
class Box:
    """The room of a text or a mark, in the drawing's units."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom


def points_of(said: list[Said], x_of, y_of, shape: Shape) -> list[Point]:
    """Each total with its label where it lies on no mark and no other label: over it, left, right, or higher up."""
    marks = [(x_of(one.on), y_of(one.amount), one) for one in said]
    taken = [Box(x - 6, y - (16 if one.is_floor else 6), x + 6, y + 6) for x, y, one in marks]
    points = []
    for x, y, one in marks:
        words = millions(one.amount) if shape.short_years else one.words
        places = places_around(x, y, one.is_floor)
        free = (place for place in places if not any(box_of(*place, words).meets(other) for other in taken))
        label_x, label_y, anchor = next(free, places[-1])
        taken.append(box_of(label_x, label_y, anchor, words))
        gap_y = y_of(one.held) if one.held is not None and y_of(one.held) > y + 8 else None
        points.append(Point(x, y, words, label_x, label_y, anchor, one.is_planned, one.is_floor, gap_y))
    return points


def places_around(x: int, y: int, is_floor: bool) -> list[tuple[int, int, str]]:
    over = y - (19 if is_floor else 11)
    return [(x, over, "middle"), (x - 10, y + 4, "end"), (x + 10, y + 4, "start"), (x, over - 16, "middle")]


def box_of(x: int, y: int, anchor: str, words: str) -> Box:
    """The room of a text of 13 px whose baseline is `y`."""
    width = CHARACTER * len(words)
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    return Box(left, y - 11, left + width, y + 3)


def ledger_labels(corners: list[tuple[int, int, Decimal]], shape: Shape) -> list[Point]:
    """The ledger's totals in words, under their lines: the last one at its right end, an earlier one where there is room."""
    labels = []
    for n, (x, y, total) in enumerate(corners):
        if n == len(corners) - 1:
            labels.append(mark(shape.right, y + 18, total, anchor="end"))
        elif corners[n + 1][0] - x >= ROOM:
            labels.append(mark(x, y + 18, total))
    return labels


def mark(x: int, y: int, total: Decimal, *, anchor: str = "start") -> Point:
    return Point(x, y, millions(total), x, y, anchor, False, False, None)
