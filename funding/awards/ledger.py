"""Which award actions count on a day, what group each belongs to, and what an award's own ledger says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Coalesce, Concat, ExtractQuarter, ExtractYear, NullIf

from cpc.core.dates import PreciseDate, Precision
from cpc.core.periods import US_FISCAL_START
from cpc.core.texts import active_language, other_language
from funding.awards.models import Award, AwardAction, AwardRecipient

from .rules import MONEY_KINDS, UNALLOCATED, Standing, balances, standing_on


def in_force(actions: QuerySet, *, as_of: date, known_on: date) -> QuerySet:
    """The actions that hold on `as_of` as far as could be known on `known_on`; an award not known by then hides its actions.

    A void corrects what was written, not what happened: once it is known, its row never was, on any `as_of`. Its own
    `effective_on` is the day on which it was decided and moves no sum.
    """
    return actions.in_force(as_of=as_of, known_on=known_on).filter(award__known_on__lte=known_on)


def counted(actions: QuerySet, measure: str) -> QuerySet:
    """Those that `measure` adds up: `awarded` every step that carries money, `obligated` the signed ones of them."""
    actions = actions.filter(Q(amount__isnull=False) | Q(kind__in=MONEY_KINDS))
    return actions.filter(basis=AwardAction.Basis.SIGNED) if measure == "obligated" else actions


def with_currency(actions: QuerySet) -> QuerySet:
    """Adds `money_currency`: the action's own, or its award's where the amount is not known and none was given."""
    return actions.annotate(money_currency=Case(When(currency="", then=F("award__currency")), default=F("currency")))


def in_bucket(actions: QuerySet, group: str, key: str) -> QuerySet:
    """The actions whose group of `PERIOD_GROUPS` has this key; `unallocated` are those whose days straddle two periods."""
    return actions.annotate(bucket=BUCKETS[group]).filter(bucket=key)


def _text(expression):
    return Cast(expression, CharField())


_YEAR = ExtractYear("effective_on")
_FISCAL_YEAR = _YEAR + Case(When(effective_on__month__gte=US_FISCAL_START, then=1), default=0)
# A month lies in one quarter and one year of every calendar; a year known without its month lies in its calendar year alone.
_STRADDLES = When(effective_precision=Precision.YEAR, then=Value(UNALLOCATED))
BUCKETS = {
    "none": Value("all", output_field=CharField()),
    "partner": Case(
        When(recipient=None, then=Concat(Value(f"{UNALLOCATED}-"), "award__key")),
        default=F("recipient__key"),
        output_field=CharField(),
    ),
    "award": F("award__key"),
    "fiscal_year": Case(_STRADDLES, default=Concat(Value("FY"), _text(_FISCAL_YEAR)), output_field=CharField()),
    "calendar_year": Concat(Value("CY"), _text(_YEAR)),
    "quarter": Case(
        _STRADDLES,
        default=Concat(_text(_YEAR), Value("-Q"), _text(ExtractQuarter("effective_on"))),
        output_field=CharField(),
    ),
}
_IN_ONE_PERIOD = Case(When(effective_precision=Precision.YEAR, then=False), default=True)


def naming(group: str) -> dict:
    """Annotations that say whether a group is allocated and what it is called: its `name`, or the `circle` of its recipients."""
    nobody = Value([], output_field=ArrayField(TextField()))
    plain = {"allocated": Value(True), "name": Value("", output_field=TextField()), "circle": nobody}
    if group == "partner":
        return {
            "allocated": Case(When(recipient=None, then=False), default=True),
            "name": Coalesce(in_language("recipient__name"), Value(""), output_field=TextField()),
            "circle": Case(When(recipient=None, then=recipient_names("award")), default=nobody),
        }
    if group == "award":
        return plain | {"name": in_language("award__title")}
    return plain | ({} if group in ("none", "calendar_year") else {"allocated": _IN_ONE_PERIOD})


def in_language(path: str):
    """A text pair's column for the reader, or the other language's where it is empty."""
    language = active_language()
    return Cast(Coalesce(NullIf(f"{path}_{language}", Value("")), f"{path}_{other_language(language)}"), TextField())


def recipient_names(award: str = "pk") -> ArraySubquery:
    """The names of an award's recipients in the order in which they were entered."""
    recipients = AwardRecipient.objects.filter(award=OuterRef(award)).order_by("pk")
    return ArraySubquery(recipients.annotate(shown=in_language("organization__name")).values("shown"))


