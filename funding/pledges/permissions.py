"""Who may enter what the host gave, and who may speak for which government. A refusal says why and who may."""

from django.utils.translation import gettext as _

from cpc.core.decisions import ALLOWED, Decision, refuse
from partners.models import Partnership
from partners.permissions import may, roles_of
from partners.roles import Role, names_of

from .models import Contribution, ContributionConfirmation

ROLE_OF_SIDE = {
    ContributionConfirmation.Side.US: Role.PROGRAM_OFFICER,
    ContributionConfirmation.Side.HOST: Role.HOST_DELEGATE,
}


def may_enter_contribution(user, partnership: Partnership) -> Decision:
    return may(user, "contribution.enter", partnership.pk)


def side_of(user, partnership_id: int) -> str | None:
    """The government for which `user` speaks here; None for neither, and for somebody who holds a role of both."""
    sides = sides_of(user, partnership_id)
    return sides[0] if len(sides) == 1 else None


def may_speak(user, contribution: Contribution) -> Decision:
    """May `user` confirm or dispute for a government: each for itself, so nobody for both."""
    sides = sides_of(user, contribution.partnership_id)
    if len(sides) > 1:
        return refuse(_("You hold a role of each government here, and one person cannot speak for both."), code="both_sides")
    if not sides:
        return refuse(_("Each government speaks for itself."), who=names_of(ROLE_OF_SIDE.values()), code="role")
    if is_void(contribution):
        return refuse(_("This contribution is void; there is nothing to confirm."), code="void")
    return ALLOWED


def may_change_contribution(user, contribution: Contribution) -> Decision:
    """May `user` void it, or put a corrected row in its place."""
    decision = may(user, "contribution.enter", contribution.partnership_id)
    if decision and is_void(contribution):
        return refuse(_("This contribution is void already."), code="void")
    return decision


def is_void(contribution: Contribution) -> bool:
    return hasattr(contribution, "voided_by")


def sides_of(user, partnership_id: int) -> list[str]:
    roles = roles_of(user, partnership_id)
    return [side for side, role in ROLE_OF_SIDE.items() if role in roles]
