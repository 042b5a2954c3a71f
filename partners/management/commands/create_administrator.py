import os

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from cpc.accounts.invitations import LIFETIME, invitation_path, invite_user, renew_invitation
from cpc.audit.services import record
from partners.models import Membership
from partners.roles import Role


class Command(BaseCommand):
    help = "Makes a person administrator of every partnership, and prints a link that sets their password, once. Sends no mail."

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--name", default="", help="of a new person (default: the part of the address before the @)")
        parser.add_argument("--language", choices=["en", "es"], default="en", help="of a new person")
        parser.add_argument("--address", default=site_address(), help="where the site is reached (default: %(default)s)")

    def handle(self, *args, email, name, language, address, **options):
        try:
            user = make_administrator(email, name=name or email.split("@")[0], language=language, now=timezone.now())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stderr.write(f"{user.email} is an administrator. This link sets the password, once, within {LIFETIME.days} days:")
        self.stdout.write(address.rstrip("/") + invitation_path(user))


@transaction.atomic
def make_administrator(email, *, name, language, now):
    user = invite_user(email, actor=None, name=name, language=language, now=now)
    membership, is_new = Membership.objects.get_or_create(user=user, partnership=None, role=Role.ADMINISTRATOR, organization=None)
    if is_new:
        record(None, "membership.given", membership, after={"email": user.email, "role": membership.role})
    return renew_invitation(user.pk, actor=None, now=now)


def site_address():
    """What people type: in the demonstration this machine, elsewhere the first host that the site answers to."""
    if settings.ALIANZA_DEMO:
        return f"http://127.0.0.1:{os.environ.get('PORT', 8000)}"
    return f"https://{settings.ALLOWED_HOSTS[0].lstrip('.')}"
