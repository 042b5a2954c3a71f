"""The form in which an award is described. It has no field for money or dates of the ledger."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from cpc.core.money import MoneyFormField
from cpc.core.texts import text_in
from cpc.core.words import PlainTextField
from funding.awards.models import Award
from partners.models import Organization

from .services import TEXTS

YES_OR_NO = [("", _("not known")), ("yes", _("yes")), ("no", _("no"))]
MEANINGS = {"": None, "yes": True, "no": False}
# As GSA's Federal Audit Clearinghouse checks it.
UEI = RegexValidator(
    r"\A(?!.*[0-9]{9})[A-HJ-NP-Z1-9][A-HJ-NP-Z0-9]{11}\Z",
    _("A UEI has 12 capital letters and digits, without O and I, for example ABCDEFGH1234. It stands in SAM.gov."),
)
FAIN = RegexValidator(
    r"\A[A-Z0-9][A-Z0-9\-]*\Z", _("A FAIN has capital letters, digits and hyphens, for example SEXAMPLE17CA0001.")
)
LISTING = RegexValidator(r"\A[0-9]{2}\.[0-9]{3}\Z", _("An Assistance Listing number has five digits, for example 19.019."))
HIGHEST_RATE = 100


class DescriptionField(PlainTextField):
    def __init__(self, **kwargs):
        super().__init__(required=False, lines=True, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}), **kwargs)


class DescribeAwardForm(forms.Form):
    """`organizations`: the recipients; each has a field for its identifier."""

    description_en = DescriptionField(
        label=_("Description in English"), help_text=_("What the project does. No names of persons.")
    )
    description_es = DescriptionField(label=_("Description in Spanish"))
    contact = PlainTextField(
        label=_("Contact of the awarding official"), required=False, max_length=200, help_text=_("The office, not a person.")
    )
    fain = forms.CharField(label=_("Federal award number (FAIN)"), required=False, max_length=30, validators=[FAIN])
    listing = forms.CharField(label=_("Assistance Listing"), required=False, max_length=6, validators=[LISTING])
    is_research = forms.ChoiceField(label=_("Research and development"), required=False, choices=YES_OR_NO)
    indirect_cost_rate = MoneyFormField(
        label=_("Indirect cost rate, percent"), required=False, help_text=_("From 0 to 100, for example 10.00.")
    )

    def __init__(self, *args, organizations: list[Organization], **kwargs):
        super().__init__(*args, **kwargs)
        self.organizations = organizations
        for organization in organizations:
            label = _("UEI of %(name)s") % {"name": text_in(organization, "name")}
            self.fields[field_of(organization)] = forms.CharField(label=label, required=False, max_length=12, validators=[UEI])

    def clean_is_research(self):
        return MEANINGS[self.cleaned_data["is_research"]]

    def clean_indirect_cost_rate(self):
        rate = self.cleaned_data["indirect_cost_rate"]
        if rate is not None and rate > HIGHEST_RATE:
            raise ValidationError(_("A rate is a percentage from 0 to 100."))
        return rate

    @property
    def values(self) -> dict:
        """What the service takes."""
        ueis = {one.key: self.cleaned_data[field_of(one)] for one in self.organizations}
        return {name: self.cleaned_data[name] for name in TEXTS} | {"ueis": ueis}

    def add_service_errors(self, error: ValidationError) -> None:
        """Show what a service refused at the fields that it names."""
        if not hasattr(error, "error_dict"):
            return self.add_error(None, error)
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)


def field_of(organization: Organization) -> str:
    return f"uei-{organization.key}"


def filled_from(award: Award, organizations: list[Organization]) -> dict:
    """The form as the award stands."""
    words = {meaning: word for word, meaning in MEANINGS.items()}
    stored = {name: getattr(award, name) for name in TEXTS} | {"is_research": words[award.is_research]}
    return stored | {field_of(organization): organization.uei for organization in organizations}
