"""Pages that read several apps: where a person begins, and the dashboard."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from activities.deadlines.queries import stale_job_message
from activities.reporting.labels import lateness_kind, lateness_label, name_of, organization_name, parts_label, report_title
from activities.reporting.queries import owed_by
from cpc.core import clock
from cpc.core.fingerprints import Measured
from cpc.core.rendering import inline_styles
from cpc.core.sheets import Column, Sheet
from cpc.core.texts import text_in
from partners.asof import asked_days
from partners.exports import file_of
from partners.pages import partnership_page, partnerships_seen
from partners.permissions import may, sees_exact_counts
from partners.queries import term_on

from .cards import activities_card, commitments_card, funds_card, grid_day, held_on, term_card
from .context import home_of
from .country_map import draw
from .duties import alerts_of, dates_of, next_dialogue, reports_card
from .facts import facts_on
from .pledge import pledge_card
from .silence import last_full_quarter

LONG_NAME = 48  # more letters than that do not fit beside the as-of control


@require_GET
def home(request):
    """Where a person begins: what their organization owes, else the only partnership's dashboard, or the list of partnerships."""
    user = request.user
    partnerships = partnerships_seen(user)
    owing = [partnership for partnership in partnerships if may(user, "report.prepare", partnership.pk)]
    if owing:
        return render(request, "dashboards/owed.html", {"owing": [(row, *owed_by_day(user, row)) for row in owing]})
    if len(partnerships) == 1:
        return redirect(home_of(user, partnerships[0]))
    links = [(partnership, home_of(user, partnership)) for partnership in partnerships]
    return render(request, "dashboards/home.html", {"links": links})


def owed_by_day(user, partnership):
    """What the person's organizations owe in a partnership, most urgent first, with the words of a list; and what must be said
    while the job that finds it stands still."""
    today = clock.today(partnership.time_zone)
    return owed_lines(user, partnership, today), stale_job_message(partnership, today=today)


def owed_lines(user, partnership, today):
    return [
        {
            "standing": standing,
            "title": report_title(standing.report),
            "award": name_of(standing.report.award, "title"),
            "organization": organization_name(standing.report.organization),
            "parts": parts_label(standing.parts),
            "late": lateness_label(standing),
            "kind": lateness_kind(standing),
            "url": standing.url,
        }
        for standing in owed_by(user, partnership, today)
    ]


@require_GET
@partnership_page("read.dashboard")
def overview(request, partnership):
    """The dashboard: answer first, every figure with its day and the rows behind it."""
    days, asof = asked_days(request, partnership)
    user = request.user
    term = term_card(partnership, days)
    until = grid_day(term.term, days)
    facts = facts_on(user, partnership, days, quarter=last_full_quarter(until))
    rows = dates_of(user, partnership, days, facts.dates)
    reports = reports_card(partnership, days) if may(user, "read.reports", partnership.pk) else None
    commitments = commitments_card(partnership, days)
    activities = activities_card(partnership, days, facts, until=until, exact=sees_exact_counts(user, partnership.pk))
    styles, source = inline_styles()
    context = {
        "partnership": partnership,
        "has_long_name": len(str(text_in(partnership, "name"))) > LONG_NAME,
        "days": days,
        "asof": asof,
        "form": asof,
        "inline_css": styles,
        "term": term,
        "funds": funds_card(partnership, days, said=facts.totals),
        "pledge": pledge_card(partnership, days),
        "reports": reports,
        "commitments": commitments,
        "activities": activities,
        "alerts": alerts_of(
            partnership,
            days,
            rows=rows,
            reports=reports,
            commitments=commitments,
            waiting=facts.waiting,
            requests=() if days.is_looking_back else facts.requests,
        ),  # fmt: skip
        "next_dialogue": next_dialogue(rows, days.as_of),
        "stale": stale_job_message(partnership, today=days.today),
        "map": map_of(partnership, activities),
        "matrix": matrix_of(activities.grid),
        "grid_files": {"CSV": f"{request.path}grid.csv?{days.query}", "Excel": f"{request.path}grid.xlsx?{days.query}"},
    }
    response = render(request, "dashboards/overview.html", context)
    response._csp_update = {"style-src": [source]}
    return response


@require_GET
@partnership_page("read.dashboard")
def grid_file(request, partnership, wanted):
    """The grid of region × objective × quarter as rows, of the same day as the page; `wanted`: csv or xlsx."""
    days, _form = asked_days(request, partnership)
    until = grid_day(term_on(partnership, as_of=days.as_of, known_on=days.known_on), days)
    held = held_on(partnership, days, list(partnership.objectives.order_by("number")), until)
    cells = [(pair, cell) for pair in held.grid.pairs for cell in pair.cells]
    found = Measured(len(cells), has_sample=held.counts.is_sample)
    return file_of(request, GRID, cells, partnership=partnership, days=days, of=found, wanted=wanted)


GRID = Sheet(
    "activities-grid",
    (
        Column("region", gettext_lazy("Region"), lambda row: row[0].region.key),
        Column("objective", gettext_lazy("Objective"), lambda row: row[0].objective.key),
        Column("quarter", gettext_lazy("Quarter"), lambda row: row[1].quarter),
        Column("activities", gettext_lazy("Activities held"), lambda row: None if row[1].kind == "x" else row[1].n),
        Column("state", gettext_lazy("State"), lambda row: KINDS[row[1].kind]),
    ),
    title=gettext_lazy("Activities by region, objective and quarter"),
)
KINDS = {"n1": "held", "n2": "held", "n3": "held", "z": "silent", "p": "in_progress", "x": "not_yet_in"}


def matrix_of(grid):
    """(region, the cells of the last full quarter by objective), for the small table of the card."""
    newest = grid.quarters.index(grid.last_full)
    return [{"region": region, "cells": [pair.cells[newest] for pair in pairs]} for region, pairs in grid.by_region]


def map_of(partnership, activities):
    """The map of the host country; None where no outlines of it are known."""
    country = partnership.host_country
    if not country.map_width:
        return None
    return draw(
        width=country.map_width,
        height=country.map_height,
        land=country.map_land,
        borders=country.map_borders,
        regions=activities.map_rows,
    )
