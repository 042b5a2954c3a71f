from django.core.management.base import BaseCommand

from cpc.reference.services import load_reference


class Command(BaseCommand):
    help = "Adds the countries, regions and holidays that come with the code. Safe to run twice."

    def handle(self, *args, **options):
        self.stdout.write(f"{load_reference()} reference rows written.")
