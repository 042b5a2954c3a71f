"""How every Django form looks, and the styles that a page may carry inside itself.

`FORM_RENDERER` names AlianzaRenderer: `{{ form }}` and `{{ field.as_field_group }}` then come out in one shape, with the classes
of the design system, the error tied to its control, and "(optional)" at what may stay empty.
"""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django import forms
from django.contrib.staticfiles import finders
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Input
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

# Django's own sentences do not say which field they mean, and a summary at the top of a page must.
SENTENCES = {
    forms.Field.default_error_messages["required"]: _("“%(label)s” is missing."),
    forms.ChoiceField.default_error_messages["invalid_choice"]: _("“%(label)s”: choose one of the answers in the list."),
    forms.ModelChoiceField.default_error_messages["invalid_choice"]: _("“%(label)s”: choose one of the answers in the list."),
    forms.IntegerField.default_error_messages["invalid"]: _("“%(label)s”: write a whole number, for example 12."),
    forms.DecimalField.default_error_messages["invalid"]: _("“%(label)s”: write a number, for example 1,234.50."),
    forms.DateField.default_error_messages["invalid"]: _("“%(label)s”: write a day, for example 2020-02-06."),
}


def dress(widget: forms.Widget) -> None:
    """Give a form's own copy of a widget its class and type.

    A number is typed as text: a browser's number box drops what it cannot read, and the person could not see what was wrong.
    A day has the browser's own box, which speaks ISO whatever the language of the page.
    """
    if isinstance(widget, forms.MultiWidget):
        for part in widget.widgets:
            dress(part)
        return
    if type(widget) is forms.DateInput:
        widget.input_type, widget.format = "date", "%Y-%m-%d"
    if type(widget) is forms.NumberInput:
        undo_number_box(widget)
    # What is asked stands in label and hint, which stay while one types.
    widget.attrs.pop("placeholder", None)
    name = class_of(widget)
    if name and name not in widget.attrs.get("class", "").split():
        widget.attrs["class"] = f"{name} {widget.attrs.get('class', '')}".strip()


def name_the_field(field: forms.Field, label: str) -> None:
    """Replace Django's default errors of a form's own copy of a field; those that the form has written itself stay."""
    for code, sentence in field.error_messages.items():
        for default, ours in SENTENCES.items():
            if sentence is default:
                field.error_messages[code] = ours % {"label": label}


def undo_number_box(widget: forms.NumberInput) -> None:
    is_whole = widget.attrs.pop("step", 1) in (1, "1", None)
    widget.input_type = "text"
    widget.attrs.setdefault("inputmode", "numeric" if is_whole else "decimal")
    widget.attrs.pop("min", None)
    widget.attrs.pop("max", None)


def class_of(widget: forms.Widget) -> str:
    """The design system's class for a control; empty for hidden ones and for groups, which are framed by the template."""
    if widget.is_hidden:
        return ""
    for kind, name in (
        (forms.CheckboxInput, "usa-checkbox__input"),
        (forms.Textarea, "usa-textarea"),
        (forms.Select, "usa-select"),
        (Input, "usa-input"),
    ):
        if isinstance(widget, kind):
            return name
    return ""


class AlianzaBoundField(forms.BoundField):
    """A field that knows its `shape` (hidden, checkbox, choices, group or control) and its `anchor`, where an error links to."""

    def __init__(self, form, field, name):
        super().__init__(form, field, name)
        dress(field.widget)
        name_the_field(field, self.label)

    @property
    def shape(self) -> str:
        widget = self.field.widget
        if widget.is_hidden:
            return "hidden"
        if isinstance(widget, forms.CheckboxInput):
            return "checkbox"
        if isinstance(widget, forms.RadioSelect):
            return "choices"
        return "group" if widget.use_fieldset else "control"

    @property
    def anchor(self) -> str:
        """The id of the control, or of the first one of a group; empty for a hidden field."""
        return "" if self.is_hidden else self.id_for_label or f"{self.auto_id}_0"

    def build_widget_attrs(self, attrs, widget=None):
        attrs = super().build_widget_attrs(attrs, widget)
        if self.shape == "choices":
            attrs.pop("aria-invalid", None)  # a radio button cannot be wrong, only the choice
        return attrs


class AlianzaRenderer(TemplatesSetting):
    form_template_name = "includes/_fields.html"
    field_template_name = "includes/_field.html"
    bound_field_class = AlianzaBoundField


@dataclass(frozen=True)
class Problem:
    """One line of an error summary: what is wrong, and the id of the control it links to (empty: nowhere)."""

    message: str
    anchor: str = ""


def problems(*bound: forms.BaseForm) -> list[Problem]:
    """The error summary of several forms on one page, in their order; a page adds the errors of its grids itself."""
    found = []
    for form in bound:
        found += [Problem(message) for message in form.non_field_errors()]
        found += [Problem(message, field.anchor) for field in form for message in field.errors]
    return found


@cache
def inline_styles() -> tuple[str, str]:
    """The rules the dashboard needs, to stand in its own `<style>`, and their `'sha256-…'` for the `style-src` of the answer.

    A hash, not a nonce: the page then has the same bytes, and so the same ETag, each time. Addresses inside are made absolute,
    because a style in a page resolves them against the page.
    """
    css = Path(finders.find("css/first.css")).read_text(encoding="utf-8-sig").strip()
    for folder in ("fonts", "img"):
        css = relocate(css, folder)
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return css, f"'sha256-{digest}'"


def relocate(css: str, folder: str) -> str:
    """`../fonts/x.woff2` becomes the address under which that file is served, with its hash where files are hashed."""
    before, *rest = css.split(f"url(../{folder}/")
    for part in rest:
        name, after = part.split(")", 1)
        before += f"url({static(f'{folder}/{name}')}){after}"
    return before
