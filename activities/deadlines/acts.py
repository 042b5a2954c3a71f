"""What a proposal may do to the rules of an award: say what the award's own terms say instead of one, and take that back.

`fields` are the plain values that a proposal keeps. A fault is a ValidationError that names the field. Order of precedence, award
before regulation: domain rules of the product, "Which rule book applies to whom".
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cpc.core.workdays import ShiftPolicy
from funding.models import Award
from partners.acts import Approval, asked_effective, columns_of, found, free_key, voidable, written
from partners.models import Partnership

from .models import RuleOverride
from .rulebook import Rule, shipped

MOST = {"day": 730, "month": 60, "year": 20}
AWARD_TRIGGERS = (
    "award_end",
    "reporting_period_end",
    "award_anniversary",
    "final_reports_accepted",
    "final_sf425_submitted",
)


def changeable_rules() -> list[Rule]:
    """The rules that an award's own terms may change: those that count from the award, but for its end itself."""
    return [rule for rule in shipped().rules if rule.trigger in AWARD_TRIGGERS and rule.kind != "award_end"]


def apply_override(partnership: Partnership, fields: dict, by: Approval) -> RuleOverride:
    """What the terms of `award` say instead of `rule`: another `count` of the rule's units (a whole number, as text; it counts to
    the rule's own side), another `shift`, or with `suppressed` that nothing falls due. `effective` as in every ledger."""
    award = found(Award.objects.filter(partnership=partnership), fields, "award")
    rule, effective = asked_rule(award, fields), asked_effective(fields, by)
    return written(
        RuleOverride(
            key=free_key(RuleOverride, f"{award.key}-{rule.id.lower()}-{effective.last.year}"),
            award=award,
            rule=rule.id,
            **asked_terms(rule, fields),
            **columns_of("effective", effective),
            **by.of_ledger,
        )
    )


def apply_override_void(partnership: Partnership, fields: dict, by: Approval) -> RuleOverride:
    """Take back what was said with the key `voids`: what was said before it holds again, or the rule."""
    taken = voidable(RuleOverride.objects.filter(award__partnership=partnership), fields, by)
    return written(
        RuleOverride(
            key=free_key(RuleOverride, f"{taken.key}-void"),
            award=taken.award,
            rule=taken.rule,
            voids=taken,
            effective_on=by.on,
            **by.of_ledger,
        )
    )


def asked_rule(award: Award, fields: dict) -> Rule:
    """A rule that is about a recipient of the award. Raises ValidationError at the field `rule`."""
    rule = next((one for one in changeable_rules() if one.id == fields.get("rule")), None)
    if rule is None:
        raise ValidationError({"rule": _("“%(key)s” is not one of those on offer.") % {"key": fields.get("rule")}})
    if rule.applies_to and not award.recipients.filter(rule_class__in=rule.applies_to).exists():
        raise ValidationError({"rule": _("No recipient of this award is under this rule.")})
    return rule


def asked_terms(rule: Rule, fields: dict) -> dict:
    """The columns of what is said. Raises ValidationError at the fields `count`, `shift` or `suppressed`."""
    count, shift = asked_count(rule, fields), fields.get("shift") or ""
    if shift and shift not in ShiftPolicy.__members__:
        raise ValidationError({"shift": _("“%(key)s” is not one of those on offer.") % {"key": shift}})
    offset = None if count is None else count * (1 if rule.offset > 0 else -1)
    if fields.get("suppressed"):
        if offset is not None or shift:
            raise ValidationError({"suppressed": _("Where nothing falls due, leave the number and the shift empty.")})
        return {"is_suppressed": True}
    if offset is None and not shift:
        raise ValidationError({"count": _("Say another number, another shift, or that nothing falls due.")})
    if offset in (None, rule.offset) and shift in ("", rule.shift):
        raise ValidationError({"count": _("That is what the rule says already.")})
    return {"offset": offset, "shift": shift}


def asked_count(rule: Rule, fields: dict) -> int | None:
    """The number typed; None where there is none. Raises ValidationError at the field `count`."""
    text = str(fields.get("count") or "").strip()
    if not text:
        return None
    count = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if not 1 <= count <= MOST[rule.unit]:
        raise ValidationError(
            {"count": _("Write a whole number from 1 to %(most)s, for example 45.") % {"most": MOST[rule.unit]}}
        )
    return count
