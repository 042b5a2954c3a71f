"""The names of dialogues, and both languages of a text with the state of each, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from cpc.core.texts import LANGUAGES, TextState

# Each language is called by its own name, whatever the reader's.
LANGUAGE_NAMES = {"en": "English", "es": "Español"}
STATE_TAGS = {TextState.MISSING: "off", TextState.DRAFT: "half", TextState.CHECKED: "full", TextState.STALE: "soon"}


def dialogue_name(ordinal: int) -> str:
    """ "First Bilateral Dialogue", in the reader's language; from the eleventh on by number."""
    names = [
        _("First Bilateral Dialogue"),
        _("Second Bilateral Dialogue"),
        _("Third Bilateral Dialogue"),
        _("Fourth Bilateral Dialogue"),
        _("Fifth Bilateral Dialogue"),
        _("Sixth Bilateral Dialogue"),
        _("Seventh Bilateral Dialogue"),
        _("Eighth Bilateral Dialogue"),
        _("Ninth Bilateral Dialogue"),
        _("Tenth Bilateral Dialogue"),
    ]
    return names[ordinal - 1] if 1 <= ordinal <= len(names) else _("Bilateral Dialogue %(number)s") % {"number": ordinal}


@dataclass(frozen=True)
class Side:
    """One language of a text: `text` is empty where it is not written; `state` in words, `tag` its look."""

    language: str
    name: str
    text: str
    state: str
    tag: str


def sides_of(obj, name: str) -> list[Side]:
    """Both languages of the text `name` of `obj`: which one is the original, and how far the other one can be relied on."""
    original = getattr(obj, f"{name}_original")
    state = TextState(getattr(obj, f"{name}_state"))
    sides = []
    for language in LANGUAGES:
        text = getattr(obj, f"{name}_{language}").strip()
        if not text:
            word, tag = TextState.MISSING.label, STATE_TAGS[TextState.MISSING]
        elif language == original:
            word, tag = _("original"), STATE_TAGS[TextState.CHECKED]
        else:
            word, tag = state.label, STATE_TAGS[state]
        sides.append(Side(language, LANGUAGE_NAMES[language], text, str(word), tag))
    return sides
