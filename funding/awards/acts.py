"""What a proposal may do to awards: begin one, and every later step of its life. Each function writes the rows of one approved
act.

`fields` are the plain values that a proposal keeps: dates and amounts as text, organizations and awards by key. A fault is a
ValidationError that names the field. Sources: 2 CFR 200.308 (changes of an award), 200.332 (sub-awards), 200.344 (close-out).
"""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils.translation import gettext as _

from cpc.audit.services import record
from cpc.core.dates import Precision
from cpc.core.money import format_money
from partners.acts import Approval, asked_date, asked_effective, asked_money, columns_of, found, free_key, voidable, written
from partners.models import Organization, Partnership

from .ledger import in_force, period_of
from .models import Award, AwardAction, AwardRecipient
from .rules import ADDING_KINDS, fault_of_amount, fault_of_end

TEXTS = ("title_en", "title_es", "listing", "fain")
# Data elements of 2 CFR 200.332(b)(1) that are money and days, so that they change by decision alone.
ELEMENTS = ("committed", "budget_start", "budget_end")


def apply_award(partnership: Partnership, fields: dict, by: Approval) -> AwardAction:
    """A new award with its recipients and its first action. `recipients` name an organization each, and its rule class where that
    is not the usual one of its kind; a sub-award names `parent` and `pass_through` as far as they are known. The money goes to
    `recipient`, or is not told apart. `committed`, `budget_start` and `budget_end` as in `apply_action`."""
    parent, pass_through = None, None
    if fields["level"] == Award.Level.SUB:
        primes = Award.objects.filter(partnership=partnership, level=Award.Level.PRIME)
        parent = found(primes, fields, "parent") if fields.get("parent") else None
        pass_through = found(Organization.objects.all(), fields, "pass_through") if fields.get("pass_through") else None
    organizations = [found(Organization.objects.all(), one, "organization") for one in fields["recipients"]]
    if not organizations:
        raise ValidationError({"recipients": _("Name who receives it.")})
    if len(set(organizations)) < len(organizations):
        raise ValidationError({"recipients": _("Name each recipient once.")})
    award = written(
        Award(
            key=fields["key"], partnership=partnership, level=fields["level"], parent=parent, pass_through=pass_through,
            currency=fields["currency"], report_frequency=fields.get("report_frequency") or Award.Frequency.QUARTERLY,
            **{name: fields.get(name, "") for name in TEXTS}, **by.of_sourced,
        )
    )  # fmt: skip
    for one, organization in zip(fields["recipients"], organizations, strict=True):
        rule_class = one.get("rule_class") or usual_rule_class(organization, award.level)
        written(AwardRecipient(award=award, organization=organization, rule_class=rule_class, **_sourced(by)))
    return apply_action(partnership, {**fields, "award": award.key, "kind": AwardAction.Kind.INITIAL}, by)


def usual_rule_class(organization: Organization, level: str) -> str:
    """The rule book of an organization of this kind. Source: 2 CFR 600.101; a public international organization is under its
    own terms."""
    if organization.organization_class == Organization.Kind.FOREIGN_PUBLIC_ENTITY:
        return AwardRecipient.RuleClass.FOREIGN_PUBLIC_ENTITY
    is_sub = level == Award.Level.SUB
    return AwardRecipient.RuleClass.SUBRECIPIENT if is_sub else AwardRecipient.RuleClass.RECIPIENT


def apply_action(partnership: Partnership, fields: dict, by: Approval) -> AwardAction:
    """One step of an award: `kind`, `effective`, `amount` (signed, in the award's currency; empty: not known, or none),
    `recipient` (empty: not told apart), `start` and `new_end` of the period, `basis`, `guidance_version`. `committed` (in the
    award's currency), `budget_start` and `budget_end` (whole days) replace what was known of them; empty: they stay."""
    award, kind = award_of(partnership, fields), fields["kind"]
    effective, start, new_end = asked_effective(fields, by), asked_date(fields, "start"), asked_date(fields, "new_end")
    amount, recipient = asked_amount(fields, award.currency), asked_recipient(award, fields)
    if fault := fault_of_amount(kind, amount):
        raise ValidationError({"amount": fault})
    period = period_of(_actions(award, by))
    if fault := fault_of_end(kind, new_end, period.end, start=start or period.start):
        raise ValidationError({"new_end": fault})
    action = written(
        AwardAction(
            key=free_key(AwardAction, key_of_action(award, kind, effective)),
            award=award,
            kind=kind,
            amount=amount,
            currency="" if amount is None else award.currency,
            recipient=recipient,
            basis=fields["basis"],
            guidance_version=fields.get("guidance_version", ""),
            **columns_of("effective", effective),
            **columns_of("start", start, first=True),
            **columns_of("new_end", new_end),
            **by.of_ledger,
        )
    )
    check_sums(award, by)
    set_elements(award, fields, by)
    return action


