"""Dialogues in a person's calendar: those whose days are still to come."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.deadlines.changes_words import city_of
from activities.deadlines.feed_entries import Entry, sample_words
from cpc.core.labels import assumed_label, precise_label
from cpc.core.texts import text_in

from .models import Dialogue
from .queries import days_of


def dialogue_entries(user, today: Mapping[str, date]) -> Iterable[Entry]:
    """Dialogues of the partnerships of `user` that are known and whose last day is today or to come. One query."""
    to_come = Q(pk__in=[])
    for zone, day in today.items():
        to_come |= Q(partnership__time_zone=zone, known_on__lte=day, ends_on__gte=day)
    rows = Dialogue.objects.visible_to(user).filter(to_come).select_related("partnership")
    return [entry_of(row) for row in rows.annotate(written_at=Max("events__pgh_created_at"))]


def entry_of(dialogue: Dialogue) -> Entry:
    """The days between which it takes place, in the partnership's zone; where its source names no day, all that fit."""
    starts, ends = days_of(dialogue)
    partnership = dialogue.partnership
    words = {"starts": precise_label(starts), "ends": precise_label(ends), "city": city_of(partnership.time_zone)}
    place = str(text_in(dialogue, "place"))
    zone = ZoneInfo(partnership.time_zone)
    details = [
        _("%(starts)s to %(ends)s, days in %(city)s; the hours, there and in Washington, are not recorded.") % words,
        assumed_label(ends),
        str(text_in(partnership, "name")),
        place and _("Place: %(place)s") % {"place": place},
        str(dialogue.get_mode_display()),
        sample_words() if dialogue.is_sample else "",
    ]
    return Entry(
        uid=f"dialogue-{dialogue.key}",
        first=starts.first,
        last=ends.last,
        summary=str(dialogue.name),
        details=tuple(filter(None, details)),
        path=reverse("dialogues:list", args=[partnership.key]),
        changed_at=dialogue.written_at or datetime.combine(dialogue.known_on, time.min, zone),
        category=_("Bilateral Dialogue"),
    )
