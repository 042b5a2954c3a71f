"""How a benchmark compares: work and the SQL that it asked, alone, in turns in the same run, so that load touches both alike."""

import gc
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

ROUNDS = 15


@dataclass(frozen=True)
class Compared:
    """`ratio`: the median of the work over the median of its own statements, run alone. `n_statements`: how many it asked."""

    ratio: float
    n_statements: int


def against_own_sql(work: Callable[[], object]) -> Compared:
    work()  # warm: imports, plans, caches of the process
    with CaptureQueriesContext(connection) as queries:
        work()
    reads = [query["sql"] for query in queries if query["sql"].lstrip("( ").startswith(("SELECT", "WITH"))]
    run_all(reads)
    whole, alone = [], []
    gc.collect()
    for _round in range(ROUNDS):
        whole.append(timed(work))
        alone.append(timed(lambda: run_all(reads)))
    return Compared(median(whole) / median(alone), len(reads))


def run_all(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)
            cursor.fetchall()


def timed(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


@contextmanager
def taken_back():
    """Whatever is written inside is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def analyze(*models) -> None:
    """What autovacuum would have told the planner of these tables by now."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in models)}")
