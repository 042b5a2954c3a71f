"""What every page says of notices: the way to them, with how many this reader has not read."""

from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from partners.permissions import memberships_of


def notices(request):
    """The template variable `notices`; computed only when a page shows it, and once. Empty for who is not logged in."""
    return {"notices": SimpleLazyObject(lambda: _notices(request))}


def _notices(request) -> dict:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    url = reverse("notices:list")
    n_unread = max((m.n_unread for m in memberships_of(user)), default=0)
    return {"url": url, "n_unread": n_unread, "is_here": request.path == url}
