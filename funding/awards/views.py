"""The funding page: sums that open to their rows, the awards, and the ledger they come from."""

from dataclasses import dataclass

from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cpc.core.money import currency_symbol, format_money
from cpc.core.pages import paginate
from cpc.core.rendering import problems
from funding.awards.labels import digits_of, percent_of, width_of
from funding.awards.models import Award, AwardAction
from partners.asof import Days, asked_days
from partners.pages import partnership_page
from partners.permissions import may

from .filters import ActionFilter, faults_of, narrowed_by
from .forms import FundingForm
from .ledger import Period, begun, in_force, period_of, with_balance, with_steps
from .queries import Question, SumRow, summaries
from .rules import Standing
from .sheets import ACTIONS

STANDING_TAGS = {Standing.ACTIVE: "full", Standing.UNKNOWN: "off"}


@require_safe
@partnership_page("read.funding")
def funding_list(request, partnership):
    days, _form = asked_days(request, partnership)
    form = FundingForm.of(request, days.today)
    measure = form.asked_measure
    rows = ledger_rows(request, partnership, days, measure)
    if request.GET.get("format") == "csv" and form.is_valid() and rows.is_valid():
        return ACTIONS.for_people(rows.qs.order_by("effective_on", "pk").iterator(chunk_size=500))
    total, by_partner, by_year, by_award, by_sub, obligated = summaries(
        partnership,
        [
            Question(measure),
            Question(measure, group_by="partner"),
            Question(measure, group_by="fiscal_year"),
            Question(measure, group_by="award"),
            Question(measure, level="sub", group_by="award"),
            Question("obligated"),
        ],
        as_of=days.as_of,
        known_on=days.known_on,
    )
    awards = award_lines(request, partnership, days, by_award.rows + by_sub.rows)
    return render(
        request,
        "funding/funding_list.html",
        {
            "partnership": partnership,
            "days": days,
            "asof": form,
            "form": form,
            "problems": [*problems(form), *faults_of(rows, "ledger")],
            "measure": dict(form.fields["measure"].choices)[measure],
            "total": total,
            "by_partner": bars(by_partner.rows, days),
            "by_year": bars(by_year.rows, days),
            "by_award": by_award,
            "opened": bars(by_award.rows, days).lines,
            "by_sub": by_sub,
            "obligated": obligated if measure != "obligated" else None,
            "primes": [line for line in awards if line.award.level == Award.Level.PRIME],
            "subs": [line for line in awards if line.award.level == Award.Level.SUB],
            "rows": rows,
            "page": paginate(request, with_balance(rows.qs)) if rows.is_valid() else None,
            "narrowed": narrowed_by(rows, unsaid={"measure": measure, "level": Award.Level.PRIME}),
            "may_open": may(request.user, "read.awards", partnership.pk),
        },
        status=200 if form.is_valid() and rows.is_valid() else 400,
    )


def ledger_rows(request, partnership, days, measure: str) -> ActionFilter:
    """The rows that the sums add up, as far as the address narrows them: prime awards if it does not say otherwise."""
    actions = AwardAction.objects.visible_to(request.user).filter(award__partnership=partnership)
    actions = in_force(actions, as_of=days.as_of, known_on=days.known_on)
    asked = {**request.GET.dict(), "measure": measure, "level": request.GET.get("level") or Award.Level.PRIME}
    related = actions.select_related("award", "recipient", "source", "decided_by")
    return ActionFilter(asked, queryset=related, request=request)


@dataclass(frozen=True)
class AwardLine:
    """One award of the list. `amount` None: not published."""

    award: Award
    period: Period
    standing: Standing
    standing_tag: str
    sums: list["Bar"]


def award_lines(request, partnership, days, sums: list[SumRow]) -> list[AwardLine]:
    """The awards of which an action is in force, prime and sub, each with its period and its rows of `sums`."""
    asked = {"as_of": days.as_of, "known_on": days.known_on}
    awards = Award.objects.visible_to(request.user).filter(partnership=partnership).select_related("pass_through")
    lines = []
    for award in with_steps(begun(awards, **asked), **asked).order_by("known_on", "key"):
        period = period_of(award.steps)
        standing = period.standing(days.as_of)
        own = bars([row for row in sums if row.key == award.key], days).lines
        lines.append(AwardLine(award, period, standing, STANDING_TAGS.get(standing, "none"), own))
    return lines


@dataclass(frozen=True)
class Bar:
    """One row of a summary as it is shown. `query` is the address, on this page, of the very rows that it adds up."""

    row: SumRow
    width: str
    percent: str
    amount: str
    query: str


@dataclass(frozen=True)
class Bars:
    """The rows of one grouping as bars. `head`: the sign of their currency, if they share one; the figures then stand alone."""

    head: str
    lines: list[Bar]


def bars(rows: list[SumRow], days: Days) -> Bars:
    currencies = {row.currency for row in rows}
    is_one = len(currencies) == 1
    lines = [
        Bar(row, width_of(row.share), percent_of(row.share), amount_of(row, is_one), query_of(row.filters, days)) for row in rows
    ]
    return Bars(currency_symbol(currencies.pop()) if is_one else _("Amount"), lines)


def query_of(filters: dict[str, str], days: Days) -> str:
    """The filters of a sum's rows for this page's address; without days where the page speaks of today."""
    unsaid = {"partnership"} if days.is_looking_back else {"partnership", "as_of", "known_on"}
    return urlencode({name: value for name, value in filters.items() if name not in unsaid})


def amount_of(row: SumRow, head_names_currency: bool) -> str:
    if row.amount is None:
        return _("not published")
    return digits_of(row.amount, row.currency) if head_names_currency else format_money(row.amount, row.currency)
