"""The funding page: the sums of U.S. money that open to their rows, the awards, and the ledger or the reports they come from."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from activities.exports import facts_of_sums
from activities.reporting.spending import LINES
from activities.sums import US_MEASURES, Asked, answers
from cpc.core.rendering import problems
from funding.awards.answers import Summary, SumRow
from funding.awards.filters import faults_of, narrowed_by
from funding.awards.ledger import Period, begun, period_of, with_steps
from funding.awards.models import Award
from funding.awards.rules import Standing
from funding.awards.sums_sheet import SUMS, lines_of
from partners.asof import AsOfForm, Days, asked_days
from partners.exports import asks_for_file, written
from partners.models import Partnership
from partners.pages import partnership_page
from partners.permissions import may

from .funding_rows import rows_of
from .sum_bars import Bar, bars

MEASURES = {"awarded": _("Awarded"), "obligated": _("Obligated"), "disbursed": _("Disbursed"), "spent": _("Spent")}
PUBLISHED, REPORTED = _("not published"), _("not reported")
UNKNOWN = {"awarded": PUBLISHED, "obligated": PUBLISHED, "disbursed": REPORTED, "spent": REPORTED}
STANDING_TAGS = {Standing.ACTIVE: "full", Standing.UNKNOWN: "off"}
PRIME, SUB = Award.Level.PRIME, Award.Level.SUB
GROUPS = ("none", "partner", "award", "fiscal_year", "quarter")
WHOLE = ("none", PRIME)


class FundingForm(AsOfForm):
    measure = forms.ChoiceField(label=_("Measure"), required=False, choices=list(MEASURES.items()))
    field_order = ["measure", "as_of", "known_on"]

    @classmethod
    def of(cls, request, today: date) -> "FundingForm":
        """The form as the address fills it in; today, and awarded, where it says nothing."""
        unless = {"measure": "awarded", "as_of": today.isoformat(), "known_on": today.isoformat()}
        return cls({name: request.GET.get(name) or default for name, default in unless.items()}, today=today)

    @property
    def asked_measure(self) -> str:
        return self.cleaned_data.get("measure") or "awarded" if self.is_valid() else "awarded"


@require_safe
@partnership_page("read.funding")
def funding_list(request, partnership):
    """`?format=csv` (or xlsx) is the rows; with `of=sums` it is the sums of every group and level."""
    days, _asof = asked_days(request, partnership)
    form = FundingForm.of(request, days.today)
    measure, unknown = form.asked_measure, UNKNOWN[form.asked_measure]
    rows = rows_of(request, partnership, days, measure)
    is_valid = form.is_valid() and rows.filters.is_valid()
    if asks_for_file(request) and is_valid and request.GET.get("of") != "sums":
        return rows.file()
    sums, others = sums_of(partnership, measure, days)
    if asks_for_file(request) and form.is_valid():
        facts = facts_of_sums(request, partnership, list(sums.values()))
        return written(SUMS, lines_of(*sums.values()), facts, request.GET["format"])
    by_award, by_sub = sums["award", PRIME], sums["award", SUB]
    awards = award_lines(request, partnership, days, [*by_award.rows, *by_sub.rows], unknown)
    return render(
        request,
        "dashboards/funding_list.html",
        {
            "partnership": partnership,
            "days": days,
            "asof": form,
            "form": form,
            "problems": [*problems(form), *faults_of(rows.filters, "ledger")],
            "measure": MEASURES[measure],
            "unknown": unknown,
            "nothing": nothing_words(sums[WHOLE]),
            "nothing_of_award": _("nothing in force") if measure == "awarded" else unknown,
            "total": sums[WHOLE],
            "groups": {name: bars(sums[name, PRIME].rows, days, unknown) for name in GROUPS},
            "by_award": by_award,
            "by_sub": by_sub,
            "others": others,
            "primes": [line for line in awards if line.award.level == PRIME],
            "subs": [line for line in awards if line.award.level == SUB],
            "rows": rows,
            "page": rows.page() if rows.may_open and rows.filters.is_valid() else None,
            "narrowed": narrowed_by(rows.filters, unsaid={"measure": measure, "level": PRIME}),
            "may_open": may(request.user, "read.awards", partnership.pk),
        },
        status=200 if is_valid else 400,
    )


def nothing_words(whole: Summary) -> str:
    """What stands in the place of a total where there is none."""
    is_silent = whole.measure in LINES or whole.rows or whole.messages
    return UNKNOWN[whole.measure] if is_silent else _("nothing in force")


@dataclass(frozen=True)
class OtherMeasure:
    """Another measure of the same money, with its total; `unknown` says in words why there may be none."""

    name: str
    label: str
    unknown: str
    answer: Summary


def sums_of(partnership: Partnership, measure: str, days: Days) -> tuple[dict[tuple, Summary], list[OtherMeasure]]:
    """Every sum of the page by group and level, the whole of the prime awards first, and the totals of the other measures. Two
    statements."""
    places = [(group, level) for level in (PRIME, SUB) for group in GROUPS]
    names = [name for name in US_MEASURES if name != measure]
    questions = [*(Asked(measure, level, group) for group, level in places), *map(Asked, names)]
    found = answers(partnership, questions, as_of=days.as_of, known_on=days.known_on)
    others = [
        OtherMeasure(name, MEASURES[name], UNKNOWN[name], answer)
        for name, answer in zip(names, found[len(places) :], strict=True)
    ]
    return dict(zip(places, found, strict=False)), others


@dataclass(frozen=True)
class AwardLine:
    """One award of the list, with its sums of the measure."""

    award: Award
    period: Period
    standing: Standing
    standing_tag: str
    sums: list[Bar]


def award_lines(request, partnership: Partnership, days: Days, sums: list[SumRow], unknown: str) -> list[AwardLine]:
    """The awards of which an action is in force, prime and sub, each with its period and its rows of `sums`."""
    asked = {"as_of": days.as_of, "known_on": days.known_on}
    awards = Award.objects.visible_to(request.user).filter(partnership=partnership).select_related("pass_through")
    lines = []
    for award in with_steps(begun(awards, **asked), **asked).order_by("known_on", "key"):
        period = period_of(award.steps)
        standing = period.standing(days.as_of)
        own = bars([row for row in sums if row.key == award.key], days, unknown).lines
        lines.append(AwardLine(award, period, standing, STANDING_TAGS.get(standing, "none"), own))
    return lines
