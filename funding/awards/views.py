"""The funding page: sums that open to their rows, the awards, and the ledger they come from."""

from dataclasses import dataclass

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cpc.core.money import currency_symbol, format_money
from cpc.core.pages import paginate
from funding.awards.labels import digits_of, percent_of, width_of
from funding.awards.models import Award, AwardAction
from partners.asof import asked_days
from partners.pages import partnership_page
from partners.permissions import may

from .filters import ActionFilter
from .forms import FundingForm
from .ledger import Period, in_force, period_of, with_balance, with_steps
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
            "measure": dict(form.fields["measure"].choices)[measure],
            "total": total,
            "by_partner": bars(by_partner.rows),
            "by_year": bars(by_year.rows),
            "by_award": by_award,
            "by_sub": by_sub,
            "obligated": obligated if measure != "obligated" else None,
            "primes": [line for line in awards if line.award.level == Award.Level.PRIME],
            "subs": [line for line in awards if line.award.level == Award.Level.SUB],
            "rows": rows,
            "page": paginate(request, with_balance(rows.qs)) if rows.is_valid() else None,
            "narrowed": narrowed_by(rows),
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
    sums: list[SumRow]


def award_lines(request, partnership, days, sums: list[SumRow]) -> list[AwardLine]:
    awards = Award.objects.visible_to(request.user).filter(partnership=partnership).select_related("pass_through", "parent")
    lines = []
    for award in with_steps(awards, as_of=days.as_of, known_on=days.known_on).order_by("known_on", "key"):
        period = period_of(award.steps)
        standing = period.standing(days.as_of)
        own = [row for row in sums if row.key == award.key]
        lines.append(AwardLine(award, period, standing, STANDING_TAGS.get(standing, "none"), own))
    return lines


@dataclass(frozen=True)
class Bar:
    row: SumRow
    width: str
    percent: str
    amount: str


@dataclass(frozen=True)
class Bars:
    """The rows of one grouping as bars. `head`: the sign of their currency, if they share one; the figures then stand alone."""

    head: str
    lines: list[Bar]


def bars(rows: list[SumRow]) -> Bars:
    currencies = {row.currency for row in rows}
    is_one = len(currencies) == 1
    lines = [Bar(row, width_of(row.share), percent_of(row.share), amount_of(row, is_one)) for row in rows]
    return Bars(currency_symbol(currencies.pop()) if is_one else _("Amount"), lines)


def amount_of(row: SumRow, head_names_currency: bool) -> str:
    if row.amount is None:
        return _("not published")
    return digits_of(row.amount, row.currency) if head_names_currency else format_money(row.amount, row.currency)


def narrowed_by(rows: ActionFilter) -> list[tuple[str, str]]:
    """What the address asks of the ledger beyond what the page always asks, as pairs of label and value."""
    if not rows.is_valid():
        return []
    fields = rows.form.fields
    asked = {name: value for name, value in rows.form.cleaned_data.items() if value not in (None, "") and name != "measure"}
    if asked.get("level") == Award.Level.PRIME:
        del asked["level"]
    return [(fields[name].label, words_of(fields[name], value)) for name, value in asked.items()]


def words_of(field, value) -> str:
    return (
        str(dict(field.choices).get(value, value)) if hasattr(field, "choices") and not hasattr(field, "queryset") else str(value)
    )
