"""The inbox of those who decide, the form of those who propose, and the page on which a proposal is previewed and decided."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cpc.core import clock
from cpc.core.pages import paginate
from cpc.core.rendering import problems as problems_of
from partners.models import Partnership
from partners.pages import partnership_page
from partners.permissions import may, memberships_of
from partners.roles import names_of, roles_that_may

from . import services
from .acts import FaultyAct
from .forms import SECTIONS, DecisionForm, ReasonSection
from .models import Proposal
from .permissions import may_decide, may_propose, may_see_proposals, may_withdraw
from .showing import Names, deadline_lines, deadlines_headline, report_lines, sentences_of, shifts_of, total_shifts


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
def proposal_new(request, partnership):
    may_propose(request.user, partnership).require()
    data = request.POST or None
    sections = [section(data, partnership=partnership, initial=started(request, section)) for section in SECTIONS]
    reason = ReasonSection(data, partnership=partnership)
    forms = [*sections, reason]
    valid = [form.is_valid() for form in forms]  # every one is asked, so that every error shows
    if request.method == "POST" and all(valid):
        acts = [(section, act) for section in sections for act in section.acts()]
        try:
            proposal = services.propose(
                partnership.pk,
                [act for _section, act in acts],
                actor=request.user,
                at=clock.now(partnership.time_zone),
                reason=reason.cleaned_data["reason"],
                source=reason.document,
                certainty=reason.cleaned_data["certainty"],
            )
        except FaultyAct as fault:
            show_fault(acts[fault.number][0], fault)
        except ValidationError as error:
            reason.add_error(None, error)
        else:
            messages.success(request, _("Proposed. Nothing has moved yet: somebody else decides."))
            return redirect("approvals:detail", partnership.key, proposal.key)
    context = {
        "partnership": partnership,
        "sections": sections,
        "reason": reason,
        "problems": problems_of(*forms) if data else [],
        "decides": names_of(roles_that_may("money.decide")),
    }
    return render(request, "approvals/proposal_new.html", context)


def started(request, section) -> dict:
    """What the address fills in: `?award=peru-2017-initial&kind=no_cost_extension` for a step of that award."""
    if section.act not in request.GET.get("act", "action").split(","):
        return {}
    return {name: request.GET[name] for name in ("award", "kind") if name in request.GET and name in section.base_fields}


def show_fault(section, fault: FaultyAct) -> None:
    """The fault of an act at the field of its section."""
    for name, messages_ in fault.message_dict.items():
        known = {"region": "regions", "voids": "row", "parts": "amount_1"}.get(name, name)
        section.add_error(known if known in section.fields else None, messages_)


@require_http_methods(["GET", "HEAD", "POST"])
@partnership_page("read.funding")
def proposal_detail(request, partnership, key):
    proposal = get_object_or_404(Proposal.objects.visible_to(request.user).for_list(), partnership=partnership, key=key)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return decided(request, partnership, proposal, form)
    return show(request, partnership, proposal, form)


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
        return show(request, partnership, proposal, DecisionForm(), preview=changed.preview, notice=notice, status=409)
    except services.Overtaken as overtaken:
        notice = _("Somebody else was faster: %(decision)s.") % {"decision": overtaken.proposal.get_decision_display()}
        fresh = Proposal.objects.for_list().get(pk=proposal.pk)
        return show(request, partnership, fresh, DecisionForm(), notice=notice, status=409)
    except ValidationError as error:
        if not hasattr(error, "error_dict") or "reason" not in error.error_dict:
            return show(request, partnership, proposal, DecisionForm(), notice=" ".join(error.messages), status=409)
        form.add_error("reason", error.error_dict["reason"])
        return show(request, partnership, proposal, form)
    return redirect("approvals:detail", partnership.key, proposal.key)


def show(request, partnership, proposal, form, *, preview=None, notice="", status=200):
    """The proposal with its consequences: computed now while it waits, as kept once it was approved."""
    names, waits = Names(partnership), proposal.decision == Proposal.Decision.PROPOSED
    if waits and preview is None:
        preview = services.preview(proposal, at=clock.now(partnership.time_zone))
    found = preview.consequences if preview else proposal.consequences
    context = {
        "partnership": partnership,
        "proposal": proposal,
        "sentences": sentences_of(proposal.acts, names),
        "waits": waits,
        "notice": notice,
        "fault": preview.fault.messages if preview and preview.fault else [],
        "fingerprint": preview.fingerprint if preview else "",
        "computed_at": clock.now(partnership.time_zone),
        "form": form,
        "may_decide": may_decide(request.user, proposal),
        "may_withdraw": may_withdraw(request.user, proposal),
        "may_open": may(request.user, "read.awards", partnership.pk),
    }
    if found:
        context |= {
            "has_consequences": True,
            "shifts": shifts_of(found, names),
            "deadlines": deadline_lines(found, names),
            "deadlines_headline": deadlines_headline(found),
            "reports": report_lines(found, names),
            "totals": total_shifts(found, names),
        }
    return render(request, "approvals/proposal_detail.html", context, status=status)
