"""May this person do this now. A refusal says why and who may."""

from django.utils.translation import gettext as _

from cpc.core.decisions import ALLOWED, Decision, refuse

from .models import Membership
from .roles import names_of, roles_that_may

# What floors above want to know of each membership of a reader, by name, as an expression over Membership: it comes with the one
# statement that every page makes anyway.
BESIDES = {}


def memberships_of(user) -> list[Membership]:
    """The memberships of `user`, read once per request (the user object lives as long as its request)."""
    if not getattr(user, "is_active", False):
        return []
    if not hasattr(user, "_memberships"):
        user._memberships = list(
            Membership.objects.of(user).select_related("organization", "partnership__host_country").annotate(**BESIDES)
        )
    return user._memberships


def roles_of(user, partnership_id: int) -> set[str]:
    return {m.role for m in memberships_of(user) if m.partnership_id in (partnership_id, None)}


def may(user, act: str, partnership_id: int) -> Decision:
    """May `user` do `act` (a row of `roles.GRANTS`) in the partnership at all."""
    allowed = roles_that_may(act)
    if roles_of(user, partnership_id) & allowed:
        return ALLOWED
    who = names_of(allowed)
    return refuse(_("Your role does not include this."), who=who, code="role")


def may_anywhere(user, act: str) -> Decision:
    """As `may`, for what belongs to no partnership: a role in any one is enough."""
    allowed = roles_that_may(act)
    if any(m.role in allowed for m in memberships_of(user)):
        return ALLOWED
    return refuse(_("Your role does not include this."), who=names_of(allowed), code="role")


def may_for(user, act: str, partnership_id: int, organization_id: int) -> Decision:
    """As `may`, but partner and host roles only for the organization they speak for."""
    allowed = roles_that_may(act)
    for m in memberships_of(user):
        fits = m.partnership_id in (partnership_id, None) and m.role in allowed
        if fits and m.organization_id in (None, organization_id):
            return ALLOWED
    return refuse(_("Your role does not include this for that organization."), who=names_of(allowed), code="organization")


def sees_exact_counts(user, partnership_id: int) -> bool:
    """Whether counts of children are shown exactly: program officers, and memberships with the flag."""
    return any(
        m.partnership_id in (partnership_id, None) and (m.exact_counts or m.role in roles_that_may("read.exact_counts"))
        for m in memberships_of(user)
    )
