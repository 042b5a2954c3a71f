"""What holds for every ledger: parts make the whole, order does not matter, and SQL in whole cents agrees."""

from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cpc.core.dates import PreciseDate
from cpc.core.periods import calendar_year_key, fiscal_year_key, quarter_key
from funding.awards.answers import Asked
from funding.awards.queries import summaries
from funding.awards.rules import GROUPS
from funding.models import AwardAction
from tests import factories as make

TODAY = date(2020, 2, 10)
FIRST = date(2017, 1, 1)
KINDS = ("initial", "supplement", "extension_with_cost", "deobligation", "allocation", "administrative", "closeout")
DAYS = st.integers(0, (TODAY - FIRST).days).map(lambda n: FIRST + timedelta(days=n))
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "award": st.integers(0, 2),
            "recipient": st.sampled_from([None, 0, 1]),
            "kind": st.sampled_from(KINDS),
            "cents": st.none() | st.integers(-(10**12), 10**12),
            "currency": st.sampled_from(["USD", "USD", "EUR"]),
            "effective": DAYS,
            "precision": st.sampled_from(["day", "month", "year"]),
            "known": DAYS,
            "basis": st.sampled_from(["announced", "signed"]),
            "voided": st.none() | DAYS,
        }
    ),
    min_size=1,
    max_size=10,
)
EXAMPLES = pytest.mark.parametrize("n", [25, pytest.param(500, marks=pytest.mark.deep)])


def for_all(n, **strategies):
    """Ask the function below of `n` examples."""
    checked = settings(max_examples=n, deadline=None, suppress_health_check=list(HealthCheck))
    return lambda check: checked(given(**strategies)(check))()


@pytest.fixture
def ground(partnership):
    """Two primes and a sub-award, two recipients; inside `with ground(rows)` the ledger is what the list of rows says."""
    people = [make.make_organization(f"org-{n}x") for n in range(2)]
    awards = [
        make.make_award(partnership, key=f"a{n}", recipients=people, level=level, known_on=FIRST)
        for n, level in enumerate(("prime", "prime", "sub"))
    ]

    @contextmanager
    def write(rows):
        point = transaction.savepoint()
        actions = [build(awards, people, number, row) for number, row in enumerate(rows)]
        AwardAction.objects.bulk_create(actions)
        voids = [
            void_of(action, number, row["voided"])
            for number, (action, row) in enumerate(zip(actions, rows, strict=True))
            if row["voided"]
        ]
        AwardAction.objects.bulk_create(voids)
        try:
            yield
        finally:
            transaction.savepoint_rollback(point)

    return write


def build(awards, people, number, row):
    effective = PreciseDate.of(row["effective"], row["precision"])
    return AwardAction(
        award=awards[row["award"]],
        key=f"r{number}",
        kind=row["kind"],
        amount=None if row["cents"] is None else Decimal(row["cents"]) / 100,
        currency="" if row["cents"] is None else row["currency"],
        recipient=None if row["recipient"] is None else people[row["recipient"]],
        effective_on=effective.last,
        effective_precision=effective.precision,
        known_on=row["known"],
        basis=row["basis"],
        loaded_from="test",
    )


def void_of(action, number, known):
    fixed = {"kind": "void", "basis": "announced", "loaded_from": "test", "reason": "Wrong."}
    return AwardAction(award=action.award, key=f"v{number}", voids=action, effective_on=known, known_on=known, **fixed)


def asked(partnership, as_of, known_on, **question):
    return summaries(partnership, [Asked(**question)], as_of=as_of, known_on=known_on)[0]


def sum_of(cents):
    known = [n for n in cents if n is not None]
    return Decimal(sum(known)) / 100 if known else None


def totals(result):
    return {one.currency: one.amount for one in result.totals}


