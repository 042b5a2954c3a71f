"""Pages of who works together, until when, where and for what."""

from datetime import date

from django.db.models import Q, QuerySet
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from cpc.core.dates import PreciseDate

from .asof import asked_days
from .models import Document, PartnershipMember
from .pages import partnership_page
from .queries import coverage_on, end_of, term_on

Part = PartnershipMember.Part
PART_HEADS = {
    Part.PRIME: _("Prime recipients"),
    Part.SUB_RECIPIENT: _("Sub-recipients"),
    Part.HOST_ENTITY: _("Host government entities"),
    Part.AGENCY: _("U.S. agencies"),
}


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
            "groups": members_by_part(partnership, as_of=days.as_of, known_on=days.known_on),
            "coverage": coverage_on(partnership, as_of=days.as_of, known_on=days.known_on),
            "objectives": with_a_source_of(partnership.objectives.all(), days.known_on),
            "documents": published_by(Document.objects.filter(partnership=partnership), days.known_on),
        },
        status=200 if asof.is_valid() else 400,
    )


def members_by_part(partnership, *, as_of: date, known_on: date):
    """(the part's heading, its members who had begun by then, each with both days and whether the last one is past) for each
    part that has any."""
    members = with_a_source_of(PartnershipMember.objects.filter(partnership=partnership), known_on)
    begun = members.filter(Q(from_on=None) | Q(from_on__lte=as_of)).select_related("organization")
    groups = {part: [] for part in Part}
    for member in begun.order_by("organization__key"):
        start = member.from_on and PreciseDate.of(member.from_on, member.from_precision)
        end = member.to_on and PreciseDate.of(member.to_on, member.to_precision)
        groups[member.part].append((member, start, end, end is not None and end.working_day < as_of))
    return [(PART_HEADS[part], rows) for part, rows in groups.items() if rows]


def with_a_source_of(rows: QuerySet, known_on: date) -> QuerySet:
    """The rows that could be known on `known_on`: those whose source was out by then, or has no day, or that have none."""
    known = Q(source__published_on=None) | Q(source__published_on__lte=known_on)
    return rows.filter(known).select_related("source")


def published_by(documents: QuerySet, known_on: date) -> QuerySet:
    """The documents that were out on `known_on`, oldest first, and last those whose day is not known."""
    return documents.filter(Q(published_on=None) | Q(published_on__lte=known_on)).order_by("published_on", "key")
