"""How a program proves who it is, and what its token may read."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import IsAuthenticated

from .models import ApiToken
from .scopes import SCOPES
from .services import find_token

__all__ = ["SCOPES", "BearerAuthentication", "HasScope", "PageSessionAuthentication"]
# The last use is kept to the minute, so that most calls write nothing.
USE_IS_NOTED_EVERY = timedelta(minutes=1)


class BearerAuthentication(TokenAuthentication):
    """`Authorization: Bearer …`. One query by digest; unlike knox's own, asking deletes nothing, so that an expired token stays
    in its owner's list and says so."""

    def authenticate_header(self, request):
        return "Bearer"

    def authenticate_credentials(self, token):
        now = timezone.now()
        try:
            found = find_token(token.decode("ascii"))
        except UnicodeDecodeError:
            found = None
        if found is None:
            raise AuthenticationFailed(_("This token is not known. It may have been revoked."))
        if found.is_expired(now):
            raise AuthenticationFailed(_("This token has expired. Its owner can make a new one."))
        if not found.user.is_active:
            raise AuthenticationFailed(_("The account of this token is switched off."))
        if found.last_used_at is None or now - found.last_used_at > USE_IS_NOTED_EVERY:
            ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
        return found.user, found


class PageSessionAuthentication(SessionAuthentication):
    """A person who is logged in to the pages may open the same addresses; the API only reads."""

    def authenticate_header(self, request):
        return "Bearer"


class HasScope(IsAuthenticated):
    """A token needs the scope that the view names in `required_scope` (None: any token); a person's session has every scope."""

    def has_permission(self, request, view):
        if not super().has_permission(request, view):
            return False
        scope = getattr(view, "required_scope", None)
        if scope is None or request.auth is None or scope in request.auth.scopes:
            return True
        self.message = _("This token lacks the scope %(scope)s.") % {"scope": scope}
        return False
