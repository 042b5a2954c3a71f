"""Draws a country's regions for the map, once, from a TopoJSON file: python derive_outlines.py FILE COUNTRY

FILE holds one object whose geometries have the property `iso` (ISO 3166-2) and share their arcs; coordinates are degrees.
Writes `map_*` of the country's line in countries.csv and `outline` of its lines in regions.csv, beside this script.

Projection: equirectangular, true to scale at the country's middle latitude, fitted into MAX_WIDTH x HEIGHT with MARGIN. Each arc
is simplified by itself (Visvalingam: points whose triangle is smaller than MIN_AREA go), so that a border that two regions share
stays the same line on both sides. Coordinates are rounded to whole numbers and written as relative SVG paths.
"""

import csv
import json
import math
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
HEIGHT, MAX_WIDTH, MARGIN = 600, 900, 2
MIN_AREA = 5  # square units of the map


def main(file: str, country: str):
    topology = json.loads(Path(file).read_text())
    (collection,) = topology["objects"].values()
    regions = {each["properties"]["iso"]: each for each in collection["geometries"]}
    regions = {key: each for key, each in regions.items() if key.startswith(f"{country}-")}
    arcs, width, height = fit([decode(arc, topology["transform"]) for arc in topology["arcs"]])
    arcs = [simplify(arc) for arc in arcs]
    use = Counter(index if index >= 0 else ~index for each in regions.values() for ring in rings(each) for index in ring)
    outside = [index for index in use if use[index] == 1]
    inside = [index for index in use if use[index] > 1]
    change(
        "countries.csv",
        lambda row: row["key"] == country,
        lambda row: {
            "map_width": width,
            "map_height": height,
            "map_land": "".join(path(line, closed=True) for line in joined([arcs[index] for index in outside])),
            "map_borders": "".join(path(line) for line in joined([arcs[index] for index in inside])),
        },
    )
    change(
        "regions.csv",
        lambda row: row["key"] in regions,
        lambda row: {"outline": "".join(path(closed(ring, arcs), closed=True) for ring in rings(regions[row["key"]]))},
    )


def decode(arc, transform):
    """Quantized steps of an arc as points in degrees."""
    (sx, sy), (tx, ty) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((x * sx + tx, y * sy + ty))
    return points


def fit(arcs):
    """The arcs in units of the map, y downwards, with the map's width and height."""
    lons, lats = [p[0] for arc in arcs for p in arc], [p[1] for arc in arcs for p in arc]
    squeeze = math.cos(math.radians((min(lats) + max(lats)) / 2))
    wide, high = (max(lons) - min(lons)) * squeeze, max(lats) - min(lats)
    scale = min((HEIGHT - 2 * MARGIN) / high, (MAX_WIDTH - 2 * MARGIN) / wide)
    west, north = min(lons), max(lats)
    moved = [[(MARGIN + (lon - west) * squeeze * scale, MARGIN + (north - lat) * scale) for lon, lat in arc] for arc in arcs]
    return moved, math.ceil(wide * scale + 2 * MARGIN), math.ceil(high * scale + 2 * MARGIN)


def simplify(arc):
    """Whole-number points of the arc without those that hardly change it; its ends stay where they are."""
    points = list(arc)
    while len(points) > (4 if points[0] == points[-1] else 2):
        areas = [area(*points[i - 1 : i + 2]) for i in range(1, len(points) - 1)]
        smallest = min(range(len(areas)), key=areas.__getitem__)
        if areas[smallest] >= MIN_AREA:
            break
        del points[smallest + 1]
    whole = [(round(x), round(y)) for x, y in points]
    return [each for i, each in enumerate(whole) if i == 0 or each != whole[i - 1]]


def area(a, b, c):
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def rings(geometry):
    polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    return [ring for polygon in polygons for ring in polygon]


def closed(ring, arcs):
    """The points of a ring, from its arcs; a negative index is an arc walked backwards."""
    points = []
    for index in ring:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc if not points else arc[1:]
    return points


def joined(lines):
    """The lines, put together where one ends and exactly one other begins or ends."""
    lines = [list(line) for line in lines]
    ends = Counter(point for line in lines for point in (line[0], line[-1]))
    done = []
    while lines:
        line = lines.pop()
        grows = True
        while grows:
            grows = False
            for other in lines:
                for mine, theirs in ((line, other), (line, other[::-1]), (line[::-1], other), (line[::-1], other[::-1])):
                    if mine[-1] == theirs[0] and ends[mine[-1]] == 2:
                        lines.remove(other)
                        line, grows = mine + theirs[1:], True
                        break
                if grows:
                    break
        done.append(line)
    return done


def path(points, *, closed=False):
    """An SVG path with relative steps; nothing for what has shrunk to less than a triangle (closed) or a line."""
    if closed and points[0] == points[-1]:
        points = points[:-1]
    if len(points) < (3 if closed else 2):
        return ""
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in zip(points, points[1:], strict=False)]
    text = "".join(f"{' ' if i and dx >= 0 else ''}{dx}{'' if dy < 0 else ' '}{dy}" for i, (dx, dy) in enumerate(steps))
    return f"M{points[0][0]} {points[0][1]}l{text}{'z' if closed else ''}"


def change(name, is_meant, values):
    """Rewrites a table; its first line, a comment with source and date, stays."""
    table = HERE / name
    comment, *lines = table.read_text().splitlines(keepends=True)
    rows = list(csv.DictReader(lines))
    with table.open("w", newline="") as file:
        file.write(comment)
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({**row, **values(row)} if is_meant(row) else row for row in rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
