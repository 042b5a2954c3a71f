"""The map of a host country as an inline SVG: one land path, inner borders, and the regions of the partnership filled by their
count.

Coordinates are whole numbers of the country's own map (`Country.map_width` × `map_height`). A region too small to see at that
scale is drawn again, enlarged, in a box at the lower left. Pure: it is handed outlines and counts.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

TOKEN = re.compile(r"[A-Za-z]|-?\d+(?:\.\d+)?")
SMALL = 0.16  # a region narrower than this part of the map's width gets the box
LINE = 18  # height of a line of a name
CHARACTER = 8.5  # how wide a letter of a name is
ROWS = 24  # how many heights of a region are tried for its name


@dataclass(frozen=True)
class Shape:
    """One region: its path, the class of its fill, its name in lines and where they and the count stand."""

    path: str
    fill: str
    lines: tuple[tuple[str, float, float], ...]
    n: int | None
    n_x: float
    n_y: float

    @property
    def is_dark(self) -> bool:
        """Whether the count stands on the darkest fill and must be white."""
        return self.fill == "al-f1"


@dataclass(frozen=True)
class Inset:
    """The box with a small region enlarged: its frame, a line to where it lies, and its shape."""

    frame: str
    shape: Shape


@dataclass(frozen=True)
class CountryMap:
    width: int
    height: int
    land: str
    borders: str
    shapes: tuple[Shape, ...]
    insets: tuple[Inset, ...]


def rings_of(path: str) -> list[list[tuple[float, float]]]:
    """The points of each ring of a path of `M`, `m`, `L`, `l`, `H`, `h`, `V`, `v` and `z`, absolute."""
    rings, x, y, command, tokens = [], 0.0, 0.0, "", TOKEN.findall(path)
    i = 0
    while i < len(tokens):
        if tokens[i].isalpha():
            command, i = tokens[i], i + 1
            if command in "zZ":
                if rings:
                    x, y = rings[-1][0]
                continue
        start = command in "Mm"
        dx, dy, used = _step(command, tokens[i : i + 2], x, y)
        x, y, i = dx, dy, i + used
        if start:
            rings.append([])
            command = "L" if command == "M" else "l"
        rings[-1].append((x, y))
    return rings


def _step(command, numbers, x, y):
    """The next point after (x, y), and how many numbers it took."""
    if command in "Hh":
        return (x if command == "h" else 0) + float(numbers[0]), y, 1
    if command in "Vv":
        return x, (y if command == "v" else 0) + float(numbers[0]), 1
    relative = command.islower()
    return float(numbers[0]) + (x if relative else 0), float(numbers[1]) + (y if relative else 0), 2


def box_of(ring) -> tuple[float, float, float, float]:
    xs, ys = [p[0] for p in ring], [p[1] for p in ring]
    return min(xs), min(ys), max(xs), max(ys)


def area_of(ring) -> float:
    """The area inside a ring (shoelace formula), in square units of the map."""
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True))) / 2


def centre_of(ring) -> tuple[float, float]:
    """The centroid of a ring; the middle of its box where it has no area."""
    crosses = [(a, b, a[0] * b[1] - b[0] * a[1]) for a, b in zip(ring, ring[1:] + ring[:1], strict=True)]
    double = sum(c for _, _, c in crosses)
    if not double:
        x0, y0, x1, y1 = box_of(ring)
        return (x0 + x1) / 2, (y0 + y1) / 2
    return (
        sum((a[0] + b[0]) * c for a, b, c in crosses) / (3 * double),
        sum((a[1] + b[1]) * c for a, b, c in crosses) / (3 * double),
    )


def fill_of(n: int | None) -> str:
    """The class of a region by its count: none, 1–2, 3–5, 6 and more."""
    return "al-f0" if not n else "al-f3" if n <= 2 else "al-f2" if n <= 5 else "al-f1"


def name_lines(name: str, *, longest: int = 9) -> list[str]:
    """A name broken at a space into two lines where it is long."""
    words = name.split()
    if len(name) <= longest or len(words) == 1:
        return [name]
    return [words[0], " ".join(words[1:])]


def draw(*, width: int, height: int, land: str, borders: str, regions) -> CountryMap:
    """The map of `regions`: rows of (name, outline, n), n None for one that was not in yet. The small ones are enlarged in boxes,
    stacked from below."""
    shapes, small = [], []
    for name, outline, n in regions:
        if not outline:
            continue
        rings = rings_of(outline)
        main = max(rings, key=area_of)
        x0, _y0, x1, _y1 = box_of(main)
        if x1 - x0 < SMALL * width:
            shapes.append(Shape(outline, fill_of(n), (), n, 0, 0))
            small.append((name, rings, n, centre_of(main)))
        else:
            shapes.append(_labelled(name, outline, n))
    insets = tuple(_inset(index, *one, width=width, height=height) for index, one in enumerate(small))
    return CountryMap(width, height, land, borders, tuple(shapes), insets)


@lru_cache(maxsize=256)
def place_of(outline: str, lines: tuple[str, ...]) -> tuple[float, float]:
    """Where a name with its count stands in a region: as near to the middle as there is room, else where there is most."""
    ring = max(rings_of(outline), key=area_of)
    middle_x, middle_y = centre_of(ring)
    _x0, y0, _x1, y1 = box_of(ring)
    half, need = LINE * (len(lines) + 1) / 2, CHARACTER * max(len(line) for line in lines)
    places = [(middle_x, middle_y, 0.0)]
    for row in range(1, ROWS):
        y = y0 + (y1 - y0) * row / ROWS
        for left, right in spans_at(ring, y):
            for edge in (y - half, y + half):
                left, right = max(((max(left, a), min(right, b)) for a, b in spans_at(ring, edge)), key=_width, default=(0, 0))
            if right > left:
                x = min(max(middle_x, left + need / 2), right - need / 2) if right - left >= need else (left + right) / 2
                places.append((x, y, right - left))
    x, y, _room = max(places, key=lambda place: (min(place[2], need), -abs(place[0] - middle_x) - abs(place[1] - middle_y)))
    return x, y


def _width(span: tuple[float, float]) -> float:
    return span[1] - span[0]


def spans_at(ring, y: float) -> list[tuple[float, float]]:
    """The parts of the horizontal line at `y` that lie inside a ring, from left to right."""
    crossings = sorted(
        x0 + (y - y0) * (x1 - x0) / (y1 - y0)
        for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True)
        if (y0 <= y) != (y1 <= y)
    )
    return list(zip(crossings[::2], crossings[1::2], strict=True))


def _labelled(name, outline, n) -> Shape:
    lines = name_lines(name)
    centre = place_of(outline, tuple(lines))
    x, top = round(centre[0]), centre[1] - LINE * (len(lines) - 1) / 2 - 4
    placed = tuple((line, x, round(top + LINE * i)) for i, line in enumerate(lines))
    return Shape(outline, fill_of(n), placed, n, x, round(top + LINE * len(lines) + 5))


def _inset(index, name, rings, n, centre, *, width, height) -> Inset:
    """One box: 36 % of the map's width, with the region enlarged to fit and its name beneath."""
    side = round(width * 0.35)
    left, bottom = 2, height - 2 - index * (side + 66)
    lines = name_lines(name)
    top = bottom - side - LINE * len(lines) - 20
    x0, y0, x1, y1 = box_of([point for ring in rings for point in ring])
    scale = min((side - 24) / (x1 - x0), (side - 8) / (y1 - y0))
    shift_x = left + side / 2 - scale * (x0 + x1) / 2
    shift_y = top + 12 + (side - 8) / 2 - scale * (y0 + y1) / 2
    path = "".join(
        "M" + "L".join(f"{round(x * scale + shift_x)} {round(y * scale + shift_y)}" for x, y in ring) + "z" for ring in rings
    )
    name_at = tuple((line, left + side / 2, round(bottom - 8 - LINE * (len(lines) - 1 - i))) for i, line in enumerate(lines))
    middle = centre_of(max(rings, key=area_of))
    frame = f"M{left} {top}h{side}V{bottom}H{left}zM{left + side} {top + 20}L{round(centre[0])} {round(centre[1])}"
    shape = Shape(path, fill_of(n), name_at, n, round(middle[0] * scale + shift_x), round(middle[1] * scale + shift_y) + 6)
    return Inset(frame, shape)
