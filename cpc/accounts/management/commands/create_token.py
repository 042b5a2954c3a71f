from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cpc.accounts.models import User
from cpc.accounts.scopes import SCOPES
from cpc.accounts.services import DEFAULT_LIFETIME, create_token


class Command(BaseCommand):
    help = "Makes an API token and prints it, alone and this once."

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="EMAIL", help="whose memberships bound what the token sees")
        parser.add_argument("name", metavar="NAME", help="what the token is called; unique on this site")
        scopes = f"one or more of {', '.join(SCOPES)}"
        parser.add_argument("--scope", action="extend", nargs="+", required=True, metavar="S", help=scopes)
        lifetime = "how long it holds (default: %(default)s days)"
        parser.add_argument("--days", type=int, default=DEFAULT_LIFETIME.days, help=lifetime)

    def handle(self, *args, email, name, scope, days, **options):
        owner = User.objects.filter(email__iexact=email).first()
        if owner is None:
            raise CommandError(f"Nobody has the e-mail {email}. Name a user of this site.")
        if not 1 <= days <= 3650:
            raise CommandError("--days: from 1 to 3650.")
        try:
            _token, text = create_token(
                owner, actor=None, name=name, scopes=scope, now=timezone.now(), lifetime=timedelta(days=days)
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(text)
