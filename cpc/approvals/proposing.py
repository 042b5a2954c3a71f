"""The form of those who propose: choose what changes, fill it in, add or take away a change, propose. Works without a script."""

import re

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cpc.core import clock
from cpc.core.rendering import problems as problems_of
from partners.pages import partnership_page
from partners.roles import names_of, roles_that_may

from . import services
from .acts import FaultyAct
from .forms import ReasonSection
from .permissions import may_propose
from .sections import SECTIONS

MOST = 12  # changes in one proposal
NAME = re.compile(rf"({'|'.join(SECTIONS)})(-[2-9])?")


@require_http_methods(["GET", "HEAD", "POST"])
@partnership_page("read.funding")
def proposal_new(request, partnership):
    may_propose(request.user, partnership).require()
    if request.method != "POST":
        chosen = [name for name in SECTIONS if name in asked_names(request)]
        sections = [made(name, partnership, initial=started(request, name)) for name in chosen]
        return page(request, partnership, sections, ReasonSection(partnership=partnership))
    chosen = list(dict.fromkeys(name for name in request.POST.getlist("section") if NAME.fullmatch(name)))[:MOST]
    if {"add", "remove"} & set(request.POST) or not chosen:
        return rearranged(request, partnership, chosen)
    sections = [made(name, partnership, data=request.POST) for name in chosen]
    reason = ReasonSection(request.POST, partnership=partnership)
    valid = [form.is_valid() for form in [*sections, reason]]  # every one is asked, so that every error shows
    if all(valid) and (proposal := proposed(request, partnership, sections, reason)):
        messages.success(request, _("Proposed. Nothing has moved yet: somebody else decides."))
        return redirect("approvals:detail", partnership.key, proposal.key)
    return page(request, partnership, sections, reason)


def asked_names(request) -> set[str]:
    """The changes that an address names: `?act=term&act=award` or `?act=term,award`."""
    return {name for value in request.GET.getlist("act") for name in value.split(",")}


def made(name: str, partnership, **kwargs):
    """The section of a name such as `action` or, for a second one, `action-2`."""
    section = SECTIONS[NAME.fullmatch(name).group(1)](prefix=name, partnership=partnership, **kwargs)
    section.place = name
    return section


def started(request, name: str) -> dict:
    """What the address fills in: `?act=action&award=peru-2017-initial&kind=no_cost_extension` for a step of that award; with the
    name of the change in front, `term-new_end=2022-06`, for that change alone."""
    fields = SECTIONS[name].base_fields
    filled = {key: request.GET[key] for key in ("award", "kind", "row", "parent") if key in request.GET and key in fields}
    own = {key: f"{name}-{key}" for key in ("award", "kind", "new_end") if key in fields}
    return filled | {key: request.GET[sent] for key, sent in own.items() if sent in request.GET}


def rearranged(request, partnership, chosen: list[str]):
    """The form with one change more or less, and with all that was typed; nothing is checked yet."""
    if request.POST.get("remove") in chosen:
        chosen.remove(request.POST["remove"])
    added = request.POST.get("add")
    if added in SECTIONS and len(chosen) < MOST:
        names = [added, *(f"{added}-{n}" for n in range(2, 10))]
        chosen += [next((name for name in names if name not in chosen), added)]
    sections = [made(name, partnership) for name in dict.fromkeys(chosen)]
    reason = ReasonSection(partnership=partnership)
    for form in [*sections, reason]:
        form.initial = typed_in(request, form)
    return page(request, partnership, sections, reason)


def typed_in(request, form) -> dict:
    """What was typed into a form so far, by field; fields that were not on the page yet keep what they start with."""
    sent = {name: form.add_prefix(name) for name in form.fields if form.add_prefix(name) in request.POST}
    return {name: form.fields[name].widget.value_from_datadict(request.POST, request.FILES, key) for name, key in sent.items()}


def proposed(request, partnership, sections, reason):
    """The new proposal; None where an act cannot be, which then stands at its field."""
    acts = [(section, act) for section in sections for act in section.acts()]
    try:
        return services.propose(
            partnership.pk,
            [act for _section, act in acts],
            actor=request.user,
            at=clock.now(partnership.time_zone),
            reason=reason.cleaned_data["reason"],
            source=reason.document,
            certainty=reason.cleaned_data["certainty"],
        )
    except FaultyAct as fault:
        section = acts[fault.number][0]
        for name, messages_ in fault.message_dict.items():
            section.add_error(section.place_of(name), messages_)
    except ValidationError as error:
        reason.add_error(None, error.messages)
    return None


def page(request, partnership, sections, reason):
    bound = any(form.is_bound for form in [*sections, reason])
    context = {
        "partnership": partnership,
        "sections": sections,
        "choices": [(section.name, section.heading) for section in SECTIONS.values()],
        "reason": reason,
        "problems": problems_of(*sections, reason) if bound else [],
        "decides": names_of(roles_that_may("money.decide")),
        "is_full": len(sections) >= MOST,
    }
    return render(request, "approvals/proposal_new.html", context)
