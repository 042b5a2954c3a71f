"""What a proposal may do to the host's pledges. `fields` are the plain values that a proposal keeps; a fault is a ValidationError
that names the field."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from partners.acts import Approval, asked_date, asked_effective, asked_money, columns_of, free_key, voidable, written
from partners.models import Partnership

from .models import ExchangeRate, Pledge


def apply_pledge(partnership: Partnership, fields: dict, by: Approval) -> Pledge:
    """A promise of the host: `amount` in the host's currency with its `qualifier`, or `in_kind_en`/`in_kind_es`; `effective`,
    `ends`, and the `rate` row (its primary key) by which another currency is shown at signature."""
    effective, ends = asked_effective(fields, by), asked_date(fields, "ends")
    amount = asked_money(fields)
    in_kind = {name: fields.get(name, "") for name in ("in_kind_en", "in_kind_es")}
    if amount is None and not any(in_kind.values()):
        raise ValidationError({"amount": _("Name a sum, or say what is promised in kind.")})
    if ends and ends.last < effective.last:
        raise ValidationError({"ends": _("A pledge ends on or after the day it was made.")})
    return written(
        Pledge(
            key=free_key(Pledge, f"{partnership.key}-pledge"), partnership=partnership, amount=amount,
            currency="" if amount is None else partnership.host_currency, qualifier=fields["qualifier"], **in_kind,
            rate=asked_rate(fields, effective.last), **columns_of("effective", effective), **columns_of("ends", ends),
            **by.of_ledger,
        )
    )  # fmt: skip


def apply_pledge_void(partnership: Partnership, fields: dict, by: Approval) -> Pledge:
    """Take back the pledge with the key `voids`."""
    taken = voidable(Pledge.objects.filter(partnership=partnership), fields, by)
    return written(
        Pledge(
            key=free_key(Pledge, f"{taken.key}-void"), partnership=partnership, voids=taken, effective_on=by.on, **by.of_ledger
        )
    )


def asked_rate(fields: dict, day: date) -> ExchangeRate | None:
    """The rate of the pledge: a row of the table that was in force on its day."""
    if not fields.get("rate"):
        return None
    rate = ExchangeRate.objects.filter(pk=fields["rate"], effective_date__lte=day).first()
    if rate is None:
        raise ValidationError({"rate": _("Choose a rate that was in force on the day of the pledge.")})
    return rate
