"""The one screen on which an activity is logged or edited."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cpc.core.day_filter import DayField
from cpc.core.money import CountFormField
from cpc.core.words import PlainTextField

from .choices import AWARD, OBJECTIVE, ORGANIZATION, RECIPIENT, REGION, Choice, Choices
from .filters import NATIONAL
from .grid import Grid, cell_name
from .labels import cell_label
from .models import Activity
from .rules import MOST_IN_A_CELL, Sex, columns_for

OTHER_REGION = "other"
STATES = [(state.value, state.label) for state in (Activity.State.HELD, Activity.State.PLANNED, Activity.State.CANCELLED)]
# Under which field of the form a fault that the service names is shown.
SHOWN_AT = {"organization": "under", "award": "under", "objective": "objective", "region": "region"}


class ChoiceWithAnother(forms.ChoiceField):
    """Required with another answer only, which the form knows."""

    def validate(self, value):
        if value:
            super().validate(value)


class ActivityForm(forms.Form):
    """Everything about one activity; `values` and `counts` are what the services take.

    `under` is an organization, with or without one of its awards ("ilo|peru-2017-initial", "ilo|"). The cells of the counts are
    fields as well (`n-female-officials-adult`), so that each shows its own error.
    """

    kind = forms.ChoiceField(label=_("Kind"), widget=forms.Select(attrs={"autofocus": True}))
    starts_on = DayField(label=_("Day"))
    ends_on = DayField(label=_("Last day, if it took more than one"), required=False)
    state = forms.ChoiceField(label=_("State"), choices=STATES, widget=forms.RadioSelect)
    region = forms.ChoiceField(label=_("Region"), widget=forms.RadioSelect)
    other_region = ChoiceWithAnother(label=_("Which other region"))
    objective = forms.ChoiceField(label=_("Objective"), widget=forms.RadioSelect)
    under = forms.ChoiceField(label=_("Organization and award"))
    title = PlainTextField(label=_("Title"), max_length=200)
    notes = PlainTextField(
        label=_("Note"),
        required=False,
        lines=True,
        max_length=4000,
        help_text=_("No names, case numbers or dates of birth."),
        widget=forms.Textarea(attrs={"rows": 2, "class": "al-textarea--short"}),
    )

    def __init__(self, *args, choices: Choices, also=(), also_under: str = "", **kwargs):
        """`also`: cells of the counts, and `also_under` the pair that the edited activity has beside those offered."""
        super().__init__(*args, **kwargs)
        self.choices = choices
        if self.is_bound:  # what was wrong takes the focus
            del self.fields["kind"].widget.attrs["autofocus"]
        self.fields["kind"].choices = [("", _("Choose")), *Activity.Kind.choices]
        self.fields["region"].choices = [
            *((row.code, row.name) for row in choices.covered), (NATIONAL, _("National")), (OTHER_REGION, _("Another region")),
        ]  # fmt: skip
        self.fields["other_region"].choices = [("", _("Choose")), *((row.code, row.name) for row in choices.not_covered)]
        self.fields["objective"].choices = choices.pairs(OBJECTIVE)
        self.fields["under"].choices = [("", _("Choose")), *pairs_of(choices, also_under)]
        self.columns = columns_for(also)
        for group, age_band in self.columns:
            for sex in Sex.values:
                self.fields[cell_name(group, sex, age_band)] = CountFormField(
                    label=cell_label(group, sex, age_band), maximum=MOST_IN_A_CELL, required=False
                )

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is not before the first."))
        if cleaned.get("region") == OTHER_REGION and not cleaned.get("other_region") and "other_region" not in self.errors:
            self.add_error("other_region", _("Choose the other region."))
        return cleaned

    @property
    def chosen_region(self) -> Choice | None:
        """None: national."""
        cleaned = self.cleaned_data
        code = cleaned["other_region"] if cleaned["region"] == OTHER_REGION else cleaned["region"]
        return None if code == NATIONAL else self.choices.by_code(REGION, code)

    @property
    def values(self) -> dict:
        """The fields of an activity, as the services take them."""
        cleaned = self.cleaned_data
        organization, _separator, award = cleaned["under"].partition("|")
        return {
            "kind": cleaned["kind"],
            "state": cleaned["state"],
            "starts_on": cleaned["starts_on"],
            "ends_on": cleaned["ends_on"] or cleaned["starts_on"],
            "region_id": self.chosen_region and self.chosen_region.id,
            "objective_id": self.choices.by_code(OBJECTIVE, cleaned["objective"]).id,
            "organization_id": self.choices.by_code(ORGANIZATION, organization).id,
            "award_id": self.choices.by_code(AWARD, award).id if award else None,
            "title": cleaned["title"],
            "notes": cleaned["notes"],
        }

    @property
    def counts(self) -> dict:
        """What was typed in the grid; an empty cell is not in it."""
        typed = {
            (group, sex, age_band): self.cleaned_data[cell_name(group, sex, age_band)]
            for group, age_band in self.columns
            for sex in Sex.values
        }
        return {cell: n for cell, n in typed.items() if n is not None}

    def add_service_errors(self, error: ValidationError) -> None:
        """Show what a service refused at the fields that it names."""
        if not hasattr(error, "error_dict"):
            return self.add_error(None, error)
        for name, errors in error.error_dict.items():
            shown = SHOWN_AT.get(name, name)
            self.add_error(shown if shown in self.fields else None, errors)

    @property
    def grid(self) -> Grid:
        return Grid.of(self, self.columns)


def pairs_of(choices: Choices, also: str = "") -> list[tuple[str, str]]:
    """Each organization, first with each of its awards, then without one; and the pair `also`, if both can be chosen."""
    pairs = []
    for organization in choices.of(ORGANIZATION):
        awards = [award for award in choices.of(RECIPIENT) if award.organization_id == organization.id]
        pairs += [_pair(organization, award) for award in awards]
        pairs.append((f"{organization.code}|", _("%(organization)s, no award") % {"organization": organization.name}))
    code, _separator, award_code = also.partition("|")
    organization, award = choices.by_code(ORGANIZATION, code), choices.by_code(AWARD, award_code)
    if organization and award and also not in dict(pairs):
        pairs.append(_pair(organization, award))
    return pairs


def _pair(organization, award):
    words = _("%(organization)s, %(award)s") % {"organization": organization.name, "award": award.name}
    return f"{organization.code}|{award.code}", words


class VoidForm(forms.Form):
    reason = PlainTextField(
        label=_("Reason"), lines=True, max_length=1000, widget=forms.Textarea(attrs={"rows": 3, "class": "al-textarea--short"})
    )
