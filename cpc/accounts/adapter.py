"""How allauth behaves here."""

import logging
import smtplib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.contrib.auth import authenticate
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from cpc.audit.services import record

from .services import set_language
from .sessions import device_of, end_sessions

logger = logging.getLogger(__name__)

# What the trail calls the changes that allauth tells a person of, by the template of the mail.
ACTS = {
    "account/email/password_changed": "user.password_changed",
    "account/email/password_set": "user.password_changed",
    "account/email/password_reset": "user.password_reset",
    "mfa/email/totp_activated": "user.second_factor_on",
    "mfa/email/totp_deactivated": "user.second_factor_off",
    "mfa/email/recovery_codes_generated": "user.recovery_codes_made",
}


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: an account comes by invitation. A person has one address, `User.email`; allauth's own table of
    addresses stays empty, so what allauth looks up there is answered from the user instead."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The e-mail address or the password is not right. Check both, then try again."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your password."),
        "incorrect_code": _("This code is not right. Write the six digits that the app shows now."),
        "too_many_login_attempts": _("Too many failed attempts. Wait five minutes, then try again."),
        "rate_limited": _("Too many attempts in a short time. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request):
        return False

    def send_mail(self, template_prefix, email, context):
        """In the language of the person who is written to, not of whoever filled in the form. A mail server that is down is
        logged: a page that failed then would say that the address is known, and what the person has changed holds anyway."""
        user = context.get("user")
        with translation.override(user.language if user else translation.get_language()):
            try:
                super().send_mail(template_prefix, email, context)
            except (OSError, smtplib.SMTPException):
                logger.exception("A mail about an account could not be sent.")

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Whoever changes how an account is entered is written into the trail, and its owner is told where it came from."""
        request = self.request
        record(user, ACTS[template_prefix], user)
        more = {
            "user": user,
            "at": timezone.now(),
            "device": device_of(self.get_http_user_agent(request)),
            "reset_url": request.build_absolute_uri(reverse("account_reset_password")),
        }
        super().send_notification_mail(template_prefix, user, context=more | (context or {}), email=email)

    def pre_login(self, request, user, **kwargs):
        """Who chose a language on the log-in page finds the site in it."""
        if request.asked_language and request.asked_language != user.language:
            set_language(user, request.asked_language)
        return super().pre_login(request, user, **kwargs)

    def get_password_change_redirect_url(self, request):
        return reverse("accounts:profile")

    def set_password(self, user, password):
        """A new password ends every other session of the person, and a lock-out."""
        super().set_password(user, password)
        request = context.request
        end_sessions(user, keep=request.session.session_key if request.user == user else None)
        self._delete_login_attempts_cached_email(request, email=user.email)

    def reauthenticate(self, user, password):
        self.pre_authenticate(context.request, email=user.email)
        found = authenticate(context.request, email=user.email, password=password)
        if found is not None:
            self._rollback_login_failed_rl_usage()
        return found == user

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Wrong passwords count by address of the account and of the computer together: nobody can lock out somebody else."""
        return f"{self.get_client_ip(request)}:{credentials.get('email', '').lower()}"
