"""The page of one date, and the two acts on it: ask for a later day, and answer."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cpc.core import clock
from cpc.core.decisions import refuse
from cpc.core.pages import conflict

from .changes import Overtaken, ask_for_later, grant_later, refuse_later
from .changes_forms import GRANT, AnswerForm, AskForm
from .changes_words import overtaken_words
from .explain import title_of
from .models import DueDateChange
from .opened import Opened, date_page, detail_context
from .permissions import TOO_LATE, answers_requests, may_answer, who_answers


@require_safe
@date_page
def deadline_detail(request, opened: Opened):
    """What falls due and when, why, what moved it, who waits on whom, and what this reader may do."""
    return render(request, "activities/deadline_detail.html", detail_context(opened))


@require_http_methods(["GET", "HEAD", "POST"])
@date_page
def deadline_ask(request, opened: Opened):
    """Ask for a later due day with a reason."""
    if (elsewhere := not_now(request, opened, opened.may_ask)) is not None:
        return elsewhere
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "activities/deadline_ask.html", ask_context(opened, form))
    try:
        ask_for_later(opened.row.pk, actor=request.user, at=clock.now(opened.partnership.time_zone), **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return render(request, "activities/deadline_ask.html", ask_context(opened, form))
    except Overtaken as overtaken:
        return overtaken_page(request, "activities/deadline_ask.html", ask_context(opened, form), overtaken)
    messages.success(request, _("Asked. A program officer answers; until then the date stays as it is."))
    return redirect(opened.page)


@require_http_methods(["GET", "HEAD", "POST"])
@date_page
def deadline_answer(request, opened: Opened):
    """Grant or refuse the request that the officer was shown."""
    change = seen_change(request, opened) if request.method == "POST" else opened.waiting
    if change is None:
        return nothing_waits(request, opened)
    may = may_answer(request.user, change, today=opened.today)
    if (elsewhere := not_now(request, opened, may)) is not None:
        return elsewhere
    form = AnswerForm(request.POST if request.method == "POST" else None, initial={"granted_on": change.wanted_on})
    context = opened.context() | {"crumbs": page_crumbs(opened), "title": title_of(opened.row), "form": form, "change": change}
    if request.method != "POST" or not form.is_valid():
        return render(request, "activities/deadline_answer.html", context)
    try:
        message = answer(request, opened, change, form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return render(request, "activities/deadline_answer.html", context)
    except Overtaken as overtaken:
        return overtaken_page(request, "activities/deadline_answer.html", context, overtaken)
    messages.success(request, message)
    return redirect(opened.page)


def not_now(request, opened: Opened, may):
    """None where the act is this reader's now, or where the service must say who was faster. A role that does not hold it gets
    the reason (403); whoever only looks is led to the date's own page."""
    if may.code not in TOO_LATE:
        may.require()
        return None
    if request.method == "POST":
        return None
    messages.info(request, may.message)
    return redirect(opened.page)


def answer(request, opened: Opened, change: DueDateChange, data: dict) -> str:
    """Do what the form says; what to tell the officer."""
    by = {"actor": request.user, "at": clock.now(opened.partnership.time_zone), "answer": data["answer"]}
    if data["act"] == GRANT:
        grant_later(change.pk, granted_on=data["granted_on"], recompute=opened.above.recompute, **by)
        return _("Granted. The new day counts from now on.")
    refuse_later(change.pk, **by)
    return _("Refused. The date stays; the partner reads your reason here.")


def seen_change(request, opened: Opened) -> DueDateChange | None:
    """The request that the form was drawn for, answered meanwhile or not."""
    return next((one for one in opened.changes if str(one.pk) == request.POST.get("request")), None)


def nothing_waits(request, opened: Opened):
    """The answer where no request is there to be answered: who may not answer anyway is told that."""
    require_role(opened)
    reason = _("No request for a later day waits for an answer here.")
    if request.method == "POST":
        return conflict(request, "409.html", {"reason": reason})
    messages.info(request, reason)
    return redirect(opened.page)


def require_role(opened: Opened):
    if not answers_requests(opened.reader, opened.partnership.pk):
        refuse(_("Your role does not include this."), who=who_answers(), code="role").require()


def ask_context(opened: Opened, form) -> dict:
    return opened.context() | {"crumbs": page_crumbs(opened), "title": title_of(opened.row), "form": form}


def page_crumbs(opened: Opened) -> list[dict]:
    return [*opened.crumbs, {"label": title_of(opened.row), "url": opened.page}]


def overtaken_page(request, template: str, context: dict, overtaken: Overtaken):
    """409: who was faster, and what was typed, still there to be read."""
    return conflict(request, template, context | {"overtaken": overtaken_words(overtaken, request.user)})
