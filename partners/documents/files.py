"""What may be kept as a file, decided by its content, never by its name. Pure."""

import hashlib
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from . import images, pdf
from .names import safe_name

LARGEST = 10 * 1024 * 1024


@dataclass(frozen=True)
class Clean:
    """A file as it is kept: its content, its type, the name under which it is offered, and the digest of the content."""

    content: bytes
    type: str
    name: str
    is_changed: bool

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def clean_file(content: bytes, name: str) -> Clean:
    """The file ready to be kept: a PDF as it is, a picture without what it says about place, time and camera.

    Raises ValidationError with a sentence for what is empty, too large, of another kind, or unfit.
    """
    if not content:
        raise ValidationError(_("This file is empty."), code="empty")
    if len(content) > LARGEST:
        raise ValidationError(_("This file is larger than 10 MB. Make it smaller, or cite its address."), code="too_large")
    kept, kind = kept_content(content)
    return Clean(kept, kind, safe_name(name, kind), kept != content)


def kept_content(content: bytes) -> tuple[bytes, str]:
    if content.startswith(pdf.START):
        refuse_unfit_pdf(content)
        return content, "application/pdf"
    for start, clean, kind in (
        (images.PNG, images.clean_png, "image/png"),
        (images.JPEG, images.clean_jpeg, "image/jpeg"),
    ):
        if content.startswith(start):
            try:
                return clean(content), kind
            except images.Broken:
                raise ValidationError(_("This picture is damaged. Save it anew and try again."), code="broken") from None
            except images.TooLarge:
                raise ValidationError(_("This picture has more than 100 million pixels."), code="too_large") from None
    message = _("This is no PDF, PNG or JPEG file, whatever its name says. Save it as PDF and try again.")
    raise ValidationError(message, code="type")


def refuse_unfit_pdf(content: bytes) -> None:
    if not pdf.is_pdf(content):
        raise ValidationError(_("This PDF is damaged: its end is missing. Save it anew and try again."), code="broken")
    if pdf.is_also_a_zip(content):
        raise ValidationError(_("This file is a PDF and an archive at once. Print it to a new PDF and try again."), code="type")
    try:
        fault = pdf.fault_in(content)
    except pdf.Unreadable:
        raise ValidationError(
            _("A part of this PDF cannot be looked into. Print it to a new PDF and try again."), code="unreadable"
        ) from None
    if fault:
        raise ValidationError(words_of(fault), code=fault)


def words_of(fault: str) -> str:
    if fault == "acts":
        return _(
            "This PDF can run a program or send something (JavaScript or another action). Print it to a new PDF, which leaves "
            "that out, and try again."
        )
    if fault == "carries":
        return _("This PDF carries other files inside. Print it to a new PDF, or add those files by themselves.")
    return _("This PDF is protected by a password or a restriction, so nobody can look into it. Save it without.")
