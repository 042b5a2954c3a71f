"""Who may give and take access: an administrator every role, a program officer the partner and host ones; nobody their own."""

from django.utils.translation import gettext as _

from cpc.accounts.models import User
from cpc.core.decisions import ALLOWED, Decision, refuse
from partners.models import Membership
from partners.permissions import may, memberships_of
from partners.roles import ORGANIZATION_ROLES, Role, names_of, roles_that_may

SEE = "users.invite_partners"
MANAGE = "users.manage"


def act_for(role: str) -> str:
    return SEE if role in ORGANIZATION_ROLES else MANAGE


def may_give(user, partnership_id: int, role: str) -> Decision:
    """May `user` give somebody this role in the partnership."""
    return may(user, act_for(role), partnership_id)


def roles_to_give(user, partnership_id: int) -> list[Role]:
    """In the order of the table of roles."""
    return [role for role in Role if may_give(user, partnership_id, role)]


def may_set_exact_counts(user, partnership_id: int) -> Decision:
    """Whether counts of children are shown exactly is an administrator's to say."""
    return may(user, MANAGE, partnership_id)


def may_change(user, membership: Membership) -> Decision:
    """May `user` change or end this access."""
    administrator = names_of(roles_that_may(MANAGE))
    if membership.user_id == user.pk:
        return refuse(_("Nobody changes their own access."), who=administrator, code="own_access")
    if membership.partnership_id is None:
        if any(own.partnership_id is None for own in memberships_of(user)):
            return ALLOWED
        reason = _("This access holds for every partnership.")
        return refuse(reason, who=_("An administrator of every partnership"), code="every_partnership")
    return may(user, act_for(membership.role), membership.partnership_id)


def may_manage_account(user, account: User) -> Decision:
    """May `user` switch this account off and on, change its address, reset its second factor.

    An account is one for the whole site: whoever administers one partnership decides about those who have access to no other.
    """
    administrators = roles_that_may(MANAGE)
    if account.pk == user.pk:
        reason = _("Nobody does this to their own account.")
        return refuse(reason, who=_("Another administrator"), code="own_account")
    administered = {own.partnership_id for own in memberships_of(user) if own.role in administrators}
    if None in administered:
        return ALLOWED
    if not administered:
        return refuse(_("Your role does not include this."), who=names_of(administrators), code="role")
    reached = set(Membership.objects.filter(user=account).values_list("partnership", flat=True))
    if reached and reached <= administered:
        return ALLOWED
    reason = _("This account is not of this partnership alone.")
    return refuse(reason, who=_("An administrator of every partnership"), code="other_partnership")
