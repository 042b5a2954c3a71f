"""The forms of a proposal: what every section shares, why, and the decision.

The forms only collect. What an act may be is checked in one place, `acts.py` of each slice, and comes back to the field."""

from functools import partial

from django import forms
from django.utils.translation import gettext_lazy as _

from cpc.core.dates import PreciseDate
from cpc.core.money import parse_amount
from partners.ledger import Certainty
from partners.models import Document, Partnership

EXAMPLE = _("Write 2020-02-06, or 2020-02 or 2020 if no more is known.")
DECISION_DAY = _("Empty: the day of the decision.")
EMPTY = [("", "–")]


def text(label, *, required=False, hint="", **attributes) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=hint,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", **attributes}),
    )


class ReadField(forms.CharField):
    """Text that must be readable by `read`, and stays as it was typed: a proposal keeps what its proposer wrote. Raises at the
    field with the reader's own sentence, which has an example."""

    def __init__(self, *args, read, **kwargs):
        self.read = read
        super().__init__(*args, max_length=300, **kwargs)

    def clean(self, value):
        value = super().clean(value)
        if value:
            try:
                self.read(value)
            except ValueError as error:
                raise forms.ValidationError(str(error)) from None
        return value


def day(label, hint=EXAMPLE, *, required=False) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return ReadField(label=label, required=required, help_text=hint, widget=widget, read=PreciseDate.parse)


def money(label, hint="") -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "decimal"})
    return ReadField(label=label, required=False, help_text=hint, widget=widget, read=partial(parse_amount, allow_negative=True))


def choice(label, choices=(), *, required=True, hint="", initial=None) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=required, help_text=hint, initial=initial)


def note() -> forms.CharField:
    return forms.CharField(
        label=_("Note for this row of the ledger"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "al-textarea--short"}),
        help_text=_("Empty: the reason of the whole proposal."),
    )  # fmt: skip


class Section(forms.Form):
    """One change. `act` is what it becomes, `name` what an address calls it, `heading` what a reader does; `rare` names the
    fields that mostly stay as they are. The choices come from the partnership."""

    act = name = ""
    heading = ""
    rare = ()
    use_required_attribute = False

    def __init__(self, data=None, *, partnership: Partnership, prefix: str, **kwargs):
        super().__init__(data, prefix=prefix, **kwargs)
        self.partnership = partnership
        if "reason" in self.rare:
            self.fields["reason"] = note()
        self.offer()
        for field in self.fields.values():
            field.is_plain = True  # what may stay empty says in its hint what that means

    def offer(self) -> None:
        """Fill the choices."""

    def acts(self) -> list[dict]:
        """The acts that the section asks for."""
        return [{"act": self.act, **{name: value for name, value in self.cleaned_data.items() if value not in ("", None)}}]

    def choose(self, name: str, choices, *, empty=True) -> None:
        self.fields[name].choices = [*(EMPTY if empty else []), *choices]

    def place_of(self, name: str) -> str | None:
        """The field at which a fault of the act's field `name` stands; None: at none in particular."""
        return next((one for one in (name, name.removesuffix("_on")) if one in self.fields), None)

    @property
    def frequent_fields(self):
        return [self[name] for name in self.fields if name not in self.rare]

    @property
    def rare_fields(self):
        return [self[name] for name in self.fields if name in self.rare]

    @property
    def opens_rare(self) -> bool:
        return self.is_bound and any(name in self.errors for name in self.rare)


class ReasonSection(forms.Form):
    """Why, and on whose word."""

    use_required_attribute = False
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What a grants officer needs to know to decide. It stays in the ledger."),
    )  # fmt: skip
    source = choice(_("Source"), required=False, hint=_("The document that says so. Empty: none is on file."))
    certainty = choice(_("Certainty"), Certainty.choices, initial=Certainty.PRIMARY)

    def __init__(self, data=None, *, partnership: Partnership, **kwargs):
        super().__init__(data, **kwargs)
        self.documents = {
            row.key: row for row in Document.objects.filter(partnership=partnership).order_by("-published_on", "key")
        }
        self.fields["source"].is_plain = True
        self.fields["source"].choices = [
            *EMPTY,
            *((key, f"{row.title} ({row.publisher})") for key, row in self.documents.items()),
        ]

    @property
    def document(self) -> Document | None:
        return self.documents.get(self.cleaned_data["source"])


class DecisionForm(forms.Form):
    """`seen`: the fingerprint of the preview that stands beside the button."""

    act = forms.ChoiceField(choices=[("approve", ""), ("refuse", ""), ("withdraw", "")], widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason, if you refuse"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "al-textarea--short"}),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].is_plain = True
