"""What happened to a document, in sentences, from the trail."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cpc.audit.models import AuditEvent
from cpc.core.labels import moment_label
from partners.models import Document

from .forms import CitationForm


@dataclass(frozen=True)
class Event:
    """One act: when, what and who; and the particulars."""

    sentence: str
    note: str = ""


def changes_of(document: Document) -> QuerySet[AuditEvent]:
    """The acts on the document, newest first."""
    rows = AuditEvent.objects.filter(subject_type="partners.document", subject_key=document.key)
    return rows.filter(partnership_key=document.partnership.key).select_related("actor")


def history_of(document: Document) -> list[Event]:
    """One statement."""
    return [of_act(event, document.partnership.time_zone) for event in changes_of(document)]


def of_act(event: AuditEvent, zone: str) -> Event:
    words = {"when": moment_label(event.at, zone), "who": event.actor or _("a program")}
    if event.act == "document.added":
        return Event(_("%(when)s: added by %(who)s.") % words)
    if event.act == "document.file_added":
        return Event(_("%(when)s: its file was added by %(who)s.") % words)
    changed = [
        _("%(field)s: from “%(old)s” to “%(new)s”.")
        % {"field": CitationForm.base_fields[name].label, "old": event.before[name] or "–", "new": value or "–"}
        for name, value in event.after.items()
    ]
    return Event(_("%(when)s: edited by %(who)s.") % words, " ".join(changed))
