"""How a page finds its partnership and asks whether its reader may see it."""

from functools import wraps

from django.shortcuts import get_object_or_404

from .models import Partnership
from .permissions import may


def partnership_page(act: str):
    """A view of one partnership: its key in the address becomes the row, 404 out of scope, 403 with the reason without `act`."""

    def decorate(view):
        @wraps(view)
        def guarded(request, partnership, *args, **kwargs):
            row = get_object_or_404(Partnership.objects.visible_to(request.user).for_list(), key=partnership)
            may(request.user, act, row.pk).require()
            return view(request, row, *args, **kwargs)

        return guarded

    return decorate
