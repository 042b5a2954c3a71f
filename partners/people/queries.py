"""Who has access to a partnership, and with which tokens."""

from django.db.models import Q, QuerySet

from cpc.accounts.models import ApiToken
from cpc.core.sorting import NameKey
from partners.models import Membership, Organization, Partnership, PartnershipMember
from partners.roles import PARTNER_ROLES, Role

PARTS = {
    **dict.fromkeys(PARTNER_ROLES, (PartnershipMember.Part.PRIME, PartnershipMember.Part.SUB_RECIPIENT)),
    Role.HOST_DELEGATE: (PartnershipMember.Part.HOST_ENTITY,),
}


def access_to(partnership: Partnership) -> QuerySet[Membership]:
    """The memberships that reach the partnership, those for every partnership included, by the person's name."""
    rows = Membership.objects.filter(Q(partnership=partnership) | Q(partnership=None)).select_related("user", "organization")
    return rows.order_by(NameKey("user__name"), "user__email", "role", "pk")


def tokens_reaching(partnership: Partnership) -> QuerySet[ApiToken]:
    owners = Membership.objects.filter(Q(partnership=partnership) | Q(partnership=None)).values("user")
    return ApiToken.objects.filter(user__in=owners).select_related("user")


def organizations_for(partnership_id: int, role: str) -> QuerySet[Organization]:
    """For which organizations somebody can hold `role`: a partner's staff for recipients, a delegate for host entities."""
    members = PartnershipMember.objects.filter(partnership=partnership_id, part__in=PARTS.get(role, ()))
    return Organization.objects.filter(pk__in=members.values("organization")).order_by("key")
