"""Giving, changing and ending access to a partnership. A membership's end is its removal; what it was stands in the trail."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cpc.accounts.invitations import invite_user, renew_invitation
from cpc.accounts.models import User
from cpc.audit.services import record
from cpc.core.decisions import refuse
from partners.models import Membership, Partnership
from partners.permissions import may
from partners.roles import ORGANIZATION_ROLES, Role, names_of, roles_that_may

from .permissions import MANAGE, may_change, may_give, may_set_exact_counts
from .queries import organizations_for


class Overtaken(Exception):
    """Somebody else changed this access since its form was opened."""


@transaction.atomic
def invite(
    partnership: Partnership,
    *,
    actor: User,
    email: str,
    name: str,
    role: str,
    organization_key: str = "",
    language: str = "en",
    exact_counts: bool = False,
    now: datetime,
) -> Membership:
    """Give a person a role, with an account if they have none. The caller sends the mail after the commit. An administrator
    gives one also to an account that is switched off, which stays off.

    Raises PermissionDenied, or ValidationError naming email, name, role, organization or language.
    """
    may_give(actor, partnership.pk, role).require()
    if email.lower() == actor.email.lower():
        refuse(_("Nobody gives access to themselves."), who=names_of(roles_that_may(MANAGE)), code="own_access").require()
    if exact_counts:
        may_set_exact_counts(actor, partnership.pk).require()
    may_be_off = bool(may(actor, MANAGE, partnership.pk))
    user = invite_user(email, actor=actor, name=name, language=language, now=now, may_be_off=may_be_off)
    membership = Membership(user=user, partnership=partnership)
    set_role(membership, role=role, organization_key=organization_key, exact_counts=exact_counts)
    membership.save()
    record(actor, "membership.given", membership, partnership_key=partnership.key, after=snapshot(membership))
    return membership


def invite_again(membership: Membership, *, actor: User, now: datetime) -> None:
    """A new link for somebody who has not set a password yet; the old one stops working. The caller sends the mail.

    Raises PermissionDenied, or ValidationError for a person who has a password or whose account is switched off.
    """
    may_change(actor, membership).require()
    if not membership.user.is_active:
        raise ValidationError(_("This account is switched off. An administrator can switch it on; that invites again."))
    if membership.user.has_usable_password():
        raise ValidationError(_("This person has a password already and can ask for a new one on the log-in page."))
    membership.user = renew_invitation(membership.user_id, actor=actor, now=now)


@transaction.atomic
def change_access(
    membership_id: int, *, actor: User, seen: str, role: str, organization_key: str = "", exact_counts: bool | None = None
) -> Membership:
    """Another role, organization or view of counts (None: as it is) for somebody who has access. `seen`: `state_of` the row
    when the form was opened.

    Raises PermissionDenied, Overtaken, or ValidationError naming role or organization.
    """
    membership = locked(membership_id)
    may_change(actor, membership).require()
    if state_of(membership) != seen:
        raise Overtaken
    partnership = membership.partnership
    if partnership is None:
        raise ValidationError(_("A role for every partnership can be ended, not changed."))
    may_give(actor, partnership.pk, role).require()
    if exact_counts is None:
        exact_counts = membership.exact_counts
    elif exact_counts != membership.exact_counts:
        may_set_exact_counts(actor, partnership.pk).require()
    before = snapshot(membership)
    set_role(membership, role=role, organization_key=organization_key, exact_counts=exact_counts)
    membership.save()
    after = snapshot(membership)
    if before != after:
        record(actor, "membership.changed", membership, partnership_key=partnership.key, before=before, after=after)
    return membership


@transaction.atomic
def end_access(membership_id: int, *, actor: User, reason: str) -> None:
    """Take a role away; from the person's next request on they no longer see what it showed. Raises PermissionDenied."""
    membership = locked(membership_id)
    may_change(actor, membership).require()
    key = membership.partnership.key if membership.partnership else ""
    record(actor, "membership.ended", membership, partnership_key=key, before=snapshot(membership), reason=reason)
    membership.delete()


def locked(membership_id: int) -> Membership:
    rows = Membership.objects.select_for_update(of=("self",)).select_related("user", "partnership", "organization")
    return rows.get(pk=membership_id)


def set_role(membership: Membership, *, role: str, organization_key: str, exact_counts: bool) -> None:
    """Program officers see exact counts in any case. Raises ValidationError naming role or organization."""
    organization = None
    if role in ORGANIZATION_ROLES:
        organization = organizations_for(membership.partnership_id, role).filter(key=organization_key).first()
        if organization is None:
            raise ValidationError({"organization": _("Choose the organization of this partnership that the person speaks for.")})
    membership.role = role
    membership.organization = organization
    membership.exact_counts = exact_counts or role == Role.PROGRAM_OFFICER
    membership.full_clean()


def snapshot(membership: Membership) -> dict:
    """What an access is, for the trail."""
    return {
        "email": membership.user.email,
        "role": membership.role,
        "organization": membership.organization and membership.organization.key,
        "exact_counts": membership.exact_counts,
    }


def state_of(membership: Membership) -> str:
    """What a form must have seen to change it."""
    state = snapshot(membership)
    return f"{state['role']}|{state['organization'] or ''}|{state['exact_counts']}"
