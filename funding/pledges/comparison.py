"""What was typed beside the row that stands there now."""

from dataclasses import dataclass

from .forms import ReplacementForm, from_itself
from .models import Contribution

NAMES = ("kind", "entity", "region", "effective", "amount", "valuation", "quantity", "words_en", "words_es", "source")


@dataclass(frozen=True)
class Line:
    """One field of both versions, in words."""

    label: str
    yours: str
    theirs: str

    @property
    def is_same(self) -> bool:
        return self.yours == self.theirs


def compare(form: ReplacementForm, current: Contribution) -> list[Line]:
    """The fields of a valid form and of the row, in the order of the form."""
    typed, there = form.cleaned_data, from_itself(current, form.choices)
    return [
        Line(form[name].label, words_of(form, name, typed.get(name)), words_of(form, name, there.get(name))) for name in NAMES
    ]


def words_of(form, name: str, value) -> str:
    field = form.fields[name]
    if hasattr(field, "choices"):
        return str(dict(flat(field.choices)).get(value, value or ""))
    return "" if value is None else str(field.show(value) if hasattr(field, "show") else value)


def flat(choices):
    """The choices without their groups."""
    for value, label in choices:
        yield from label if isinstance(label, list) else [(value, label)]
