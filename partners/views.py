"""Pages of who works together, until when, where and for what."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from cpc.core.dates import PreciseDate

from .asof import asked_days
from .models import Document, PartnershipMember
from .pages import partnership_page
from .queries import coverage_on, end_of, term_on


@require_GET
@partnership_page("read.partners")
def member_list(request, partnership):
    """Members by part, the term's steps, regions, objectives and the documents that all of it rests on."""
    days, asof = asked_days(request, partnership)
    term = term_on(partnership, as_of=days.as_of, known_on=days.known_on)
    return render(
        request,
        "partners/member_list.html",
        {
            "partnership": partnership,
            "asof": asof,
            "form": asof,
            "days": days,
            "term": term,
            "steps": [(event, end_of(event), event.effective) for event in reversed(term.events)],
            "groups": members_by_part(partnership),
            "coverage": coverage_on(partnership, as_of=days.as_of, known_on=days.known_on),
            "objectives": partnership.objectives.select_related("source"),
            "documents": Document.objects.filter(partnership=partnership).order_by("published_on", "key"),
        },
    )


def members_by_part(partnership):
    """(part's label, members with their days) for each part that has any."""
    members = PartnershipMember.objects.filter(partnership=partnership).select_related("organization", "source")
    groups = {part: [] for part in PartnershipMember.Part}
    for member in members.order_by("organization__key"):
        start = member.from_on and PreciseDate.of(member.from_on, member.from_precision)
        end = member.to_on and PreciseDate.of(member.to_on, member.to_precision)
        groups[member.part].append((member, start, end))
    return [(part.label, rows) for part, rows in groups.items() if rows]
