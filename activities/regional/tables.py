"""The counts of an activity as a table to read."""

from dataclasses import dataclass

from .labels import AGE_LABELS, GROUP_LABELS
from .rules import Counts, Sex, columns_for, is_about_children, total


@dataclass(frozen=True)
class CountsTable:
    """`heads`: group and age of the columns; `rows`: label, figures (None: not recorded) and sum; `sums` of the columns; `total`.

    `has_protected`: the columns about children, and every total that would give them away, are left out for this reader.
    """

    heads: list[tuple[str, str]]
    rows: list[tuple[str, list[int | None], int | None]]
    sums: list[int | None]
    total: int | None
    has_protected: bool

    @property
    def is_empty(self) -> bool:
        return self.total is None


def counts_table(counts: Counts, *, exact: bool) -> CountsTable:
    """All columns for who sees exact figures; for everybody else the ones that are not about children, and their sums alone."""
    columns = [column for column in columns_for(counts) if exact or not is_about_children(*column)]
    cells = [[(group, sex, age_band) for group, age_band in columns] for sex in Sex.values]
    return CountsTable(
        heads=[(GROUP_LABELS[group], AGE_LABELS[age_band]) for group, age_band in columns],
        rows=[(Sex(row[0][1]).label, [counts.get(cell) for cell in row], total(counts, row)) for row in cells],
        sums=[total(counts, column) for column in zip(*cells, strict=True)],
        total=total(counts, [cell for row in cells for cell in row]),
        has_protected=not exact,
    )
