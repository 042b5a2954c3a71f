"""The forms of a report's tasks and of its review. Empty is not zero; what was typed comes back as it was typed."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cpc.core.day_filter import DayField
from cpc.core.money import MoneyFormField, ReadingError, parse_count
from cpc.core.rendering import Problem

from .drafts import LONGEST_TEXT
from .grid import Block, GridCell
from .labels import CELL_LABELS, EMPTY_LABELS, cell_label
from .models import FinancialReport, ReturnItem
from .moves import Item
from .sf425 import LABELS as LINE_LABELS
from .sf425 import TYPED

LONGEST_ANSWER = 4_000
N_ITEM_ROWS, MOST_ITEM_ROWS = 3, 30
LANGUAGES = [("en", "English"), ("es", "Español")]  # each in its own name


class TextField(forms.CharField):
    """Text as people write it: one form of accents, one kind of line end."""

    def to_python(self, value):
        return unicodedata.normalize("NFC", super().to_python(value).replace("\r\n", "\n"))


class TaskForm(forms.Form):
    """What every task ends with: the answers to the reviewer, and whether it is completed. Alone it is the form of the first
    task."""

    done = forms.ChoiceField(
        label=gettext_lazy("Have you completed this section?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No, I’ll come back"))],
        widget=forms.RadioSelect,
        initial="no",
    )

    def __init__(self, *args, items: Iterable[ReturnItem] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.items = list(items)
        for item in self.items:
            self.fields[f"answer-{item.pk}"] = TextField(
                label=_("Your answer"),
                required=False,
                max_length=LONGEST_ANSWER,
                initial=item.answer,
                widget=forms.Textarea(attrs={"rows": 2, "class": "al-textarea--short"}),
            )

    @property
    def answers(self) -> dict[int, str]:
        return {item.pk: self.cleaned_data[f"answer-{item.pk}"] for item in self.items}

    @property
    def is_done(self) -> bool:
        return self.cleaned_data["done"] == "yes"

    @property
    def questions(self) -> list:
        """Each question of the reviewer with the field for its answer."""
        return [(item, self[f"answer-{item.pk}"]) for item in self.items]


class NarrativeForm(TaskForm):
    text = TextField(
        label=gettext_lazy("Text"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of this text"), choices=LANGUAGES, widget=forms.RadioSelect)
    field_order = ["text", "language"]


class FinancialForm(TaskForm):
    basis = forms.ChoiceField(
        label=gettext_lazy("Accounting basis"), choices=FinancialReport.Basis.choices, widget=forms.RadioSelect
    )
    remarks = TextField(
        label=gettext_lazy("12 Remarks"),
        required=False,
        max_length=LONGEST_ANSWER,
        help_text=gettext_lazy("Explain here why a line is lower than in the last report."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for line in TYPED:
            self.fields[line] = MoneyFormField(label=f"{line} {LINE_LABELS[line]}", required=False)

    @property
    def lines(self) -> dict:
        return {line: self.cleaned_data[line] for line in TYPED}


@dataclass
class TypedCell:
    """A cell as its input shows it: what was typed, or what is stored, in words; `content` is what it means, if it means
    something."""

    cell: GridCell
    text: str
    content: int | str | None = None
    error: str = ""
    place: str = ""

    @property
    def message(self) -> str:
        """The error with the place it stands at: a grid may hold the same mistake twice."""
        return _("%(place)s: %(error)s") % {"place": self.place, "error": self.error}

    @property
    def is_missing(self) -> bool:
        return not self.text.strip()

    @property
    def is_reason(self) -> bool:
        return isinstance(self.content, str)


@dataclass
class CellsForm:
    """The grid of one task. `data` is what was posted, None for a fresh page."""

    blocks: list[Block]
    data: dict | None = None
    cells: dict[str, TypedCell] = field(default_factory=dict)

    def __post_init__(self):
        for block in self.blocks:
            for row in block.rows:
                for cell in row.cells:
                    place = cell_label(block.indicator, row.region, cell.category)
                    self.cells[cell.field] = self._stored(cell) if self.data is None else self._typed(cell, place)

    def is_valid(self) -> bool:
        return not any(typed.error for typed in self.cells.values())

    @property
    def values(self) -> dict[str, int | str | None]:
        return {name: typed.content for name, typed in self.cells.items()}

    @property
    def problems(self) -> list[Problem]:
        return [Problem(typed.message, name) for name, typed in self.cells.items() if typed.error]

    def _stored(self, cell: GridCell) -> TypedCell:
        return TypedCell(cell, text_of(cell.content), cell.content)

    def _typed(self, cell: GridCell, place: str) -> TypedCell:
        text = self.data.get(cell.field, "")
        try:
            return TypedCell(cell, text, read_cell(text))
        except ReadingError as error:
            return TypedCell(cell, text, error=str(error), place=place)


def text_of(content: int | str | None) -> str:
    """What an input shows for a cell's content."""
    if content is None:
        return ""
    return str(content) if isinstance(content, int) else str(CELL_LABELS[content])


