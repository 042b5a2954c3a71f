"""The list of what falls due, each date with its reason."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from cpc.core import clock
from cpc.core.pages import paginate
from cpc.core.texts import text_in
from cpc.core.workdays import US
from funding.models import Award
from partners.asof import Days
from partners.exports import asks_for_file, file_of
from partners.pages import partnership_page
from partners.permissions import roles_of
from partners.roles import FULL_READERS, PARTNER_ROLES

from .filters import DeadlineFilterOfPage
from .gather import closed_days_of, load_awards
from .history import moves_of
from .lines import line_of
from .month import asked_month, month_of
from .queries import attach_reports, gaps_of, rests_on_sample, rows_of, stale_job_message
from .sheets import DEADLINES
from .status import Status


@require_GET
@partnership_page("read.deadlines")
def deadline_list(request, partnership, *, find_reports):
    """The deadlines that this reader may see, as filtered by the address; `?format=csv` gives them as a file. `find_reports`:
    `queries.FindReports`."""
    today = clock.today(partnership.time_zone)
    awards = owed_awards(request.user, partnership, today)
    found = DeadlineFilterOfPage(
        request.GET,
        queryset=rows_of(request.user, partnership, today=today),
        request=request,
        awards=[(one.award.key, str(text_in(one.award, "title"))) for one in awards],
        recipients=names_of_recipients(awards),
    )
    rows = list(found.qs) if found.is_valid() else []
    attach_reports(rows, request.user, find_reports)
    if asks_for_file(request) and found.is_valid():
        days = Days(as_of=today, known_on=today, today=today)
        return file_of(request, DEADLINES, rows, partnership=partnership, days=days, filters=found)
    page = paginate(request, rows)
    month = asked_month(request.GET.get("month"), default=first_day_asked(found) or today)
    closed_days = closed_days_of([US, partnership.host_country.key])
    moves = moves_of(list(page), partnership, awards, today=today)
    return render(
        request,
        "activities/deadline_list.html",
        {
            "partnership": partnership,
            "city": city_of(partnership.time_zone),
            "filter": found,
            "form": found.form,
            "found": say_found(rows),
            "page": page,
            "is_sample": any(rests_on_sample(row) for row in rows),
            "lines": [line_of(row, moves.get(row.pk)) for row in page],
            "month": month_of(rows, partnership, first=month, today=today, closed_days=closed_days),
            "gaps": gaps_of(partnership, awards),
            "stale": stale_job_message(partnership, today=today),
        },
    )


def first_day_asked(found: DeadlineFilterOfPage):
    """The day from which the list begins, where the address asks for one."""
    return found.form.cleaned_data.get("from") if found.is_valid() else None


def owed_awards(user, partnership, today):
    """The awards whose reports this reader may see. A host delegate reads sums of awards, but none of their deadlines."""
    if not roles_of(user, partnership.pk) & (FULL_READERS | PARTNER_ROLES):
        return []
    awards = Award.objects.visible_to(user).filter(partnership=partnership)
    return load_awards(awards, as_of=today, known_on=today)


def city_of(zone: str) -> str:
    """The city by which a zone is known: "Lima" for America/Lima."""
    return zone.rpartition("/")[2].replace("_", " ")


def names_of_recipients(awards) -> list[tuple[str, str]]:
    organizations = {one.organization for loaded in awards for one in loaded.recipients}
    return sorted(((one.key, str(text_in(one, "name"))) for one in organizations), key=lambda pair: pair[1])


def say_found(rows) -> str:
    n_late = sum(row.status == Status.OVERDUE for row in rows)
    count = ngettext("%(n)s deadline", "%(n)s deadlines", len(rows)) % {"n": len(rows)}
    if not n_late:
        return count
    late = ngettext("%(n)s late", "%(n)s late", n_late) % {"n": n_late}
    return _("%(count)s, %(late)s") % {"count": count, "late": late}
