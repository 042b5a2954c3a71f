"""The page that asks "what if it ended on another day": a form in the address, and every date with what would become of it. It
writes nothing, and so is open to whoever reads those dates."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from activities.deadlines.gather import LoadedAward, load_awards
from activities.deadlines.queries import stale_job_message
from cpc.core import clock
from cpc.core.dates import PreciseDate
from cpc.core.texts import text_in
from funding.awards.ledger import period_of
from funding.awards.rules import fault_of_end
from funding.models import Award
from partners.acts import fault_of_term_end
from partners.pages import partnership_page
from partners.permissions import roles_of
from partners.queries import term_on
from partners.roles import FULL_READERS, PARTNER_ROLES, Role, names_of, roles_that_may

from .figures import Shift
from .forms import EMPTY, choice, day
from .permissions import may_propose
from .showing import Line, deadline_line, in_day_order, pairs_of, place_of
from .what_if import Supposed, dates_if, kind_of_event, kind_of_step
from .words import Names, precise_words

OF_TERM, OF_AWARD = ("term_end",), ("award", "award_end")
READ_TERM, READ_AWARDS = FULL_READERS | {Role.HOST_DELEGATE}, FULL_READERS | PARTNER_ROLES


class WhatIfForm(forms.Form):
    """Another end of the term, or of one award, or of both. `supposed` is the question once it is valid. Fields for what the
    reader does not read are not there; an address that asks for them is refused."""

    use_required_attribute = False
    term_end = day(gettext_lazy("The term ends on"))
    award = choice(gettext_lazy("Award"), required=False)
    award_end = day(gettext_lazy("Its period of performance ends on"))

    def __init__(self, data, *, partnership, term_end: PreciseDate | None, awards: list[LoadedAward], hidden=(), **kwargs):
        super().__init__(data, **kwargs)
        self.partnership, self.term_end_now, self.hidden = partnership, term_end, hidden
        self.periods = {one.award.key: (one.award, period_of(one.actions)) for one in awards}
        self.fields["award"].choices = [
            *EMPTY,
            *((key, f"{text_in(award, 'title')} ({end_words(period.end)})") for key, (award, period) in self.periods.items()),
        ]
        self.fields["term_end"].help_text = _("Now: %(end)s.") % {"end": end_words(term_end)}
        self.fields["award_end"].help_text = _("Such as 2022-06-30, 2022-06 or 2022.")
        for name in hidden:
            if not (data or {}).get(name):
                del self.fields[name]
        for field in self.fields.values():
            field.is_plain = True

    def clean_term_end(self) -> PreciseDate | None:
        text = self.cleaned_data["term_end"]
        if not text:
            return None
        if "term_end" in self.hidden:
            raise ValidationError(_("You do not read the dates of the term. Ask about an award."))
        end, now, signed_on = PreciseDate.parse(text), self.term_end_now, self.partnership.signed_on
        if now and end.last == now.last:
            raise ValidationError(_("The term ends on that day already: %(end)s.") % {"end": end_words(now)})
        if fault := fault_of_term_end(kind_of_event(end, now), end, now, signed_on=signed_on):
            raise ValidationError(fault)
        return end

    def clean(self):
        cleaned = super().clean()
        key, text = cleaned.get("award"), cleaned.get("award_end")
        if text and not key and "award" not in self.errors:
            self.add_error("award", _("Choose the award that would end then."))
        if key and not text and "award_end" not in self.errors:
            self.add_error("award_end", _("Say when the award would end, or choose no award."))
        if key and text:
            self.check_award_end(key, PreciseDate.parse(text))
        if not self.errors and not any(cleaned.get(name) for name in self.fields):
            self.add_error(next(iter(self.fields)), _("Write another end, of the term or of an award."))
        return cleaned

    def check_award_end(self, key: str, end: PreciseDate) -> None:
        period = self.periods[key][1]
        if period.end and end.last == period.end.last:
            self.add_error("award_end", _("The award ends on that day already: %(end)s.") % {"end": end_words(period.end)})
        elif fault := fault_of_end(kind_of_step(end, period.end), end, period.end, start=period.start):
            self.add_error("award_end", fault)

    @property
    def supposed(self) -> Supposed:
        cleaned = self.cleaned_data
        term_end, award_end = cleaned.get("term_end"), cleaned.get("award_end")
        if not award_end:
            return Supposed(term_end, self.term_end_now)
        award, period = self.periods[cleaned["award"]]
        return Supposed(term_end, self.term_end_now, award, PreciseDate.parse(award_end), period.end)


@dataclass(frozen=True)
class Answer:
    """Every date that the reader sees, by what would become of it. `shifts`: the ends now and then."""

    shifts: list[Shift]
    moved: list[Line]
    created: list[Line]
    superseded: list[Line]
    kept: list[Line]

    @property
    def totals(self) -> list[tuple[str, int]]:
        words = (_("Dates that move"), _("Dates created"), _("Dates superseded"), _("Dates kept"))
        groups = (self.moved, self.created, self.superseded, self.kept)
        return [(word, len(lines)) for word, lines in zip(words, groups, strict=True)]

    @property
    def tables(self) -> list[tuple[str, str, list[Line]]]:
        """Each kind of change that happens: its anchor, its heading with the count, its lines."""
        moved, created, gone = len(self.moved), len(self.created), len(self.superseded)
        headings = {
            "moved": ngettext("%(n)s date moves", "%(n)s dates move", moved) % {"n": moved},
            "created": ngettext("%(n)s date is created", "%(n)s dates are created", created) % {"n": created},
            "superseded": ngettext("%(n)s date is superseded", "%(n)s dates are superseded", gone) % {"n": gone},
        }
        return [(name, heading, lines) for name, heading in headings.items() if (lines := getattr(self, name))]


@require_safe
@partnership_page("read.deadlines")
def what_if(request, partnership):
    """`?term_end=2023-06&award=peru-2017-initial&award_end=2022-06-30`; with an `award` alone the form to fill in."""
    today = clock.today(partnership.time_zone)
    roles = roles_of(request.user, partnership.pk)
    awards = awards_read(request.user, partnership, roles, today=today)
    hidden = (() if roles & READ_TERM else OF_TERM) + (() if awards else OF_AWARD)
    term_end = term_on(partnership, as_of=today, known_on=today).ends
    asked = any(name in request.GET for name in ("term_end", "award_end"))
    form = WhatIfForm(
        request.GET if asked else None, partnership=partnership, term_end=term_end, awards=awards, hidden=hidden,
        initial={"award": request.GET.get("award")},
    )  # fmt: skip
    context = {"partnership": partnership, "form": form, "today": today, "may_ask": bool(form.fields)}
    if form.is_valid():
        context |= answered(request.user, partnership, form.supposed, today=today)
    return render(request, "approvals/what_if.html", context)


def awards_read(user, partnership, roles, *, today) -> list[LoadedAward]:
    """The awards whose dates this reader sees, with their actions in force. A host delegate reads none of them."""
    if not roles & READ_AWARDS:
        return []
    return load_awards(Award.objects.visible_to(user).filter(partnership=partnership), as_of=today, known_on=today)


def answered(user, partnership, supposed: Supposed, *, today) -> dict:
    found, may = dates_if(user, partnership, supposed, today=today), may_propose(user, partnership)
    return {
        "answer": answer_of(found, supposed, Names(partnership)),
        "stale": stale_job_message(partnership, today=today),
        "may_propose": may,
        "propose_url": proposal_url(partnership, supposed) if may else "",
        "proposes": names_of(roles_that_may("money.propose")),
    }


def answer_of(found: dict, supposed: Supposed, names: Names) -> Answer:
    pairs = pairs_of(found)
    alone = len({(after or before)["award"] for before, after in pairs}) == 1

    def lines_of(chosen):
        return in_day_order(deadline_line(before, after, names, alone=alone) for before, after in chosen)

    return Answer(
        shifts=shifts_of(supposed, names),
        moved=lines_of(pair for pair in pairs if None not in pair),
        created=lines_of(pair for pair in pairs if pair[0] is None),
        superseded=lines_of(pair for pair in pairs if pair[1] is None),
        kept=in_day_order(kept_line(row, names) for row in found["kept"].values()),
    )


def kept_line(row: dict, names: Names) -> Line:
    line = deadline_line(row, row, names, alone=False)
    effect = _("Met already") if row["met"] else _("Stays")
    return Line(line.title, place_of(row["award"], row["recipient"], names), line.before, line.after, effect, line.rule)


def shifts_of(supposed: Supposed, names: Names) -> list[Shift]:
    shifts = []
    if supposed.term_end:
        ends = [end_words(end) for end in (supposed.term_end_now, supposed.term_end)]
        shifts.append(Shift(_("The term ends now on"), *ends, _("and would end on")))
    if supposed.award_end:
        ends = [end_words(end) for end in (supposed.award_end_now, supposed.award_end)]
        label = _("“%(award)s” ends now on") % {"award": names.award(supposed.award.key)}
        shifts.append(Shift(label, *ends, _("and would end on")))
    return shifts


def end_words(end: PreciseDate | None) -> str:
    return precise_words(end and end.iso)


def proposal_url(partnership, supposed: Supposed) -> str:
    """The form of a proposal with the same values filled in."""
    sent = [("act", act["act"]) for act in supposed.acts]
    sent += [(f"{act['act']}-{name}", act[name]) for act in supposed.acts for name in ("award", "kind", "new_end") if name in act]
    return f"{reverse('approvals:new', args=[partnership.key])}?{urlencode(sent)}"