def read_cell(text: str) -> int | str | None:
    """A typed cell: a whole number, one of the reasons in either language, or nothing. Raises ReadingError with a sentence."""
    text = text.strip()
    if not text:
        return None
    if (reason := reasons().get(unicodedata.normalize("NFC", text).casefold())) is not None:
        return reason
    if any(ch.isdigit() for ch in text):
        return parse_count(text)
    words = ", ".join(str(label) for label in EMPTY_LABELS.values())
    raise ReadingError(_("Write a whole number, for example 12, or a reason: %(reasons)s.") % {"reasons": words}, "invalid")


def reasons() -> dict[str, str]:
    """The words that mean a reason, in every language of the site, and the keys themselves."""
    words = {key: key for key in EMPTY_LABELS}
    for language, _name in LANGUAGES:
        with translation.override(language):
            for labels in (EMPTY_LABELS, CELL_LABELS):
                words |= {str(label).casefold(): key for key, label in labels.items()}
    return words


class CertifyForm(forms.Form):
    certified = forms.BooleanField(
        label=gettext_lazy(
            "I certify to the best of my knowledge and belief that this report is true, complete and accurate, and that the"
            " expenditures are for the purposes of the award."
        ),
        error_messages={"required": gettext_lazy("Confirm the certification to submit.")},
    )


class ReasonForm(forms.Form):
    """Why: asked before an act that others will read about."""

    reason = TextField(label=gettext_lazy("Reason"), max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 3}))


class WithdrawForm(forms.Form):
    comment = TextField(
        label=gettext_lazy("Why you withdraw it"),
        required=False,
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AcceptForm(forms.Form):
    comment = TextField(
        label=gettext_lazy("Comment for the partner"),
        required=False,
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 2, "class": "al-textarea--short"}),
    )


class ReturnForm(forms.Form):
    """Return items: each a place in the report, in the words of the list that the page offers, and what must change there.

    `places` maps those words to (task, field). `asked` fills in the first place. `kept` is what was typed before somebody
    asked for more rows: it is shown again, with empty rows after it.
    """

    def __init__(self, *args, places: dict[str, tuple[str, str]], asked: str = "", due_on=None, kept=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.places = places
        self.initial |= kept.dict() if kept else {}
        n_typed = sum(name.startswith("place-") for name in kept or self.data)
        self.n_rows = min(max(n_typed, N_ITEM_ROWS) + (N_ITEM_ROWS if kept else 0), MOST_ITEM_ROWS)
        for n in range(self.n_rows):
            self.fields[f"place-{n}"] = TextField(
                label=_("Place in the report"),
                required=False,
                max_length=300,
                initial=asked if n == 0 else "",
                widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
            )
            self.fields[f"text-{n}"] = TextField(
                label=_("What must change"),
                required=False,
                max_length=LONGEST_ANSWER,
                widget=forms.Textarea(attrs={"rows": 2, "class": "al-textarea--short"}),
            )
        self.fields["due_on"] = DayField(
            label=_("New due day"), initial=due_on, required=True, help_text=_("Until midnight in the partnership’s zone.")
        )
        self.fields["comment"] = TextField(
            label=_("Comment for the partner"),
            required=False,
            max_length=LONGEST_ANSWER,
            widget=forms.Textarea(attrs={"rows": 2, "class": "al-textarea--short"}),
        )

    @property
    def rows(self) -> list:
        return [(self[f"place-{n}"], self[f"text-{n}"]) for n in range(self.n_rows)]

    def clean(self):
        self.return_items = []
        for n in range(self.n_rows):
            place, text = (self.cleaned_data.get(f"{name}-{n}", "").strip() for name in ("place", "text"))
            if not place and not text:
                continue
            if place not in self.places:
                example = {"example": next(iter(self.places))}
                self.add_error(f"place-{n}", _("Choose a place from the list, for example “%(example)s”.") % example)
            if not text:
                self.add_error(f"text-{n}", _("Say what must change."))
            if place in self.places and text:
                key, name = self.places[place]
                self.return_items.append(Item(key, text, name))
        if not self.return_items and not self.errors:
            raise ValidationError(_("Name at least one thing that must change."))
