"""Mails that tell a person of access given to them and of what was done to their account, in their language."""

import logging
import smtplib

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cpc.accounts.invitations import LIFETIME, invitation_path
from cpc.accounts.models import User
from partners.models import Membership, Partnership

logger = logging.getLogger(__name__)

SUBJECTS = {
    "switched_off": gettext_lazy("Your account in Alianza is switched off"),
    "switched_on": gettext_lazy("Your account in Alianza is switched on again"),
    "email_changed": gettext_lazy("You sign in to Alianza with this address"),
    "email_left": gettext_lazy("You sign in to Alianza with another address"),
    "second_factor_reset": gettext_lazy("Your second factor for Alianza was reset"),
}


def send_invitation(request, membership: Membership) -> bool:
    """To an invited person a link to set a password, to somebody who has one the way to the log-in. False: not sent, logged."""
    user = membership.user
    is_invited = user.invited_at is not None
    path = invitation_path(user) if is_invited else reverse("account_login")
    with translation.override(user.language):
        context = {
            "membership": membership,
            "partnership_name": name_of(membership.partnership, user.language),
            "actor": request.user,
            "is_invited": is_invited,
            "address": request.build_absolute_uri(path),
            "days": LIFETIME.days,
        }
        text = render_to_string("partners/people/invitation_message.txt", context)
        return send(_("Your access to Alianza"), text, user.email)


def name_of(partnership: Partnership | None, language: str) -> str:
    return getattr(partnership, f"name_{language}") if partnership else _("every partnership")


def send_account_mail(request, act: str, account: User, *, to: str) -> bool:
    """Tell the owner of `account` what `request.user` did to it: `act`, one of SUBJECTS. False: not sent, logged."""
    with translation.override(account.language):
        context = {
            "account": account,
            "actor": request.user,
            "login_url": request.build_absolute_uri(reverse("account_login")),
        }
        text = render_to_string(f"partners/people/email/{act}.txt", context)
        return send(str(SUBJECTS[act]), text, to)


def send(subject: str, text: str, to: str) -> bool:
    try:
        send_mail(subject, text, None, [to])
    except (OSError, smtplib.SMTPException):
        logger.exception("A mail about access could not be sent.")
        return False
    return True
