"""What stands in a report, in words, ready for a template: the grid with the figures beside it, the SF-425, what changed
between two submissions. Protected counts show to who may see them exactly; others read that they are protected."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cpc.core.labels import format_number

from .adding import Total
from .contents import Contents, cells_of, earlier_versions
from .forms import CellsForm, text_of
from .grid import CATEGORY_LABELS, Beside, Block, figures_beside
from .labels import EMPTY_LABELS, name_of, place_label, region_name, where_labels
from .models import Report, Target
from .rules import FINANCIAL
from .sf425 import FORMULAS, LABELS, Lines

DASH = "–"


@dataclass(frozen=True)
class ShownCell:
    """`typed` is the input's state on a page to fill in, None on one to read. `kind`: number, reason, missing or protected."""

    name: str
    text: str
    kind: str
    typed: object = None


@dataclass(frozen=True)
class ShownRow:
    region: str
    cells: list[ShownCell]
    total: str
    last: str
    year: str
    target: str


@dataclass(frozen=True)
class ShownBlock:
    """One indicator. `notes` say which sums are not made, and why; `all_regions` is None where there is only one row."""

    indicator: object
    task: str
    name: str
    definition: str
    rows: list[ShownRow]
    all_regions: ShownRow | None
    notes: list[str]
    is_protected: bool


@dataclass(frozen=True)
class ShownTable:
    """Indicators that share their columns."""

    columns: list[tuple[str, str]]
    blocks: list[ShownBlock]

    @property
    def n_columns(self) -> int:
        return len(self.columns) + 5


class Figures:
    """The figures beside the cells of one report, read in three queries for all of its rows."""

    def __init__(self, report: Report):
        versions = earlier_versions(report)
        cells = cells_of(versions)
        first = report.period_to.year
        self.last = cells[versions[0].pk] if versions else None
        of_year = [version for version in versions if version.report.period_to.year == first]
        self.earlier = [cells[version.pk] for version in reversed(of_year)]
        targets = Target.objects.filter(indicator__partnership=report.partnership_id, year=first)
        self.targets = {(target.indicator_id, target.region_id): target.value for target in targets}

    def beside(self, block: Block, row) -> Beside:
        return figures_beside(block, row, earlier=self.earlier, last=self.last, targets=self.targets)


def tables_of(blocks: list[Block], figures: Figures, *, exact: bool, form: CellsForm | None = None) -> list[ShownTable]:
    """The grid, a table for each run of indicators with the same categories. `exact`: whether protected counts are shown."""
    shown = []
    for categories, group in groupby(blocks, key=lambda block: block.categories):
        columns = [(category, str(CATEGORY_LABELS.get(category, category))) for category in categories]
        shown.append(ShownTable(columns, [_block(block, figures, exact, form) for block in group]))
    return shown


def _block(block: Block, figures: Figures, exact: bool, form: CellsForm | None) -> ShownBlock:
    hidden = block.indicator.protected and not exact
    besides = [figures.beside(block, row) for row in block.rows]
    rows = [_row(row, beside, hidden, form) for row, beside in zip(block.rows, besides, strict=True)]
    refused = {beside.year.refused for beside in besides} | ({block.total.refused} if len(block.rows) > 1 else set())
    return ShownBlock(
        indicator=block.indicator,
        task=block.task,
        name=name_of(block.indicator),
        definition=name_of(block.indicator, "definition"),
        rows=rows,
        all_regions=_all_regions(block, figures, hidden) if len(block.rows) > 1 else None,
        notes=sorted(refused - {""}),
        is_protected=block.indicator.protected,
    )


def _row(row, beside: Beside, hidden: bool, form: CellsForm | None) -> ShownRow:
    return ShownRow(
        region=region_name(row.region),
        cells=[_cell(cell, hidden, form) for cell in row.cells],
        total=_figure(row.total, hidden),
        last=_figure(beside.last, hidden),
        year=_sum(beside.year, hidden),
        target=_target(beside.target),
    )


def _cell(cell, hidden: bool, form: CellsForm | None) -> ShownCell:
    if hidden:
        return ShownCell(cell.field, _("protected"), "protected")
    typed = form.cells[cell.field] if form else None
    if typed:
        kind = "missing" if typed.is_missing else "reason" if typed.is_reason else "number"
        return ShownCell(cell.field, typed.text, kind, typed)
    if cell.is_missing:
        return ShownCell(cell.field, _("not reported yet"), "missing")
    if cell.value is None:
        return ShownCell(cell.field, str(EMPTY_LABELS[cell.empty]), "reason")
    return ShownCell(cell.field, format_number(cell.value), "number")


