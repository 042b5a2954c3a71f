"""What may be written: plain text, and nothing about a person.

The patterns find what is written most often (numbers of identity cards, telephones, addresses of e-mail, files of prosecutors).
They are no proof that a text names nobody, so the form says the rule as well.
"""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Letters and signs that show nothing or turn the line around: the reader of a list would not see what is stored.
_HIDDEN = {"\u200b", "\u2060", "\ufeff", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
_MOST_MARKS = 4  # marks on one letter; no language of the partnerships writes more

_MAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+")
_CASE = re.compile(
    r"\b(?:exp(?:ediente)?|carpeta(?:\s+fiscal)?|caso|case|file)\.?\s*(?:no\.?|n[°º.]|nro\.?|núm\.?|num\.?|number|#)\s*\d+",
    re.IGNORECASE,
)
_DAYS = re.compile(r"(?<!\d)(?:\d{4}-\d{2}-\d{2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4})(?!\d)")
_YEARS = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
# A Peruvian identity card has 8 digits, a telephone 9 and more; groups of thousands with commas are amounts.
_LONG_NUMBER = re.compile(r"(?<![\d,])\+?\d(?:[ .\-()]{0,2}\d){7,}(?!,?\d)")


def clean_text(text: str, *, lines: bool = False) -> str:
    """`text` in NFC without blanks around it; with `lines` it may hold line breaks (as "\\n") and tabs.

    Raises ValidationError for control characters and for what looks like data about a person.
    """
    text = unicodedata.normalize("NFC", text or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    allowed = "\n\t" if lines else ""
    if any(_is_hidden(ch) and ch not in allowed for ch in text) or _has_stacked_marks(text):
        raise ValidationError(
            _("This text holds characters that cannot be seen. Type it again, without copying it."), code="control"
        )
    refuse_personal_data(text)
    return text


class PlainTextField(forms.CharField):
    """A text box that is read by `clean_text`; cleans to text in NFC."""

    def __init__(self, *, max_length, lines=False, **kwargs):
        self.lines = lines
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value):
        text = unicodedata.normalize("NFC", super().to_python(value).replace("\r\n", "\n"))
        # What is too long is refused for that: to look for persons in it would take the server minutes.
        return text if len(text) > self.max_length else clean_text(text, lines=self.lines)


def refuse_personal_data(text: str) -> None:
    """Raise ValidationError for an e-mail address, the number of a person or of a case."""
    if _MAIL.search(text):
        raise ValidationError(
            _("This looks like an e-mail address. Alianza keeps no data about a person: name the institution instead."),
            code="personal",
        )
    if _CASE.search(text):
        raise ValidationError(
            _("This looks like the number of a case. Alianza keeps no data about a person or a case: leave it out."),
            code="personal",
        )
    if _LONG_NUMBER.search(_YEARS.sub("–", _DAYS.sub("–", text))):
        raise ValidationError(
            _(
                "This looks like the number of an identity card or a telephone. Alianza keeps no data about a person: leave it "
                "out. Write large amounts with commas, for example 12,000,000."
            ),
            code="personal",
        )


def _is_hidden(ch: str) -> bool:
    return ch in _HIDDEN or unicodedata.category(ch) in ("Cc", "Cs", "Co", "Zl", "Zp")


def _has_stacked_marks(text: str) -> bool:
    n = 0
    for ch in text:
        n = n + 1 if unicodedata.combining(ch) else 0
        if n > _MOST_MARKS:
            return True
    return False
