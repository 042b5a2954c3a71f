"""Forms of a person about themselves."""

from datetime import timedelta

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import ApiToken, User
from .scopes import LABELS
from .zones import zone_choices


class ProfileForm(forms.ModelForm):
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=zone_choices,
        help_text=gettext_lazy("For the time of day that you are shown. What day it is, the partnership's own zone decides."),
    )

    mail = forms.ChoiceField(
        label=gettext_lazy("Notices by mail"),
        choices=User.Mail.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("All of them stand on the page Notices, whatever you choose here."),
    )

    class Meta:
        model = User
        fields = ["name", "language", "time_zone", "mail"]
        labels = {"name": gettext_lazy("Name"), "language": gettext_lazy("Language")}
        widgets = {"language": forms.RadioSelect, "name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        if data is not None and "mail" not in data:  # a page that was opened before this was asked keeps what is chosen
            self.data = data.copy()
            self.data["mail"] = self.instance.mail


class TokenForm(forms.ModelForm):
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may read"),
        choices=[(scope, label) for scope, label in LABELS.items()],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "usa-checkbox__input"}),
        error_messages={"required": gettext_lazy("Choose at least one thing that the token may read.")},
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Expires"),
        coerce=int,
        initial=365,
        choices=[
            (30, gettext_lazy("in 30 days")),
            (90, gettext_lazy("in 90 days")),
            (365, gettext_lazy("in a year")),
            (1095, gettext_lazy("in three years")),
        ],
    )

    class Meta:
        model = ApiToken
        fields = ["name"]
        labels = {"name": gettext_lazy("Name")}
        help_texts = {"name": gettext_lazy("What uses it and where, for example “monthly totals, finance server”.")}
        error_messages = {"name": {"unique": gettext_lazy("There is a token with this name already. Choose another name.")}}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "off"})}

    @property
    def values(self) -> dict:
        """The arguments for `services.create_token`."""
        cleaned = self.cleaned_data
        return {"name": cleaned["name"], "scopes": cleaned["scopes"], "lifetime": timedelta(days=cleaned["days"])}


class FirstPasswordForm(forms.Form):
    password1 = forms.CharField(
        label=gettext_lazy("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    password2 = forms.CharField(
        label=gettext_lazy("The same password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password1"].help_text = password_validators_help_text_html()

    def clean_password1(self):
        validate_password(self.cleaned_data["password1"], self.user)
        return self.cleaned_data["password1"]

    def clean(self):
        first, second = self.cleaned_data.get("password1"), self.cleaned_data.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ."))
        return self.cleaned_data
