"""Writing the table of rates. It only grows: a stored rate is never changed, whoever says otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection, transaction

from cpc.audit.services import record

from .models import ExchangeRate
from .rate_lines import RateLine, key_of

LOCK = 0x52415445  # "RATE": whoever writes to the table waits for the other


@dataclass
class Comparison:
    """What lines are, beside the table: `new`; how many are `unchanged`; `changed`: a line, and the stored rate of its key."""

    new: list[RateLine] = field(default_factory=list)
    n_unchanged: int = 0
    changed: list[tuple[RateLine, ExchangeRate | RateLine]] = field(default_factory=list)


def compare(lines: Iterable[RateLine]) -> Comparison:
    """Beside the table, and beside each other: a second line that says the same is unchanged. One statement."""
    lines, found = list(lines), Comparison()
    if not lines:
        return found
    days = {line.record_date for line in lines}
    stored = ExchangeRate.objects.filter(record_date__range=(min(days), max(days)))
    known = {key_of(rate): rate for rate in stored}
    for line in lines:
        other = known.get(line.key)
        if other is None:
            known[line.key] = line
            found.new.append(line)
        elif other.rate == line.rate:
            found.n_unchanged += 1
        else:
            found.changed.append((line, other))
    return found


@transaction.atomic
def add_rates(lines: Iterable[RateLine], *, actor, through: str) -> Comparison:
    """Store the new ones; what is stored already stays as it is, and what differs comes back in `changed`. `actor`: a user, None
    for a job; `through`: the job or the file."""
    lock_table()
    found = compare(lines)
    write(found.new, actor=actor, through=through)
    return found


def lock_table() -> None:
    """Until the end of the transaction nobody else adds rates. Reading goes on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def write(lines: list[RateLine], *, actor, through: str) -> None:
    """Store lines that `compare` has found new, under the lock."""
    if not lines:
        return
    rows = ExchangeRate.objects.bulk_create([line.as_row() for line in lines], batch_size=1000)
    days = [line.record_date.isoformat() for line in lines]
    record(actor, "rates.added", rows[-1], through=through, n=len(lines), first=min(days), last=max(days))
