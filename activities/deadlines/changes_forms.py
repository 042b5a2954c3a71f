"""The forms of a later due day: to ask for one, and to answer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cpc.core.day_filter import DayField
from cpc.core.words import PlainTextField

LONGEST_REASON = 2_000
GRANT, REFUSE = "grant", "refuse"


def reason_field(label, **kwargs) -> PlainTextField:
    return PlainTextField(label=label, max_length=LONGEST_REASON, lines=True, widget=forms.Textarea(attrs={"rows": 4}), **kwargs)


class AskForm(forms.Form):
    wanted_on = DayField(label=_("Later due day"), help_text=_("After the present due day. It counts until midnight there."))
    reason = reason_field(
        _("Why a later day is needed"), help_text=_("Both sides read it. Write nothing about a person who was harmed.")
    )


class AnswerForm(forms.Form):
    act = forms.ChoiceField(
        label=_("Your answer"),
        choices=[(GRANT, _("Grant a later day")), (REFUSE, _("Refuse: the date stays"))],
        widget=forms.RadioSelect,
    )
    granted_on = DayField(
        label=_("Day granted"), required=False, help_text=_("The day asked for, or another one after the present due day.")
    )
    answer = reason_field(_("Words to the partner"), required=False, help_text=_("Needed for a refusal. Both sides read them."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("granted_on", "answer"):
            self.fields[name].is_plain = True  # one of the two is needed, so neither is called optional

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("act") == GRANT and not cleaned.get("granted_on") and "granted_on" not in self.errors:
            self.add_error("granted_on", _("Write the day that you grant, for example 2020-02-06."))
        if cleaned.get("act") == REFUSE and not cleaned.get("answer") and "answer" not in self.errors:
            self.add_error("answer", _("Say why not, so that the partner knows what to do."))
        return cleaned
