"""Links with which an invited person sets the first password, and a new site's administrator theirs.

A link is signed, holds for `LIFETIME`, works once, and dies when a newer one is made: it carries a fingerprint of what setting a
password or inviting again changes.
"""

from datetime import datetime, timedelta

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from cpc.audit.services import record

from .models import User

LIFETIME = timedelta(days=7)
SALT = "cpc.accounts.invitations"


@transaction.atomic
def invite_user(email: str, *, actor: User | None, name: str, language: str, now: datetime, may_be_off: bool = False) -> User:
    """The account with this address, made if there is none, with a new invitation unless the person has a password.

    An account that is switched off stays so, without an invitation; it is refused unless `may_be_off`. Raises ValidationError
    naming email, name or language.
    """
    user = locked_user(email) or make_user(email, name=name, language=language)
    if not user.is_active:
        if may_be_off:
            return user
        reason = _("The account with this address is switched off. An administrator can give it access, and switch it on.")
        raise ValidationError({"email": reason})
    if not user.has_usable_password():
        user.invited_at = now
        user.save(update_fields=["invited_at"])
        record(actor, "user.invited", user, email=user.email)
    return user


def locked_user(email: str) -> User | None:
    return User.objects.select_for_update().filter(email__iexact=email).first()


def make_user(email: str, *, name: str, language: str) -> User:
    """A new account without a password, or the one that another request has made for this address in the same moment."""
    user = User(email=email.lower(), name=name, language=language)
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        return locked_user(email)
    return user


@transaction.atomic
def renew_invitation(user_id: int, *, actor: User | None, now: datetime) -> User:
    """A new invitation, also of somebody who has a password but cannot get in; earlier links stop working."""
    user = User.objects.select_for_update().get(pk=user_id)
    user.invited_at = now
    user.save(update_fields=["invited_at"])
    record(actor, "user.invited", user, email=user.email)
    return user


def invitation_path(user: User) -> str:
    """The address of the page where `user` sets a password, in their language."""
    text = signing.dumps([user.pk, _fingerprint(user)], salt=SALT)
    return f"{reverse('accounts:invitation', args=[text])}?lang={user.language}"


def invited_user(text: str, *, now: datetime) -> User | None:
    """The person a link is for; None if it is not ours, used up, replaced by a newer one, or too old."""
    try:
        pk, fingerprint = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=pk, is_active=True).exclude(invited_at=None).first()
    if user is None or now > user.invited_at + LIFETIME:
        return None
    return user if constant_time_compare(fingerprint, _fingerprint(user)) else None


def _fingerprint(user: User) -> str:
    state = f"{user.pk}|{user.email}|{user.password}|{user.invited_at.isoformat()}"
    return salted_hmac(SALT, state, algorithm="sha256").hexdigest()
