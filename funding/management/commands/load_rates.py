from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from cpc.accounts.operators import find_operator
from cpc.core import clock
from funding.pledges.rate_files import COLUMNS, FileRefused, Mistake, load_rates


class Command(BaseCommand):
    help = f"Loads exchange rates from a CSV file, all or nothing. Its columns: {','.join(COLUMNS)}."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--operator", metavar="EMAIL", help="who loads it; kept in the trail")

    def handle(self, *args, file, operator=None, **options):
        path = Path(file)
        try:
            loaded = load_rates(path.read_bytes(), name=path.name, actor=find_operator(operator), today=clock.today())
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        except FileRefused as refused:
            lines = [said(mistake, file) for mistake in refused.mistakes]
            raise CommandError("\n".join([*lines, f"mistakes: {len(lines)}; nothing was changed."])) from None
        self.stdout.write(f"{file}: {loaded.n_added} added, {loaded.n_unchanged} unchanged")


def said(mistake: Mistake, file: str) -> str:
    place = ":".join(str(part) for part in (file, mistake.row, mistake.column) if part)
    return f"{place}: {mistake.message}"
