"""The small things that the dashboard asks of several apps, in one statement: objectives, public totals, people who took part,
what waits for the reader's own government, and the dates of both."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext as _

from activities.regional.sums import participant_sums
from cpc.core.money import format_money
from funding.pledges.models import Contribution, ContributionConfirmation
from funding.pledges.permissions import side_of
from funding.pledges.queries import waiting_for
from partners.asof import Days
from partners.ledger import Qualifier
from partners.models import Objective, Partnership, Statement

from .duties import Request, dates_today, request_of, requests_today
from .plot import millions

TOTALS = (Statement.Measure.US_TOTAL, Statement.Measure.AWARDED)
IN_MILLIONS = Decimal(100_000)  # from here on one decimal of a million says enough


@dataclass(frozen=True)
class PublicTotal:
    """A total of U.S. funds as it was said in public."""

    amount: Decimal
    currency: str
    qualifier: str


@dataclass(frozen=True)
class Waiting:
    """Contributions of which one government ("us" or "host") has said nothing, oldest first."""

    side: str
    rows: list[Contribution]


@dataclass(frozen=True)
class Facts:
    """`people`: the sums "adults" and "children" of the quarter asked for, None where nobody was counted. `waiting`: for the
    government of the reader, for the United States where they speak for none. `dates`: what `duties.dates_of` reads. `requests`
    for a later due day that wait for the reader's answer today."""

    objectives: list[Objective]
    totals: list[PublicTotal]
    people: dict[str, int | None]
    waiting: Waiting
    dates: list[dict]
    requests: list[Request]


def facts_on(user, partnership: Partnership, days: Days, *, quarter: str) -> Facts:
    """What was true and could be known on `days`; the people of `quarter` (a key)."""
    own = {"partnership": OuterRef("pk")}
    objectives = Objective.objects.filter(**own).order_by("number")
    totals = Statement.objects.filter(**own, measure__in=TOTALS, amount__isnull=False)
    totals = totals.in_force(as_of=days.as_of, known_on=days.known_on).order_by("amount", "pk")
    side = side_of(user, partnership.pk) or ContributionConfirmation.Side.US
    waiting = waiting_for(OuterRef("pk"), side, as_of=days.as_of, known_on=days.known_on)[:N_WAITING]
    people = participant_sums(OuterRef("pk"), quarter=quarter, as_of=days.as_of)
    found = Partnership.objects.filter(pk=partnership.pk).values_list(
        ArraySubquery(objectives.values(json=JSONObject(**fields_of(OBJECTIVE_FIELDS)))),
        ArraySubquery(
            totals.values(json=JSONObject(amount=Cast("amount", CharField()), currency="currency", qualifier="qualifier"))
        ),
        ArraySubquery(waiting.values(json=JSONObject(**fields_of(WAITING_FIELDS), amount=Cast("amount", CharField())))),
        ArraySubquery(dates_today(user, OuterRef("pk"), days.today)),
        ArraySubquery(requests_today(user, partnership.pk, OuterRef("pk"))),
        ArraySubquery(people.values(json=JSONObject(adults="adults", children="children"))),
    )
    own_objectives, said, waits, dates, requests, sums = found.get()
    return Facts(
        objectives=[Objective(partnership=partnership, **fields) for fields in own_objectives],
        totals=[PublicTotal(Decimal(one["amount"]), one["currency"], one["qualifier"]) for one in said],
        people=sums[0] if sums else {"adults": None, "children": None},
        waiting=Waiting(side, [contribution_of(fields) for fields in waits]),
        dates=dates,
        requests=[request_of(fields) for fields in requests or ()],  # a subquery without rows by its own words is null
    )


N_WAITING = 3  # as many as there are alerts
WAITING_FIELDS = ("key", "kind", "currency", "quantity", "known_on", "words_en", "words_es", "is_sample")
OBJECTIVE_FIELDS = ("id", "key", "number", "short_en", "short_es")


def fields_of(names: tuple[str, ...]) -> dict[str, str]:
    return {name: name for name in names}


def contribution_of(fields: dict) -> Contribution:
    """A row of `WAITING_FIELDS` and `amount` as JSON has it: amounts and days as text."""
    amount, known_on = fields["amount"], date.fromisoformat(fields["known_on"])
    return Contribution(**{**fields, "amount": None if amount is None else Decimal(amount), "known_on": known_on})


def totals_words(totals: list[PublicTotal], currency: str) -> str:
    """From the least to the greatest public total in `currency`, each with its qualifier; empty where no two differ."""
    own = [total for total in totals if total.currency == currency]
    if len({total.amount for total in own}) < 2:
        return ""
    least, greatest = own[0], own[-1]
    if least.amount < IN_MILLIONS:
        words = [_qualified(total, format_money(total.amount, currency)) for total in (least, greatest)]
        return _("Public totals: %(least)s to %(greatest)s") % {"least": words[0], "greatest": words[1]}
    words = [_qualified(total, millions(total.amount)) for total in (least, greatest)]
    return _("Public totals: %(least)s to %(greatest)s million") % {"least": words[0], "greatest": words[1]}


def _qualified(total: PublicTotal, amount: str) -> str:
    if total.qualifier == Qualifier.EXACT:
        return amount
    return _("%(qualifier)s %(amount)s") % {"qualifier": Qualifier(total.qualifier).label, "amount": amount}
