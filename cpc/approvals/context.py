"""What every page says of proposals: to officers the way to the inbox, with how many wait for this reader, and the form."""

from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from partners.pages import partnerships_seen
from partners.permissions import memberships_of
from partners.roles import OFFICERS, roles_that_may

from .models import Proposal


def approvals(request):
    """The template variable `approvals`; computed only when a page shows it, and once. Empty for who is no officer."""
    return {"approvals": SimpleLazyObject(lambda: _approvals(request))}


def _approvals(request) -> dict:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not any(m.role in OFFICERS for m in memberships_of(user)):
        return {}
    found = {
        "inbox": reverse("approvals:inbox"),
        "n_waiting": n_waiting(user),
        "is_here": request.path == reverse("approvals:inbox"),
    }
    match = getattr(request, "resolver_match", None)
    key = match.kwargs.get("partnership") if match else None
    current = next((one for one in partnerships_seen(user) if one.key == key), None)
    proposes = roles_that_may("money.propose")
    if current and any(m.role in proposes and m.partnership_id == current.pk for m in memberships_of(user)):
        found["propose"] = reverse("approvals:new", args=[current.key])
    return found


def n_waiting(user) -> int:
    """How many proposals `user` could decide now. No statement for somebody who decides nowhere."""
    places = [m.partnership_id for m in memberships_of(user) if m.role in roles_that_may("money.decide")]
    if not places:
        return 0
    return Proposal.objects.waiting().filter(partnership__in=places).exclude(proposed_by=user).count()
