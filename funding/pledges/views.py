"""The pages of the host government's pledge: what was promised, what was given, which government says so, and one contribution
with its history."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cpc.core import clock
from cpc.core.pages import paginate
from cpc.core.rendering import problems
from cpc.core.texts import text_in
from funding.awards.filters import faults_of, narrowed_by
from funding.awards.labels import percent_of, width_of
from partners.asof import asked_days
from partners.exports import asks_for_file, file_of
from partners.pages import partnership_page
from partners.permissions import may

from .breakdown import breakdowns
from .filters import ContributionFilter
from .history import history_of, side_name
from .models import Contribution
from .permissions import may_change_contribution, may_enter_contribution, may_speak, side_of
from .queries import contributions_on, priced_totals, progress_of, promises, waiting_for, with_agreement, with_life
from .sheets import CONTRIBUTIONS

MOST_WAITING = 10


@require_safe
@partnership_page("read.pledges")
def pledge_list(request, partnership):
    days, asof = asked_days(request, partnership)
    asked = {"as_of": days.as_of, "known_on": days.known_on}
    given = contributions_on(partnership, **asked).select_related("entity", "region", "source")
    rows = ContributionFilter(request.GET, queryset=given.order_by("effective_on", "pk"), request=request)
    if asks_for_file(request) and asof.is_valid() and rows.is_valid():
        return file_of(request, CONTRIBUTIONS, rows.qs, partnership=partnership, days=days, filters=rows)
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
            "breakdowns": breakdowns(partnership, **asked) if progress.n_rows else [],
            "rows": rows,
            "page": paginate(request, rows.qs) if rows.is_valid() else None,
            "totals": priced_totals(rows.qs) if rows.is_valid() else {},
            "narrowed": narrowed_by(rows, unsaid={}),
            "host_name": text_in(partnership, "host_name"),
            "may_enter": may_enter_contribution(request.user, partnership),
            "may_propose": may(request.user, "money.propose", partnership.pk),
            "waiting": None if days.is_looking_back else waiting_of(request.user, partnership, days.today),
        },
        status=200 if asof.is_valid() and rows.is_valid() else 400,
    )


def waiting_of(user, partnership, today) -> dict | None:
    """What waits for the word of the reader's own government: the oldest rows, and how many they are. None where the reader
    speaks for none."""
    side = side_of(user, partnership.pk)
    if side is None:
        return None
    rows = waiting_for(partnership, side, as_of=today, known_on=today)
    return {"side": side, "side_name": side_name(partnership, side), "rows": list(rows[:MOST_WAITING]), "n": rows.count()}


@require_safe
@partnership_page("read.pledges")
def contribution_detail(request, partnership, key):
    """One contribution, in force or void: what it is, what either government says of it and may say now, and its history."""
    today = clock.today(partnership.time_zone)
    rows = with_life(Contribution.objects.visible_to(request.user), known_on=today)
    row = with_agreement(rows, as_of=today, known_on=today).filter(Q(partnership=partnership, key=key)).first()
    if row is None:
        raise Http404
    words = list(row.confirmations.select_related("confirmed_by").order_by("confirmed_on", "pk"))
    side, agrees = side_of(request.user, partnership.pk), None
    if side:
        agrees = getattr(row, f"{side}_agrees")
    return render(
        request,
        "funding/contribution_detail.html",
        {
            "partnership": partnership,
            "contribution": row,
            "host_name": text_in(partnership, "host_name"),
            "history": history_of(row, words, today),
            "reasons": {word.side: word.reason for word in words if word.confirmed_on <= today},  # the newest of each side
            "may_speak": may_speak(request.user, row),
            "may_change": may_change_contribution(request.user, row),
            "may_enter": may_enter_contribution(request.user, partnership),
            "side_name": side_name(partnership, side) if side else "",
            "agrees": agrees,
        },
    )
