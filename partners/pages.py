"""How a page finds its partnership and asks whether its reader may see it."""

from functools import wraps

from django.http import Http404

from .models import Partnership
from .permissions import may, memberships_of


def partnerships_seen(user) -> list[Partnership]:
    """Those in which `user` has a role, by key, with their countries; read once per request, from the memberships where these
    name them all."""
    if not hasattr(user, "_partnerships"):
        memberships = memberships_of(user)
        if any(membership.partnership_id is None for membership in memberships):
            user._partnerships = list(Partnership.objects.for_list())
        else:
            named = {membership.partnership.key: membership.partnership for membership in memberships}
            user._partnerships = [named[key] for key in sorted(named)]
    return user._partnerships


def partnership_page(act: str):
    """A view of one partnership: its key in the address becomes the row, 404 out of scope, 403 with the reason without `act`."""

    def decorate(view):
        @wraps(view)
        def guarded(request, partnership, *args, **kwargs):
            row = next((one for one in partnerships_seen(request.user) if one.key == partnership), None)
            if row is None:
                raise Http404
            may(request.user, act, row.pk).require()
            return view(request, row, *args, **kwargs)

        return guarded

    return decorate
