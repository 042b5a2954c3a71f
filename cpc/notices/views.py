"""The notices of a person, the mails that did not go, and the days on which a partnership reminds."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cpc.core import clock
from cpc.core.pages import conflict, paginate
from cpc.core.texts import TextInLanguage, text_in
from partners.pages import partnership_page, partnerships_seen
from partners.permissions import may, may_anywhere

from . import services
from .forms import LadderForm
from .models import Kind, Ladder, Letter, Notice, ladder_of
from .runs import is_late
from .words import headline_of, is_past_due

UNREAD, ALL = "unread", "all"


@dataclass(frozen=True)
class Line:
    """One notice as the page shows it."""

    notice: Notice
    headline: str
    subject: TextInLanguage
    is_late: bool
    is_new: bool


@require_safe
def notice_list(request):
    """The reader's own: those not read that still hold, or (`?show=all`) everything; `?kind=` for one kind."""
    show = ALL if request.GET.get("show") == ALL else UNREAD
    kind = request.GET.get("kind") if request.GET.get("kind") in Kind.values else ""
    mine = Notice.objects.visible_to(request.user)
    rows = mine if show == ALL else mine.unread()
    page = paginate(request, (rows.filter(kind=kind) if kind else rows).for_list())
    context = {
        "page": page,
        "lines": [line_of(row) for row in page],
        "show": show,
        "kinds": [(value, label, value == kind) for value, label in Kind.choices],
        "is_filtered": bool(kind) or show == ALL,
        "mail": request.user.get_mail_display(),
        "names_partnerships": len(partnerships_seen(request.user)) > 1,
        "is_late": is_late(clock.now()),
        "query": request.GET.urlencode(),
        "ladders": [one for one in partnerships_seen(request.user) if may(request.user, "partnership.edit", one.pk)],
        "sees_unsent": may_anywhere(request.user, "users.invite_partners"),
    }
    return render(request, "notices/notice_list.html", context)


def line_of(notice: Notice) -> Line:
    today = clock.today(notice.partnership.time_zone)
    holds = notice.over_at is None
    headline = headline_of(notice, today) if holds else notice.get_kind_display()
    late = holds and is_past_due(notice, today)
    return Line(notice, headline, text_in(notice, "subject"), late, holds and notice.read_at is None)


@require_POST
def notice_read(request, pk):
    get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    services.mark_read(request.user, at=timezone.now(), pk=pk)
    return back_to_list(request)


@require_POST
def notice_read_all(request):
    n = services.mark_read(request.user, at=timezone.now())
    messages.success(request, ngettext("%(n)s notice is read.", "%(n)s notices are read.", n) % {"n": n})
    return back_to_list(request)


def back_to_list(request):
    """To the list as it was filtered: the address of the form carries its query."""
    query = request.GET.urlencode()
    return redirect(reverse("notices:list") + (f"?{query}" if query else ""))


@require_safe
def unsent_list(request):
    """Mails of the reader's partnerships that were given up, or were tried in vain so far."""
    may_anywhere(request.user, "users.invite_partners").require()
    rows = Letter.objects.visible_to(request.user).in_trouble().select_related("recipient")
    page = paginate(request, rows.order_by("-failed_at", "next_try_at", "pk"))
    return render(request, "notices/unsent_list.html", {"page": page, "zone": request.user.time_zone, "crumbs": crumbs()})


@require_POST
def unsent_try_again(request, pk):
    may_anywhere(request.user, "users.invite_partners").require()
    get_object_or_404(Letter.objects.visible_to(request.user), pk=pk)
    try:
        services.try_again(pk, actor=request.user, at=timezone.now())
    except Letter.DoesNotExist:
        messages.info(request, _("This mail has left meanwhile."))
    else:
        messages.success(request, _("It is tried again within a minute."))
    return redirect("notices:unsent")


@require_http_methods(["GET", "HEAD", "POST"])
@partnership_page("partnership.edit")
def ladder_edit(request, partnership):
    row = Ladder.objects.filter(partnership=partnership).first()
    initial = LadderForm.initial_of(ladder_of(partnership), row.version if row else 0)
    form = LadderForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_ladder(partnership.pk, actor=request.user, **form.values)
        except services.Overtaken:
            reason = _("Somebody else changed the days of the reminders meanwhile.")
            return conflict(request, "409.html", {"reason": reason})
        except ValidationError as error:
            form.add_service_errors(error)
        else:
            messages.success(request, _("Saved. It holds from the next reminder on."))
            return redirect("notices:ladder", partnership.key)
    return render(request, "notices/ladder_edit.html", {"form": form, "partnership": partnership, "crumbs": crumbs()})


def crumbs() -> list[dict]:
    return [{"label": _("Notices"), "url": reverse("notices:list")}]
