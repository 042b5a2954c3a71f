"""Requests for a later due day in words, for a date's history, for the list of those that wait, and for who came too late."""

from django.utils.translation import gettext as _

from cpc.core.labels import day_label, moment_label

from .changes import Overtaken
from .models import DueDateChange


def city_of(zone: str) -> str:
    """The city by which a zone is known: "Lima" for America/Lima."""
    return zone.rpartition("/")[2].replace("_", " ")


def name_for(person, reader) -> str:
    return _("you") if person.pk == reader.pk else str(person)


def asked_words(change: DueDateChange, reader) -> str:
    words = {"who": name_for(change.asked_by, reader), "wanted": day_label(change.wanted_on), "was": day_label(change.was_due_on)}
    return _("Asked by %(who)s: %(wanted)s instead of %(was)s") % words


def answered_words(change: DueDateChange, reader) -> str:
    """The answer to a request for one date, which may have moved less far than another of the same report."""
    words = {"who": name_for(change.decided_by, reader)}
    if change.granted_on is None:
        return _("Refused by %(who)s: the date stays") % words
    words |= {"granted": day_label(change.granted_on), "was": day_label(change.was_due_on)}
    return _("Granted by %(who)s: %(granted)s instead of %(was)s") % words


def note_words(at, zone: str, text: str) -> str:
    """When, at which place's time, and what was said."""
    words = {"when": moment_label(at, zone), "place": city_of(zone), "text": text}
    return (_("%(when)s, %(place)s: %(text)s") if text else _("%(when)s, %(place)s")) % words


def overtaken_words(overtaken: Overtaken, reader) -> str:
    """Who acted first and when; where nobody did, what became of the report."""
    change = overtaken.change
    if change is None:
        return _("%(reason)s What you did came after it and was not saved.") % {"reason": overtaken.reason}
    zone, is_answered = change.deadline.partnership.time_zone, change.decided_at is not None
    words = {
        "act": (answered_words if is_answered else asked_words)(change, reader),
        "when": moment_label(change.decided_at if is_answered else change.asked_at, zone),
        "place": city_of(zone),
    }
    return _("%(act)s; %(when)s, %(place)s. What you did came after it and was not saved.") % words
