"""What every page says of proposals: to officers the way to the inbox, with how many wait for this reader, and to the form."""

from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from partners.pages import partnerships_seen
from partners.permissions import memberships_of
from partners.roles import OFFICERS

from .permissions import may_propose, may_see_proposals


def approvals(request):
    """The template variable `approvals`; computed only when a page shows it, and once. Empty for who may not see proposals."""
    return {"approvals": SimpleLazyObject(lambda: _approvals(request))}


def _approvals(request) -> dict:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not may_see_proposals(user):
        return {}
    found = {"sees": True}
    if any(m.role in OFFICERS for m in memberships_of(user)):
        inbox = reverse("approvals:inbox")
        found |= {"inbox": inbox, "n_waiting": sum(m.n_to_decide for m in memberships_of(user)), "is_here": request.path == inbox}
    match = getattr(request, "resolver_match", None)
    key = match.kwargs.get("partnership") if match else None
    current = next((one for one in partnerships_seen(user) if one.key == key), None)
    if current and may_propose(user, current):
        found["propose"] = reverse("approvals:new", args=[current.key])
    return found
