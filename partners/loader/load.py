"""Loading one file: all or nothing."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction

from cpc.audit.services import record
from cpc.reference.services import load_reference

from .loading import Loading
from .mistakes import FileRefused
from .row import Section
from .yaml_lines import read_file


@dataclass(frozen=True)
class Loaded:
    """What a loading did, or would have done. `added` and `unchanged` are counts by kind of row."""

    partnership_key: str
    added: dict[str, int]
    unchanged: dict[str, int]
    changes: list[str]
    kept: list[str]

    @property
    def wrote(self) -> bool:
        return bool(self.added or self.changes)


def load_file(
    path: str | Path,
    sections: tuple[Section, ...],
    *,
    now: datetime,
    operator=None,
    dry_run: bool = False,
    afterwards: Callable = lambda partnership: None,
) -> Loaded:
    """Load a partnership's file in one transaction. `now` is the real instant; `operator` the user who loads, or nobody.

    `afterwards(partnership)` runs inside the transaction when something was written. Raises FileRefused with all mistakes; then,
    and with `dry_run`, nothing is changed.
    """
    file = read_file(path)
    with transaction.atomic():
        load_reference()
        loading = Loading(file, sections, now=now, real_today=newest_day(now), operator=operator)
        loading.run()
        if file.mistakes:
            raise FileRefused(file.mistakes)
        loaded = Loaded(
            loading.partnership.key, dict(loading.added), dict(loading.unchanged), list(loading.changes), list(loading.kept)
        )
        if loaded.wrote:
            keep_in_audit(path, loading, loaded)
            afterwards(loading.partnership)
        if dry_run:
            transaction.set_rollback(True)
    return loaded


def newest_day(now: datetime) -> date:
    """The latest civil day that has begun anywhere: which zone the partnership has is not known before its file is read."""
    return now.astimezone(ZoneInfo("Pacific/Kiritimati")).date()


def keep_in_audit(path, loading, loaded):
    """Who loaded which file, by its name and its digest."""
    record(
        loading.operator,
        "partnership.loaded",
        loading.partnership,
        partnership_key=loaded.partnership_key,
        source=loading.file.name,
        sha256=hashlib.sha256(Path(path).read_bytes()).hexdigest(),
        added=loaded.added,
        changes=loaded.changes,
    )
