"""The grid of region × objective × quarter, and the sentence that says what it shows. Pure: it is handed counts and days."""

from dataclasses import dataclass
from datetime import date, timedelta

from cpc.core.periods import calendar_quarter, parse_quarter_key, quarter_key


@dataclass(frozen=True)
class Cell:
    """One quarter of one pair. `kind` is the class of the cell: n1, n2, n3 held; z silent; p in progress; x region not yet in."""

    quarter: str
    n: int
    kind: str


@dataclass(frozen=True)
class Pair:
    """One region and objective over all quarters, oldest first."""

    region: object
    objective: object
    cells: tuple[Cell, ...]

    def silent_since(self) -> str | None:
        """The key of the first quarter of the silence that lasts until the last full quarter; None if it was not silent."""
        since = None
        for cell in reversed([cell for cell in self.cells if cell.kind != "p"]):
            if cell.kind != "z":
                break
            since = cell.quarter
        return since


@dataclass(frozen=True)
class Grid:
    """All pairs, by region then objective. `last_full`: the newest quarter that is over."""

    quarters: tuple[str, ...]
    pairs: tuple[Pair, ...]
    last_full: str

    @property
    def years(self) -> list[tuple[str, int]]:
        """Each year with the number of its quarters in the grid, for the head over the columns."""
        years = {}
        for quarter in self.quarters:
            years[quarter[:4]] = years.get(quarter[:4], 0) + 1
        return list(years.items())

    @property
    def by_region(self) -> list[tuple[object, list[Pair]]]:
        regions = {}
        for pair in self.pairs:
            regions.setdefault(pair.region.key, (pair.region, []))[1].append(pair)
        return list(regions.values())

    def cells_of(self, quarter: str) -> list[tuple[Pair, Cell]]:
        return [(pair, cell) for pair in self.pairs for cell in pair.cells if cell.quarter == quarter]

    @property
    def silent(self) -> list[Pair]:
        """The pairs that were covered in the last full quarter and had nothing in it."""
        return [pair for pair, cell in self.cells_of(self.last_full) if cell.kind == "z"]

    @property
    def covered(self) -> list[Pair]:
        """The pairs whose region was in the partnership in the last full quarter."""
        return [pair for pair, cell in self.cells_of(self.last_full) if cell.kind != "x"]

    def finding(self) -> tuple[object, str, list] | None:
        """The silence to name: (objective, since which quarter, regions): the longest one, and then the widest; None if there
        is none."""
        by_length = {}
        for pair in self.silent:
            by_length.setdefault((pair.silent_since(), pair.objective.number), []).append(pair)
        if not by_length:
            return None
        (since, _number), pairs = min(by_length.items(), key=lambda item: (item[0][0], -len(item[1]), item[0][1]))
        return pairs[0].objective, since, [pair.region for pair in pairs]


def quarters_between(first: str, last: str) -> list[str]:
    """The keys of all quarters from `first` to `last`, both included."""
    keys, day = [], parse_quarter_key(first).first
    while quarter_key(day) <= last:
        keys.append(quarter_key(day))
        day = calendar_quarter(day).last + timedelta(days=1)
    return keys


def last_full_quarter(as_of: date) -> str:
    """The newest quarter that is over on `as_of`; a quarter is over on its last day."""
    quarter = calendar_quarter(as_of)
    return quarter_key(as_of if as_of == quarter.last else quarter.first - timedelta(days=1))


def build_grid(*, coverage, objectives, counts, as_of: date, begins: date) -> Grid:
    """The grid on `as_of`. `coverage`: rows with region and from_on; `counts`: the HeldCounts; `begins`: the first day to show
    where nothing was held yet."""
    current, last_full = quarter_key(as_of), last_full_quarter(as_of)
    first = min(counts.first_quarter or quarter_key(begins), last_full)
    quarters = quarters_between(first, current)
    in_since = {row.region.key: quarter_key(row.from_on) for row in coverage}

    def cell(region, objective, quarter):
        n = counts.by_cell.get((region.key, objective.number, quarter), 0)
        if quarter > last_full:
            return Cell(quarter, n, "p" if quarter >= in_since[region.key] else "x")
        return Cell(quarter, n, kind_of(n, is_in=quarter >= in_since[region.key]))

    pairs = tuple(
        Pair(row.region, objective, tuple(cell(row.region, objective, quarter) for quarter in quarters))
        for row in coverage
        for objective in objectives
    )
    return Grid(tuple(quarters), pairs, last_full)


def kind_of(n: int, *, is_in: bool) -> str:
    """The class of a full quarter's cell: 1–2, 3–4, 5 and more; z for none; x where the region was not in, unless something
    was held."""
    if n == 0:
        return "z" if is_in else "x"
    return "n1" if n <= 2 else "n2" if n <= 4 else "n3"
