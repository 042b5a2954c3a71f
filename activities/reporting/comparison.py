"""The two versions of a task that was saved by somebody else meanwhile: what was typed here beside what is stored now."""

from .contents import Contents
from .forms import CellsForm, TaskForm, text_of
from .labels import cell_label, where_labels
from .rules import FINANCIAL, NARRATIVES
from .sf425 import TYPED, Lines


def compare(form: TaskForm, cells: CellsForm | None, contents: Contents, key: str) -> list[dict]:
    """Rows for includes/_conflict.html: of a grid and the SF-425 the places that differ, of a text both in full."""
    if cells is not None:
        rows = _cells(cells, contents, key)
    elif key == FINANCIAL:
        rows = _lines(form, contents)
    elif key in NARRATIVES:
        stored = contents.sections[key].text
        rows = [_row(str(form["text"].label), form.data.get("text", ""), stored)]
    else:
        rows = []
    return rows


def _cells(cells: CellsForm, contents: Contents, key: str) -> list[dict]:
    rows = []
    for block in contents.blocks_of(key):
        for row in block.rows:
            for cell in row.cells:
                label = cell_label(block.indicator, row.region, cell.category)
                rows.append(_row(label, cells.cells[cell.field].text, text_of(cell.content)))
    return [row for row in rows if not row["is_same"]]


def _lines(form: TaskForm, contents: Contents) -> list[dict]:
    lines, places = Lines.of(contents.financial), {place: label for label, place in where_labels(contents).items()}
    rows = []
    for line in TYPED:
        mine, theirs = form.cleaned_data[line], lines[line]
        rows.append(
            _row(places[FINANCIAL, line], "" if mine is None else f"{mine:,.2f}", "" if theirs is None else f"{theirs:,.2f}")
        )
    rows.append(_row(places[FINANCIAL, "remarks"], form.cleaned_data["remarks"], contents.financial.remarks))
    return [row for row in rows if not row["is_same"]]


def _row(label: str, mine: str, theirs: str) -> dict:
    return {"label": label, "yours": mine, "theirs": theirs, "is_same": mine.strip() == theirs.strip()}
