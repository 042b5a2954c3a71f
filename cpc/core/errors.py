"""Answers to what went wrong: a page for people, the API's one shape for programs."""

from django.core.exceptions import BadRequest
from django.http import HttpResponseServerError, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from .decisions import Refused


def answer(request, status: int, code: str, message: str, context=None):
    if request.path.startswith("/api/"):
        return JsonResponse({"errors": [{"field": None, "code": code, "message": message}]}, status=status)
    return render(request, f"{status}.html", context or {}, status=status)


def bad_request(request, exception=None):
    """The sentence of a view that refuses what was asked; a text of Django's own is not for readers."""
    reason = str(exception) if isinstance(exception, BadRequest) else ""
    message = reason or _("This request could not be understood.")
    return answer(request, 400, "bad_request", message, {"reason": reason})


def permission_denied(request, exception=None):
    if isinstance(exception, Refused):
        decision = exception.decision
        return answer(request, 403, decision.code, decision.message, {"decision": decision})
    return answer(request, 403, "permission_denied", _("You may not do this."))


def page_not_found(request, exception=None):
    return answer(request, 404, "not_found", _("There is nothing at this address."))


def server_error(request):
    """The page is drawn without its surroundings: they ask the database, which may be the very thing that failed."""
    if not request.path.startswith("/api/"):
        return HttpResponseServerError(render_to_string("500.html"))
    return answer(request, 500, "server_error", _("Something went wrong on our side. Nothing was saved."))
