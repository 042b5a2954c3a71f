"""What an administrator does to the account of somebody else. The caller tells its owner by mail after the commit."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cpc.accounts.models import ApiToken, User
from cpc.accounts.services import revoke_token
from cpc.accounts.sessions import end_sessions
from cpc.audit.services import record
from cpc.core.decisions import refuse

from .permissions import may_manage_account
from .services import Overtaken


def locked_account(user_id: int, actor: User) -> User:
    """The row, locked together with that of `actor`, so that two administrators who switch off each other do not both succeed.
    Raises PermissionDenied if `actor` may not manage it."""
    rows = {row.pk: row for row in User.objects.select_for_update().filter(pk__in=[user_id, actor.pk]).order_by("pk")}
    if not rows[actor.pk].is_active:
        refuse(_("Your own account was switched off meanwhile."), code="own_account_off").require()
    may_manage_account(actor, rows[user_id]).require()
    return rows[user_id]


@transaction.atomic
def switch_off(user_id: int, *, actor: User, reason: str) -> User:
    """Nobody signs in with the account any more; its sessions end and its tokens are revoked, for good. Roles stay, so that
    switching on gives back what was.

    Raises PermissionDenied; ValidationError if it is off.
    """
    account = locked_account(user_id, actor)
    if not account.is_active:
        raise ValidationError(_("This account is switched off already."))
    account.is_active = False
    account.save(update_fields=["is_active"])
    end_sessions(account)
    for token in ApiToken.objects.filter(user=account):
        revoke_token(token.name, actor=actor, reason=reason)
    record(actor, "user.switched_off", account, email=account.email, reason=reason)
    return account


@transaction.atomic
def switch_on(user_id: int, *, actor: User, reason: str, now: datetime) -> User:
    """The person signs in again as before; an open invitation begins anew.

    Raises PermissionDenied; ValidationError if it is on.
    """
    account = locked_account(user_id, actor)
    if account.is_active:
        raise ValidationError(_("This account is not switched off."))
    account.is_active = True
    renew_open_invitation(account, now)
    account.save(update_fields=["is_active", "invited_at"])
    record(actor, "user.switched_on", account, email=account.email, reason=reason)
    return account


@transaction.atomic
def change_email(user_id: int, *, actor: User, email: str, seen: str, reason: str, now: datetime) -> User:
    """Another address to sign in with and to be written to. Sessions end; links sent to the old address stop working, an open
    invitation begins anew. Tokens stay. `seen`: the address when the form was opened.

    Raises PermissionDenied, Overtaken, or ValidationError naming email.
    """
    account = locked_account(user_id, actor)
    if account.email != seen:
        raise Overtaken
    email = email.lower()
    if email == account.email:
        raise ValidationError({"email": _("This is the present address.")})
    if is_taken(email):
        raise ValidationError({"email": _("Somebody has this e-mail address already.")})
    before = {"email": account.email}
    account.email = email
    renew_open_invitation(account, now)
    account.full_clean(exclude=["password"])
    save_email(account)
    EmailAddress.objects.filter(user=account).delete()  # what is left there would still open the account
    end_sessions(account)
    record(actor, "user.email_changed", account, before=before, after={"email": email}, reason=reason)
    return account


def is_taken(email: str) -> bool:
    return User.objects.filter(email__iexact=email).exists()


def save_email(account: User) -> None:
    """Somebody else may have got the address since it was looked for. Raises ValidationError naming email."""
    try:
        with transaction.atomic():
            account.save(update_fields=["email", "invited_at"])
    except IntegrityError:
        raise ValidationError({"email": _("Somebody has this e-mail address already.")}) from None


@transaction.atomic
def reset_second_factor(user_id: int, *, actor: User, reason: str) -> User:
    """For a lost phone: authenticator app and recovery codes go, sessions end; whose role needs a second factor sets up a new one
    after the next log-in.

    Raises PermissionDenied; ValidationError if there is none.
    """
    account = locked_account(user_id, actor)
    removed, _models = Authenticator.objects.filter(user=account).delete()
    if not removed:
        raise ValidationError(_("This account has no second factor."))
    end_sessions(account)
    record(actor, "user.second_factor_reset", account, email=account.email, reason=reason)
    return account


def renew_open_invitation(account: User, now: datetime) -> None:
    if account.invited_at is not None:
        account.invited_at = now
