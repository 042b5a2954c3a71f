"""The drawing of public totals beside the ledger's steps: coordinates for an inline SVG, whose table stands under it. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

MILLION = Decimal(1_000_000)


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
NARROW = Shape(width=328, height=270, left=20, right=288, ground=236, top=34, short_years=True)


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


def draw(said: list[Said], steps: list[tuple[date, Decimal]], *, until: date, shape: Shape) -> Plot | None:
    """`steps`: from when the ledger's total was what, oldest first. None where there is nothing to draw."""
    days = [one.on for one in said] + [on for on, _total in steps]
    if not days:
        return None
    first = date(min(days).year, 1, 1)
    last = max(until, *days) + timedelta(days=31)
    step = scale_step(max([one.amount for one in said] + [total for _on, total in steps]))
    highest = step * 3

    def x_of(day: date) -> int:
        return round(shape.left + (shape.right - shape.left) * (day - first).days / (last - first).days)

    def y_of(amount: Decimal) -> int:
        return round(shape.ground - (shape.ground - shape.top) * float(amount / highest))

    corners = [(x_of(on), y_of(total), total) for on, total in steps]
    return Plot(
        shape=shape,
        points=[point_of(one, x_of, y_of, shape) for one in said],
        ledger=path_of(corners, shape.right),
        ledger_labels=[ledger_label(corner, shape) for corner in corners],
        rows=[Tick(y_of(step * n), millions(step * n)) for n in range(4)],
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
    return f"{(amount / MILLION).quantize(Decimal('0.1')):f}".removesuffix(".0")


def year_name(year: int, shape: Shape) -> str:
    return f"’{year % 100:02}" if shape.short_years else f"{year}"


def path_of(corners: list[tuple[int, int, Decimal]], right: int) -> str:
    """The ledger's steps as one path: along, then up or down on the day of the step."""
    if not corners:
        return ""
    (x, y, _total), *others = corners
    return f"M{x} {y}" + "".join(f"H{x}V{y}" for x, y, _total in others) + f"H{right}"


def point_of(one: Said, x_of, y_of, shape: Shape) -> Point:
    x, y = x_of(one.on), y_of(one.amount)
    over = 19 if one.is_floor else 11
    near_right = x > shape.right - (shape.right - shape.left) // 4
    return Point(
        x=x,
        y=y,
        label=millions(one.amount) if shape.short_years else one.words,
        label_x=x + 6 if near_right else x,
        label_y=y - over,
        anchor="end" if near_right else "start" if x < shape.left + 60 else "middle",
        is_open=one.is_planned,
        is_floor=one.is_floor,
        gap_y=y_of(one.held) if one.held is not None and y_of(one.held) > y + 8 else None,
    )


def ledger_label(corner: tuple[int, int, Decimal], shape: Shape) -> Point:
    x, y, total = corner
    label = millions(total)
    return Point(x, y, label, x, y + 18, "start" if x < shape.right - 60 else "end", False, False, None)
