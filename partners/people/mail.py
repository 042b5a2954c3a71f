"""The mail that tells a person of new access, in their language."""

import logging
import smtplib

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from cpc.accounts.invitations import LIFETIME, invitation_path
from partners.models import Membership

logger = logging.getLogger(__name__)


def send_invitation(request, membership: Membership) -> bool:
    """To an invited person a link to set a password, to somebody who has one the way to the log-in. False: not sent, logged."""
    user = membership.user
    is_invited = user.invited_at is not None
    path = invitation_path(user) if is_invited else reverse("account_login")
    with translation.override(user.language):
        context = {
            "membership": membership,
            "partnership_name": getattr(membership.partnership, f"name_{user.language}"),
            "actor": request.user,
            "is_invited": is_invited,
            "address": request.build_absolute_uri(path),
            "days": LIFETIME.days,
        }
        text = render_to_string("partners/people/invitation_message.txt", context)
        try:
            send_mail(_("Your access to Alianza"), text, None, [user.email])
        except (OSError, smtplib.SMTPException):
            logger.exception("An invitation could not be sent.")
            return False
    return True
