"""The forms of allauth in the words of this site; what they do is allauth's."""

from allauth.account import forms as account
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from django.utils.translation import gettext_lazy as _

EMAIL = _("E-mail")
OLD = _("Current password")
NEW = _("New password")
AGAIN = _("The same password again")
CODE = _("Code")


class Worded:
    """Gives the fields of a form the labels in `words`. A placeholder goes: it repeats the label and vanishes while one types."""

    words: dict = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in self.words.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)


class LoginForm(Worded, account.LoginForm):
    words = {"login": EMAIL}


class ResetPasswordForm(Worded, account.ResetPasswordForm):
    words = {"email": EMAIL}


class ResetPasswordKeyForm(Worded, account.ResetPasswordKeyForm):
    words = {"password1": NEW, "password2": AGAIN}


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    words = {"oldpassword": OLD, "password1": NEW, "password2": AGAIN}


class SetPasswordForm(Worded, account.SetPasswordForm):
    words = {"password1": NEW, "password2": AGAIN}


class AuthenticateForm(Worded, second_factor.AuthenticateForm):
    words = {"code": CODE}


class ReauthenticateForm(Worded, second_factor.ReauthenticateForm):
    words = {"code": CODE}


class ActivateTOTPForm(Worded, totp.ActivateTOTPForm):
    words = {"code": CODE}
