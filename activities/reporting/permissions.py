"""May this person do this with a report now: for each act a Decision that says why not, and who may.

Two kinds of no: a role that does not hold the act (`code` "role" or "organization") is a 403; a state from which the table of
moves leads elsewhere (`code` "state") means that somebody else acted first, or that the turn is another's.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cpc.core.decisions import ALLOWED, Decision, refuse
from partners.permissions import may_for, memberships_of, sees_exact_counts
from partners.roles import PARTNER_ROLES

from .models import Report, ReportVersion
from .rules import ACCEPTED, DRAFT, EDITABLE, IN_REVIEW, MOVE_NAMES, RETURNED, SUBMITTED, find_move, grant_of

PREPARE, REOPEN = "prepare", "reopen"
LABELS = {
    PREPARE: gettext_lazy("Fill in"),
    "submit": gettext_lazy("Certify and submit"),
    "withdraw": gettext_lazy("Withdraw"),
    "start_review": gettext_lazy("Start the review"),
    "release_review": gettext_lazy("Release the review"),
    "return": gettext_lazy("Return"),
    "accept": gettext_lazy("Accept"),
    REOPEN: gettext_lazy("Reopen"),
}
STATE_REASONS = {
    None: gettext_lazy("This report has not been started."),
    DRAFT: gettext_lazy("This report is a draft that its organization is filling in."),
    SUBMITTED: gettext_lazy("This report is submitted and waits for a program officer."),
    IN_REVIEW: gettext_lazy("This report is in review; its contents are frozen."),
    RETURNED: gettext_lazy("This report was returned to its organization."),
    ACCEPTED: gettext_lazy("This report is accepted. A correction is a new version with a reason."),
}


@dataclass(frozen=True)
class Act:
    """One thing that can be done with a report, and whether this reader may do it now."""

    name: str
    label: str
    may: Decision


def may_prepare(user, report: Report, version: ReportVersion | None) -> Decision:
    """Open the report or fill it in: preparers and certifiers of its organization, while it is not started, a draft or
    returned."""
    decision = may_for(user, "report.prepare", report.partnership_id, report.organization_id)
    if not decision:
        return decision
    return ALLOWED if version is None or version.state in EDITABLE else _not_in_this_state(version)


def may_move(user, report: Report, version: ReportVersion | None, name: str) -> Decision:
    """Make the move `name` of the table of moves. Source for the certifier's rule: product contract, report states."""
    decision = _holds_grant_of(user, report, name)
    if not decision:
        return decision
    if version is None or find_move(name, version.state) is None:
        return _not_in_this_state(version)
    if name == "accept" and version.certified_by_id == user.pk:
        return refuse(
            _("You certified this version, and the certifier of a version may not accept it."),
            who=_("any other program officer of this partnership"),
            code="own_certification",
        )
    return ALLOWED


def may_reopen(user, report: Report, version: ReportVersion | None) -> Decision:
    """Begin a new version of an accepted report: a program officer, with a reason."""
    decision = may_for(user, "report.review", report.partnership_id, report.organization_id)
    if not decision:
        return decision
    return ALLOWED if version is not None and version.state == ACCEPTED else _not_in_this_state(version)


def acts_of(user, report: Report, version: ReportVersion | None) -> list[Act]:
    """Everything that can be done with a report, each with whether `user` may do it now and why not. Page and API show this."""
    decisions = {PREPARE: may_prepare(user, report, version)}
    decisions |= {name: may_move(user, report, version, name) for name in MOVE_NAMES}
    decisions[REOPEN] = may_reopen(user, report, version)
    return [Act(name, str(LABELS[name]), decision) for name, decision in decisions.items()]


def sees_contents_exactly(user, report: Report) -> bool:
    """Whether protected counts show as they are: to the organization that reports them, and to the circle of exact counts."""
    own = any(
        m.organization_id == report.organization_id and m.role in PARTNER_ROLES and m.partnership_id == report.partnership_id
        for m in memberships_of(user)
    )
    return own or sees_exact_counts(user, report.partnership_id)


def _holds_grant_of(user, report, name) -> Decision:
    return may_for(user, grant_of(name), report.partnership_id, report.organization_id)


def _not_in_this_state(version) -> Decision:
    return refuse(STATE_REASONS[version.state if version else None], code="state")
