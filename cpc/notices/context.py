"""What every page says of notices: the way to them, with how many this reader has not read; below a partnership also the days of
its reminders, to who may change them."""

from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from partners.pages import partnerships_seen
from partners.permissions import may, memberships_of


def notices(request):
    """The template variable `notices`; computed only when a page shows it, and once. Empty for who is not logged in."""
    return {"notices": SimpleLazyObject(lambda: _notices(request))}


def _notices(request) -> dict:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    url = reverse("notices:list")
    n_unread = max((m.n_unread for m in memberships_of(user)), default=0)
    found = {"url": url, "n_unread": n_unread, "is_here": request.path == url}
    match = getattr(request, "resolver_match", None)
    key = match.kwargs.get("partnership") if match else None
    current = next((one for one in partnerships_seen(user) if one.key == key), None)
    if current and may(user, "partnership.edit", current.pk):
        found["ladder"] = reverse("notices:ladder", args=[current.key])
    return found
