"""Where a fingerprint is pasted."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cpc.core.fingerprints import LONGEST, Unreadable, unseal


class FingerprintForm(forms.Form):
    """After `is_valid()`, `cleaned_data["fingerprint"]` is a `cpc.core.fingerprints.Fingerprint`."""

    fingerprint = forms.CharField(
        label=_("Fingerprint"),
        help_text=_(
            "It stands on the sheet “About” of an Excel file, below the rows of a CSV file, and in the answers of the API."
        ),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "autocomplete": "off"}),
        error_messages={
            "max_length": _("This is longer than any fingerprint. Paste the fingerprint alone, without the rows of the file.")
        },
    )

    def clean_fingerprint(self):
        try:
            return unseal(self.cleaned_data["fingerprint"])
        except Unreadable:
            raise forms.ValidationError(
                _(
                    "This is no fingerprint of this site: a part is missing, it was changed, or the site's key has been changed "
                    "since. Copy it again from the file, whole."
                ),
                code="unreadable",
            ) from None
