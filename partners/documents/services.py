"""The acts on documents: cite one, with or without its file, or add the file to a citation. A file never changes."""

import hashlib
from datetime import date

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cpc.audit.services import record
from cpc.core.dates import PreciseDate
from cpc.core.words import refuse_personal_data
from partners.acts import columns_of, free_key
from partners.models import Document, Partnership, stored_name

from .files import Clean
from .names import safe_name
from .permissions import may_add, may_attach

TEXTS = ("title", "publisher", "address", "language", "note")


class Conflict(Exception):
    """Somebody else changed the citation since the edit began. `current` is as it stands now."""

    def __init__(self, current: Document):
        super().__init__(f"{current.key} was changed.")
        self.current = current


@transaction.atomic
def add_document(
    partnership_id: int, *, actor, today: date, title: str, publisher: str, published: PreciseDate | None = None,
    address: str = "", language: str = "en", note: str = "", file: Clean | None = None,
) -> Document:  # fmt: skip
    """Cite a document, with its file if there is one. Raises PermissionDenied, or ValidationError naming the field."""
    partnership = Partnership.objects.locked().get(pk=partnership_id)
    may_add(actor, partnership).require()
    check_day(published, today)
    document = Document(
        partnership=partnership, key=free_key(Document, slugify(title)[:60] or "document"), title=title, publisher=publisher,
        address=address, language=language, note=note, **columns_of("published", published),
    )  # fmt: skip
    document.full_clean()
    keep(document, file)
    record(actor, "document.added", document, partnership_key=partnership.key, sha256=document.file_sha256)
    return document


@transaction.atomic
def edit_document(document_id: int, *, actor, today: date, seen: str, published: PreciseDate | None, **texts: str) -> Document:
    """Put a citation right: `texts` are all of `TEXTS`. Its file and its key stay. `seen`: the state it was edited from. Nothing
    changed, nothing written.

    Raises PermissionDenied, ValidationError naming the field, or Conflict where it stands in another state with other texts.
    """
    document = Document.objects.select_for_update(of=["self"]).select_related("partnership").get(pk=document_id)
    may_add(actor, document.partnership).require()
    before, after = cited(document), texts | {"published": published.iso if published else ""}
    changed = [name for name in after if after[name] != before[name]]
    if not changed:
        return document
    if seen != state_of(document):
        raise Conflict(document)
    check_day(published, today)
    days = columns_of("published", published) or {"published_on": None}
    for name, value in (texts | days).items():
        setattr(document, name, value)
    document.full_clean()
    document.save(update_fields=[*texts, *days])
    record(
        actor, "document.edited", document, partnership_key=document.partnership.key,
        before={name: before[name] for name in changed}, after={name: after[name] for name in changed},
    )  # fmt: skip
    return document


@transaction.atomic
def attach_file(document_id: int, *, actor, file: Clean) -> Document:
    """Add the file to a citation that has none. Raises PermissionDenied, also where somebody else was first."""
    document = Document.objects.select_for_update(of=["self"]).select_related("partnership").get(pk=document_id)
    may_attach(actor, document).require()
    keep(document, file)
    record(actor, "document.file_added", document, partnership_key=document.partnership.key, sha256=document.file_sha256)
    return document


def check_day(published: PreciseDate | None, today: date) -> None:
    if published and published.last > today:
        message = _("It was published on %(day)s at the latest.") % {"day": today.isoformat()}
        raise ValidationError({"published": message})


def cited(document: Document) -> dict[str, str]:
    """What a citation says, as plain texts: for comparison and for the trail."""
    published = PreciseDate.of(document.published_on, document.published_precision).iso if document.published_on else ""
    return {name: getattr(document, name) for name in TEXTS} | {"published": published}


def state_of(document: Document) -> str:
    """A short text that changes with the citation: what a form was opened on."""
    return hashlib.sha256(repr(sorted(cited(document).items())).encode()).hexdigest()[:16]


def keep(document: Document, file: Clean | None) -> None:
    """Save the row with its file; where the row cannot be saved, no file stays behind."""
    if file is None:
        document.save()
        return
    document.file_name, document.file_type, document.file_sha256 = name_of(document, file), file.type, file.sha256
    storage, place = document.file.storage, stored_name(document, file.name)
    try:
        document.file = storage.save(place, ContentFile(file.content))
        document.save()
    except BaseException as fault:
        storage.delete(place)
        if isinstance(fault, OSError):
            message = _("The server has no room for this file now. Nothing was saved; try again later.")
            raise ValidationError({"file": message}) from None
        raise


def name_of(document: Document, file: Clean) -> str:
    """The file's own name; the document's title where that name may tell something about a person."""
    try:
        refuse_personal_data(file.name)
    except ValidationError:
        return safe_name(document.title, file.type)
    return file.name
