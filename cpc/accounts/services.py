"""Writing people and the tokens of their programs."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from knox.crypto import hash_token
from knox.models import get_digest_token

from cpc.audit.services import record

from .models import ApiToken, User
from .scopes import SCOPES
from .sessions import end_sessions

DEFAULT_LIFETIME = timedelta(days=365)


@transaction.atomic
def save_profile(user_id: int, *, name: str, language: str, time_zone: str, mail: str) -> User:
    """A person's own name, language (en, es), IANA time zone and which notices come by mail (`User.Mail`). Raises
    ValidationError naming the field."""
    user = User.objects.select_for_update().get(pk=user_id)
    before = {"name": user.name, "language": user.language, "time_zone": user.time_zone, "mail": user.mail}
    after = {"name": name, "language": language, "time_zone": time_zone, "mail": mail}
    if before == after:
        return user
    for field, value in after.items():
        setattr(user, field, value)
    user.full_clean(exclude=["password"])
    user.save(update_fields=list(after))
    record(user, "user.profile_changed", user, before=before, after=after)
    return user


def set_language(user: User, language: str) -> None:
    """The language a person has just chosen by a link; not an act that the trail keeps."""
    user.language = language
    user.save(update_fields=["language"])


@transaction.atomic
def set_first_password(user_id: int, *, password: str) -> User:
    """An invited person's password; the invitation is used up. Raises ValidationError for a weak one."""
    user = User.objects.select_for_update().get(pk=user_id)
    user.set_password(password)
    user.invited_at = None
    user.save(update_fields=["password", "invited_at"])
    end_sessions(user)
    record(user, "user.invitation_accepted", user)
    return user


@transaction.atomic
def create_token(
    owner: User, *, actor: User | None, name: str, scopes: list[str], now: datetime, lifetime: timedelta | None = DEFAULT_LIFETIME
) -> tuple[ApiToken, str]:
    """A token of `owner` and its text, which is not stored and cannot be shown again. `lifetime` None: it never expires.

    `actor` is None for the command. Raises ValidationError naming name, scopes or user; PermissionDenied for a token of another.
    """
    if actor is not None and actor != owner:
        raise PermissionDenied(_("A token is made by its owner."))
    digest, text = get_digest_token()
    token = ApiToken(
        digest=digest, token_key=text[:15], user=owner, name=name, scopes=list(dict.fromkeys(scopes)),
        expiry=None if lifetime is None else now + lifetime,
    )  # fmt: skip
    check_token(token)
    insert(token)
    expires = token.expiry and token.expiry.isoformat()
    record(actor, "token.created", token, owner=owner.email, scopes=token.scopes, expires=expires)
    return token, text


def insert(token: ApiToken) -> None:
    """Another request may have taken the name since it was checked. Raises ValidationError naming name."""
    try:
        with transaction.atomic():
            token.save(force_insert=True)
    except IntegrityError:
        raise name_is_taken() from None


def name_is_taken() -> ValidationError:
    return ValidationError({"name": _("There is a token with this name already. Choose another name.")})


def check_token(token: ApiToken) -> None:
    if not token.user.is_active:
        raise ValidationError({"user": _("This account is switched off; it cannot have a token.")})
    if unknown := [scope for scope in token.scopes if scope not in SCOPES]:
        message = _("There is no scope %(unknown)s. Scopes: %(known)s.")
        raise ValidationError({"scopes": message % {"unknown": ", ".join(unknown), "known": ", ".join(SCOPES)}})
    if ApiToken.objects.filter(name=token.name).exists():
        raise name_is_taken()
    token.full_clean(exclude=["last_used_at", "expiry"])


@transaction.atomic
def revoke_token(name: str, *, actor: User | None, reason: str = "") -> None:
    """End a token at once; the trail keeps what it was. The caller has found it among those that `actor` may revoke.

    Raises ApiToken.DoesNotExist.
    """
    token = ApiToken.objects.select_for_update().select_related("user").get(name=name)
    used = token.last_used_at and token.last_used_at.isoformat()
    record(actor, "token.revoked", token, owner=token.user.email, scopes=token.scopes, last_used=used, reason=reason)
    token.delete()


def find_token(text: str) -> ApiToken | None:
    """The token with this text, whoever sends it; None if there is none."""
    return ApiToken.objects.select_related("user").filter(digest=hash_token(text)).first()
