"""The documents of a partnership: list, one document, its file, a new one."""

from csp.decorators import csp_update
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from cpc.core import clock
from cpc.core.labels import moment_label
from cpc.core.pages import conflict, paginate
from partners.models import Document, Statement
from partners.pages import partnership_page

from .forms import CitationForm, DocumentForm, FileForm
from .history import changes_of, history_of
from .permissions import may_add, may_attach
from .services import Conflict, add_document, attach_file, cited, edit_document, state_of

METHODS = ["GET", "HEAD", "POST"]


@require_safe
@partnership_page("read.partners")
def document_list(request, partnership):
    """Newest first; last those whose day is not known."""
    rows = Document.objects.filter(partnership=partnership).order_by(F("published_on").desc(nulls_last=True), "key")
    page = paginate(request, rows)
    context = {
        "partnership": partnership,
        "page": page,
        "found": ngettext("%(n)s document", "%(n)s documents", page.count) % {"n": page.count},
        "may_add": may_add(request.user, partnership),
        "crumbs": [partners_crumb(partnership)],
    }
    return render(request, "partners/document_list.html", context)


@require_http_methods(METHODS)
@partnership_page("read.partners")
def document_new(request, partnership):
    may_add(request.user, partnership).require()
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        today = clock.today(partnership.time_zone)
        try:
            document = add_document(partnership.pk, actor=request.user, today=today, **form.values)
        except ValidationError as error:
            form.add_service_errors(error)
        else:
            messages.success(request, _("Added."))
            say_what_was_left_out(request, form)
            return redirect("partners:document", partnership.key, document.key)
    return render(
        request, "partners/document_form.html", {"partnership": partnership, "form": form, "crumbs": crumbs(partnership)}
    )


@require_http_methods(METHODS)
@partnership_page("read.partners")
def document_edit(request, partnership, key):
    document = document_in_scope(partnership, key)
    may_add(request.user, partnership).require()
    form = CitationForm(request.POST or None, initial=cited(document))
    seen = request.POST.get("seen", "") if request.method == "POST" else state_of(document)
    trail = [*crumbs(partnership), {"label": document.title, "url": reverse("partners:document", args=[partnership.key, key])}]
    context = {"partnership": partnership, "document": document, "form": form, "seen": seen, "crumbs": trail}
    if request.method == "POST" and form.is_valid():
        today = clock.today(partnership.time_zone)
        try:
            edit_document(document.pk, actor=request.user, today=today, seen=seen, **form.values)
        except ValidationError as error:
            form.add_service_errors(error)
        except Conflict as overtaken:
            return overtaken_page(request, form, overtaken.current, context)
        else:
            messages.success(request, _("Saved."))
            return redirect("partners:document", partnership.key, document.key)
    return render(request, "partners/document_form.html", context)


def overtaken_page(request, form, current: Document, context):
    """409: both versions, and the form with what was typed, ready to be saved over what stands there now."""
    theirs, last = cited(current), changes_of(current).first()
    rows = [
        {"label": form[name].label, "yours": form.data.get(name, ""), "theirs": theirs[name]} for name in CitationForm.base_fields
    ]
    who, when = (last.actor, moment_label(last.at, current.partnership.time_zone)) if last else (_("a program"), "")
    context |= {
        "seen": state_of(current),
        "conflict": {"rows": [row | {"is_same": row["yours"] == row["theirs"]} for row in rows], "who": who, "when": when},
        "fresh_url": reverse("partners:document-edit", args=[current.partnership.key, current.key]),
    }
    return conflict(request, "partners/document_form.html", context)


@require_http_methods(METHODS)
@partnership_page("read.partners")
def document_detail(request, partnership, key):
    """One document with what was said in it; who may adds its file here."""
    document = document_in_scope(partnership, key)
    may = may_attach(request.user, document)
    form = FileForm(request.POST or None, request.FILES or None) if may else None
    if request.method == "POST":
        may.require()
        if form.is_valid():
            try:
                attach_file(document.pk, actor=request.user, file=form.cleaned_data["file"])
            except ValidationError as error:
                form.add_service_errors(error)
            else:
                messages.success(request, _("The file is kept with the document."))
                say_what_was_left_out(request, form)
                return redirect("partners:document", partnership.key, document.key)
    today = clock.today(partnership.time_zone)
    context = {
        "partnership": partnership,
        "document": document,
        "size": size_of(document),
        "statements": Statement.objects.filter(source=document).in_force(as_of=today, known_on=today),
        "form": form,
        "may_keep": may_add(request.user, partnership),
        "history": history_of(document),
        "crumbs": crumbs(partnership),
    }
    return render(request, "partners/document_detail.html", context)


@require_safe
@csp_update({"sandbox": True})
@partnership_page("read.partners")
def document_file(request, partnership, key):
    """The file as a download that no browser opens in the site's name: as an attachment, of the type found in its content."""
    document = document_in_scope(partnership, key)
    if not document.file:
        raise Http404
    try:
        content = document.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, as_attachment=True, filename=document.file_name, content_type=document.file_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def document_in_scope(partnership, key: str) -> Document:
    document = get_object_or_404(Document, partnership=partnership, key=key)
    document.partnership = partnership
    return document


def partners_crumb(partnership) -> dict:
    return {"label": _("Partners"), "url": reverse("partners:list", args=[partnership.key])}


def crumbs(partnership) -> list[dict]:
    return [partners_crumb(partnership), {"label": _("Documents"), "url": reverse("partners:documents", args=[partnership.key])}]


def say_what_was_left_out(request, form) -> None:
    file = form.cleaned_data.get("file")
    if file and file.is_changed:
        messages.info(request, _("What the picture said about place, time and camera was left out."))


def size_of(document: Document) -> int | None:
    """Bytes; None without a file, and where the file is missing."""
    try:
        return document.file.size if document.file else None
    except FileNotFoundError:
        return None