CENTS = """
    SELECT coalesce(nullif(a.currency, ''), w.currency), sum((a.amount * 100)::bigint)::bigint
    FROM funding_awardaction a JOIN funding_award w ON w.id = a.award_id
    WHERE w.partnership_id = %(partnership)s AND w.level = %(level)s AND w.known_on <= %(known)s
      AND a.kind <> 'void' AND a.amount IS NOT NULL
      AND a.effective_on <= %(as_of)s AND a.known_on <= %(known)s
      AND (%(measure)s = 'awarded' OR a.basis = 'signed')
      AND a.id NOT IN (SELECT v.voids_id FROM funding_awardaction v
                       WHERE v.voids_id IS NOT NULL AND v.known_on <= %(known)s)
    GROUP BY 1
"""


LEVEL = st.sampled_from(["prime", "sub"])


@EXAMPLES
def test_sums_equal_whole_cents_added_by_sql(partnership, ground, n):
    @for_all(n, rows=ROWS, as_of=DAYS, known_on=DAYS, measure=st.sampled_from(["awarded", "obligated"]), level=LEVEL)
    def check(rows, as_of, known_on, measure, level):
        with ground(rows), connection.cursor() as cursor:
            asks = {"partnership": partnership.pk, "level": level, "as_of": as_of, "known": known_on, "measure": measure}
            cursor.execute(CENTS, asks)
            expected = {currency: Decimal(cents) / 100 for currency, cents in cursor.fetchall()}
            assert totals(asked(partnership, as_of, known_on, measure=measure, level=level)) == expected


@EXAMPLES
def test_parts_make_the_whole_under_every_grouping(partnership, ground, n):
    @for_all(n, rows=ROWS, as_of=DAYS, known_on=DAYS, level=LEVEL)
    def check(rows, as_of, known_on, level):
        questions = [Asked("awarded", level, group) for group in GROUPS]
        with ground(rows):
            answers = summaries(partnership, questions, as_of=as_of, known_on=known_on)
        for result in answers:
            parts = {}
            for row in result.rows:
                if row.amount is not None:
                    parts[row.currency] = parts.get(row.currency, Decimal(0)) + row.amount
            hidden = {currency for currency in totals(result) if currency not in parts}
            assert parts == {currency: total for currency, total in totals(result).items() if currency not in hidden}
            # what allocations took back whole has no row of a partner left, and is nothing
            assert {totals(result)[currency] for currency in hidden} <= {Decimal(0)}
            assert (totals(result), result.not_reported) == (totals(answers[0]), answers[0].not_reported)


@EXAMPLES
def test_the_order_of_rows_never_matters(partnership, ground, n):
    @for_all(n, rows=ROWS, data=st.data())
    def check(rows, data):
        questions = [Asked(group_by=group) for group in GROUPS]
        with ground(rows):
            before = summaries(partnership, questions, as_of=TODAY, known_on=TODAY)
        with ground(data.draw(st.permutations(rows))):
            assert summaries(partnership, questions, as_of=TODAY, known_on=TODAY) == before


@EXAMPLES
def test_every_row_stands_in_the_period_of_its_own_day(partnership, ground, n):
    @for_all(n, rows=ROWS)
    def check(rows):
        plain = {"kind": "supplement", "currency": "USD", "voided": None, "known": FIRST, "award": 0}
        keys_of = {"fiscal_year": fiscal_year_key, "calendar_year": calendar_year_key, "quarter": quarter_key}
        with ground([row | plain for row in rows]):
            answers = summaries(partnership, [Asked(group_by=group) for group in keys_of], as_of=TODAY, known_on=TODAY)
        for key_of, answer in zip(keys_of.values(), answers, strict=True):
            expected = {}
            for row in rows:
                days = PreciseDate.of(row["effective"], row["precision"])
                if days.last <= TODAY:
                    keys = {key_of(days.first), key_of(days.last)}
                    key = keys.pop() if len(keys) == 1 else "unallocated"
                    expected.setdefault(key, []).append(row["cents"])
            found = {row.key: (row.n_rows, row.amount) for row in answer.rows}
            assert found == {key: (len(cents), sum_of(cents)) for key, cents in expected.items()}
