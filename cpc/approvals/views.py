"""The inbox of those who decide, and the page on which a proposal is previewed and decided."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cpc.core import clock
from cpc.core.pages import paginate
from partners.models import Partnership
from partners.pages import partnership_page
from partners.permissions import memberships_of
from partners.roles import names_of, roles_that_may

from . import services
from .consequences import touched_awards
from .figures import headline_of, shifts_of, totals_of_proposal
from .forms import DecisionForm
from .models import Proposal
from .permissions import may_decide, may_propose, may_see_proposals, may_withdraw
from .showing import deadline_lines, deadlines_headline, report_lines, reports_headline
from .words import Names, caution_words, sentences_of, title_of_proposal


@dataclass(frozen=True)
class Waiting:
    """One proposal of the inbox."""

    proposal: Proposal
    sentences: list[str]
    age: int
    may: object


@require_safe
def inbox(request):
    """What waits for a decision, the oldest first, and what was decided last; of every partnership of the reader."""
    may_see_proposals(request.user).require()
    rows = Proposal.objects.visible_to(request.user).for_list()
    decision = request.GET.get("decision", Proposal.Decision.PROPOSED)
    if decision not in Proposal.Decision.values:
        decision = Proposal.Decision.PROPOSED
    rows = rows.filter(decision=decision)
    page = paginate(request, rows if decision == Proposal.Decision.PROPOSED else rows.order_by("-decided_at"))
    names = {}
    for proposal in page:
        names.setdefault(proposal.partnership_id, Names(proposal.partnership))
    waiting = [
        Waiting(
            proposal,
            sentences_of(proposal.acts, names[proposal.partnership_id]),
            (clock.today(proposal.partnership.time_zone) - proposal.proposed_on).days,
            may_decide(request.user, proposal),
        )
        for proposal in page
    ]
    partnerships = [one for one in Partnership.objects.visible_to(request.user).for_list() if may_propose(request.user, one)]
    context = {
        "page": page,
        "waiting": waiting,
        "decision": decision,
        "decisions": [(value, label, value == decision) for value, label in Proposal.Decision.choices],
        "partnerships": partnerships,
        "deciders": names_of(roles_that_may("money.decide")),
        "decides": any(m.role in roles_that_may("money.decide") for m in memberships_of(request.user)),
    }
    return render(request, "approvals/inbox.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@partnership_page("read.funding")
def proposal_detail(request, partnership, key):
    proposal = get_object_or_404(Proposal.objects.visible_to(request.user).for_list(), partnership=partnership, key=key)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return decided(request, partnership, proposal, form)
    return show(request, partnership, proposal, form)


@require_safe
@partnership_page("read.funding")
def proposal_of_row(request, partnership, key):
    """Leads from a row of a ledger to the proposal that brought it."""
    proposal = Proposal.objects.visible_to(request.user).that_wrote(key).filter(partnership=partnership).first()
    if proposal is None:
        raise Http404
    return redirect("approvals:detail", partnership.key, proposal.key)


def decided(request, partnership, proposal, form):
    act, at = form.cleaned_data["act"], clock.now(partnership.time_zone)
    try:
        if act == "approve":
            services.approve(proposal.pk, actor=request.user, at=at, seen=form.cleaned_data["seen"])
            messages.success(request, _("Approved. What was previewed has happened."))
        elif act == "refuse":
            services.refuse(proposal.pk, actor=request.user, at=at, reason=form.cleaned_data["reason"])
            messages.success(request, _("Refused. The proposer reads your reason here."))
        else:
            services.withdraw(proposal.pk, actor=request.user, at=at)
            messages.success(request, _("Withdrawn. Nothing has moved."))
    except services.WorldChanged as changed:
        notice = _("Something else was decided meanwhile, so nothing was approved. These are the consequences as they are now.")
        kept = DecisionForm(initial={"reason": form.cleaned_data["reason"]})
        return show(request, partnership, proposal, kept, preview=changed.preview, notice=notice, status=409)
    except services.Overtaken as overtaken:
        notice = _("Somebody else was faster: %(decision)s.") % {"decision": overtaken.proposal.get_decision_display()}
        fresh = Proposal.objects.for_list().get(pk=proposal.pk)
        return show(request, partnership, fresh, DecisionForm(), notice=notice, status=409)
    except ValidationError as error:
        if "reason" not in error.update_error_dict({}):
            # an act has become impossible: the page itself says which and why
            notice = _("Something else was decided meanwhile, so nothing was approved: it can no longer be as it was proposed.")
            return show(request, partnership, proposal, DecisionForm(), notice=notice, status=409)
        form.add_error("reason", error.error_dict["reason"])
        return show(request, partnership, proposal, form)
    return redirect("approvals:detail", partnership.key, proposal.key)


def show(request, partnership, proposal, form, *, preview=None, notice="", status=200):
    """The proposal with its consequences: computed now while it waits, as kept once it was approved."""
    names, waits = Names(partnership, proposal.acts), proposal.decision == Proposal.Decision.PROPOSED
    if waits and preview is None:
        preview = services.preview(proposal, at=clock.now(partnership.time_zone))
    found = preview.consequences if preview else proposal.consequences
    sentences = sentences_of(proposal.acts, names)
    context = {
        "partnership": partnership,
        "proposal": proposal,
        "title": title_of_proposal(sentences),
        "sentences": sentences,
        "waits": waits,
        "notice": notice,
        "fault": fault_words(preview.fault, sentences) if preview and preview.fault else [],
        "fingerprint": preview.fingerprint if preview else "",
        "computed_at": clock.now(partnership.time_zone),
        "form": form,
        "may_decide": may_decide(request.user, proposal),
        "may_withdraw": may_withdraw(request.user, proposal),
    }
    if found:
        context |= consequences_of(found, names, waits=waits)
    return render(request, "approvals/proposal_detail.html", context, status=status)


def consequences_of(found: dict, names: Names, *, waits: bool) -> dict:
    deadlines, reports = deadline_lines(found, names), report_lines(found, names)
    return {
        "found": found,
        "cautions": [caution_words(one, names) for one in found["cautions"]],
        "headline": headline_of(found, names, waits=waits),
        "shifts": shifts_of(found, names),
        "deadlines": deadlines,
        "deadlines_headline": deadlines_headline(deadlines),
        "n_kept": found["deadlines"]["n_kept"],
        "reports": [line for line in reports if line.is_new or line.is_gone],
        "kept_reports": [line for line in reports if not line.is_new and not line.is_gone],
        "reports_headline": reports_headline(found, reports),
        "totals": totals_of_proposal(found, names),
        "touches_term": found["term"]["from"] != found["term"]["to"],
        "places": places_of(found, names),
    }


def places_of(found: dict, names: Names) -> list[dict]:
    """Where a reader sees what is touched: the pages of awards that there are, the term's, the pledge's."""
    key = names.partnership.key
    awards = sorted(award for award in touched_awards(found) if award in names.awards)
    places = [{"label": names.award(award), "url": reverse("dashboards:award", args=[key, award])} for award in awards]
    if found["term"]["from"] != found["term"]["to"] or found["regions"]:
        places.append({"label": _("Term and regions"), "url": reverse("partners:list", args=[key]) + "#term"})
    if found["pledges"]:
        places.append({"label": _("Pledge"), "url": reverse("pledges:list", args=[key])})
    return places


def fault_words(fault: services.FaultyAct, sentences: list[str]) -> list[str]:
    """Which act cannot be, and why."""
    if len(sentences) == 1:
        return fault.messages
    return [f"{sentences[fault.number]} {message}" for message in fault.messages]
