"""Officers and administrators have a second factor: their word moves money, dates and access."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cpc.core.middleware import API_PREFIX

from .permissions import memberships_of
from .roles import SECOND_FACTOR_ROLES

# What somebody without one still reaches: setting it up, confirming who one is for that, and leaving.
OPEN = {
    "mfa_activate_totp",
    "mfa_reauthenticate",
    "account_reauthenticate",
    "account_set_password",
    "account_logout",
    "account_login",
    "accounts:invitation",
    "healthz",
    "readyz",
}


class SecondFactorMiddleware:
    """Outside the demonstration leads whoever holds one of SECOND_FACTOR_ROLES to set up an authenticator app before anything
    else; in the API their session is refused. Tokens are not asked: they were made behind it and only read."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if settings.ALIANZA_DEMO or not request.user.is_authenticated or request.resolver_match.view_name in OPEN:
            return None
        if not is_missing(request.user):
            return None
        sentence = _("Your role needs a second factor. Set up an authenticator app, then go on.")
        if request.path_info.startswith(API_PREFIX):
            error = {"field": None, "code": "second_factor_needed", "message": sentence}
            return JsonResponse({"errors": [error]}, status=403)
        messages.info(request, sentence)
        return redirect("mfa_activate_totp")


def is_missing(user) -> bool:
    needs = any(membership.role in SECOND_FACTOR_ROLES for membership in memberships_of(user))
    return needs and not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
