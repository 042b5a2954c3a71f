"""What is typed about a contribution: the whole of it, a reason, the value that a dispute holds right."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from cpc.core.dates import PreciseDate
from cpc.core.money import CountFormField, MoneyFormField
from cpc.core.words import PlainTextField
from partners.models import Partnership

from .checks import MOST_OF_A_REASON, NOTHING_SAID, Citation, Given
from .choices import NATIONAL, Choices
from .models import Contribution
from .rules import MOST_THINGS, faults_of_day, faults_of_value

EXAMPLE = _("Write 2019-06-15, or 2019-06 or 2019 if no more is known.")
CITED = ("new_title", "new_publisher", "new_published", "new_address")


class PreciseDateField(forms.CharField):
    """A day, a month or a year, as exact as it is known; cleans to PreciseDate, or None."""

    def __init__(self, **kwargs):
        super().__init__(max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}), **kwargs)

    def to_python(self, value):
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        try:
            return PreciseDate.parse(text)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from None

    def run_validators(self, value):
        """Nothing is left to check: what is read has its shape."""

    def prepare_value(self, value):
        return value.iso if isinstance(value, PreciseDate) else value


class AddressField(forms.CharField):
    """Where a document can be read: an address of the web, and no other."""

    default_validators = [URLValidator(schemes=["http", "https"], message=_("Write an address like https://www.gob.pe/report."))]


class FocusedChoices(forms.RadioSelect):
    """The chosen answer, or the first one, has the focus when the page opens."""

    def optgroups(self, name, value, attrs=None):
        groups = super().optgroups(name, value, attrs)
        options = [option for _group, found, _index in groups for option in found]
        next((option for option in options if option["selected"]), options[0])["attrs"]["autofocus"] = True
        return groups


def reason_field(label) -> PlainTextField:
    return PlainTextField(
        label=label, lines=True, max_length=MOST_OF_A_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "class": "al-textarea--short"}),
    )  # fmt: skip


class ContributionForm(forms.Form):
    """Everything about one contribution; `given` is what the services take."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Contribution.Kind.choices, widget=forms.RadioSelect)
    entity = forms.ChoiceField(label=_("Entity that gave it"))
    region = forms.ChoiceField(label=_("Region"), help_text=_("National: for no region in particular."))
    effective = PreciseDateField(label=_("When"), help_text=EXAMPLE)
    amount = MoneyFormField(label=_("Amount"), required=False)
    valuation = forms.ChoiceField(
        label=_("How the amount was found"), choices=Contribution.Valuation.choices,
        help_text=_("An amount needs it, but for cash."),
    )  # fmt: skip
    quantity = CountFormField(
        label=_("How many posts or shelters"), required=False, maximum=MOST_THINGS, help_text=_("Empty: the number is not known.")
    )
    words_en = PlainTextField(
        label=_("What it is, in English"), required=False, max_length=300, help_text=_("One of the two languages is enough.")
    )
    words_es = PlainTextField(
        label=_("What it is, in Spanish"), required=False, max_length=300, help_text=_("No names of persons, no case numbers.")
    )
    source = forms.ChoiceField(label=_("Document that shows it"), required=False)
    new_title = PlainTextField(label=_("Title"), required=False, max_length=300)
    new_publisher = PlainTextField(label=_("Published by"), required=False, max_length=200)
    new_published = PreciseDateField(label=_("Published on"), required=False, help_text=EXAMPLE)
    new_address = AddressField(label=_("Address on the web"), required=False, max_length=500)

    def __init__(self, *args, choices: Choices, partnership: Partnership, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.choices, self.partnership, self.today = choices, partnership, today
        if not self.is_bound:  # else what was wrong takes the focus
            self.fields["kind"].widget = FocusedChoices(choices=Contribution.Kind.choices)
        self.fields["entity"].choices = choices.of_entities
        self.fields["region"].choices = choices.of_regions
        self.fields["source"].choices = choices.of_documents
        self.fields["amount"].label = _("Amount in %(currency)s") % {"currency": partnership.host_currency}
        self.fields["amount"].help_text = _("Like 1,234.50. Empty: it has no price and is only counted.")

    def clean(self):
        """What can be told already is told at once; the services, which know the rest, are asked about what is left."""
        cleaned = super().clean()
        if cleaned.get("effective"):
            self.add_faults(faults_of_day(cleaned["effective"], signed_on=self.partnership.signed_on, today=self.today))
        worth = ("kind", "amount", "quantity", "valuation")
        if not any(name in self.errors for name in worth):
            self.add_faults(faults_of_value(**{name: cleaned[name] for name in worth}))
        said = [name for name in ("words_en", "words_es") if name in self.errors or cleaned.get(name)]
        if not said:
            self.add_error("words_en", NOTHING_SAID)
        return cleaned

    def add_faults(self, faults) -> None:
        for name, sentence in list(faults):
            self.add_error(name, sentence)

    @property
    def cites(self) -> bool:
        """Whether a new document is cited."""
        return any(self.data.get(name, "").strip() for name in CITED)

    @property
    def given(self) -> Given:
        cleaned = self.cleaned_data
        region = self.choices.regions.get(cleaned["region"])
        document = self.choices.documents.get(cleaned["source"])
        citation = Citation(*(cleaned[name] for name in CITED)) if self.cites else None
        return Given(
            kind=cleaned["kind"],
            entity_id=self.choices.entities[cleaned["entity"]].pk,
            region_id=region and region.pk,
            document_id=document and document.pk,
            citation=citation,
            **{name: cleaned[name] for name in ("effective", "amount", "quantity", "valuation", "words_en", "words_es")},
        )

    def add_service_errors(self, error: ValidationError) -> None:
        """Show what a service refused at the fields that it names."""
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)


class ReplacementForm(ContributionForm):
    """A contribution put right: the whole of it, and why."""

    reason = reason_field(_("Why it is put right"))


class ReasonForm(forms.Form):
    reason = reason_field(_("Reason"))


class DisputeForm(forms.Form):
    """What the own government holds right, and why. It asks for an amount only where there is one, and so for a number."""

    amount = MoneyFormField(required=False)
    quantity = CountFormField(label=_("The number that is right"), required=False, maximum=MOST_THINGS)
    reason = reason_field(_("What is not right, and why"))

    def __init__(self, *args, contribution: Contribution, **kwargs):
        super().__init__(*args, **kwargs)
        hint = _("Empty: something else is disputed.")
        self.fields["amount"].label = _("The amount that is right, in %(currency)s") % {"currency": contribution.currency}
        self.fields["amount"].help_text = self.fields["quantity"].help_text = hint
        for name in ("amount", "quantity"):
            if getattr(contribution, name) is None:
                del self.fields[name]


def from_last(row: Contribution | None, choices: Choices, own_entity: str) -> dict:
    """What a new form starts from: everything of the last entry that is likely to be the same again."""
    if row is None:
        entity = own_entity if own_entity in choices.entities else ""
        return {"region": NATIONAL, "entity": entity, "valuation": Contribution.Valuation.NONE}
    return {
        "kind": row.kind,
        "entity": row.entity.key,
        "region": row.region.key if row.region else NATIONAL,
        "effective": row.effective,
        "valuation": row.valuation,
        "source": row.source.key if row.source else "",
    }


def from_itself(row: Contribution, choices: Choices) -> dict:
    """All that stands in a contribution, for putting it right."""
    same = {name: getattr(row, name) for name in ("amount", "quantity", "words_en", "words_es")}
    return from_last(row, choices, "") | same
