"""Pages of the program officer: review a report, return it with items, accept it, reopen an accepted one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cpc.core import clock
from cpc.core.rendering import problems

from . import moves
from .completeness import financial_problems
from .contents import Contents, read_contents
from .forms import AcceptForm, ReasonForm, ReturnForm
from .labels import place_label, where_labels
from .pages import Opened, history_lines, not_now, posted_moves, report_page, started
from .permissions import acts_of, may_move, may_reopen
from .queries import history_of, submissions_of
from .rules import due_again
from .showing import Figures, changes_between
from .signed_out import gives_back
from .views import contents_context


@require_safe
@report_page
@started
def report_review(request, opened: Opened):
    """What was submitted, what was asked before and answered, what changed since, and the decision beside it."""
    may = may_move(request.user, opened.report, opened.version, "return")
    return not_now(request, opened, may) or review_page(request, opened)


def review_page(request, opened: Opened, *, accept_form=None, return_form=None):
    context = opened.context | contents_context(opened, opened.version)
    contents: Contents = context["contents"]
    places = where_labels(contents)
    today = clock.today(opened.partnership.time_zone)
    asked = place_label(contents, *asked_place(request), places)
    submissions = submissions_of(opened.version)
    accept_form = accept_form or AcceptForm()
    return_form = return_form or ReturnForm(places=places, asked=asked, due_on=due_again(today))
    acts = {act.name: act.may for act in acts_of(request.user, opened.report, opened.version)}
    context |= {
        "crumbs": opened.crumbs(),
        "accept_form": accept_form,
        "return_form": return_form,
        "problems": problems(accept_form, return_form),
        "places": places,
        "may_accept": acts["accept"],
        "may_release": acts["release_review"],
        "items": [(item, place_label(contents, item.section_key, item.field, places)) for item in contents.items],
        "changes": changes_of(submissions, contents, exact=opened.exact),
        "has_rounds": len(submissions) > 1,
        "round": len(submissions),
        "checks": checks_of(opened, contents),
        "history": history_lines(opened, history_of(opened.report), request.user),
        "reads_only": True,
    }
    return render(request, "activities/report_review.html", context)


def asked_place(request) -> tuple[str, str]:
    """The task and field that a link "ask about this" names."""
    task, _slash, field = request.GET.get("at", "").partition("/")
    return task, field


def changes_of(submissions, contents: Contents, *, exact: bool) -> list:
    """What changed between the last two submissions of this version."""
    if len(submissions) < 2:
        return []
    return changes_between(submissions[-2].contents, submissions[-1].contents, contents, exact=exact)


def checks_of(opened: Opened, contents: Contents) -> list[tuple[str, str]]:
    """Figures that help the reviewer to see at once how complete the report is."""
    cells = [cell for block in contents.blocks for cell in block.cells]
    n_numbers = sum(cell.value is not None for cell in cells)
    rows = [(block.indicator.pk, row.region and row.region.pk) for block in contents.blocks for row in block.rows]
    targets = Figures(opened.report).targets
    checks = []
    if cells:
        of = _("%(n)s of %(all)s")
        checks.append((_("Cells with a number"), of % {"n": n_numbers, "all": len(cells)}))
        checks.append((_("Cells with a reason instead"), of % {"n": len(cells) - n_numbers, "all": len(cells)}))
        n_targets = sum(row in targets for row in rows)
        checks.append((_("Rows with a target this year"), of % {"n": n_targets, "all": len(rows)}))
    if contents.financial:
        n = len(financial_problems(contents, is_final=opened.report.is_final))
        checks.append((_("SF-425 checks that fail"), str(n)))
        checks.append((_("SF-425 remarks"), _("given") if contents.financial.remarks else _("none")))
    return checks


@gives_back("reports:detail")
@require_POST
@report_page
@started
def report_start_review(request, opened: Opened):
    at = clock.now(opened.partnership.time_zone)
    moves.start_review(opened.version.pk, actor=request.user, at=at, seen=posted_moves(request))
    return redirect(opened.url("review"))


@gives_back("reports:detail")
@require_POST
@report_page
@started
def report_release(request, opened: Opened):
    at = clock.now(opened.partnership.time_zone)
    moves.release_review(opened.version.pk, actor=request.user, at=at, seen=posted_moves(request))
    messages.success(request, _("Released. The report waits for any program officer again."))
    return redirect(opened.url("detail"))


@gives_back("reports:review")
@require_POST
@report_page
@started
def report_accept(request, opened: Opened):
    not_now(request, opened, may_move(request.user, opened.report, opened.version, "accept"))
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return review_page(request, opened, accept_form=form)
    at = clock.now(opened.partnership.time_zone)
    comment = form.cleaned_data["comment"]
    moves.accept(opened.version.pk, actor=request.user, at=at, comment=comment, seen=posted_moves(request))
    messages.success(request, _("Accepted. The report is frozen; a correction is a new version."))
    return redirect(opened.url("detail"))


@gives_back("reports:review")
@require_POST
@report_page
@started
def report_return(request, opened: Opened):
    """Return with the items that were written; the button "more" only asks for more rows."""
    not_now(request, opened, may_move(request.user, opened.report, opened.version, "return"))
    version = opened.version
    places = where_labels(read_contents(opened.report, version))
    if "more" in request.POST:
        return review_page(request, opened, return_form=ReturnForm(places=places, kept=request.POST))
    form = ReturnForm(request.POST, places=places)
    if not form.is_valid():
        return review_page(request, opened, return_form=form)
    try:
        moves.return_report(
            version.pk,
            actor=request.user,
            at=clock.now(opened.partnership.time_zone),
            items=form.return_items,
            comment=form.cleaned_data["comment"],
            due_on=form.cleaned_data["due_on"],
            seen=posted_moves(request),
        )
    except ValidationError as error:
        form.add_error("due_on" if "due_on" in error.message_dict else None, error.messages)
        return review_page(request, opened, return_form=form)
    n = len(form.return_items)
    messages.success(request, ngettext("Returned with %(n)s item.", "Returned with %(n)s items.", n) % {"n": n})
    return redirect(opened.url("detail"))


@gives_back("reports:reopen")
@require_http_methods(["GET", "HEAD", "POST"])
@report_page
@started
def report_reopen(request, opened: Opened):
    """Begin a new version of an accepted report; asks for the reason."""
    if (elsewhere := not_now(request, opened, may_reopen(request.user, opened.report, opened.version))) is not None:
        return elsewhere
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        at, reason = clock.now(opened.partnership.time_zone), form.cleaned_data["reason"]
        version = moves.reopen(opened.version.pk, actor=request.user, at=at, reason=reason, seen=posted_moves(request))
        messages.success(request, _("Reopened as version %(n)s. The accepted version stays readable.") % {"n": version.number})
        return redirect(opened.url("detail"))
    context = opened.context | {"crumbs": opened.crumbs(), "form": form}
    return render(request, "activities/report_reopen.html", context)
