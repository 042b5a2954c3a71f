"""Pages that read several apps: where a person begins, and the dashboard."""

from dataclasses import dataclass

from csp.decorators import csp_update
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from activities.deadlines.queries import stale_job_message
from cpc.core.rendering import inline_styles
from cpc.core.sheets import stream_csv
from partners.asof import asked_days
from partners.models import Partnership
from partners.pages import partnership_page
from partners.permissions import may, sees_exact_counts

from .cards import activities_card, commitments_card, funds_card, term_card
from .country_map import draw
from .duties import alerts_of, deadlines_on, next_dialogue, reports_card

__all__ = ["Http404", "Partnership", "csp_update", "dataclass", "method_decorator", "redirect"]


@require_GET
@partnership_page("read.dashboard")
def overview(request, partnership):
    """The dashboard: answer first, every figure with its day and the rows behind it."""
    days, asof = asked_days(request, partnership)
    user = request.user
    rows = deadlines_on(user, partnership, days)
    reports = reports_card(rows, days.as_of) if may(user, "read.reports", partnership.pk) else None
    commitments = commitments_card(partnership, days)
    activities = activities_card(partnership, days, exact=sees_exact_counts(user, partnership.pk))
    pledge = pledge_card(partnership, days)
    styles, source = inline_styles()
    context = {
        "partnership": partnership,
        "days": days,
        "asof": asof,
        "form": asof,
        "inline_css": styles,
        "term": term_card(partnership, days),
        "funds": funds_card(partnership, days, spent=spent_on(partnership, days), statements=public_totals(partnership, days)),
        "pledge": pledge,
        "reports": reports,
        "commitments": commitments,
        "activities": activities,
        "alerts": alerts_of(partnership, rows=rows, reports=reports, commitments=commitments, waiting=pledge.waiting),
        "next_dialogue": next_dialogue(rows, days.as_of),
        "stale": stale_job_message(partnership, today=days.today),
        "map": map_of(partnership, activities),
        "objectives": list(partnership.objectives.order_by("number")),
        "matrix": matrix_of(activities.grid),
        "grid_csv_url": f"{request.path}grid.csv?{days.query}",
    }
    response = render(request, "dashboards/overview.html", context)
    response._csp_update = {"style-src": [source]}
    return response
