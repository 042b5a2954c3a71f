"""The form of the days on which people are reminded."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .rules import MOST_DAYS, MOST_STEPS, Ladder


class DaysField(forms.CharField):
    """Days in numbers with commas or blanks between them; cleans to a list of whole numbers from 1."""

    def __init__(self, **kwargs):
        super().__init__(
            max_length=MOST_STEPS * 5, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}), **kwargs
        )

    def to_python(self, value):
        words = super().to_python(value).replace(",", " ").split()
        if not all(word.isascii() and word.isdecimal() and 1 <= int(word) <= MOST_DAYS for word in words):
            example = _("Write whole numbers from 1 to %(n)s with commas between them, for example 30, 14, 7, 1.")
            raise ValidationError(example % {"n": MOST_DAYS})
        return [int(word) for word in words]


class LadderForm(forms.Form):
    """The ladder of one partnership. `values` are the arguments of `services.save_ladder`."""

    before = DaysField(label=gettext_lazy("Days before the due day"), help_text=gettext_lazy("For example 30, 14, 7, 1."))
    on_the_day = forms.BooleanField(label=gettext_lazy("On the due day"), required=False)
    after = DaysField(label=gettext_lazy("Days after the due day"), help_text=gettext_lazy("For example 1, 7."))
    repeat = forms.IntegerField(
        label=gettext_lazy("After that, every so many days until it is done"),
        help_text=gettext_lazy("Leave it empty for no more reminders."),
        min_value=1,
        max_value=MOST_DAYS,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**9)

    @staticmethod
    def initial_of(ladder: Ladder, version: int) -> dict:
        before = sorted((-day for day in ladder.days if day < 0), reverse=True)
        return {
            "before": ", ".join(map(str, before)),
            "on_the_day": 0 in ladder.days,
            "after": ", ".join(str(day) for day in ladder.days if day > 0),
            "repeat": ladder.repeat,
            "version": version,
        }

    @property
    def values(self) -> dict:
        cleaned = self.cleaned_data
        days = [-day for day in cleaned["before"]] + [0] * cleaned["on_the_day"] + cleaned["after"]
        return {"days": days, "repeat": cleaned["repeat"], "seen": cleaned["version"]}

    def add_service_errors(self, error: ValidationError) -> None:
        """What the service says of `days` belongs to no single field."""
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)
