"""The one act on an award that needs no decision: to say what it is, in words and numbers of identification."""

from decimal import Decimal
from typing import Any

from django.db import transaction

from cpc.audit.services import record
from funding.awards.models import Award, AwardRecipient
from partners.models import Organization

from .permissions import may_describe

TEXTS = ("description_en", "description_es", "contact", "fain", "listing", "is_research", "indirect_cost_rate")


class Conflict(Exception):
    """Somebody else changed the award since the edit began. `current` is as it stands now, with `recipients` loaded."""

    def __init__(self, current: Award):
        super().__init__(f"{current.key} is at version {current.version}.")
        self.current = current


@transaction.atomic
def describe_award(award_id: int, *, actor, version: int | None, ueis: dict[str, str], **texts: Any) -> Award:
    """Change the texts of an award from its `version` to these `TEXTS`, and the identifiers of its recipients (`ueis`: by the key
    of the organization). Nothing changed, nothing written.

    Raises PermissionDenied, ValidationError naming the field, or Conflict where it stands at another version with other texts.
    """
    award = Award.objects.select_for_update(of=["self"]).select_related("partnership").get(pk=award_id)
    may_describe(actor, award).require()
    organizations = recipients_of(award)
    before, after = described(award, organizations), plain(texts) | {f"uei {key}": uei for key, uei in ueis.items()}
    changed = [name for name in after if before.get(name) != after[name]]
    if not changed:
        return award
    if version != award.version:
        raise Conflict(award)
    for name, value in texts.items():
        setattr(award, name, value)
    award.version += 1
    award.full_clean(exclude=["partnership", "parent", "pass_through", "source"])
    award.save(update_fields=[*texts, "version"])
    for organization in organizations:
        if organization.key in ueis and organization.uei != ueis[organization.key]:
            organization.uei = ueis[organization.key]
            organization.save(update_fields=["uei"])
    record(
        actor, "award.described", award, partnership_key=award.partnership.key,
        before={name: before.get(name) for name in changed}, after={name: after[name] for name in changed},
    )  # fmt: skip
    return award


def recipients_of(award: Award) -> list[Organization]:
    """The organizations that receive the award, locked against another edit of their identifiers."""
    received = AwardRecipient.objects.filter(award=award).values("organization")
    return list(Organization.objects.select_for_update().filter(pk__in=received).order_by("key"))


def described(award: Award, organizations: list[Organization]) -> dict[str, Any]:
    """What can be described, as plain values for comparison and for the trail."""
    return plain({name: getattr(award, name) for name in TEXTS}) | {f"uei {one.key}": one.uei for one in organizations}


def plain(texts: dict[str, Any]) -> dict[str, Any]:
    return {name: f"{value.normalize():f}" if isinstance(value, Decimal) else value for name, value in texts.items()}
