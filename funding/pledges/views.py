"""The page of the host government's pledge: what was promised, what was given, and which government says so."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from cpc.core.pages import paginate
from cpc.core.rendering import problems
from cpc.core.texts import text_in
from funding.awards.filters import faults_of, narrowed_by
from funding.awards.labels import percent_of, width_of
from partners.asof import asked_days
from partners.pages import partnership_page

from .filters import ContributionFilter
from .queries import contributions_on, priced_totals, progress_of, promises
from .sheets import CONTRIBUTIONS

ROWS_AT_ONCE = 500


@require_safe
@partnership_page("read.pledges")
def pledge_list(request, partnership):
    days, asof = asked_days(request, partnership)
    asked = {"as_of": days.as_of, "known_on": days.known_on}
    given = contributions_on(partnership, **asked).select_related("entity", "region", "source")
    rows = ContributionFilter(request.GET, queryset=given.order_by("effective_on", "pk"), request=request)
    if request.GET.get("format") == "csv" and asof.is_valid() and rows.is_valid():
        return CONTRIBUTIONS.for_people(rows.qs.iterator(chunk_size=ROWS_AT_ONCE))
    found = promises(partnership, **asked)
    progress = progress_of(partnership, [promise.pledge for promise in found], **asked)
    return render(
        request,
        "funding/pledge_list.html",
        {
            "partnership": partnership,
            "days": days,
            "asof": asof,
            "problems": [*problems(asof), *faults_of(rows, "contributions")],
            "promises": found,
            "progress": progress,
            "percent": percent_of(progress.share),
            "width": width_of(progress.share),
            "rows": rows,
            "page": paginate(request, rows.qs) if rows.is_valid() else None,
            "totals": priced_totals(rows.qs) if rows.is_valid() else {},
            "narrowed": narrowed_by(rows, unsaid={}),
            "host_name": text_in(partnership, "host_name"),
        },
        status=200 if asof.is_valid() and rows.is_valid() else 400,
    )
