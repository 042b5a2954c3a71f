"""Texts in two equal languages. A pair is four explicit columns of a model, so that each of them is seen by the audit trail:
`<name>_en`, `<name>_es`, `<name>_original` ("en" or "es": the one written first) and `<name>_state` (of the other one)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

LANGUAGES = ("en", "es")


class TextState(models.TextChoices):
    """State of the translation: not written, written but not checked by a person, checked, or older than its original."""

    MISSING = "missing", _("missing")
    DRAFT = "draft", _("draft")
    CHECKED = "checked", _("checked")
    STALE = "stale", _("stale")


@dataclass(frozen=True)
class TextInLanguage:
    """One text of a pair as shown: `lang` is the language it is written in; `is_fallback` when that is not the one asked for."""

    text: str
    lang: str
    is_fallback: bool
    state: TextState

    def __str__(self):
        return self.text

    def __bool__(self):
        return bool(self.text)


def active_language() -> str:
    """The reader's language, "en" or "es"."""
    language = (get_language() or "").partition("-")[0]
    return language if language in LANGUAGES else LANGUAGES[0]


def other_language(language: str) -> str:
    return LANGUAGES[1 - LANGUAGES.index(language)]


def text_in(obj, name: str, language: str | None = None) -> TextInLanguage:
    """The text `name` of `obj` in `language` (default: the reader's), or in the other one where it is not written.

    A pair without a state column, such as a name that is entered in both languages at once, counts as checked.
    """
    language = language or active_language()
    state = TextState(getattr(obj, f"{name}_state", TextState.CHECKED))
    for lang in (language, other_language(language)):
        if text := (getattr(obj, f"{name}_{lang}") or "").strip():
            return TextInLanguage(text, lang, lang != language, state)
    return TextInLanguage("", language, False, TextState.MISSING)


def state_after_edit(
    state: str, *, original: str, before: Mapping[str, str], after: Mapping[str, str], checked: bool = False
) -> TextState:
    """The state of the translation after an edit. `before` and `after` map "en" and "es" to the texts; `checked` when the
    editor says that the two texts agree.

    No translation is missing; a translation that the editor vouches for is checked; one that was just written is a draft;
    one whose original alone changed is stale; otherwise nothing changes.
    """
    translation = other_language(original)
    changed = {language: _clean(before.get(language)) != _clean(after.get(language)) for language in LANGUAGES}
    if not _clean(after.get(translation)):
        return TextState.MISSING
    if checked:
        return TextState.CHECKED
    if changed[translation]:
        return TextState.DRAFT
    if changed[original]:
        return TextState.STALE
    return TextState.DRAFT if state == TextState.MISSING else TextState(state)


def text_original_field(**kw) -> models.CharField:
    """The column `<name>_original`."""
    return models.CharField(**{"max_length": 2, "choices": [(code, code) for code in LANGUAGES], "default": LANGUAGES[0]} | kw)


def text_state_field(**kw) -> models.CharField:
    """The column `<name>_state`."""
    return models.CharField(**{"max_length": 7, "choices": TextState.choices, "default": TextState.MISSING} | kw)


def _clean(text: str | None) -> str:
    return (text or "").strip()
