"""The counts of the entry form as a table to type in."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError

from .labels import AGE_LABELS, GROUP_LABELS
from .rules import Sex


def cell_name(group: str, sex: str, age_band: str) -> str:
    """The name of the form's field for one cell."""
    return f"n-{sex}-{group}-{age_band}"


@dataclass(frozen=True)
class Row:
    """The cells of one sex: the id of the column's head with the bound field; `sum` of what can be read, None for nothing."""

    id: str
    label: str
    cells: list[tuple[str, forms.BoundField]]
    sum: int | None


@dataclass(frozen=True)
class Grid:
    """A row for each sex, a column (id, group, age) for each group and age band; `faults` are the cells with an error."""

    heads: list[tuple[str, str, str]]
    rows: list[Row]
    sums: list[int | None]
    total: int | None
    faults: list[forms.BoundField]

    @classmethod
    def of(cls, form: forms.Form, columns: list[tuple[str, str]]) -> "Grid":
        heads = [(f"col-{group}-{age_band}", GROUP_LABELS[group], AGE_LABELS[age_band]) for group, age_band in columns]
        table = [[form[cell_name(group, sex, age_band)] for group, age_band in columns] for sex in Sex]
        rows = [
            Row(f"row-{sex}", sex.label, [(head[0], field) for head, field in zip(heads, fields, strict=True)], _sum(fields))
            for sex, fields in zip(Sex, table, strict=True)
        ]
        every = [field for fields in table for field in fields]
        return cls(
            heads=heads,
            rows=rows,
            sums=[_sum(fields) for fields in zip(*table, strict=True)],
            total=_sum(every),
            faults=[field for field in every if field.errors],
        )


def _sum(fields) -> int | None:
    known = [n for n in map(_number, fields) if n is not None]
    return sum(known) if known else None


def _number(field) -> int | None:
    try:
        return field.field.to_python(field.value())
    except ValidationError:
        return None
