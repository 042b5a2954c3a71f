"""What stands in a person's calendar: one entry for each date that is still to be met, in the person's language."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from cpc.core.labels import moment_label
from cpc.core.texts import text_in
from partners.models import Partnership

from .changes_words import city_of
from .explain import explain, title_of
from .lines import page_of, waiting_on
from .models import Deadline, Kind
from .queries import FindReports, attach_reports, rests_on_sample, with_status
from .status import OPEN

WASHINGTON = "America/New_York"


@dataclass(frozen=True, slots=True)
class Entry:
    """Whole days, `first` to `last`, both included. `uid` stays while the days move; `changed_at` is the instant of the last
    change. `path` is the page, from the root of the site."""

    uid: str
    first: date
    last: date
    summary: str
    details: tuple[str, ...]
    path: str
    changed_at: datetime
    category: str = ""


# The floors above add what they know: reader and the day of each time zone in, entries out.
AddEntries = Callable[[object, Mapping[str, date]], Iterable[Entry]]


def entries_of(user, today: Mapping[str, date], *, find_reports: FindReports, more: Iterable[AddEntries] = ()) -> list[Entry]:
    """Everything that `user` may see and that is still open, by day. `today`: the day of each time zone of the person's
    partnerships; without any, nothing. As many statements however many rows there are."""
    if not today:
        return []
    rows = with_status(Deadline.objects.open().visible_to(user), today).filter(status__in=OPEN)
    rows = list(rows.select_related("award", "recipient", "partnership", "superseded_by"))
    attach_reports(rows, user, find_reports)
    found = [entry_of(row) for row in rows]
    for add in more:
        found += add(user, today)
    return sorted(found, key=lambda entry: (entry.first, entry.uid))


def entry_of(row: Deadline) -> Entry:
    """The entry of a row from `queries.with_status`. What depends on today is left out: a calendar keeps an entry for days."""
    title, partnership = title_of(row), row.partnership
    owner = str(text_in(row.recipient, "name")) if row.recipient else row.promise and row.promise.owner
    who = waiting_on(row)
    details = [
        until_words(row.due_on, partnership),
        str(text_in(partnership, "name")),
        row.award and str(text_in(row.award, "title")),
        row.promise and row.promise.words,
        who and _("Waiting on: %(who)s") % {"who": who},
        str(explain(row)),
        sample_words() if rests_on_sample(row) else "",
    ]
    return Entry(
        uid=f"deadline-{steady_key(row)}",
        first=row.due_on,
        last=row.due_on,
        summary=f"{title}: {owner}" if owner else title,
        details=tuple(filter(None, details)),
        path=page_of(row),
        changed_at=row.changed_at,
        category=str(row.get_kind_display()),
    )


def steady_key(row: Deadline) -> str:
    """What stays the same while the date moves. A final report's key names its period, which moves with the end of the award; not
    more than one of a half is open and not met."""
    if row.kind != Kind.FINAL_REPORT:
        return row.key
    return f"{row.award.key}-{row.recipient.key}-final-{row.key.rpartition('-')[2]}"


def until_words(day: date, partnership: Partnership) -> str:
    """When the day is over, in the partnership's zone and in Washington."""
    zone = partnership.time_zone
    end = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone)) - timedelta(minutes=1)
    words = {"here": moment_label(end, zone), "there": moment_label(end, WASHINGTON), "city": city_of(zone)}
    if zone == WASHINGTON:
        return _("Until %(there)s in Washington.") % words
    return _("Until %(here)s in %(city)s; the clock in Washington then says %(there)s.") % words


def sample_words() -> str:
    return _("Rests on a sample row, invented for the demonstration.")
