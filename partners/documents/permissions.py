"""May this person keep the documents, now."""

from django.utils.translation import gettext as _

from cpc.core.decisions import Decision, refuse
from partners.models import Document, Partnership
from partners.permissions import may

KEEP = "partnership.edit"


def may_add(user, partnership: Partnership) -> Decision:
    return may(user, KEEP, partnership.pk)


def may_attach(user, document: Document) -> Decision:
    """A file comes to a citation that has none yet; one that is there never changes."""
    if document.file:
        return refuse(_("This document has its file already, and a file never changes. Add another document."), code="has_file")
    return may(user, KEEP, document.partnership_id)
