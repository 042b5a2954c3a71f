"""What the properties of sums share: how many examples, a ledger that is taken back, and whole cents added by the database."""

from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TODAY = date(2020, 2, 10)
FIRST = date(2017, 1, 1)
DAYS = st.integers(0, (TODAY - FIRST).days).map(lambda n: FIRST + timedelta(days=n))
EXAMPLES = pytest.mark.parametrize("n", [25, pytest.param(500, marks=pytest.mark.deep)])


def for_all(n, **strategies):
    """Ask the function below of `n` examples."""
    checked = settings(max_examples=n, deadline=None, suppress_health_check=list(HealthCheck))
    return lambda check: checked(given(**strategies)(check))()


@contextmanager
def taken_back():
    """Whatever is written inside is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def cents_by_currency(sql: str, **asked) -> dict[str, Decimal]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return {currency: Decimal(cents) / 100 for currency, cents in cursor.fetchall()}


def totals(result) -> dict[str, Decimal]:
    return {one.currency: one.amount for one in result.totals}


def parts(result) -> dict[str, Decimal]:
    """What the rows of an answer add up to by currency."""
    found: dict[str, Decimal] = {}
    for row in result.rows:
        if row.amount is not None:
            found[row.currency] = found.get(row.currency, Decimal(0)) + row.amount
    return found
