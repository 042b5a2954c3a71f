"""Entries as a calendar file: iCalendar, RFC 5545, with the names that RFC 7986 gives to a whole calendar."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from cpc.core.texts import active_language

from .feed_entries import Entry

SITE = "alianza"
# Revisions are numbered by their second: a final report that moves is another row, and its number must rise all the same.
FIRST_SECOND = datetime(2000, 1, 1, tzinfo=UTC)
ASK_AGAIN_AFTER = timedelta(hours=6)


def calendar_of(entries: Iterable[Entry], *, link: Callable[[str], str]) -> bytes:
    """The same bytes for the same entries. `link` makes the full address of a path."""
    calendar, name = Calendar(), _("Alianza: deadlines and dialogues")
    calendar.add("prodid", f"-//Alianza//Deadlines//{active_language().upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    for field in ("name", "x-wr-calname"):  # the second is what most programs read
        calendar.add(field, name)
    for field in ("refresh-interval", "x-published-ttl"):
        calendar.add(field, ASK_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(event_of(entry, link))
    return calendar.to_ical()


def event_of(entry: Entry, link: Callable[[str], str]) -> Event:
    """A whole-day event. Its end is the day after the last, as the format counts; it leaves the person free."""
    event, changed = Event(), entry.changed_at.astimezone(UTC).replace(microsecond=0)
    event.add("uid", f"{entry.uid}@{SITE}")
    event.add("dtstamp", changed)  # without a METHOD: when the entry was last revised
    event.add("last-modified", changed)
    event.add("sequence", int((changed - FIRST_SECOND).total_seconds()))
    event.add("dtstart", entry.first)
    event.add("dtend", entry.last + timedelta(days=1))
    event.add("summary", plain(entry.summary))
    address = link(entry.path)
    event.add("description", "\n".join(plain(line) for line in (*entry.details, address)))
    event.add("url", address)
    if entry.category:
        event.add("categories", [plain(entry.category)])
    event.add("transp", "TRANSPARENT")
    return event


def plain(text: str) -> str:
    """One line: no characters that the format does not allow, and spaces that every program shows."""
    return " ".join("".join(ch if ch.isprintable() else " " for ch in text.replace("\u00a0", " ")).split())
