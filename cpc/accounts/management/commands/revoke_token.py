from django.core.management.base import BaseCommand, CommandError

from cpc.accounts.models import ApiToken
from cpc.accounts.services import revoke_token


class Command(BaseCommand):
    help = "Revokes an API token: from now on it is refused."

    def add_arguments(self, parser):
        parser.add_argument("name", metavar="NAME")

    def handle(self, *args, name, **options):
        try:
            revoke_token(name, actor=None)
        except ApiToken.DoesNotExist:
            raise CommandError(f"There is no token called {name}.") from None
        self.stdout.write(f"{name} is revoked.")
