"""`manage.py bench NAME`: one of the benchmarks of tests/bench. It prints ratios, which hold on any machine; seconds do not."""

from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

FOLDER = Path(settings.BASE_DIR, "tests", "bench")


def names() -> list[str]:
    """The benchmarks there are: modules with a function `run(say)`."""
    return sorted(path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py"))


class Command(BaseCommand):
    help = "Run a benchmark and print its ratios. What it writes is taken back; nothing of the site is changed."

    def add_arguments(self, parser):
        parser.add_argument("name", help=f"one of: {', '.join(names()) or 'none here'}")

    def handle(self, name, **options):
        if name not in names():
            raise CommandError(f"There is no benchmark “{name}”. There are: {', '.join(names()) or 'none here'}.")
        import_module(f"tests.bench.bench_{name}").run(self.stdout.write)
