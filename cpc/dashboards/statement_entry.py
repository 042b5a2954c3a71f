"""Putting a statement on record, another in its place, or taking one back. The register is kept by `partners.statements`; the
awards of which a statement can speak come from `funding`."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cpc.core import clock
from cpc.core.labels import day_label
from cpc.core.pages import conflict
from cpc.core.texts import text_in
from funding.models import Award
from partners.models import Statement
from partners.pages import partnership_page
from partners.statements.forms import ChangeStatementForm, StatementForm, TakeBackForm, filled_from
from partners.statements.permissions import may_change, may_register
from partners.statements.services import Overtaken, change_statement, register_statement, take_back_statement

from .statement_page import crumbs, statement_in_scope

TEMPLATE = "dashboards/statement_form.html"
METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@partnership_page("read.statements")
def statement_new(request, partnership):
    may_register(request.user, partnership).require()
    form = StatementForm(request.POST or None, initial=started(request), **offer(partnership))
    if request.method == "POST" and form.is_valid():
        today = clock.today(partnership.time_zone)
        try:
            row = register_statement(partnership.pk, form.said, actor=request.user, today=today)
        except ValidationError as error:
            form.add_service_errors(error)
        else:
            messages.success(request, _("On record. It stands beside the ledger of its day."))
            return redirect("dashboards:statement", partnership.key, row.key)
    return render(request, TEMPLATE, {"partnership": partnership, "form": form, "crumbs": crumbs(partnership)})


@require_http_methods(METHODS)
@partnership_page("read.statements")
def statement_change(request, partnership, key):
    statement = statement_in_scope(partnership, key)
    may_register(request.user, partnership).require()
    form = ChangeStatementForm(request.POST or None, initial=filled_from(statement), **offer(partnership))
    context = {"partnership": partnership, "statement": statement, "form": form, "crumbs": crumbs(partnership, statement)}
    if request.method != "POST":
        may_change(request.user, statement).require()
        return render(request, TEMPLATE, context)
    if form.is_valid():
        today, why = clock.today(partnership.time_zone), form.cleaned_data["why"]
        try:
            row = change_statement(statement.pk, form.said, actor=request.user, today=today, reason=why)
        except ValidationError as error:
            form.add_service_errors(error)
        except Overtaken as overtaken:
            return overtaken_page(request, form, overtaken, context)
        else:
            messages.success(request, _("Replaced. The old statement stays readable in the history."))
            return redirect("dashboards:statement", partnership.key, row.key)
    return render(request, TEMPLATE, context)


@require_http_methods(METHODS)
@partnership_page("read.statements")
def statement_take_back(request, partnership, key):
    statement = statement_in_scope(partnership, key)
    may_change(request.user, statement).require()
    form = TakeBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        today, why = clock.today(partnership.time_zone), form.cleaned_data["why"]
        try:
            take_back_statement(statement.pk, actor=request.user, today=today, reason=why)
        except Overtaken:
            may_change(request.user, statement_in_scope(partnership, key)).require()
        messages.success(request, _("Taken back. The statement stays readable and is compared with nothing."))
        return redirect("dashboards:statement", partnership.key, statement.key)
    context = {"partnership": partnership, "statement": statement, "form": form, "crumbs": crumbs(partnership, statement)}
    return render(request, "dashboards/statement_void.html", context)


def offer(partnership) -> dict:
    awards = Award.objects.filter(partnership=partnership).order_by("level", "key")
    return {"partnership": partnership, "awards": [(award.key, str(text_in(award, "title"))) for award in awards]}


def started(request) -> dict:
    """What the address fills in, for a link from a document: `?source=embassy-2020-02-06`."""
    return {"currency": "USD", "source": request.GET.get("source", "")}


def overtaken_page(request, form, overtaken: Overtaken, context):
    """409: both versions, and the form with what was typed. It leads to what stands now, or says that nothing does."""
    current = overtaken.current
    if current is None:
        reason = _("Somebody else took this statement back: %(reason)s") % {"reason": overtaken.taken.voided_by.reason}
        return conflict(request, "409.html", {"reason": reason})
    address = reverse("dashboards:statement-change", args=[context["partnership"].key, current.key])
    context |= {
        "action": address,
        "fresh_url": address,
        "conflict": {
            "rows": differences(form, current),
            "who": current.entered_by or _("a file"),
            "when": day_label(current.known_on),
        },
    }
    return conflict(request, TEMPLATE, context)


def differences(form, current: Statement) -> list[dict]:
    """Each field as typed and as it stands now."""
    theirs, rows = filled_from(current), []
    for name in StatementForm.base_fields:
        field = form[name]
        choices = dict(getattr(field.field, "choices", ()))
        pair = [shown(value, choices) for value in (form.cleaned_data[name], theirs[name])]
        rows.append({"label": field.label, "yours": pair[0], "theirs": pair[1], "is_same": pair[0] == pair[1]})
    return rows


def shown(value, choices: dict) -> str:
    return str(choices.get(value, value)) if value is not None else ""
