"""The acts on an activity: log, edit, void. Each asks who may, checks the whole, saves and records in one transaction."""

import re
from datetime import date

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from cpc.audit.models import AuditEvent
from cpc.audit.services import record
from cpc.core.words import clean_text
from cpc.reference.models import Region
from funding.models import Award
from partners.models import Objective, Partnership, PartnershipMember

from .models import Activity, ParticipantCount
from .permissions import may_edit_activity, may_log_activity, may_void_activity
from .queries import counts_of
from .rules import IMPOSSIBLE, MOST_IN_A_CELL, AgeBand, Counts, Group, Sex

FIELDS = (
    "kind", "state", "starts_on", "ends_on", "region_id", "objective_id", "organization_id", "award_id", "title", "notes",
)  # fmt: skip
_REFERENCES = ["partnership", "objective", "region", "organization", "award", "created_by"]
_LOGGED = "activity.logged"


class Conflict(Exception):
    """Somebody else changed the activity since the edit began. `current` is the row as it stands now."""

    def __init__(self, current: Activity):
        super().__init__(f"{current.key} is at version {current.version}.")
        self.current = current


@transaction.atomic
def log_activity(partnership_id: int, *, actor, today: date, counts: Counts | None = None, once: str = "", **fields) -> Activity:
    """Log one activity; `fields` are those of `FIELDS` (days in the partnership's zone; `region_id` None is national).

    `once` names this one sending of a form: sent again, it gives the activity that is there already. Raises PermissionDenied if
    `actor` may not, ValidationError naming the field.
    """
    partnership = Partnership.objects.locked().get(pk=partnership_id)
    may_log_activity(actor, partnership, fields["organization_id"]).require()
    if once and (there := _logged_before(actor, once)):
        return there
    activity = Activity(partnership=partnership, created_by=actor, **_cleaned(fields))
    activity.key = _next_key(partnership, activity.starts_on)
    _check(activity, actor, today)
    counts = _checked(counts or {})
    with pghistory.context(user=actor.pk):
        activity.save()
        _save_counts(activity, counts)
    record(actor, _LOGGED, activity, partnership_key=partnership.key, **({"once": once} if once else {}))
    return activity


@transaction.atomic
def edit_activity(activity_id: int, *, actor, today: date, version: int | None, counts: Counts, **fields) -> Activity:
    """Change an activity from its `version` to these `FIELDS` and `counts` (all of them). Nothing changed, nothing written.

    Raises PermissionDenied, ValidationError naming the field, or `Conflict` when it is at another version with other content.
    """
    activity = Activity.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=activity_id)
    may_edit_activity(actor, activity).require()
    may_log_activity(actor, activity.partnership, fields["organization_id"]).require()
    cleaned, counts = _cleaned(fields), _checked(counts)
    changed = [name for name in FIELDS if getattr(activity, name) != cleaned[name]]
    changed += ["counts"] if counts != counts_of(activity) else []
    if not changed:
        return activity
    if version != activity.version:
        raise Conflict(activity)
    for name, value in cleaned.items():
        setattr(activity, name, value)
    _check(activity, actor, today)
    activity.version += 1
    with pghistory.context(user=actor.pk):
        activity.save(update_fields=[*FIELDS, "version"])
        _save_counts(activity, counts)
    # What they were and are stands in the history, which shows it to those who may see it exactly.
    record(actor, "activity.edited", activity, partnership_key=activity.partnership.key, changed=changed)
    return activity


@transaction.atomic
def void_activity(activity_id: int, *, actor, reason: str) -> Activity:
    """Take an activity back, for ever and visibly. Raises PermissionDenied, or ValidationError for `reason`."""
    activity = Activity.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=activity_id)
    may_void_activity(actor, activity).require()
    try:
        activity.reason = clean_text(reason, lines=True)
    except ValidationError as error:
        raise ValidationError({"reason": error}) from None
    activity.state = Activity.State.VOID
    activity.version += 1
    activity.full_clean(exclude=_REFERENCES)
    with pghistory.context(user=actor.pk):
        activity.save(update_fields=["state", "reason", "version"])
    record(actor, "activity.voided", activity, partnership_key=activity.partnership.key, reason=activity.reason)
    return activity


