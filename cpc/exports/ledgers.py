"""The lists whose figures can be checked later: how each is asked again, and how one of its rows is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Model, QuerySet
from django.urls import reverse
from django_filters import FilterSet

from cpc.core.sheets import Sheet
from cpc.core.texts import text_in
from funding.awards.filters import ActionFilterOfApi
from funding.awards.ledger import with_currency
from funding.awards.sheets import ACTIONS
from funding.models import AwardAction, Contribution, Pledge
from funding.pledges.filters import ContributionFilterOfApi
from funding.pledges.queries import with_agreement
from funding.pledges.sheets import CONTRIBUTIONS, PLEDGES
from partners.api import PartnershipFilter, StatementFilter
from partners.ledger_api import TermEventFilter
from partners.models import Partnership, Statement, TermEvent
from partners.permissions import may
from partners.sheets import STATEMENTS, TERM_EVENTS


@dataclass(frozen=True)
class Ledger:
    """`act`: the row of the table of grants that its reader needs. `prepare` does what the list does to its rows besides; it is
    handed the days. `words` says in a line what a row is; `where` is the address of the row for a reader, None for none."""

    sheet: Sheet
    model: type[Model]
    filters: type[FilterSet]
    act: str
    words: Callable[[Model], str]
    where: Callable[[Model, Partnership, object], str | None]
    owner: str = "partnership"
    related: tuple[str, ...] = ()
    prepare: Callable[..., QuerySet] = lambda rows, *, as_of, known_on: rows

    def rows(self, partnership: Partnership, *, as_of: date, known_on: date, written_until: datetime | None = None) -> QuerySet:
        """The rows in force, before any filter."""
        rows = self.model.objects.filter(**{self.owner: partnership})
        rows = rows.in_force(as_of=as_of, known_on=known_on, written_until=written_until)
        return self.prepare(rows, as_of=as_of, known_on=known_on)

    def narrowed(self, rows: QuerySet, asked: dict[str, str], request) -> FilterSet:
        """`asked` may have become a question that cannot be asked; the caller looks at `is_valid()`."""
        return self.filters(asked, queryset=rows, request=request)

    def shown(self, rows: QuerySet) -> QuerySet:
        """With what `words` and `where` need, and the void that took a row back."""
        return rows.select_related(*self.related, "voided_by").order_by("effective_on", "pk")


def of_known_awards(rows: QuerySet, *, as_of: date, known_on: date) -> QuerySet:
    """As the ledger of the awards does: an award not known by then hides its actions."""
    return with_currency(rows.filter(award__known_on__lte=known_on))


def words_of_action(action: AwardAction) -> str:
    return f"{action.get_kind_display()}, {text_in(action.award, 'title')}"


def award_page(action: AwardAction, partnership: Partnership, user) -> str | None:
    if not may(user, "read.awards", partnership.pk):
        return None
    return reverse("dashboards:award", args=[partnership.key, action.award.key]) + f"#{action.key}"


def page_with(name: str, act: str):
    """The page on which such rows stand."""
    return lambda row, partnership, user: reverse(name, args=[partnership.key]) if may(user, act, partnership.pk) else None


def own_page(name: str, act: str):
    """The page of the row itself, which stays when it is void."""
    return lambda row, partnership, user: (
        reverse(name, args=[partnership.key, row.key]) if may(user, act, partnership.pk) else None
    )


LEDGERS = {
    ledger.sheet.name: ledger
    for ledger in (
        Ledger(
            ACTIONS, AwardAction, ActionFilterOfApi, "read.funding", words_of_action, award_page,
            owner="award__partnership", related=("award",), prepare=of_known_awards,
        ),
        Ledger(
            PLEDGES, Pledge, PartnershipFilter, "read.pledges", lambda row: str(text_in(row, "in_kind")) or str(PLEDGES.title),
            page_with("pledges:list", "read.pledges"),
        ),
        Ledger(
            CONTRIBUTIONS, Contribution, ContributionFilterOfApi, "read.pledges", lambda row: str(text_in(row, "words")),
            own_page("pledges:contribution", "read.pledges"), prepare=with_agreement,
        ),
        Ledger(
            TERM_EVENTS, TermEvent, TermEventFilter, "read.dashboard", lambda row: row.get_kind_display(),
            page_with("dashboards:overview", "read.dashboard"),
        ),
        Ledger(
            STATEMENTS, Statement, StatementFilter, "read.statements", lambda row: str(text_in(row, "words")),
            own_page("dashboards:statement", "read.statements"),
        ),
    )
}  # fmt: skip
