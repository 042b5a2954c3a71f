"""What a proposal may do to a partnership's own ledger: its term and the regions it covers.

Each `apply_…` writes the rows of one approved act, inside the caller's transaction, after the checks that every surface shares.
`fields` are the plain values that a proposal keeps; a fault is a ValidationError that names the field.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cpc.core.dates import PreciseDate
from cpc.core.money import parse_amount
from cpc.reference.models import Region

from .ledger import TRIED_OUT
from .models import Coverage, Document, Partnership, TermEvent
from .queries import term_on


@dataclass(frozen=True)
class Approval:
    """Who stands for the rows that an approved proposal writes, and what they rest on. `on` is the day of `at` in the
    partnership's zone: the day from which the rows are known."""

    proposed_by: Any
    decided_by: Any
    at: datetime
    on: date
    reason: str
    source: Document | None = None
    certainty: str = "primary"
    is_sample: bool = False

    @property
    def of_sourced(self) -> dict:
        """The columns of any row that rests on somebody's word."""
        return {"source": self.source, "certainty": self.certainty, "is_sample": self.is_sample, "known_on": self.on}

    @property
    def of_ledger(self) -> dict:
        """The columns of a row that two people decided; of one that is only tried out, without a decider."""
        people = {"proposed_by": self.proposed_by, "decided_by": self.decided_by, "decided_at": self.at}
        return self.of_sourced | people | {"reason": self.reason, "loaded_from": "" if self.decided_by else TRIED_OUT}


def apply_term(partnership: Partnership, fields: dict, by: Approval) -> TermEvent:
    """Extend or end the term: `kind` (extended, ended), `effective`, `new_end` (as text, as exact as it is known), `title_en`,
    `title_es`. An extension ends later than the term as it stands."""
    effective, new_end = asked_effective(fields, by), required_date(fields, "new_end")
    ends = term_on(partnership, as_of=by.on, known_on=by.on).ends
    if fault := fault_of_term_end(fields["kind"], new_end, ends, signed_on=partnership.signed_on):
        raise ValidationError({"new_end": fault})
    return written(
        TermEvent(
            key=free_key(TermEvent, f"{partnership.key}-{fields['kind']}-{effective.last.year}"),
            partnership=partnership,
            kind=fields["kind"],
            **columns_of("effective", effective),
            **columns_of("new_end", new_end),
            title_en=fields.get("title_en", ""),
            title_es=fields.get("title_es", ""),
            **by.of_ledger,
        )
    )


def fault_of_term_end(kind: str, new_end: PreciseDate, ends: PreciseDate | None, *, signed_on: date) -> str:
    """Why a step of this kind cannot end the term on `new_end` where it ends on `ends` (None: not known); empty where it can."""
    if kind == TermEvent.Kind.EXTENDED and ends and new_end.last <= ends.last:
        return _("An extension ends later than the term does now: %(end)s.") % {"end": ends.iso}
    if kind == TermEvent.Kind.ENDED and ends and new_end.last > ends.last:
        return _("The term ends on %(end)s; it can only end earlier.") % {"end": ends.iso}
    return _("The term ends after its signing, %(day)s.") % {"day": signed_on} if new_end.last < signed_on else ""


def apply_coverage(partnership: Partnership, fields: dict, by: Approval) -> Coverage:
    """Bring a `region` of the host country into the partnership, from the day `since` on."""
    region = found(Region.objects.filter(country=partnership.host_country_id), fields, "region")
    if covered := Coverage.objects.filter(partnership=partnership, region=region).first():
        raise ValidationError({"region": _("It is covered already, from %(day)s on.") % {"day": covered.from_on.isoformat()}})
    since = required_date(fields, "since")
    if since.last > by.on:
        raise ValidationError({"since": _("It comes in on %(day)s at the latest: propose it when it does.") % {"day": by.on}})
    if since.last < partnership.signed_on:
        raise ValidationError({"since": _("A region comes in after the signing, %(day)s.") % {"day": partnership.signed_on}})
    return written(Coverage(partnership=partnership, region=region, from_on=since.last, **by.of_sourced))


def apply_term_void(partnership: Partnership, fields: dict, by: Approval) -> TermEvent:
    """Take back the step of the term with the key `voids`."""
    taken = voidable(TermEvent.objects.filter(partnership=partnership), fields, by)
    return written(
        TermEvent(
            key=free_key(TermEvent, f"{taken.key}-void"), partnership=partnership, kind=TermEvent.Kind.VOID, voids=taken,
            effective_on=by.on, **by.of_ledger,
        )
    )  # fmt: skip


# What the acts of all ledgers share.


def asked_date(fields: dict, name: str) -> PreciseDate | None:
    """The day, month or year in the field; None where it is empty. Raises ValidationError at the field."""
    if not fields.get(name):
        return None
    try:
        return PreciseDate.parse(fields[name])
    except ValueError as error:
        raise ValidationError({name: str(error)}) from None


def required_date(fields: dict, name: str) -> PreciseDate:
    """As `asked_date`, for a field that cannot be empty."""
    value = asked_date(fields, name)
    if value is None:
        raise ValidationError({name: _("Write a day, a month or a year like 2017-06-15, 2017-10 or 2017.")})
    return value


def asked_money(fields: dict, *, allow_negative: bool = False) -> Decimal | None:
    """The sum in the field `amount`; None where it is empty. Raises ValidationError at the field."""
    text = fields.get("amount")
    if text in (None, ""):
        return None
    try:
        return parse_amount(text, allow_negative=allow_negative)
    except ValueError as error:
        raise ValidationError({"amount": str(error)}) from None


def asked_effective(fields: dict, by: Approval) -> PreciseDate:
    """When it was true: not after the day of the decision, since what is not true yet cannot be in the ledger."""
    effective = asked_date(fields, "effective") or PreciseDate(by.on)
    if effective.last > by.on:
        raise ValidationError(
            {"effective": _("It takes effect on %(day)s at the latest: propose it when it does.") % {"day": by.on.isoformat()}}
        )
    return effective


def columns_of(name: str, value: PreciseDate | None, *, first: bool = False) -> dict:
    """The two columns of a precise day; `first`: the earliest day that fits, for the start of a period."""
    if value is None:
        return {}
    return {f"{name}_on": value.first if first else value.last, f"{name}_precision": value.precision}


def found(rows, fields: dict, name: str):
    """The row of `rows` with the key in the field. Raises ValidationError at the field."""
    row = rows.filter(key=fields.get(name) or "").first()
    if row is None:
        raise ValidationError({name: _("“%(key)s” is not one of those on offer.") % {"key": fields.get(name)}})
    return row


def voidable(rows, fields: dict, by: Approval):
    """The row to take back: one in force on the day of the decision. Raises ValidationError at the field `voids`."""
    return found(rows.in_force(as_of=by.on, known_on=by.on), fields, "voids")


def free_key(model, wanted: str) -> str:
    """`wanted`, or with the first number behind it that no row has yet."""
    limit = model._meta.get_field("key").max_length - 4
    wanted = wanted[:limit]
    taken = set(model._base_manager.filter(key__startswith=wanted).values_list("key", flat=True))
    return next(key for key in (wanted, *(f"{wanted}-{n}" for n in range(2, 999))) if key not in taken)


def written(row):
    """`row`, checked whole and saved as a new one. Raises ValidationError that names the fields."""
    row.full_clean()
    row.save(force_insert=True)
    return row
