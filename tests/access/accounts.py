"""Routes of log-in and of a person's own account."""

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone

from cpc.accounts.invitations import invitation_path, invite_user
from cpc.accounts.services import create_token

from . import EVERYBODY, Route, Rule, nothing


def own(*, post=None, **more):
    return Route(get=Rule(EVERYBODY), post=post, kwargs=nothing, scoped=False, **more)


def form(**more):
    return own(post=Rule(EVERYBODY), **more)


def with_passwords(world) -> dict:
    for person in world.actors.values():
        person.set_password("a-password-that-is-long-enough")
        person.save()
    return {}


def with_second_factors(world) -> dict:
    for person in world.actors.values():
        TOTP.activate(person, generate_totp_secret())
        RecoveryCodes.activate(person)
    return with_passwords(world)


def with_a_token(world) -> dict:
    """One of the program officer; `token-revoke` names it."""
    officer = world.actors["program_officer"]
    create_token(officer, actor=officer, name="test", scopes=["funding:read"], now=timezone.now())
    return {}


def invited(world) -> dict:
    user = invite_user("new@example.org", actor=None, name="New", language="en", now=timezone.now())
    return {"text": invitation_path(user).split("/")[3]}


def protected(*, post=None):
    return Route(get=Rule(EVERYBODY), post=post, kwargs=with_second_factors, scoped=False)


OWNER = {"program_officer"}
ENTRY = {"public": True}
ROUTES = {
    # for anybody
    "account_login": form(**ENTRY),
    "account_inactive": own(**ENTRY),
    "account_reset_password": form(**ENTRY),
    "account_reset_password_done": own(**ENTRY),
    "account_reset_password_from_key": Route(
        get=Rule(EVERYBODY), post=Rule(EVERYBODY), kwargs=lambda world: {"uidb36": "1", "key": "dead"}, scoped=False, public=True
    ),
    "account_reset_password_from_key_done": own(**ENTRY),
    "mfa_authenticate": form(**ENTRY),
    # for a person, about the own account
    "account_logout": form(**ENTRY),
    "account_reauthenticate": Route(get=Rule(EVERYBODY), post=Rule(EVERYBODY), kwargs=with_passwords, scoped=False),
    "account_change_password": form(),
    "account_set_password": form(),
    "mfa_index": own(),
    "mfa_reauthenticate": protected(post=Rule(EVERYBODY)),
    "mfa_activate_totp": form(),
    "mfa_deactivate_totp": protected(post=Rule(EVERYBODY)),
    "mfa_view_recovery_codes": protected(),
    "mfa_generate_recovery_codes": form(),
    "mfa_download_recovery_codes": protected(),
    "accounts:profile": form(),
    "accounts:sessions": own(post=Rule(EVERYBODY, data=lambda world: {"others": ""})),
    "accounts:tokens": form(),
    "accounts:token-revoke": Route(
        get=Rule(OWNER, hidden=EVERYBODY - OWNER),
        post=Rule(OWNER, hidden=EVERYBODY - OWNER),
        kwargs=with_a_token,
        query="?name=test",
    ),
    "accounts:invitation": Route(get=Rule(EVERYBODY), post=Rule(EVERYBODY), kwargs=invited, scoped=False, public=True),
}
