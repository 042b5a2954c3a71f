"""The acts that a proposal may hold, and how each is applied. An act is `{"act": name, …fields}` of plain JSON values.

Each may carry a `reason` of its own for its row of the ledger; without one the row has the proposal's.
"""

from dataclasses import replace

from django.core.exceptions import ValidationError

from activities.deadlines.acts import apply_override, apply_override_void
from funding.awards.acts import apply_action, apply_action_void, apply_allocation, apply_award
from funding.pledges.acts import apply_pledge, apply_pledge_void
from partners.acts import Approval, apply_coverage, apply_term, apply_term_void
from partners.models import Partnership

# Each name, and how it is applied.
ACTS = {
    "term": apply_term,
    "term_void": apply_term_void,
    "coverage": apply_coverage,
    "award": apply_award,
    "action": apply_action,
    "allocation": apply_allocation,
    "action_void": apply_action_void,
    "terms": apply_override,
    "terms_void": apply_override_void,
    "pledge": apply_pledge,
    "pledge_void": apply_pledge_void,
}


class FaultyAct(ValidationError):
    """A fault of one act: `number` counts from 0, `name` is the act's; the fields are those of the act."""

    def __init__(self, number: int, name: str, error: ValidationError):
        self.number, self.name = number, name
        super().__init__(error.update_error_dict({}))


def apply_acts(partnership: Partnership, acts: list[dict], by: Approval) -> list:
    """The rows that the acts wrote, in their order. Raises FaultyAct for the first that cannot be."""
    rows = []
    for number, act in enumerate(acts):
        fields = {name: value for name, value in act.items() if name not in ("act", "reason")}
        try:
            written = ACTS[act["act"]](partnership, fields, replace(by, reason=act.get("reason") or by.reason))
        except ValidationError as error:
            raise FaultyAct(number, act["act"], error) from error
        rows += written if isinstance(written, list) else [written]
    return rows
