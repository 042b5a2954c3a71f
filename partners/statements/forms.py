"""What is filled in to put a statement on record, or another in its place."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cpc.core.dates import PreciseDate
from cpc.core.money import MoneyFormField, currency_choices
from cpc.core.words import PlainTextField
from partners.ledger import Certainty, Qualifier
from partners.models import Document, Partnership, Statement

from .rules import ABOUT_DAYS
from .services import Said

EXAMPLE = _("A day, a month or a year: 2021-05-18, 2021-05 or 2021.")
REASON = {"lines": True, "max_length": 1000, "widget": forms.Textarea(attrs={"rows": 3, "class": "al-textarea--short"})}


class PreciseDateFormField(forms.CharField):
    """A day, month or year as text; cleans to PreciseDate, or None."""

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"autocomplete": "off"})
        super().__init__(**{"max_length": 10, "help_text": EXAMPLE, "widget": widget, "empty_value": None} | kwargs)

    def clean(self, value):
        text = super().clean(value)
        if text is None:
            return None
        try:
            return PreciseDate.parse(text)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from None

    def prepare_value(self, value):
        return value.iso if isinstance(value, PreciseDate) else value


class StatementForm(forms.Form):
    """`awards`: the pairs of key and title on offer."""

    measure = forms.ChoiceField(label=_("What it speaks of"), choices=[("", _("Choose")), *Statement.Measure.choices])
    award = forms.ChoiceField(label=_("Award"), required=False, help_text=_("Only if it speaks of one award."))
    qualifier = forms.ChoiceField(
        label=_("The word that belongs to the figure"), choices=Qualifier.choices, initial=Qualifier.EXACT
    )
    amount = MoneyFormField(label=_("Amount"), required=False, help_text=_("Digits alone, for example 7,200,000.00."))
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    day = PreciseDateFormField(
        label=_("End that it names"), required=False, help_text=_("Only if it speaks of an end: 2022-06-30, 2022-06 or 2022.")
    )
    as_of = PreciseDateFormField(label=_("The day of which it speaks"))
    words_en = PlainTextField(
        label=_("What was said, in English"), max_length=300, help_text=_("In own words, one sentence. No names of persons.")
    )
    words_es = PlainTextField(label=_("What was said, in Spanish"), max_length=300)
    source = forms.ChoiceField(label=_("Source document"), required=False, help_text=_("Where it was said."))
    certainty = forms.ChoiceField(label=_("Certainty"), choices=Certainty.choices, initial=Certainty.PRIMARY)
    note = PlainTextField(label=_("Note"), required=False, help_text=_("What a reader should know about it."), **REASON)

    def __init__(self, *args, partnership: Partnership, awards, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Document.objects.filter(partnership=partnership).order_by("-published_on", "key")
        self.documents = {row.key: row for row in rows}
        named = [(key, f"{row.title} ({row.publisher})") for key, row in self.documents.items()]
        self.fields["source"].choices = [("", _("not known")), *named]
        self.fields["award"].choices = [("", _("The whole partnership")), *awards]
        self.fields["currency"].choices = [("", "–"), *currency_choices()]

    @property
    def said(self) -> Said:
        fields = dict(self.cleaned_data)
        fields.pop("why", None)
        source = self.documents.get(fields.pop("source"))
        if fields["measure"] in ABOUT_DAYS and fields["amount"] is None:
            fields["currency"] = ""  # what stands in the list from the start
        return Said(source=source, award_key=fields.pop("award"), **fields)

    def add_service_errors(self, error: ValidationError) -> None:
        """Show what a service refused at the fields that it names."""
        if not hasattr(error, "error_dict"):
            return self.add_error(None, error)
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)


class ChangeStatementForm(StatementForm):
    """The same, with the reason for the change."""

    why = PlainTextField(label=_("Why it changes"), help_text=_("Stays beside the old statement."), **REASON)


class TakeBackForm(forms.Form):
    why = PlainTextField(label=_("Reason"), **REASON)


def filled_from(statement: Statement) -> dict:
    """The form as the row stands."""
    said = Said.of(statement)
    fields = {name: getattr(said, name) for name in StatementForm.base_fields if name not in ("source", "award")}
    return fields | {"source": said.source.key if said.source else "", "award": said.award_key}
