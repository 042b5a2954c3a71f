"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.contrib.auth import authenticate
from django.utils import translation

from .sessions import end_sessions


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: an account comes by invitation. A person has one address, `User.email`; allauth's own table of
    addresses stays empty, so what allauth looks up there is answered from the user instead."""

    def is_open_for_signup(self, request):
        return False

    def send_mail(self, template_prefix, email, context):
        """In the language of the person who is written to, not of whoever filled in the form."""
        user = context.get("user")
        with translation.override(user.language if user else translation.get_language()):
            super().send_mail(template_prefix, email, context)

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