def with_balance(actions: QuerySet) -> QuerySet:
    """The running sum of each currency in ledger order, over all rows found, however few of them a page then shows."""
    order = ["effective_on", "pk"]
    window = Window(Sum("amount"), partition_by=[F("money_currency")], order_by=order)
    return with_currency(actions).annotate(balance=window).order_by(*order)


@dataclass(frozen=True)
class Period:
    """An award's period of performance as its actions in force give it, with the actions that set or moved it, oldest first."""

    start: PreciseDate | None
    end: PreciseDate | None
    changes: tuple[AwardAction, ...]

    def standing(self, day: date) -> Standing:
        return standing_on(day, self.start.first if self.start else None, self.end.working_day if self.end else None)


def period_of(actions: Iterable[AwardAction]) -> Period:
    """The period after `actions`, which are in force and in ledger order. What no action says is None."""
    changes = tuple(action for action in actions if action.start_on or action.new_end_on)
    starts = [PreciseDate.of(action.start_on, action.start_precision) for action in changes if action.start_on]
    ends = [PreciseDate.of(action.new_end_on, action.new_end_precision) for action in changes if action.new_end_on]
    return Period(starts[-1] if starts else None, ends[-1] if ends else None, changes)


def with_steps(awards: QuerySet, *, as_of: date, known_on: date) -> QuerySet:
    """Awards known by then, each with the names of its recipients and, in `steps`, those actions in force that set its period."""
    sets_period = Q(start_on__isnull=False) | Q(new_end_on__isnull=False)
    actions = in_force(AwardAction.objects.filter(sets_period), as_of=as_of, known_on=known_on)
    steps = Prefetch("actions", actions.select_related("source").order_by("effective_on", "pk"), to_attr="steps")
    return awards.known(known_on).annotate(recipient_names=recipient_names()).prefetch_related(steps).order_by("key")


def begun(awards: QuerySet, *, as_of: date, known_on: date) -> QuerySet:
    """Those awards of which an action is in force."""
    return awards.filter(Exists(in_force(AwardAction.objects.filter(award=OuterRef("pk")), as_of=as_of, known_on=known_on)))


def with_awarded(awards: QuerySet, *, as_of: date, known_on: date) -> QuerySet:
    """Adds `awarded`: what the actions in force of each award add up to; null where none of them has a known amount."""
    actions = counted(in_force(AwardAction.objects.filter(award=OuterRef("pk")), as_of=as_of, known_on=known_on), "awarded")
    sums = actions.order_by().values("award").annotate(total=Sum("amount")).values("total")
    return awards.known(known_on).annotate(awarded=Subquery(sums), recipient_names=recipient_names()).order_by("key")


@dataclass(frozen=True)
class Line:
    """One row of an award's ledger. A voided row and its void stay to be read, and count for nothing."""

    action: AwardAction
    counts: bool
    balance: Decimal | None

    @property
    def carries_money(self) -> bool:
        return self.action.amount is not None or self.action.kind in MONEY_KINDS


def lines_of(award: Award, *, as_of: date, known_on: date) -> list[Line]:
    """Every row of the award that could be known, oldest first, with the balance after it; a void stands with the row that it
    takes back, whatever its own day. One query."""
    begun = Q(voids=None, effective_on__lte=as_of) | Q(voids__effective_on__lte=as_of)
    rows = award.actions.filter(begun, known_on__lte=known_on)
    actions = list(rows.select_related("recipient", "source", "voids", "decided_by").order_by("effective_on", "pk"))
    voided = {action.voids_id for action in actions if action.voids_id}
    counting = [action.pk not in voided and action.voids_id is None for action in actions]
    amounts = [action.amount if counts else None for action, counts in zip(actions, counting, strict=True)]
    return [Line(*line) for line in zip(actions, counting, balances(amounts), strict=True)]
