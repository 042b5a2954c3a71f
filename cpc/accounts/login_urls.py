"""The pages of allauth that this site offers, by the names that allauth knows them by. Signing up, several addresses and
log-in by mailed code are not among them."""

from functools import wraps

from allauth.account import views as account
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import path, re_path, reverse
from django.views.decorators.http import require_http_methods

form = require_http_methods(["GET", "HEAD", "POST"])
page = require_http_methods(["GET", "HEAD"])


@wraps(second_factor.authenticate)
def authenticate(request):
    """A log-in that waits for a code from a second factor which has been reset meanwhile begins anew; left to itself, allauth
    sends the browser back and forth between log-in and code."""
    answer = second_factor.authenticate(request)
    if answer.headers.get("Location") == reverse("account_login"):
        clear_login(request)
    return answer


urlpatterns = [
    path("login/", form(account.login), name="account_login"),
    path("logout/", form(account.logout), name="account_logout"),
    path("inactive/", page(account.account_inactive), name="account_inactive"),
    path("reauthenticate/", form(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", form(account.password_change), name="account_change_password"),
    path("password/set/", form(account.password_set), name="account_set_password"),
    path("password/reset/", form(account.password_reset), name="account_reset_password"),
    path("password/reset/done/", page(account.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        form(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", page(account.password_reset_from_key_done), name="account_reset_password_from_key_done"),
    path("2fa/", page(second_factor.index), name="mfa_index"),
    path("2fa/authenticate/", form(authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", form(second_factor.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", form(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", form(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", page(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", form(recovery_codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", page(recovery_codes.download_recovery_codes), name="mfa_download_recovery_codes"),
]
