"""Routes of documents and statements, and of an award's description."""

from django.core.files.base import ContentFile

from partners.models import Document

from . import EVERYBODY, OTHER_PARTNER, SUB_PREPARER, Route, Rule

OFFICER = {"program_officer"}
OTHERS = {OTHER_PARTNER, SUB_PREPARER}  # partners to whom the award of `partner` is unknown


def no_partnership(world):
    return {"partnership": "nothing"}


def nothing_of(world):
    return {"partnership": world.partnership.key, "key": "nothing"}


def statement(world):
    return {"partnership": world.partnership.key, "key": world.statement.key}


def award(world):
    return {"partnership": world.partnership.key, "key": world.award.key}


def cited(world):
    """A citation without a file, to which one can be added."""
    document, _made = document_named(world, "test-cited")
    return {"partnership": world.partnership.key, "key": document.key}


def filed(world):
    document, made = document_named(world, "test-filed")
    if made:
        document.file_name, document.file_type = "filed.pdf", "application/pdf"
        document.file.save("", ContentFile(b"%PDF-1.4\n%%EOF\n"))
    return {"partnership": world.partnership.key, "key": document.key}


def document_named(world, key):
    return Document.objects.get_or_create(partnership=world.partnership, key=key, defaults={"title": key, "publisher": "State"})


ROUTES = {
    "partners:documents": Route(get=Rule(EVERYBODY), missing=no_partnership),
    "partners:document-new": Route(get=Rule(OFFICER), post=Rule(OFFICER), missing=no_partnership),
    "partners:document": Route(get=Rule(EVERYBODY), post=Rule(OFFICER), kwargs=cited, missing=nothing_of),
    "partners:document-edit": Route(get=Rule(OFFICER), post=Rule(OFFICER), kwargs=cited, missing=nothing_of),
    "partners:document-file": Route(get=Rule(EVERYBODY), kwargs=filed, missing=nothing_of),
    "dashboards:statement-new": Route(get=Rule(OFFICER), post=Rule(OFFICER), missing=no_partnership),
    "dashboards:statement": Route(get=Rule(EVERYBODY), kwargs=statement, missing=nothing_of),
    "dashboards:statement-change": Route(get=Rule(OFFICER), post=Rule(OFFICER), kwargs=statement, missing=nothing_of),
    "dashboards:statement-void": Route(get=Rule(OFFICER), post=Rule(OFFICER), kwargs=statement, missing=nothing_of),
    "dashboards:award-edit": Route(
        # whoever may not read awards at all, and whoever does not see this one
        get=Rule(OFFICER, hidden=OTHERS), post=Rule(OFFICER, hidden=OTHERS), kwargs=award, missing=nothing_of
    ),
}  # fmt: skip