def _logged_before(actor, once: str) -> Activity | None:
    event = AuditEvent.objects.filter(actor=actor, act=_LOGGED, details__once=once).first()
    return Activity.objects.get(key=event.subject_key) if event else None


def _next_key(partnership: Partnership, day: date) -> str:
    """`<partnership>-<year>-<month>-<number>`, for ever. The caller holds the partnership's lock: a number is given once."""
    prefix = f"{partnership.key}-{day:%Y-%m}-"
    keys = Activity.objects.filter(key__startswith=prefix).values_list("key", flat=True)
    numbers = [int(found[1]) for key in keys if (found := re.fullmatch(r"(\d{1,9})", key.removeprefix(prefix)))]
    return f"{prefix}{max(numbers, default=0) + 1:04}"


def _cleaned(fields: dict) -> dict:
    """The fields with their texts cleaned. Raises TypeError when one is missing or unknown, ValidationError for a text."""
    if set(fields) != set(FIELDS):
        raise TypeError(f"An activity has exactly these fields: {', '.join(FIELDS)}.")
    errors, cleaned = {}, dict(fields)
    for name, lines in (("title", False), ("notes", True)):
        try:
            cleaned[name] = clean_text(fields[name], lines=lines)
        except ValidationError as error:
            errors[name] = error
    if errors:
        raise ValidationError(errors)
    return cleaned


def _check(activity: Activity, actor, today: date) -> None:
    if activity.state == Activity.State.VOID:
        raise ValidationError({"state": _("An activity becomes void by voiding it, with a reason.")})
    activity.full_clean(exclude=_REFERENCES)
    if activity.state == Activity.State.HELD and activity.starts_on > today:
        raise ValidationError({"starts_on": _("This day is still to come. If the activity is planned, choose “Planned”.")})
    _check_references(activity, actor)


def _check_references(activity: Activity, actor) -> None:
    """What an activity points to belongs to its partnership: one query for all of it."""
    partnership = Partnership.objects.filter(pk=activity.partnership_id)
    here = OuterRef("pk")
    award = Award.objects.visible_to(actor).filter(pk=activity.award_id, partnership=here)
    fits = partnership.values(
        objective=Exists(Objective.objects.filter(pk=activity.objective_id, partnership=here)),
        region=Exists(Region.objects.filter(pk=activity.region_id, country=OuterRef("host_country"))),
        organization=Exists(PartnershipMember.objects.filter(organization=activity.organization_id, partnership=here)),
        award=Exists(award),
    ).get()
    errors = {}
    if not fits["objective"]:
        errors["objective"] = _("Choose an objective of this partnership.")
    if activity.region_id and not fits["region"]:
        errors["region"] = _("Choose a region of the host country.")
    if not fits["organization"]:
        errors["organization"] = _("Choose an organization that takes part in this partnership.")
    if activity.award_id and not fits["award"]:
        errors["award"] = _("Choose an award of this partnership.")
    if errors:
        raise ValidationError(errors)


def _checked(counts: Counts) -> dict:
    for (group, sex, age_band), n in counts.items():
        is_known = group in Group.values and sex in Sex.values and age_band in AgeBand.values
        if not is_known or (group, age_band) in IMPOSSIBLE:
            raise ValidationError({"counts": _("There is no such cell in the counts.")})
        if not isinstance(n, int) or not 0 <= n <= MOST_IN_A_CELL:
            raise ValidationError({"counts": _("A count is a whole number from 0 to 1,000,000.")})
    return dict(counts)


def _save_counts(activity: Activity, counts: dict) -> None:
    """Make the rows say `counts`, touching only those that differ, so that the history holds what changed."""
    there = {(row.group, row.sex, row.age_band): row for row in activity.counts.all()}
    gone = [row.pk for cell, row in there.items() if cell not in counts]
    if gone:
        ParticipantCount.objects.filter(pk__in=gone).delete()
    changed = [row for cell, row in there.items() if cell in counts and row.n != counts[cell]]
    for row in changed:
        row.n = counts[(row.group, row.sex, row.age_band)]
    ParticipantCount.objects.bulk_update(changed, ["n"])
    ParticipantCount.objects.bulk_create(
        ParticipantCount(activity=activity, group=group, sex=sex, age_band=age_band, n=n)
        for (group, sex, age_band), n in counts.items()
        if (group, sex, age_band) not in there
    )
