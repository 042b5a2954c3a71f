from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

import activities.loading
import funding.loading
from activities.tasks import recompute
from cpc.accounts.operators import find_operator
from cpc.core import clock
from partners.loader import rows
from partners.loader.load import Loaded, load_file
from partners.loader.mistakes import FileRefused
from partners.loader.schema_text import schema_text

SECTIONS = (*rows.SECTIONS, *funding.loading.SECTIONS, rows.STATEMENTS, *activities.loading.SECTIONS)


class Command(BaseCommand):
    help = "Loads a whole partnership from a YAML file, all or nothing. The file counts as proposer and decider."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
        parser.add_argument("--schema", action="store_true", help="print what a file may hold, as a commented example")
        parser.add_argument("--operator", metavar="EMAIL", help="who loads it; kept with each row")

    def handle(self, *args, **options):
        if options["schema"]:
            self.stdout.write(schema_text(SECTIONS), ending="")
            return
        if not options["file"]:
            raise CommandError("Name the file to load, or --schema to see what a file may hold.")
        loaded = load(options["file"], operator=find_operator(options["operator"]), dry_run=options["dry_run"])
        for line in report_of(options["file"], loaded, dry_run=options["dry_run"]):
            self.stdout.write(line)


def load(file, *, operator=None, dry_run: bool = False) -> Loaded:
    """Load a file and compute the deadlines that follow from it, in one transaction. Raises CommandError with all mistakes."""

    def recompute_deadlines(partnership):
        recompute(partnership.pk, today=clock.today(partnership.time_zone), actor=operator)

    try:
        return load_file(file, SECTIONS, now=timezone.now(), operator=operator, dry_run=dry_run, afterwards=recompute_deadlines)
    except FileRefused as refused:
        n = len(refused.mistakes)
        raise CommandError(f"{refused}\n{n} mistake{'s' if n != 1 else ''}; nothing was changed.") from None


def report_of(file: str, loaded: Loaded, *, dry_run: bool):
    """What happened, a line each."""
    yield f"{file}: {loaded.partnership_key}" + (" (dry run, nothing was changed)" if dry_run else "")
    yield f"  added: {counted(loaded.added)}"
    for change in loaded.changes:
        yield f"  changed: {change}"
    for kept in loaded.kept:
        yield f"  kept as it is: {kept}"
    yield f"  unchanged: {counted(loaded.unchanged)}"


def counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{n} × {noun}" for noun, n in counts.items()) or "nothing"
