"""The log-in had ended when something typed was sent: what was typed is given back on a page, so that it is not lost.

Nothing is stored and nothing is read from the database: the page shows the sender's own words once more, to be copied, or to be
put back by the browser that kept them (report_draft.js).
"""

from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

# What the forms carry besides what a person types.
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "version", "seen", "done", "language", "basis", "due_on", "more"})
MOST_FIELDS = 400  # of one page; a grid has fewer


def gives_back(page: str):
    """For a view that needs a log-in: where it had ended, give back what was typed. `page` names the page that the form stands
    on, to go to after the log-in."""

    def decorate(view):
        @login_not_required
        @wraps(view)
        def guarded(request, **kwargs):
            if request.user.is_authenticated:
                return view(request, **kwargs)
            address = resolve_url(page, **kwargs)
            typed = typed_in(request)
            if not typed:
                return redirect_to_login(address)
            context = {"typed": typed, "login_url": f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': address})}"}
            response = render(request, "activities/report_signed_out.html", context, status=403)
            response.headers["Cache-Control"] = "no-store"  # exact counts may stand in it
            return response

        return guarded

    return decorate


def typed_in(request) -> list[tuple[str, str]]:
    """The fields of a form that are not empty: label and what was typed."""
    sent = [(name, text.strip()) for name, text in request.POST.items() if name not in NOT_TYPED]
    return [(label_of(name), text) for name, text in sent if text][:MOST_FIELDS]


def label_of(name: str) -> str:
    """The words for a field; lines of the SF-425 and cells are named as they are."""
    labels = {"text": _("Text"), "remarks": _("12 Remarks"), "comment": _("Comment"), "reason": _("Reason")}
    for start, label in (("answer-", _("Your answer")), ("place-", _("Place in the report")), ("text-", _("What must change"))):
        if name.startswith(start):
            return label
    return labels.get(name, name)