def set_elements(award: Award, fields: dict, by: Approval) -> None:
    """Write the data elements that the act names to its award. Raises ValidationError at the field."""
    asked = {"budget_start_on": asked_day(fields, "budget_start"), "budget_end_on": asked_day(fields, "budget_end")}
    asked["committed"] = asked_committed(fields)
    after = {name: value for name, value in asked.items() if value is not None and value != getattr(award, name)}
    if not after:
        return
    before = {name: getattr(award, name) for name in after}
    for name, value in after.items():
        setattr(award, name, value)
    if award.budget_start_on and award.budget_end_on and award.budget_end_on < award.budget_start_on:
        raise ValidationError({"budget_end": _("The budget period ends on or after its first day.")})
    award.version += 1
    award.save(update_fields=[*after, "version"])
    if by.decided_by:
        record(
            by.decided_by, "award.elements_decided", award, partnership_key=award.partnership.key,
            before=plain(before), after=plain(after),
        )  # fmt: skip


def plain(values: dict) -> dict[str, str | None]:
    return {name: None if value is None else str(value) for name, value in values.items()}


def asked_committed(fields: dict) -> Decimal | None:
    try:
        return asked_money({"amount": fields.get("committed")})
    except ValidationError as error:
        raise ValidationError({"committed": error.messages}) from None


def asked_day(fields: dict, name: str) -> date | None:
    """A whole day, since the column has no precision; None where the field is empty."""
    value = asked_date(fields, name)
    if value is not None and value.precision != Precision.DAY:
        raise ValidationError({name: _("Write the whole day, for example 2020-02-06.")})
    return value and value.last


def apply_allocation(partnership: Partnership, fields: dict, by: Approval) -> list[AwardAction]:
    """A split learnt later: `parts` are pairs of recipient and amount, taken from what was not told apart until now. The rows add
    to zero, so no total moves."""
    award, effective = award_of(partnership, fields), asked_effective(fields, by)
    parts = [asked_part(award, number, one) for number, one in enumerate(fields["parts"], start=1)]
    if not parts:
        raise ValidationError({"parts": _("Name each recipient's amount, more than 0.")})
    whole = sum(amount for _recipient, amount in parts)
    left = unallocated_of(award, by)
    if whole > left:
        words = {"whole": format_money(whole, award.currency), "left": format_money(left, award.currency)}
        raise ValidationError({"parts": _("The parts add to %(whole)s; only %(left)s have no recipient yet.") % words})
    stem = key_of_action(award, AwardAction.Kind.ALLOCATION, effective)
    shared = {"award": award, "kind": AwardAction.Kind.ALLOCATION, "currency": award.currency, "basis": fields["basis"]}
    shared |= columns_of("effective", effective) | by.of_ledger
    return [
        written(
            AwardAction(
                key=free_key(AwardAction, stem), amount=amount, recipient=recipient, **shared,
            )
        )
        for recipient, amount in [(None, -whole), *parts]
    ]  # fmt: skip


def asked_part(award: Award, number: int, one: dict) -> tuple[Organization, Decimal]:
    """One part of a split, with the place of its faults: `recipient_1`, `amount_1` and so on."""
    try:
        recipient, amount = asked_recipient(award, one, required=True), asked_amount(one, award.currency)
        if amount is None or amount <= 0:
            raise ValidationError({"amount": _("Name each recipient's amount, more than 0.")})
    except ValidationError as error:
        raise ValidationError({f"{name}_{number}": messages for name, messages in error.message_dict.items()}) from None
    return recipient, amount


