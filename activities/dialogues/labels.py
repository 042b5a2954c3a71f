"""The names of dialogues in words."""

from django.utils.translation import gettext as _


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
