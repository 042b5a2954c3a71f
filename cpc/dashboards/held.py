"""What the ledger held on any day, in every measure in which something can be said: read once, asked for each statement.

The sums are those of `activities.sums`; here they are kept as steps, so that two hundred statements about two hundred days need
no query each. What a reader may not see is not in it.
"""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from activities.reporting.spending import LINES, accepted_lines, increments_of
from funding.awards.ledger import in_force, with_currency
from funding.models import AwardAction, Contribution
from partners.asof import Days
from partners.models import Partnership
from partners.permissions import may

WHOLE = ""  # every prime award together


@dataclass(frozen=True)
class Held:
    """`steps`: (measure, key of an award or WHOLE, currency) to the days on which the total changed, with the total from then on,
    oldest first. `sums`, `host`: whether the reader may see U.S. sums, and the host's money."""

    sums: bool
    host: bool
    steps: dict[tuple[str, str, str], list[tuple[date, Decimal]]] = field(default_factory=dict)

    def series(self, measure: str, currency: str, award: str = WHOLE) -> list[tuple[date, Decimal]]:
        return self.steps.get((measure, award, currency), [])

    def on(self, day: date, measure: str, currency: str, award: str = WHOLE) -> Decimal | None:
        """The total on `day`; None before the first step, when nothing is in force."""
        series = self.series(measure, currency, award)
        place = bisect_right(series, day, key=lambda step: step[0])
        return series[place - 1][1] if place else None


def held_by(user, partnership: Partnership, days: Days) -> Held:
    """Three statements, whatever the number of rows."""
    sums, host = bool(may(user, "read.funding", partnership.pk)), bool(may(user, "read.pledges", partnership.pk))
    changes = defaultdict(lambda: defaultdict(Decimal))
    asked = {"as_of": days.as_of, "known_on": days.known_on}
    for place, on, amount in (*us_changes(user, partnership, sums, asked), *host_changes(partnership, host, asked)):
        changes[place][on] += amount
    return Held(sums, host, {place: totals_of(by_day) for place, by_day in changes.items()})


def totals_of(by_day: dict[date, Decimal]) -> list[tuple[date, Decimal]]:
    total, steps = Decimal(0), []
    for on, change in sorted(by_day.items()):
        total += change
        steps.append((on, total))
    return steps


def us_changes(user, partnership: Partnership, sums: bool, asked: dict):
    """(place, day, change) of the awards that the reader sees; of all of them together only for who may read sums, since a total
    beside the own award would tell a partner the other's."""
    actions = AwardAction.objects.visible_to(user).filter(award__partnership=partnership, amount__isnull=False)
    rows = with_currency(in_force(actions, **asked)).order_by()
    columns = ("effective_on", "award__key", "award__level", "basis", "money_currency")
    for on, award, level, basis, currency, change in rows.values_list(*columns).annotate(change=Sum("amount")):
        measures = ("awarded", "obligated") if basis == AwardAction.Basis.SIGNED else ("awarded",)
        for measure in measures:
            yield (measure, award, currency), on, change
            if sums and level == "prime":
                yield (measure, WHOLE, currency), on, change
    if not sums:
        return
    reported = list(accepted_lines(partnership, **asked))
    for measure in LINES:
        for one in increments_of(reported, measure):
            if one.amount is not None:
                yield (measure, one.row.award, one.row.currency), one.row.period_to, one.amount
                if one.row.level == "prime":
                    yield (measure, WHOLE, one.row.currency), one.row.period_to, one.amount


def host_changes(partnership: Partnership, host: bool, asked: dict):
    if not host:
        return
    given = Contribution.objects.filter(partnership=partnership, amount__isnull=False).in_force(**asked).order_by()
    for on, currency, change in given.values_list("effective_on", "currency").annotate(change=Sum("amount")):
        yield ("contributed", WHOLE, currency), on, change
