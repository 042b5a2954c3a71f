"""The list of what falls due, each date with its reason."""

from django.shortcuts import render
from django.urls import reverse
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

from .above import Above, Review
from .changes_words import city_of
from .explain import title_of
from .filters import DeadlineFilterOfPage
from .gather import closed_days_of, load_awards
from .history import moves_of
from .lines import line_of
from .month import asked_month, month_of
from .permissions import answers_requests
from .queries import attach_reports, gaps_of, requests_waiting, rests_on_sample, rows_of, stale_job_message
from .sheets import DEADLINES
from .status import DUE_SOON_DAYS, Status


@require_GET
@partnership_page("read.deadlines")
def deadline_list(request, partnership, *, above: Above):
    """The deadlines that this reader may see, as filtered by the address; `?format=csv` gives them as a file. Beside them what
    waits for an officer: requests for a later day, and reports."""
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
    closed_days = closed_days_of([US, partnership.host_country.key])
    reviews = above.find_reviews(request.user, partnership, closed_days=closed_days)
    attach_reports(rows, request.user, above.find_reports, reviews)
    if asks_for_file(request) and found.is_valid():
        days = Days(as_of=today, known_on=today, today=today)
        return file_of(request, DEADLINES, rows, partnership=partnership, days=days, filters=found)
    page = paginate(request, rows)
    month = asked_month(request.GET.get("month"), default=first_day_asked(found) or today)
    moves = moves_of(list(page), partnership, awards, today=today, closed_days=closed_days)
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
            "requests": requests_shown(request.user, partnership),
            "reviews": [review_line(one, today) for one in reviews.values()],
            "month": month_of(rows, partnership, first=month, today=today, closed_days=closed_days, reviews=reviews.values()),
            "gaps": gaps_of(partnership, awards),
            "stale": stale_job_message(partnership, today=today),
        },
    )


def requests_shown(user, partnership) -> list[dict]:
    """The requests for a later day that wait for this reader's answer, each with its words and where it is answered. None for who
    answers none: others see the request at its date."""
    if not answers_requests(user, partnership.pk):
        return []
    return [
        {
            "change": change,
            "title": title_of(change.deadline),
            "who": str(text_in(change.deadline.recipient, "name")),
            "asked_on": partnership.day_of(change.asked_at),
            "url": reverse("deadlines:answer", args=[partnership.key, change.deadline.key]),
        }
        for change in requests_waiting(user, partnership)
    ]


def review_line(review: Review, today) -> dict:
    """A report on the officers' own clock, with how late its answer is, or how many days are left."""
    days = (review.due_on - today).days
    if days < 0:
        return {"review": review, "tag": ngettext("%(n)s day late", "%(n)s days late", -days) % {"n": -days}, "kind": "late"}
    if days == 0:
        return {"review": review, "tag": _("Due today"), "kind": "soon"}
    kind = "soon" if days <= DUE_SOON_DAYS else "none"
    return {"review": review, "tag": ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}, "kind": kind}


def first_day_asked(found: DeadlineFilterOfPage):
    """The day from which the list begins, where the address asks for one."""
    return found.form.cleaned_data.get("from") if found.is_valid() else None


def owed_awards(user, partnership, today):
    """The awards whose reports this reader may see. A host delegate reads sums of awards, but none of their deadlines."""
    if not roles_of(user, partnership.pk) & (FULL_READERS | PARTNER_ROLES):
        return []
    awards = Award.objects.visible_to(user).filter(partnership=partnership)
    return load_awards(awards, as_of=today, known_on=today)


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
