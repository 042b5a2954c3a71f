"""What happened to an activity, in sentences, from what the database itself kept of every change."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import BigIntegerField, F, OuterRef, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from cpc.accounts.models import User
from cpc.core.labels import day_label, format_number, moment_label
from cpc.core.texts import active_language

from .choices import organization_name
from .labels import cell_label
from .models import Activity, ParticipantCount
from .protection import is_exact_for

ActivityEvent = Activity.pgh_event_models["insert"]
CountEvent = ParticipantCount.pgh_event_models["insert"]


@dataclass(frozen=True)
class Event:
    """One act, newest first in a history: `sentence` says when, who and what, `note` the particulars."""

    sentence: str
    note: str = ""


@dataclass
class Change:
    """What one act wrote: at most one state of the activity, and any number of cells."""

    at: datetime
    who: str | None
    after: object = None
    cells: list = field(default_factory=list)


def history_of(activity: Activity, user) -> list[Event]:
    """The acts on `activity`, newest first, in two queries. Days, note and counts are told only to those who see them exactly."""
    exact = is_exact_for(user, activity)
    events, before, cells = [], None, {}
    for change in _changes(activity):
        events.append(_event(activity, change, before, cells, exact))
        before = change.after or before
        cells |= {(row.group, row.sex, row.age_band): None if row.pgh_label == "delete" else row.n for row in change.cells}
    return events[::-1]


def last_change_of(activity: Activity) -> Change:
    """Who changed the activity last, and when."""
    return _changes(activity)[-1]


def _changes(activity: Activity) -> list[Change]:
    """The acts, oldest first. One act is what one request or service wrote: it has one context, and one time. What was written
    without a context (a file that was loaded, the database's owner) is an act for each state, with the cells of its time."""
    found: dict = {}
    rows = _named(ActivityEvent.objects.filter(pgh_obj_id=activity.pk)).annotate(
        region_name=F(f"region__name_{active_language()}"),
        objective_name=F(f"objective__short_{active_language()}"),
        organization_name=organization_name("organization__"),
        award_key=F("award__key"),
    )
    for row in rows.order_by("pgh_id"):
        act = (row.pgh_created_at, row.pgh_context_id)
        if row.pgh_context_id is None and act in found:
            found[*act, row.pgh_id] = found.pop(act)
        found.setdefault(act, Change(row.pgh_created_at, row.who)).after = row
    for row in _named(CountEvent.objects.filter(activity_id=activity.pk)).order_by("pgh_id"):
        change = found.setdefault((row.pgh_created_at, row.pgh_context_id), Change(row.pgh_created_at, row.who))
        change.cells.append(row)
    return sorted(found.values(), key=lambda change: change.at)


def _named(events):
    """The events with the name of the person who acted; None where a job or the database's owner did."""
    person = Cast(KeyTextTransform("user", "pgh_context__metadata"), BigIntegerField())
    return events.annotate(person=person).annotate(who=Subquery(User.objects.filter(pk=OuterRef("person")).values("name")))


def _event(activity, change, before, cells, exact) -> Event:
    words = {
        "when": moment_label(change.at, activity.partnership.time_zone),
        "who": change.who or _("a program"),
    }
    if before is None:
        return Event((_("%(when)s: logged by %(who)s.") if change.who else _("%(when)s: loaded from a file.")) % words)
    if change.after is not None and change.after.state == Activity.State.VOID != before.state:
        return Event(_("%(when)s: voided by %(who)s.") % words, change.after.reason)
    return Event(_("%(when)s: edited by %(who)s.") % words, " ".join(_particulars(change, before, cells, exact)))


def _particulars(change, before, cells, exact):
    """A sentence for each field and cell that differs."""
    if change.after is not None:
        for label, is_open, value in FIELDS:
            old, new = value(before), value(change.after)
            if old != new:
                yield _sentence(label(), old, new) if is_open or exact else _("%(field)s changed.") % {"field": label()}
    if change.cells and not exact:
        yield _("Counts changed.")
        return
    for row in change.cells:
        old = cells.get((row.group, row.sex, row.age_band))
        new = None if row.pgh_label == "delete" else row.n
        said = (format_number(n, unknown=_("not recorded")) for n in (old, new))
        yield _sentence(cell_label(row.group, row.sex, row.age_band), *said)


def _sentence(label, old, new):
    return _("%(field)s: from “%(old)s” to “%(new)s”.") % {"field": label, "old": old or "–", "new": new or "–"}


# Label, whether everybody may read the values, and the value of one event in words.
FIELDS = (
    (lambda: _("Title"), True, lambda row: row.title),
    (lambda: _("Kind"), True, lambda row: Activity.Kind(row.kind).label),
    (lambda: _("State"), True, lambda row: Activity.State(row.state).label),
    (lambda: _("First day"), False, lambda row: day_label(row.starts_on)),
    (lambda: _("Last day"), False, lambda row: day_label(row.ends_on)),
    (lambda: _("Region"), True, lambda row: row.region_name or _("National")),
    (lambda: _("Objective"), True, lambda row: row.objective_name),
    (lambda: _("Organization"), True, lambda row: row.organization_name),
    (lambda: _("Award"), True, lambda row: row.award_key or _("no award")),
    (lambda: _("Note"), False, lambda row: row.notes),
)
