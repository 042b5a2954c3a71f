"""`compute_deadlines`: bring the deadlines in line, or show, or check them."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError

from activities.deadlines.engine import Outcome
from activities.deadlines.models import Deadline
from activities.deadlines.sync import is_submitted
from activities.tasks import outcome_of, recompute_zones
from cpc.core import clock
from cpc.core.dates import parse_day
from partners.models import Partnership


class Command(BaseCommand):
    help = "Recompute the deadlines of every partnership from awards, term, pledges, dialogues and rules."

    def add_arguments(self, parser):
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--as-of", metavar="DAY", help="only print what the facts of that day give, for example 2020-02-06")
        what.add_argument("--check", action="store_true", help="compare the open rows with the engine and fail on a difference")

    def handle(self, *args, as_of=None, check=False, **options):
        partnerships = list(Partnership.objects.select_related("host_country").order_by("key"))
        if check:
            self.check_rows(partnerships)
        elif as_of is not None:
            self.print_dates(partnerships, read_day(as_of))
        else:
            self.recompute()

    def recompute(self):
        runs = recompute_zones(even_if_done=True)
        if failures := [run.failure for run in runs if run.failure]:
            raise CommandError("\n".join(failures))
        self.stdout.write(f"{sum(run.n_found for run in runs)} deadlines, {sum(run.n_written for run in runs)} rows written")

    def print_dates(self, partnerships, day: date):
        for partnership in partnerships:
            outcome = outcome_of(partnership, as_of=day, known_on=clock.today(partnership.time_zone))
            for one in outcome.due:
                self.stdout.write(f"{one.due_on} {one.key} {one.rule}")
            for gap in outcome.gaps:
                parts = (gap.subject, gap.recipient, gap.frequency, gap.report, gap.reason)
                self.stdout.write(f"no date    {' '.join(part for part in parts if part)}")

    def check_rows(self, partnerships):
        differences = []
        for partnership in partnerships:
            today = clock.today(partnership.time_zone)
            differences += find_differences(partnership, outcome_of(partnership, as_of=today, known_on=today))
        if differences:
            raise CommandError("\n".join([f"{len(differences)} differences", *differences]))
        self.stdout.write(f"{Deadline.objects.open().count()} open rows equal the engine")


def read_day(text: str) -> date:
    try:
        return parse_day(text)
    except ValueError as error:
        raise CommandError(str(error)) from error


def find_differences(partnership: Partnership, outcome: Outcome) -> list[str]:
    """One line for each open row that the engine does not give, gives otherwise, or gives without a row. What was submitted is
    left as it was and not compared."""
    wanted = {one.key: (one.rule, one.due_on) for one in outcome.due}
    rows = {row.key: row for row in Deadline.objects.open().filter(partnership=partnership)}
    submitted = {key for key, row in rows.items() if is_submitted(row)}
    stored = {key: (row.rule, row.due_on) for key, row in rows.items()}
    keys = sorted((wanted.keys() | stored.keys()) - submitted)
    return [
        f"{key}: stored {say(stored.get(key))}, engine {say(wanted.get(key))}"
        for key in keys
        if stored.get(key) != wanted.get(key)
    ]


def say(row: tuple[str, date] | None) -> str:
    return f"{row[1]} by {row[0]}" if row else "nothing"
