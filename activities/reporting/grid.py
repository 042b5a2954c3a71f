"""The grid of indicators: which cells a report asks for, what stands in them, and the figures beside them. No query."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from .adding import Adding, Total, add_categories, over_periods, over_regions
from .rules import WITHOUT_OBJECTIVE, indicators_key

NATIONAL = "national"
# The words of the catalogue of dimensions; a category that is not among them is shown as its key.
CATEGORY_LABELS = {
    "": _("Number"),
    "female": _("Female"),
    "male": _("Male"),
    "other": _("Other"),
    "other_or_intersex": _("Other or intersex"),
    "not_recorded": _("Not recorded"),
    "child": _("Under 18"),
    "adult": _("18 and over"),
    "unknown": _("Age not recorded"),
    "female_child": _("Girls"),
    "male_child": _("Boys"),
    "female_adult": _("Women"),
    "male_adult": _("Men"),
}


@dataclass(frozen=True)
class GridCell:
    """One cell. `field` names it in forms, return items and frozen contents: `CPC-2.5/PE-LMA/female`."""

    field: str
    indicator_id: int
    region_id: int | None
    category: str
    value: int | None = None
    empty: str = ""

    @property
    def content(self) -> int | str | None:
        """The number, the reason why there is none, or None: not reported yet."""
        return self.value if self.value is not None else self.empty or None

    @property
    def is_missing(self) -> bool:
        return self.content is None


@dataclass(frozen=True)
class GridRow:
    """The cells of one region (None: the whole country)."""

    region: object | None
    cells: tuple[GridCell, ...]

    @property
    def total(self) -> Total:
        return add_categories(cell.content for cell in self.cells)


@dataclass(frozen=True)
class Block:
    """One indicator with its rows."""

    indicator: object
    rows: tuple[GridRow, ...]

    @property
    def objective_number(self) -> int:
        return self.indicator.objective.number if self.indicator.objective_id else WITHOUT_OBJECTIVE

    @property
    def task(self) -> str:
        return indicators_key(self.objective_number)

    @property
    def categories(self) -> tuple[str, ...]:
        return tuple(cell.category for cell in self.rows[0].cells)

    @property
    def cells(self) -> list[GridCell]:
        return [cell for row in self.rows for cell in row.cells]

    @property
    def n_missing(self) -> int:
        return sum(cell.is_missing for cell in self.cells)

    @property
    def total(self) -> Total:
        """All regions together, where the indicator's rule allows."""
        return over_regions(Adding.of(self.indicator), [row.total for row in self.rows])


def field_of(indicator_key: str, region, category: str) -> str:
    return f"{indicator_key}/{region.key if region else NATIONAL}/{category or '-'}"


def lay_out(indicators: Sequence, regions: Sequence, cells: dict, *, is_frozen: bool) -> list[Block]:
    """The blocks of a version. `cells` maps (indicator id, region id, category) to rows with `value` and `empty`.

    A frozen version shows the cells that it holds and no others: what the partnership adds later was not asked of it.
    """
    if is_frozen:
        return _filled(cells)
    return [
        Block(
            indicator,
            tuple(
                GridRow(region, tuple(_cell(indicator, region, category, cells) for category in indicator.categories or [""]))
                for region in regions
            ),
        )
        for indicator in indicators
    ]


def _filled(cells: dict) -> list[Block]:
    """Blocks of the cells that exist, in the order of objective and key; regions and categories as they were first filled in."""
    rows: dict = {}
    for cell in sorted(cells.values(), key=lambda cell: cell.pk):
        rows.setdefault(cell.indicator, {}).setdefault(cell.region, []).append(cell)
    ordered = sorted(rows, key=lambda one: (not one.objective_id, one.objective_id and one.objective.number, one.key))
    return [
        Block(
            indicator,
            tuple(
                GridRow(region, tuple(_cell(indicator, region, cell.category, cells) for cell in found))
                for region, found in rows[indicator].items()
            ),
        )
        for indicator in ordered
    ]


def _cell(indicator, region, category: str, cells: dict) -> GridCell:
    region_id = region.pk if region else None
    stored = cells.get((indicator.pk, region_id, category))
    return GridCell(
        field=field_of(indicator.key, region, category),
        indicator_id=indicator.pk,
        region_id=region_id,
        category=category,
        value=stored.value if stored else None,
        empty=stored.empty if stored else "",
    )


@dataclass(frozen=True)
class Beside:
    """The figures shown beside a row: the last quarter's, the year's so far, and the year's target (None: none set)."""

    last: Total
    year: Total
    target: Decimal | None


def figures_beside(block: Block, row: GridRow, *, earlier: list[dict], last: dict | None, targets: dict) -> Beside:
    """What stands beside a row.

    `earlier` are the cells of this year's earlier reports, oldest first, `last` those of the report before this one, each as
    `lay_out` takes them; `targets` maps (indicator id, region id) to this year's target.
    """
    indicator, region_id = block.indicator, row.region.pk if row.region else None
    of_year = [total for cells in earlier if (total := _stored_total(cells, block, row)) is not None]
    return Beside(
        last=(last is not None and _stored_total(last, block, row)) or Total(is_whole=False),
        year=over_periods(Adding.of(indicator), [*of_year, row.total]),
        target=targets.get((indicator.pk, region_id)),
    )


def _stored_total(cells: dict, block: Block, row: GridRow) -> Total | None:
    """A row's total in another report; None where that one was not asked for it."""
    found = [cells.get((cell.indicator_id, cell.region_id, cell.category)) for cell in row.cells]
    if not any(found):
        return None
    return add_categories(one and (one.value if one.value is not None else one.empty) for one in found)
