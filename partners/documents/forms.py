"""What is filled in to cite a document or to add its file."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from cpc.core.words import PlainTextField
from partners.statements.forms import PreciseDateFormField

from .files import LARGEST, clean_file

LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]


class UploadField(forms.FileField):
    """A file that may be kept; cleans to `files.Clean`, or None."""

    widget = forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"})
    default_error_messages = {"empty": _("This file is empty."), "missing": _("Choose a file.")}

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        if not upload:
            return None
        if upload.size > LARGEST:
            raise ValidationError(_("This file is larger than 10 MB. Make it smaller, or cite its address."), code="too_large")
        return clean_file(upload.read(), upload.name)


def add_service_errors(form: forms.Form, error: ValidationError) -> None:
    """Show what a service refused at the fields that it names."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


class FileForm(forms.Form):
    file = UploadField(
        label=_("File"),
        max_length=1000,
        help_text=_(
            "PDF, PNG or JPEG, 10 MB at most. A picture loses what it says about place, time and camera; a PDF is kept as it is. "
            "The file can never be changed or replaced."
        ),
    )
    looked_through = forms.BooleanField(
        label=_("I have looked through it: it names no child, no person who was harmed, and no case."), required=False
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("file") and not cleaned.get("looked_through"):
            self.add_error(
                "looked_through", _("Look through the file first. Alianza keeps nothing about a person who was harmed.")
            )
        return cleaned

    add_service_errors = add_service_errors


class CitationForm(forms.Form):
    """Who published what, when, and where it can be read."""

    title = PlainTextField(label=_("Title"), max_length=300, help_text=_("As it stands on the document."))
    publisher = PlainTextField(label=_("Publisher"), max_length=200, help_text=_("The institution, not a person."))
    published = PreciseDateFormField(label=_("Published on"), required=False)
    address = forms.URLField(
        label=_("Address"), required=False, max_length=500, assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])], help_text=_("Where to read it, for example https://example.org/note."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Its language"), choices=LANGUAGES)
    note = PlainTextField(
        label=_("Note"), required=False, max_length=1000, lines=True,
        widget=forms.Textarea(attrs={"rows": 3, "class": "al-textarea--short"}),
    )  # fmt: skip

    add_service_errors = add_service_errors

    @property
    def values(self) -> dict:
        """What the services take."""
        return {name: self.cleaned_data[name] for name in CitationForm.base_fields}


class DocumentForm(CitationForm, FileForm):
    field_order = [*CitationForm.base_fields, *FileForm.base_fields]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].required = False

    @property
    def values(self) -> dict:
        return super().values | {"file": self.cleaned_data["file"]}
