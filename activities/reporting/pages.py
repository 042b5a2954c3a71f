"""What the pages of one report share: the row in scope, its head, its moves in sentences, and the answer to who came too late."""

from dataclasses import dataclass
from functools import wraps

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cpc.core import clock
from cpc.core.labels import day_label, moment_label
from cpc.core.pages import conflict
from partners.models import Partnership
from partners.pages import partnership_page

from .drafts import Overtaken
from .labels import STATE_KINDS, STATE_LABELS, lateness_kind, lateness_label, organization_name, report_title
from .models import Report, ReportVersion, Transition
from .permissions import sees_contents_exactly
from .queries import standing_of

MOVE_SENTENCES = {
    "open": gettext_lazy("Started by %(who)s"),
    "submit": gettext_lazy("Certified and submitted by %(who)s"),
    "withdraw": gettext_lazy("Withdrawn by %(who)s"),
    "start_review": gettext_lazy("Review started by %(who)s"),
    "release_review": gettext_lazy("Review released by %(who)s"),
    "return": gettext_lazy("Returned by %(who)s, due again %(due)s"),
    "accept": gettext_lazy("Accepted by %(who)s"),
    "reopen": gettext_lazy("Reopened by %(who)s as version %(version)s, due %(due)s"),
}


@dataclass(frozen=True)
class Opened:
    """A report that a page shows: its row with state, its newest version (None: not started), where it stands today, and
    whether this reader sees protected counts."""

    partnership: Partnership
    report: Report
    version: ReportVersion | None
    standing: object
    exact: bool

    @property
    def context(self) -> dict:
        return {
            "partnership": self.partnership,
            "report": self.report,
            "version": self.version,
            "standing": self.standing,
            "report_name": report_title(self.report),
            "organization_name": organization_name(self.report.organization),
            "state_label": STATE_LABELS[self.report.state],
            "state_kind": STATE_KINDS[self.report.state],
            "late_label": lateness_label(self.standing),
            "late_kind": lateness_kind(self.standing),
            "place": place_of(self.partnership.time_zone),
            "exact": self.exact,
            "n_moves": n_moves(self.version),
        }

    def url(self, name: str, *rest) -> str:
        return reverse(f"reports:{name}", args=[self.partnership.key, self.report.key, *rest])

    def crumbs(self, *, inner: bool = True) -> list[dict]:
        """The list, and for pages below the report the report itself."""
        trail = [{"label": _("Reports"), "url": reverse("reports:list", args=[self.partnership.key])}]
        if inner:
            trail.append({"label": report_title(self.report), "url": self.url("detail")})
        return trail


def report_page(view):
    """A view of one report: 404 out of scope, 403 for who reads no reports; one that was overtaken answers 409 with who won."""

    @partnership_page("read.reports")
    @wraps(view)
    def guarded(request, partnership, key, *args, **kwargs):
        rows = Report.objects.visible_to(request.user).filter(partnership=partnership).for_list()
        report = get_object_or_404(rows, key=key)
        report.partnership = partnership
        version = report.versions.select_related("certified_by", "reviewer").first() if report.number else None
        today = clock.today(partnership.time_zone)
        exact = sees_contents_exactly(request.user, report)
        opened = Opened(partnership, report, version, standing_of(report, today=today), exact)
        try:
            response = view(request, opened, *args, **kwargs)
        except Overtaken as overtaken:
            response = overtaken_page(request, opened, overtaken)
        response.headers["Cache-Control"] = "no-store"  # exact counts may stand in it
        return response

    return guarded


def started(view):
    """For pages that need contents: a report that nobody has begun has none, its own page says so."""

    @wraps(view)
    def guarded(request, opened, *args, **kwargs):
        if opened.version is None:
            return redirect(opened.url("detail"))
        return view(request, opened, *args, **kwargs)

    return guarded


def not_now(request, opened: Opened, may):
    """The answer where an act is not this reader's now, None where it is: a role that does not hold it gets the reason (403);
    a report that is elsewhere leads to its own page, which says where, and an act that comes too late is told who was faster
    (409)."""
    if may.code != "state":
        may.require()
        return None
    if request.method == "POST":
        raise Overtaken(opened.version)
    messages.info(request, may.message)
    return redirect(opened.url("detail"))


def overtaken_page(request, opened: Opened, overtaken: Overtaken):
    return conflict(request, "409.html", {"reason": overtaken_reason(opened, overtaken, request.user)})


def overtaken_reason(opened: Opened, overtaken: Overtaken, user) -> str:
    """Who acted first, what it was and when."""
    if overtaken.last is None:
        return _("This report changed while you had it open. Nothing of yours was saved.")
    words = {
        "sentence": sentence_of(overtaken.last, user),
        "when": moment_label(overtaken.last.at, opened.partnership.time_zone),
        "place": place_of(opened.partnership.time_zone),
    }
    return _("%(sentence)s: %(when)s, %(place)s. What you did came after it and was not saved.") % words


def sentence_of(move: Transition, user) -> str:
    """One move in words: "Returned by Olivia, due again 5 Feb 2020"."""
    who = _("you") if move.actor_id == user.pk else str(move.actor) if move.actor else _("a program")
    due = day_label(move.due_on) if move.due_on else ""
    return MOVE_SENTENCES[move.move] % {"who": who, "due": due, "version": move.version.number}


def history_lines(opened: Opened, moves: list[Transition], user) -> list[dict]:
    """For includes/_history.html: every move, newest first, with its time and its words."""
    zone = opened.partnership.time_zone
    place = place_of(zone)
    lines = []
    for move in moves:
        words = {"when": moment_label(move.at, zone), "place": place, "comment": move.comment}
        note = _("%(when)s, %(place)s: %(comment)s") if move.comment else _("%(when)s, %(place)s")
        lines.append({"sentence": sentence_of(move, user), "note": note % words})
    return lines


def place_of(zone: str) -> str:
    """The city that names a zone: "Lima" for America/Lima."""
    return zone.rpartition("/")[2].replace("_", " ")


def n_moves(version: ReportVersion | None) -> int:
    """How many moves the reader sees; sent back with every act, so that a page that shows an older state moves nothing."""
    return version.transitions.count() if version else 0


def posted_moves(request) -> int:
    """What `n_moves` was when the page was drawn; -1, which nothing equals, when the form does not say."""
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else -1
