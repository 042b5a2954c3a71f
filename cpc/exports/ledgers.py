"""The lists whose figures can be checked later: how each is asked again, and how one of its rows is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django_filters import FilterSet

from cpc.core.sheets import Sheet
from cpc.core.texts import text_in
from funding.awards.api import AwardActionViewSet
from funding.awards.ledger import with_currency
from funding.models import AwardAction, Contribution, Pledge
from funding.pledges.api import ContributionViewSet, PledgeViewSet
from funding.pledges.queries import with_agreement
from partners.api import StatementViewSet
from partners.exports import ListFilesMixin
from partners.ledger_api import TermEventViewSet
from partners.models import Partnership, Statement, TermEvent
from partners.permissions import may


@dataclass(frozen=True)
class Ledger:
    """`resource`: the list as the API has it, with its columns and filters. `act`: the row of the table of grants that it needs.

    `prepare` does what the list does to its rows besides, and is handed the days. `words` says in a line what a row is; `where`
    is the address of the row for a reader, None for none.
    """

    resource: type[ListFilesMixin]
    model: type[Model]
    words: Callable[[Model], str]
    where: Callable[[Model, Partnership, object], str | None]
    act: str = "read.funding"
    owner: str = "partnership"
    related: tuple[str, ...] = ()
    prepare: Callable[..., QuerySet] = lambda rows, **days: rows

    @property
    def sheet(self) -> Sheet:
        return self.resource.sheet

    def rows(
        self, user, partnership: Partnership, *, as_of: date, known_on: date, written_until: datetime | None = None
    ) -> QuerySet:
        """The rows in force that `user` may see, before any filter."""
        rows = self.model.objects.visible_to(user).filter(**{self.owner: partnership})
        rows = rows.in_force(as_of=as_of, known_on=known_on, written_until=written_until)
        return self.prepare(rows, as_of=as_of, known_on=known_on, written_until=written_until)

    def narrowed(self, rows: QuerySet, asked: dict[str, str], request) -> FilterSet:
        """`asked` may have become a question that cannot be asked; the caller looks at `is_valid()`."""
        return self.resource.filterset_class(asked, queryset=rows, request=request)

    def shown(self, rows: QuerySet) -> QuerySet:
        """With what `words` and `where` need, and the void that took a row back."""
        return rows.select_related(*self.related, "voided_by").order_by("effective_on", "pk")


def of_known_awards(rows: QuerySet, *, known_on: date, **days) -> QuerySet:
    """As the ledger of the awards does: an award not known by then hides its actions."""
    return with_currency(rows.filter(award__known_on__lte=known_on))


def words_of_action(action: AwardAction) -> str:
    return f"{action.get_kind_display()}, {text_in(action.award, 'title')}"


def words_of_pledge(pledge: Pledge) -> str:
    """What was promised in kind; a pledge of money alone is told by its amount."""
    return str(text_in(pledge, "in_kind")) or _("Pledge")


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
            AwardActionViewSet, AwardAction, words_of_action, award_page,
            owner="award__partnership", related=("award",), prepare=of_known_awards,
        ),
        Ledger(
            PledgeViewSet, Pledge, words_of_pledge,
            page_with("pledges:list", "read.pledges"), act="read.pledges",
        ),
        Ledger(
            ContributionViewSet, Contribution, lambda row: str(text_in(row, "words")),
            own_page("pledges:contribution", "read.pledges"), act="read.pledges",
            prepare=with_agreement,
        ),
        Ledger(
            TermEventViewSet, TermEvent, lambda row: row.get_kind_display(),
            page_with("dashboards:overview", "read.dashboard"),
        ),
        Ledger(
            StatementViewSet, Statement, lambda row: str(text_in(row, "words")),
            own_page("dashboards:statement", "read.statements"),
        ),
    )
}  # fmt: skip
