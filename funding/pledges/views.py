"""The page of the host government's pledge: what was promised, what was given, and which government says so."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from cpc.core.pages import paginate
from cpc.core.texts import text_in
from funding.awards.labels import percent_of, width_of
from partners.asof import asked_days
from partners.pages import partnership_page

from .queries import contributions_on, progress_of, promises
from .sheets import CONTRIBUTIONS

ROWS_AT_ONCE = 500


@require_safe
@partnership_page("read.pledges")
def pledge_list(request, partnership):
    days, asof = asked_days(request, partnership)
    asked = {"as_of": days.as_of, "known_on": days.known_on}
    rows = contributions_on(partnership, **asked).select_related("entity", "region", "source").order_by("effective_on", "pk")
    if request.GET.get("format") == "csv" and asof.is_valid():
        return CONTRIBUTIONS.for_people(rows.iterator(chunk_size=ROWS_AT_ONCE))
    found = promises(partnership, **asked)
    progress = progress_of(partnership, [promise.pledge for promise in found], **asked)
    return render(
        request,
        "funding/pledge_list.html",
        {
            "partnership": partnership,
            "days": days,
            "asof": asof,
            "form": asof,
            "promises": found,
            "progress": progress,
            "percent": percent_of(progress.share),
            "width": width_of(progress.share),
            "page": paginate(request, rows),
            "host_name": text_in(partnership, "host_name"),
        },
        status=200 if asof.is_valid() else 400,
    )
