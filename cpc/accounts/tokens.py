"""How a program proves who it is, and what its token may read."""

from django.utils import timezone
from knox.auth import TokenAuthentication
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated

SCOPES = ("funding:read", "activities:read", "reports:read", "dialogues:read", "deadlines:read")


class BearerAuthentication(TokenAuthentication):
    """`Authorization: Bearer …`. The last use is kept to the minute, so that most calls write nothing."""

    def authenticate_header(self, request):
        return "Bearer"

    def authenticate_credentials(self, token):
        user, auth_token = super().authenticate_credentials(token)
        now = timezone.now()
        if auth_token.last_used_at is None or (now - auth_token.last_used_at).total_seconds() > 60:
            type(auth_token).objects.filter(pk=auth_token.pk).update(last_used_at=now)
        return user, auth_token


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
        self.message = f"This token lacks the scope {scope}."
        return False
