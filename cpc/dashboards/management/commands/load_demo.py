from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

import partners
from activities.tasks import recompute, recompute_zone
from cpc.core import clock
from cpc.dashboards.management.demo_accounts import lines_about_accounts, make_accounts
from cpc.dashboards.management.demo_proposals import load_proposals
from cpc.dashboards.management.demo_reports import load_reports
from cpc.reference.services import load_reference
from partners.management.commands.load_partnership import load, report_of
from partners.models import Partnership

DATA = Path(partners.__file__).resolve().parent / "data"
FACTS, SAMPLE, REPORTS = DATA / "peru-2017.yaml", DATA / "peru-2017-sample.yaml", DATA / "peru-2017-sample-reports.yaml"


class Command(BaseCommand):
    help = "Loads the public facts, the marked sample and the accounts of the demonstration. Safe to run twice."

    def add_arguments(self, parser):
        parser.add_argument("--facts-only", action="store_true", help="load no sample")
        parser.add_argument("--print-accounts", action="store_true", help="only print who can log in")

    def handle(self, *args, **options):
        password = settings.ALIANZA_DEMO_PASSWORD
        if not settings.ALIANZA_DEMO:
            raise CommandError("This is not the demonstration (ALIANZA_DEMO), and its sample and accounts belong nowhere else.")
        if not password:
            raise CommandError("Set ALIANZA_DEMO_PASSWORD, the password of the demo accounts; ./run makes one.")
        if options["print_accounts"]:
            for line in lines_about_accounts(password):
                self.stdout.write(line)
            return
        with transaction.atomic():
            self.load_everything(password, with_sample=not options["facts_only"])

    def load_everything(self, password, *, with_sample):
        load_reference()
        for file in (FACTS, SAMPLE) if with_sample else (FACTS,):
            for line in report_of(file.name, load(file), dry_run=False):
                self.stdout.write(line)
        partnership = Partnership.objects.get(key="peru-2017")
        self.stdout.write(f"accounts: {make_accounts(partnership, password)} rows written")
        today = clock.today(partnership.time_zone)
        self.recompute(partnership, today=today)
        if with_sample:
            self.stdout.write(f"reports: {load_reports(REPORTS, partnership)} begun")
            self.stdout.write(f"proposals: {load_proposals(partnership, today=today)} made")

    def recompute(self, partnership, *, today):
        """As the nightly job does it, so that the first page does not say that it never ran. A second start on that day leaves
        no second run."""
        run = recompute_zone(partnership.time_zone)
        if run is None:
            recompute(partnership.pk, today=today)
        elif run.failure:
            raise CommandError(run.failure)
