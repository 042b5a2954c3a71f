"""`manage.py collect_strings`: for developers, brings the catalogues in locale/ in line with the code and the templates."""

from django.conf import settings
from django.core.management.base import BaseCommand

from cpc.core.catalogue import LANGUAGES, write_catalogue


class Command(BaseCommand):
    help = "Brings the catalogues in locale/ in line with the code and the templates; translations are kept."

    def handle(self, **options):
        for language in LANGUAGES:
            n, waiting = write_catalogue(settings.BASE_DIR, language)
            self.stdout.write(f"{language}: {n} strings" + (f", {waiting} without a translation" if language != "en" else ""))