def apply_action_void(partnership: Partnership, fields: dict, by: Approval) -> list[AwardAction]:
    """Take back the action with the key `voids`. Of a split all rows go: one of them alone would move the total."""
    taken = voidable(AwardAction.objects.filter(award__partnership=partnership), fields, by)
    voids = [
        written(
            AwardAction(
                key=free_key(AwardAction, f"{row.key}-void"), award=row.award, kind=AwardAction.Kind.VOID, voids=row,
                basis=row.basis, effective_on=by.on, **by.of_ledger,
            )
        )
        for row in split_of(taken, by)
    ]  # fmt: skip
    check_sums(taken.award, by)
    return voids


def split_of(action: AwardAction, by: Approval) -> list[AwardAction]:
    """The rows that came into being with `action` and stand and fall with it: those of its split, or itself alone."""
    if action.kind != AwardAction.Kind.ALLOCATION:
        return [action]
    rows = AwardAction.objects.filter(
        award=action.award, kind=action.kind, effective_on=action.effective_on, decided_at=action.decided_at
    )
    return list(rows.in_force(as_of=by.on, known_on=by.on).order_by("pk"))


def award_of(partnership: Partnership, fields: dict) -> Award:
    return found(Award.objects.filter(partnership=partnership), fields, "award")


def asked_amount(fields: dict, currency: str) -> Decimal | None:
    """Raises ValidationError at the field `amount`."""
    if fields.get("amount") and fields.get("currency") not in (None, "", currency):
        raise ValidationError({"amount": _("This award is in %(currency)s. Enter the amount in it.") % {"currency": currency}})
    return asked_money(fields, allow_negative=True)


def asked_recipient(award: Award, fields: dict, *, required: bool = False) -> Organization | None:
    """One of the award's recipients; None where the split is not known."""
    if not fields.get("recipient") and not required:
        return None
    return found(Organization.objects.filter(received__award=award), fields, "recipient")


def key_of_action(award: Award, kind: str, effective) -> str:
    """The permanent name of a new step: "<award>-award" for the first, else with its kind and year."""
    return (
        f"{award.key}-award"
        if kind == AwardAction.Kind.INITIAL
        else f"{award.key}-{kind.replace('_', '-')}-{effective.last.year}"
    )


def unallocated_of(award: Award, by: Approval) -> Decimal:
    rows = in_force(AwardAction.objects.filter(award=award, recipient=None), as_of=by.on, known_on=by.on)
    return rows.aggregate(total=Sum("amount"))["total"] or Decimal(0)


def check_sums(award: Award, by: Approval) -> None:
    """No award falls below nothing, nor does a recipient's part, and what is passed on does not rise above its award, as far as
    the amounts are known. Raises ValidationError at the field `amount`."""
    total = known_total(award, by)
    if total is not None and total < 0:
        raise ValidationError({"amount": _("That would take more than the award holds.")})
    for recipient, held in by_recipient(award, by).items():
        if recipient and held < 0:
            words = {"name": recipient}
            raise ValidationError({"amount": _("That would take more than %(name)s holds of the award.") % words})
    prime = award.parent if award.level == Award.Level.SUB else award
    above = known_total(prime, by) if prime else None
    if above is None:
        return
    subs = AwardAction.objects.filter(award__parent=prime, currency=prime.currency)
    below = in_force(subs, as_of=by.on, known_on=by.on).aggregate(total=Sum("amount"))["total"] or Decimal(0)
    if below > above:
        words = {"below": format_money(below, prime.currency), "above": format_money(above, prime.currency), "award": prime.key}
        raise ValidationError(
            {"amount": _("The sub-awards of %(award)s would hold %(below)s, more than its own %(above)s.") % words}
        )


def by_recipient(award: Award, by: Approval) -> dict[Organization | None, Decimal]:
    """What the actions in force give to each recipient; under None what is not told apart."""
    held = defaultdict(Decimal)
    for action in _actions(award, by):
        held[action.recipient] += action.amount or 0
    return held


def known_total(award: Award, by: Approval) -> Decimal | None:
    """What the actions in force add up to; None where not one of them has a known amount, or an adding one has none."""
    amounts = [action.amount for action in _actions(award, by) if action.amount is not None or action.kind in ADDING_KINDS]
    return None if not amounts or None in amounts else sum(amounts, Decimal(0))


def _actions(award: Award, by: Approval) -> list[AwardAction]:
    rows = in_force(AwardAction.objects.filter(award=award), as_of=by.on, known_on=by.on)
    return list(rows.select_related("recipient").order_by("effective_on", "pk"))


def _sourced(by: Approval) -> dict:
    return {name: value for name, value in by.of_sourced.items() if name != "known_on"}
