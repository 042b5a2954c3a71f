"""How many activities were held: counted rows by region, objective and quarter, and how many people took part."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q, Sum

from cpc.core.periods import parse_quarter_key, quarter_key

from .models import Activity, ParticipantCount


@dataclass(frozen=True)
class HeldCounts:
    """`by_cell`: (region key, objective number, quarter key) -> activities held. `first_quarter`: key of the earliest one;
    None: none yet."""

    by_cell: dict[tuple[str, int, str], int]
    first_quarter: str | None
    is_sample: bool

    def of(self, *, region: str | None = None, objective: int | None = None, quarter: str | None = None) -> int:
        """The sum over every cell that fits what is given."""
        return sum(
            n
            for (r, o, q), n in self.by_cell.items()
            if (region is None or r == region) and (objective is None or o == objective) and (quarter is None or q == quarter)
        )


NATIONAL = ""  # the region key of an activity that is national


def held_activities(partnership, *, as_of: date):
    """The activities that count: held, and begun by `as_of`."""
    return Activity.objects.filter(partnership=partnership, state=Activity.State.HELD, starts_on__lte=as_of)


def held_counts(partnership, *, as_of: date) -> HeldCounts:
    """Activities held by `as_of`; an activity counts in the quarter in which it began. One statement."""
    rows = held_activities(partnership, as_of=as_of).values_list(
        "region__key", "objective__number", "starts_on__year", "starts_on__quarter"
    )
    rows = rows.annotate(n=Count("pk"), first=Min("starts_on"), samples=Count("pk", filter=Q(is_sample=True))).order_by()
    by_cell, first, samples = {}, None, 0
    for region, objective, year, quarter, n, began, n_samples in rows:
        by_cell[region or NATIONAL, objective, f"{year:04}-Q{quarter}"] = n
        first = min(first or began, began)
        samples += n_samples
    return HeldCounts(by_cell, quarter_key(first) if first else None, samples > 0)


@dataclass(frozen=True)
class Participants:
    """People who took part; one person in two activities counts twice. `children` None: protected from this reader."""

    adults: int
    children: int | None


CHILDREN = Q(group=ParticipantCount.Group.CHILDREN) | Q(age_band=ParticipantCount.AgeBand.CHILD)


def participant_sums(partnership, *, quarter: str, as_of: date):
    """The people of the activities held in `quarter` (a key): one row with `adults` and `children`, none where nobody was
    counted. `partnership` may be an OuterRef, so that the row can stand in another statement."""
    period = parse_quarter_key(quarter)
    counts = ParticipantCount.objects.filter(
        activity__partnership=partnership,
        activity__state=Activity.State.HELD,
        activity__starts_on__range=(period.first, min(period.last, as_of)),
    )
    rows = counts.order_by().values("activity__partnership")
    return rows.annotate(adults=Sum("n", filter=~CHILDREN), children=Sum("n", filter=CHILDREN))


def participants(sums: dict, *, exact: bool) -> Participants:
    """The row of `participant_sums` as this reader may see it: counts of children only where `exact`."""
    return Participants(sums["adults"] or 0, (sums["children"] or 0) if exact else None)
