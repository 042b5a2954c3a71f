"""A person's private calendar: the page on which its address is made and taken back, and the file that stands behind it."""

from hashlib import sha256

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cpc.core import clock
from partners.pages import partnerships_seen

from .calendar_text import calendar_of
from .feed import find_feed, make_feed, note_use, revoke_feed
from .feed_entries import entries_of
from .models import CalendarFeed


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_page(request, **entries) -> HttpResponse:
    """Whether the person has an address, and what stands in the calendar. A new address stands in the answer to its making, never
    again."""
    made = ""
    if request.method == "POST":
        act = request.POST.get("act")
        if act == "revoke":
            if revoke_feed(request.user):
                messages.success(request, _("The address is taken back. Programs that use it find nothing from now on."))
            return redirect("calendar:page")
        if act != "make":
            return redirect("calendar:page")
        made = request.build_absolute_uri(reverse("calendar:feed", args=[make_feed(request.user, now=timezone.now())]))
    feed = CalendarFeed.objects.filter(user=request.user).first()
    n_entries = len(found_by(request.user, **entries))
    return render(request, "activities/calendar_page.html", {"feed": feed, "made": made, "n_entries": n_entries})


@login_not_required
@require_safe
def calendar_feed(request, token, **entries) -> HttpResponse:
    """The calendar of whoever made this address; who they are and what they may see is asked anew each time."""
    feed = find_feed(token)
    if feed is None:
        raise Http404
    with translation.override(feed.user.language):
        text = calendar_of(found_by(feed.user, **entries), link=request.build_absolute_uri)
    note_use(feed, now=timezone.now())
    headers = {
        "Cache-Control": "private, no-cache",
        "Content-Disposition": 'inline; filename="alianza.ics"',
        "Content-Language": feed.user.language,
        "ETag": f'"{sha256(text).hexdigest()}"',
        "X-Robots-Tag": "noindex",
    }
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)
    return get_conditional_response(request, etag=response.headers["ETag"], response=response)


def found_by(user, *, find_reports, more):
    """The entries of `user`, each day as it is in the partnership's zone."""
    zones = {partnership.time_zone for partnership in partnerships_seen(user)}
    return entries_of(user, {zone: clock.today(zone) for zone in sorted(zones)}, find_reports=find_reports, more=more)
