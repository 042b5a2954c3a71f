"""May this person log, edit or void an activity now. Program officers for any organization, partners for their own."""

from django.utils.translation import gettext as _

from cpc.core.decisions import Decision, refuse
from partners.models import Partnership
from partners.permissions import may, may_for, memberships_of
from partners.roles import PARTNER_ROLES

from .models import Activity


def may_read_activities(user, partnership: Partnership) -> Decision:
    return may(user, "read.activities", partnership.pk)


def may_log_activity(user, partnership: Partnership, organization_id: int | None = None) -> Decision:
    """May `user` log activities here: for the given organization, or for any one at all."""
    if organization_id is None:
        return may(user, "activity.log", partnership.pk)
    return may_for(user, "activity.log", partnership.pk, organization_id)


def may_edit_activity(user, activity: Activity) -> Decision:
    decision = may_for(user, "activity.log", activity.partnership_id, activity.organization_id)
    if decision and activity.state == Activity.State.VOID:
        return refuse(_("This activity is void. Duplicate it to log it again."), code="void")
    return decision


def may_void_activity(user, activity: Activity) -> Decision:
    decision = may_for(user, "activity.log", activity.partnership_id, activity.organization_id)
    if decision and activity.state == Activity.State.VOID:
        return refuse(_("This activity is void already."), code="void")
    return decision


def organizations_to_log_for(user, partnership: Partnership) -> set[int] | None:
    """The ids of the organizations for which `user` may log activities here; None for every one."""
    if may(user, "activity.log_for_any", partnership.pk):
        return None
    return {m.organization_id for m in memberships_of(user) if m.partnership_id == partnership.pk and m.role in PARTNER_ROLES}
