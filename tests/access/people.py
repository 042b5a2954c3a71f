"""Routes of who has access to a partnership."""

from django.utils import timezone

from cpc.accounts.models import User
from cpc.accounts.services import create_token
from partners.roles import Role
from tests import factories as make

from . import Route, Rule, in_partnership

OFFICER = {"program_officer", "administrator"}
ADMINISTRATOR = {"administrator"}


def unknown_partnership(world):
    return {"partnership": "nothing"}


def a_partner(world) -> dict:
    """The membership of somebody whom a program officer may change."""
    user = make.make_user(Role.PARTNER_PREPARER, world.partnership, organization=world.partner)
    return {**in_partnership(world), "pk": user.memberships.get().pk}


def a_switched_off_partner(world) -> dict:
    route = a_partner(world)
    User.objects.filter(memberships__pk=route["pk"]).update(is_active=False)
    return route


def nobody(world):
    return {**in_partnership(world), "pk": 0}


def with_a_token(world) -> dict:
    viewer = world.actors["embassy_viewer"]
    create_token(viewer, actor=viewer, name="test", scopes=["funding:read"], now=timezone.now())
    return in_partnership(world)


def both(who):
    return {"get": Rule(who), "post": Rule(who)}


ROUTES = {
    "partners:people": Route(get=Rule(OFFICER), missing=unknown_partnership),
    "partners:people-invite": Route(**both(OFFICER), missing=unknown_partnership),
    "partners:people-change": Route(**both(OFFICER), kwargs=a_partner, missing=nobody),
    "partners:people-end": Route(**both(OFFICER), kwargs=a_partner, missing=nobody),
    "partners:people-invite-again": Route(post=Rule(OFFICER), kwargs=a_partner, missing=nobody),
    "partners:people-account": Route(get=Rule(ADMINISTRATOR), kwargs=a_partner, missing=nobody),
    "partners:people-account-off": Route(**both(ADMINISTRATOR), kwargs=a_partner, missing=nobody),
    "partners:people-account-on": Route(**both(ADMINISTRATOR), kwargs=a_switched_off_partner, missing=nobody),
    "partners:people-account-email": Route(**both(ADMINISTRATOR), kwargs=a_partner, missing=nobody),
    "partners:people-account-second-factor": Route(**both(ADMINISTRATOR), kwargs=a_partner, missing=nobody),
    "partners:people-tokens": Route(get=Rule(ADMINISTRATOR), missing=unknown_partnership),
    "partners:people-token-revoke": Route(**both(ADMINISTRATOR), kwargs=with_a_token, query="?name=test"),
}
