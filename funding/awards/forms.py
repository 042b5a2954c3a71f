"""What a reader asks of the funding page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.asof import AsOfForm


class FundingForm(AsOfForm):
    measure = forms.ChoiceField(
        label=_("Measure"), required=False, choices=[("awarded", _("Awarded")), ("obligated", _("Obligated"))]
    )
    field_order = ["measure", "as_of", "known_on"]

    @classmethod
    def of(cls, request, today) -> "FundingForm":
        """The form as the address fills it in; today, and awarded, where it says nothing."""
        unless = {"measure": "awarded", "as_of": today.isoformat(), "known_on": today.isoformat()}
        return cls({name: request.GET.get(name) or default for name, default in unless.items()}, today=today)

    @property
    def asked_measure(self) -> str:
        return self.cleaned_data.get("measure") or "awarded" if self.is_valid() else "awarded"
