"""The page that says whether the figures of an export would be the same today."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cpc.core import clock
from cpc.core.decisions import ALLOWED, Decision, refuse
from cpc.core.fingerprints import Fingerprint
from cpc.core.rendering import Problem, problems
from partners.models import Partnership
from partners.pages import partnerships_seen
from partners.permissions import may, memberships_of
from partners.roles import names_of, roles_that_may

from .checking import ACT, SUMS, Verdict, act_of, check
from .forms import FingerprintForm
from .ledgers import LEDGERS

ANCHOR = "id_fingerprint"


@require_http_methods(["GET", "POST"])
def check_page(request):
    """A fingerprint is pasted and sent by POST: it is too long for an address, and nothing is written."""
    may_check(request.user).require()
    form = FingerprintForm(request.POST or None)
    verdict, status, found = None, 200, []
    if request.method == "POST":
        found, status = problems(form), 400
        if form.is_valid():
            verdict, found, status = answer(request, form.cleaned_data["fingerprint"])
            form = FingerprintForm() if verdict else form
    return render(
        request,
        "exports/check.html",
        {"form": form, "problems": found, "verdict": verdict},
        status=status,
    )


def may_check(user) -> Decision:
    """Who reads the funding of any partnership."""
    if any(m.role in roles_that_may(ACT) for m in memberships_of(user)):
        return ALLOWED
    return refuse(_("Your role does not include this."), who=names_of(roles_that_may(ACT)), code="role")


def answer(request, fingerprint: Fingerprint) -> tuple[Verdict | None, list[Problem], int]:
    """The verdict, or what is wrong; and the status of the answer."""
    if fingerprint.of != SUMS.name and fingerprint.of not in LEDGERS:
        return None, [Problem(_("The list that this fingerprint speaks of is no longer kept."), ANCHOR)], 400
    partnership = partnership_in_scope(request.user, fingerprint)
    if partnership is None:
        message = _("There is no such partnership, or it is not yours to see.")
        return None, [Problem(message, ANCHOR)], 404
    return check(fingerprint, partnership, request, today=clock.today(partnership.time_zone)), [], 200


def partnership_in_scope(user, fingerprint: Fingerprint) -> Partnership | None:
    """None as well where the reader may not see such figures there, so that the answer does not tell what exists."""
    row = next((one for one in partnerships_seen(user) if one.key == fingerprint.partnership), None)
    return row if row and may(user, act_of(fingerprint), row.pk) else None