def _all_regions(block: Block, figures: Figures, hidden: bool) -> ShownRow:
    target = figures.targets.get((block.indicator.pk, None))
    return ShownRow(_("All regions"), [], _sum(block.total, hidden), "", "", _target(target))


def _figure(total: Total, hidden: bool) -> str:
    if hidden:
        return _("protected")
    return DASH if total.value is None else format_number(total.value)


def _sum(total: Total, hidden: bool) -> str:
    """A sum over rows that are not all on the page: what is missing in it must be said."""
    if hidden or (total.value is None and not total.refused):
        return _figure(total, hidden)
    if total.refused:
        return _("not added")
    if total.is_whole:
        return format_number(total.value)
    return _("at least %(n)s") % {"n": format_number(total.value)}


def _target(value: Decimal | None) -> str:
    return DASH if value is None else format_number(value.normalize() if value != value.to_integral_value() else int(value))


@dataclass(frozen=True)
class ShownLine:
    """One line of the SF-425. `formula` names a computed line's inputs; `amount` and `before` None: not reported."""

    line: str
    label: str
    formula: str
    amount: Decimal | None
    before: Decimal | None
    field: object = None
    errors: tuple[str, ...] = ()

    @property
    def is_computed(self) -> bool:
        return bool(self.formula)

    @property
    def amount_text(self) -> str:
        return _cents(self.amount)

    @property
    def before_text(self) -> str:
        return _cents(self.before)


def lines_of(contents: Contents, *, lines: Lines | None = None, form=None, problems: Mapping[str, list[str]] | None = None):
    """The fifteen lines in their order, with those of the last report. `lines` overrules the stored ones; `problems` by line."""
    lines, before = lines or contents.lines, Lines.of(contents.previous)
    return [
        ShownLine(
            line=line,
            label=str(label),
            formula=FORMULAS.get(line, ""),
            amount=lines[line],
            before=before[line],
            field=form[line] if form and line not in FORMULAS else None,
            errors=tuple((problems or {}).get(line, ())),
        )
        for line, label in LABELS.items()
    ]


def _cents(amount: Decimal | None) -> str:
    """With cents, as in the form itself and alike in both languages: "1,234.50"; empty for what is not reported."""
    return "" if amount is None else f"{amount:,.2f}".replace("-", "−")


@dataclass(frozen=True)
class Change:
    """A place that differs between two submissions, with both contents in words."""

    place: str
    before: str
    after: str


def changes_between(before: Mapping, after: Mapping, contents: Contents, *, exact: bool) -> list[Change]:
    """What changed from one frozen submission to the next, in the order of the report."""
    protected = {cell.field for block in contents.blocks if block.indicator.protected for cell in block.cells}
    places = {place: label for label, place in where_labels(contents).items()}
    task_of = {cell.field: block.task for block in contents.blocks for cell in block.cells}
    found = []
    for name in _keys(before["cells"], after["cells"]):
        one, other = before["cells"].get(name), after["cells"].get(name)
        if one != other:
            label = places.get((task_of.get(name), name), name)
            hidden = name in protected and not exact
            found.append(Change(label, _content(one, hidden), _content(other, hidden)))
    for key in _keys(before["sections"], after["sections"]):
        one, other = (state["sections"].get(key, {}).get("text", "") for state in (before, after))
        if one != other:
            found.append(Change(place_label(contents, key, ""), _words(one), _words(other)))
    return found + _changes_of_money(before["financial"] or {}, after["financial"] or {}, places)


def _changes_of_money(before: Mapping, after: Mapping, places: Mapping) -> list[Change]:
    one, other = before.get("lines", {}), after.get("lines", {})
    found = [
        Change(places.get((FINANCIAL, line), line), _frozen_cents(one.get(line)), _frozen_cents(other.get(line)))
        for line in _keys(one, other)
        if one.get(line) != other.get(line)
    ]
    if before.get("remarks", "") != after.get("remarks", ""):
        place = places.get((FINANCIAL, "remarks"), "remarks")
        found.append(Change(place, _words(before.get("remarks", "")), _words(after.get("remarks", ""))))
    return found


def _frozen_cents(text: str | None) -> str:
    return _("not reported") if text is None else _cents(Decimal(text))


def _keys(one: Mapping, other: Mapping) -> list[str]:
    return [*one, *(key for key in other if key not in one)]


def _content(content: int | str | None, hidden: bool) -> str:
    if hidden:
        return _("protected")
    return text_of(content) or _("not reported yet")


def _words(text: str) -> str:
    n = len(text.split())
    return ngettext("%(n)s word", "%(n)s words", n) % {"n": n} if n else _("empty")
