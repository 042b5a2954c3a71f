"""The page of public figures beside the ledger: each statement compared as of its own day, nothing averaged or corrected."""

from decimal import Decimal

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cpc.core.sheets import Column, Sheet
from cpc.core.texts import text_in
from partners.asof import asked_days
from partners.exports import asks_for_file, file_of
from partners.ledger import Qualifier
from partners.models import Statement
from partners.pages import partnership_page
from partners.sheets import STATEMENTS
from partners.statements.permissions import may_register

from .compared import FLOORS, headline
from .comparing import Compared, compare, gather, pairs_of
from .plot import NARROW, WIDE, Plot, Said, draw, millions
from .worth import tables_of


@require_safe
@partnership_page("read.statements")
def statement_list(request, partnership):
    days, asof = asked_days(request, partnership)
    found = Statement.objects.filter(partnership=partnership).in_force(as_of=days.as_of, known_on=days.known_on)
    statements = list(found.select_related("source").order_by("effective_on", "pk"))
    facts = gather(request.user, partnership, days, statements)
    compared = [compare(statement, facts) for statement in statements]
    if asks_for_file(request) and asof.is_valid():
        return file_of(request, SHEET, compared, partnership=partnership, days=days, of=found)
    totals = [one for one in compared if one.is_us_total]
    currency = totals[0].statement.currency if totals else "USD"
    steps = facts.held.series("awarded", currency)
    plots = [plot_of(totals, steps, currency, shape) for shape in (WIDE, NARROW)]
    return render(
        request,
        "dashboards/statement_list.html",
        {
            "partnership": partnership,
            "days": days,
            "asof": asof,
            "form": asof,
            "headline": headline(stated(totals, currency), currency),
            "held": facts.held.on(days.as_of, "awarded", currency),
            "currency": currency,
            "totals": totals,
            "others": [one for one in compared if not one.is_us_total],
            "plots": [plot for plot in plots if plot],
            "pairs": pairs_of(compared),
            "worth": tables_of(facts.promises or [], compared, facts.term, days),
            "may_sum": facts.held.sums,
            "may_pledge": facts.promises is not None,
            "may_register": may_register(request.user, partnership),
        },
        status=200 if asof.is_valid() else 400,
    )


def stated(totals: list[Compared], currency: str) -> list[tuple[Decimal, str]]:
    return [(one.statement.amount, one.statement.qualifier) for one in totals if one.statement.currency == currency]


def plot_of(totals: list[Compared], steps: list, currency: str, shape) -> Plot | None:
    said = [drawn(one) for one in totals if one.statement.currency == currency]
    return draw(said, steps, shape=shape)


def drawn(one: Compared) -> Said:
    statement = one.statement
    number = words = millions(statement.amount)
    if statement.qualifier != Qualifier.EXACT:
        words = _("%(qualifier)s %(amount)s") % {"qualifier": statement.get_qualifier_display(), "amount": number}
    is_planned = statement.qualifier == Qualifier.PLANNED
    return Said(statement.effective_on, statement.amount, words, is_planned, statement.qualifier in FLOORS, one.amount_held)


SHEET = Sheet(
    "statements",
    (
        Column("key", gettext_lazy("Key"), lambda one: one.statement.key),
        Column("measure", gettext_lazy("Measure"), lambda one: one.statement.measure),
        Column("award", gettext_lazy("Award"), lambda one: one.statement.award_key),
        Column("as_of", gettext_lazy("As of"), lambda one: one.effective.iso),
        Column("words", gettext_lazy("As said"), lambda one: text_in(one.statement, "words")),
        Column("qualifier", gettext_lazy("Qualifier"), lambda one: one.statement.qualifier),
        Column("amount", gettext_lazy("Amount"), lambda one: one.statement.amount),
        Column("currency", gettext_lazy("Currency"), lambda one: one.statement.currency),
        Column("day_on", gettext_lazy("Day"), lambda one: one.statement.day_on),
        Column("ledger_amount", gettext_lazy("Ledger of that day"), lambda one: one.amount_held),
        Column("ledger", gettext_lazy("Ledger in words"), lambda one: one.held),
        Column("difference_amount", gettext_lazy("Difference as an amount"), lambda one: one.gap),
        Column("difference", gettext_lazy("Difference"), lambda one: one.difference),
        Column("reasons", gettext_lazy("Possible reasons"), lambda one: " ".join(one.reasons)),
        Column("source", gettext_lazy("Source"), lambda one: one.statement.source and one.statement.source.title),
        Column("certainty", gettext_lazy("Certainty"), lambda one: one.statement.certainty),
        Column("is_sample", gettext_lazy("Sample"), lambda one: one.statement.is_sample),
    ),
    title=gettext_lazy("Public statements beside the ledger"),
    canon=STATEMENTS.canon,
)
