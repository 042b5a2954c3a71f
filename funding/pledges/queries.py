"""The one query layer of host money: what was promised, what was given, who confirms it. Amounts stay in their currency."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, Sum, Value, When

from cpc.core.dates import PreciseDate
from funding.awards.rules import combined, share_of
from funding.pledges.models import Contribution, ContributionConfirmation, ExchangeRate, Pledge
from partners.ledger import Qualifier
from partners.models import Partnership

from .rules import Agreement, converted

US, HOST = ContributionConfirmation.Side.US, ContributionConfirmation.Side.HOST


@dataclass(frozen=True)
class Conversion:
    """What an amount is worth at a named rate; computed at reading, never stored."""

    amount: Decimal
    currency: str
    rate: ExchangeRate


@dataclass(frozen=True)
class Promise:
    """A pledge as it is shown. `at_signature` None: there is no rate of its own, so there is no conversion."""

    pledge: Pledge
    effective: PreciseDate
    ends: PreciseDate | None
    at_signature: Conversion | None


@dataclass(frozen=True)
class Counted:
    """Contributions of one kind that have no price: how many rows, and how many things where the rows say so."""

    kind: str
    label: str
    n_rows: int
    quantity: int | None


@dataclass(frozen=True)
class Progress:
    """What was given of what was promised, in one currency: priced money over money, and beside it what is only counted.

    `promised` None: no amount was promised. `contributed` is 0 where nothing priced is in force. `share` is of the amount that
    was promised, which for "at least" is the least. `by_agreement` splits `contributed`; `other` is priced in another currency.
    """

    currency: str
    promised: Decimal | None
    qualifier: Qualifier
    contributed: Decimal
    share: Decimal | None
    n_priced: int
    by_agreement: dict[Agreement, Decimal]
    counted: list[Counted]
    other: dict[str, Decimal]
    is_sample: bool

    @property
    def n_rows(self) -> int:
        return self.n_priced + sum(one.n_rows for one in self.counted)


def promises(partnership: Partnership, *, as_of: date, known_on: date) -> list[Promise]:
    """The pledges in force, oldest first."""
    pledges = Pledge.objects.filter(partnership=partnership).in_force(as_of=as_of, known_on=known_on)
    return [promise_of(pledge) for pledge in pledges.select_related("rate", "source").order_by("effective_on", "pk")]


def promise_of(pledge: Pledge) -> Promise:
    ends = PreciseDate.of(pledge.ends_on, pledge.ends_precision) if pledge.ends_on else None
    return Promise(pledge, pledge.effective, ends, at_signature(pledge))


def at_signature(pledge: Pledge) -> Conversion | None:
    """The pledge at its own rate row; None without an amount or a rate that fits its currency."""
    rate = pledge.rate
    if pledge.amount is None or rate is None:
        return None
    found = converted(pledge.amount, pledge.currency, base=rate.base, quote=rate.quote, rate=rate.rate)
    return Conversion(*found, rate) if found else None


def contributions_on(partnership: Partnership, *, as_of: date, known_on: date) -> QuerySet:
    """The contributions in force, as `with_agreement` shows them."""
    rows = Contribution.objects.filter(partnership=partnership).in_force(as_of=as_of, known_on=known_on)
    return with_agreement(rows, as_of=as_of, known_on=known_on)


def with_agreement(rows: QuerySet, *, as_of: date, known_on: date, written_until: datetime | None = None) -> QuerySet:
    """Contributions, each with its `agreement` and what either side said last by then: `us_agrees`, `us_on`, `us_amount`,
    `us_quantity` and the same for `host`; None where a side has not spoken. `written_until` (an instant): as it was then."""
    until = min(as_of, known_on)
    written = {} if written_until is None else {"recorded_at__lte": written_until}
    for side in (US, HOST):
        said = ContributionConfirmation.objects.filter(contribution=OuterRef("pk"), side=side, confirmed_on__lte=until, **written)
        last = said.order_by("-confirmed_on", "-pk")
        rows = rows.annotate(
            **{
                f"{side}_agrees": Subquery(last.values("agrees")[:1]),
                f"{side}_on": Subquery(last.values("confirmed_on")[:1]),
                f"{side}_amount": Subquery(last.values("amount")[:1]),
                f"{side}_quantity": Subquery(last.values("quantity")[:1]),
            }
        )
    return rows.annotate(
        agreement=Case(
            When(Q(us_agrees=False) | Q(host_agrees=False), then=Value(Agreement.DISPUTED)),
            When(us_agrees=True, host_agrees=True, then=Value(Agreement.BOTH)),
            When(us_agrees=True, then=Value(Agreement.US)),
            When(host_agrees=True, then=Value(Agreement.HOST)),
            default=Value(Agreement.NONE),
        )
    )


def pledge_progress(partnership: Partnership, *, as_of: date, known_on: date) -> Progress:
    """What was given of what was promised, in the host's currency. Two statements."""
    pledges = [promise.pledge for promise in promises(partnership, as_of=as_of, known_on=known_on)]
    return progress_of(partnership, pledges, as_of=as_of, known_on=known_on)


