"""What the entry form starts from: the last entry, another activity, or the one that is edited."""

from datetime import date

from .choices import AWARD, OBJECTIVE, ORGANIZATION, REGION, Choices
from .filters import NATIONAL
from .forms import OTHER_REGION, pairs_of
from .grid import cell_name
from .models import Activity


def defaults(choices: Choices, today: date) -> dict:
    """An empty form: held, today, and the organization if there is only one to choose."""
    initial = {"state": Activity.State.HELD, "starts_on": today}
    pairs = pairs_of(choices)
    return initial | {"under": pairs[0][0]} if len(choices.of(ORGANIZATION)) == 1 else initial


def from_last(activity: Activity, choices: Choices, today: date) -> dict:
    """Everything that is likely to be the same again."""
    return defaults(choices, today) | _place(activity, choices) | {"kind": activity.kind}


def from_other(activity: Activity, choices: Choices, today: date, *, exact: bool) -> dict:
    """A duplicate: all but the day, the state and the counts, which are never the same. The note only where `exact`: its reader
    sees the activity exactly."""
    return from_last(activity, choices, today) | {"title": activity.title} | ({"notes": activity.notes} if exact else {})


def from_itself(activity: Activity, counts: dict, choices: Choices) -> dict:
    """All that is stored, for an edit."""
    return {
        **_place(activity, choices),
        "kind": activity.kind,
        "state": activity.state,
        "starts_on": activity.starts_on,
        "ends_on": activity.ends_on if activity.ends_on != activity.starts_on else None,
        "title": activity.title,
        "notes": activity.notes,
        **{cell_name(*cell): n for cell, n in counts.items()},
    }


def _place(activity, choices):
    """Region, objective and under whom, as far as they can be chosen."""
    codes = {what: getattr(choices.by_id(what, pk), "code", "") for what, pk in (
        (OBJECTIVE, activity.objective_id), (ORGANIZATION, activity.organization_id), (AWARD, activity.award_id),
    )}  # fmt: skip
    region = choices.by_id(REGION, activity.region_id)
    place = {"objective": codes[OBJECTIVE], "under": f"{codes[ORGANIZATION]}|{codes[AWARD]}"}
    if activity.region_id is None:
        return place | {"region": NATIONAL}
    if region and not region.covered_from:
        return place | {"region": OTHER_REGION, "other_region": region.code}
    return place | {"region": region.code if region else ""}