def progress_of(partnership: Partnership, pledges: list[Pledge], *, as_of: date, known_on: date) -> Progress:
    """As `pledge_progress`, for a caller who holds the pledges in force already."""
    currency = partnership.host_currency
    priced = [pledge for pledge in pledges if pledge.amount is not None and pledge.currency == currency]
    promised = sum((pledge.amount for pledge in priced), Decimal(0)) if priced else None
    by_agreement, other, counted = defaultdict(Decimal), defaultdict(Decimal), {}
    n_priced, is_sample = 0, any(pledge.is_sample for pledge in pledges)
    for group in _contribution_groups(partnership, as_of=as_of, known_on=known_on):
        is_sample = is_sample or group["has_sample"]
        if group["total"] is None:
            _count(counted, group)
            continue
        n_priced += group["n"]
        if group["currency"] == currency:
            by_agreement[Agreement(group["agreement"])] += group["total"]
        else:
            other[group["currency"]] += group["total"]
    contributed = sum(by_agreement.values(), Decimal(0))
    return Progress(
        currency=currency,
        promised=promised,
        qualifier=combined(pledge.qualifier for pledge in priced),
        contributed=contributed,
        share=share_of(contributed, promised),
        n_priced=n_priced,
        by_agreement={name: by_agreement[name] for name in Agreement if name in by_agreement},
        counted=[Counted(kind, Contribution.Kind(kind).label, *numbers) for kind, numbers in sorted(counted.items())],
        other=dict(sorted(other.items())),
        is_sample=is_sample,
    )


def _contribution_groups(partnership: Partnership, *, as_of: date, known_on: date) -> QuerySet:
    """Sums by currency, kind, agreement, and whether there is a price at all."""
    return (
        contributions_on(partnership, as_of=as_of, known_on=known_on)
        .annotate(has_price=Q(amount__isnull=False))
        .order_by()
        .values("currency", "kind", "agreement", "has_price")
        .annotate(total=Sum("amount"), n=Count("*"), things=Sum("quantity"), has_sample=BoolOr("is_sample"))
    )


def _count(counted: dict, group: dict) -> None:
    n_rows, quantity = counted.get(group["kind"], (0, None))
    if group["things"] is not None:
        quantity = (quantity or 0) + group["things"]
    counted[group["kind"]] = (n_rows + group["n"], quantity)


def priced_totals(contributions: QuerySet) -> dict[str, Decimal]:
    """What the priced ones of `contributions` add up to, by currency; nothing is converted. One statement."""
    priced = contributions.filter(amount__isnull=False).order_by("currency").values("currency")
    return {group["currency"]: group["total"] for group in priced.annotate(total=Sum("amount"))}


def with_life(rows: QuerySet, *, known_on: date) -> QuerySet:
    """Contributions that were known by then, in force or void, with what became of them; the rows that void others are none."""
    return rows.filter(voids=None, known_on__lte=known_on).select_related(
        "partnership", "entity", "region", "source", "entered_by", "replaces", "replaced_by", "voided_by__entered_by"
    )


def last_entry_of(user, partnership: Partnership) -> Contribution | None:
    """What `user` entered last here and has not taken back."""
    rows = Contribution.objects.filter(partnership=partnership, entered_by=user, voids=None, voided_by=None)
    return rows.select_related("entity", "region", "source").order_by("-pk").first()


def waiting_for(partnership: Partnership, side: str, *, as_of: date, known_on: date) -> QuerySet:
    """Contributions of which `side` ("us" or "host") has said nothing yet, oldest first."""
    rows = contributions_on(partnership, as_of=as_of, known_on=known_on).filter(**{f"{side}_agrees": None})
    return rows.select_related("entity").order_by("known_on", "pk")
