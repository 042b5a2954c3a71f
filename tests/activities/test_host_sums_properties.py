"""Host money, of any ledger: whole cents added by SQL agree, parts make the whole, order does not matter, and a conversion is
the exact fraction to the cent."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import strategies as st

from activities.sums import Asked, answer
from cpc.core.dates import PreciseDate
from cpc.core.periods import calendar_year_key, host_year_key, quarter_key
from funding.models import Contribution
from funding.pledges.sums import GROUPS_OF
from tests import factories as make

from .properties import DAYS, EXAMPLES, FIRST, TODAY, cents_by_currency, for_all, parts, taken_back, totals

GROUPS = GROUPS_OF["contributed"]
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["cash", "posts", "shelter", "project"]),
            "entity": st.integers(0, 1),
            "region": st.none() | st.integers(0, 1),
            "cents": st.none() | st.integers(0, 10**12),
            "currency": st.sampled_from(["PEN", "PEN", "EUR"]),
            "effective": DAYS,
            "precision": st.sampled_from(["day", "month", "year"]),
            "known": DAYS,
            "voided": st.none() | DAYS,
        }
    ),
    min_size=1,
    max_size=10,
)
CENTS = """
    SELECT c.currency, sum((c.amount * 100)::bigint)::bigint FROM funding_contribution c
    WHERE c.partnership_id = %(partnership)s AND c.amount IS NOT NULL AND c.voids_id IS NULL
      AND c.effective_on <= %(as_of)s AND c.known_on <= %(known)s
      AND c.id NOT IN (SELECT v.voids_id FROM funding_contribution v WHERE v.voids_id IS NOT NULL AND v.known_on <= %(known)s)
    GROUP BY 1
"""
RATES = {"2017-03-31": "3.2475", "2018-06-30": "3.2715", "2019-12-31": "3.31400001"}


@pytest.fixture
def ground(partnership):
    """`ground(rows)` writes contributions of two entities and two regions. The host's fiscal year begins in July."""
    host = partnership.host_country
    host.fiscal_year_starts = 7
    host.save()
    entities = [make.make_organization(f"entity-{n}", organization_class="government") for n in range(2)]
    regions = [make.make_region(key) for key in ("XA-ONE", "XA-TWO")]

    def write(rows):
        given = Contribution.objects.bulk_create(build(partnership, entities, regions, n, row) for n, row in enumerate(rows))
        Contribution.objects.bulk_create(
            void_of(one, n, row["voided"]) for n, (one, row) in enumerate(zip(given, rows, strict=True)) if row["voided"]
        )

    return write


def build(partnership, entities, regions, number, row):
    effective = PreciseDate.of(row["effective"], row["precision"])
    return Contribution(
        partnership=partnership,
        key=f"c{number}",
        kind=row["kind"],
        entity=entities[row["entity"]],
        region=None if row["region"] is None else regions[row["region"]],
        amount=None if row["cents"] is None else Decimal(row["cents"]) / 100,
        currency="" if row["cents"] is None else row["currency"],
        effective_on=effective.last,
        effective_precision=effective.precision,
        known_on=row["known"],
        words_en="Given",
    )


def void_of(row, number, known):
    of = {name: getattr(row, name) for name in ("partnership", "kind", "entity", "words_en")}
    return Contribution(key=f"v{number}", voids=row, effective_on=known, known_on=known, reason="Wrong.", **of)


def asked(partnership, as_of=TODAY, known_on=TODAY, **question):
    return answer(partnership, Asked("contributed", **question), as_of=as_of, known_on=known_on)


@EXAMPLES
def test_sums_equal_whole_cents_added_by_sql_and_parts_make_the_whole(partnership, ground, n):
    @for_all(n, rows=ROWS, as_of=DAYS, known_on=DAYS)
    def check(rows, as_of, known_on):
        with taken_back():
            ground(rows)
            expected = cents_by_currency(CENTS, partnership=partnership.pk, as_of=as_of, known=known_on)
            answers = [asked(partnership, as_of, known_on, group_by=group) for group in GROUPS]
        for result in answers:
            assert totals(result) == parts(result) == expected
            assert (result.not_reported, result.rates) == (answers[0].not_reported, [])


@EXAMPLES
def test_every_row_stands_in_the_period_of_its_own_day(partnership, ground, n):
    @for_all(n, rows=ROWS)
    def check(rows):
        plain = {"currency": "PEN", "voided": None, "known": FIRST}
        keys = {"fiscal_year": lambda day: host_year_key(day, 7), "calendar_year": calendar_year_key, "quarter": quarter_key}
        with taken_back():
            ground([row | plain for row in rows])
            answers = {group: asked(partnership, group_by=group) for group in keys}
        for group, result in answers.items():
            expected = {}
            for row in rows:
                days = PreciseDate.of(row["effective"], row["precision"])
                if days.last <= TODAY:
                    found = {keys[group](days.first), keys[group](days.last)}
                    expected.setdefault(found.pop() if len(found) == 1 else "unallocated", []).append(row["cents"])
            assert {row.key: row.n_rows for row in result.rows} == {key: len(cents) for key, cents in expected.items()}
            for row in result.rows:
                known = [cents for cents in expected[row.key] if cents is not None]
                assert row.amount == (Decimal(sum(known)) / 100 if known else None)


@EXAMPLES
def test_the_order_of_rows_never_matters(partnership, ground, n):
    for record, rate in RATES.items():
        make.make_rate(record=record, rate=rate)
    questions = [{"group_by": group, **more} for group in GROUPS for more in ({}, {"currency": "USD", "rate_basis": "latest"})]

    @for_all(n, rows=ROWS, data=st.data())
    def check(rows, data):
        found = []
        for each in (rows, data.draw(st.permutations(rows))):
            with taken_back():
                ground(each)
                found.append([asked(partnership, **question) for question in questions])
        assert found[0] == found[1]


@EXAMPLES
@pytest.mark.parametrize("basis", ["signature", "latest", "year_average", "transaction"])
def test_a_conversion_is_the_exact_fraction_to_the_cent(partnership, ground, n, basis):
    rates = {record: make.make_rate(record=record, rate=rate) for record, rate in RATES.items()}
    average = make.make_rate(record="2018-12-31", rate="3.2866", kind="year_average")
    make.make_pledge(partnership, rate=rates["2017-03-31"])
    used = {"signature": [rates["2017-03-31"]], "latest": [rates["2019-12-31"]], "year_average": [average]}

    @for_all(n, rows=ROWS)
    def check(rows):
        with taken_back():
            ground([row | {"currency": "PEN", "voided": None, "known": FIRST} for row in rows])
            answers = [asked(partnership, group_by=group, currency="USD", rate_basis=basis) for group in GROUPS]
        for result in answers:
            assert totals(result) == parts(result) == totals(answers[0])
            assert {one.rate for one in result.rates} <= {one.rate for one in used.get(basis, [*rates.values(), average])}
        if basis in used:
            in_force = [row for row in rows if PreciseDate.of(row["effective"], row["precision"]).last <= TODAY]
            if basis == "year_average":
                in_force = [row for row in in_force if row["effective"].year == 2018]
            cents = [
                half_up(Fraction(row["cents"]) / Fraction(used[basis][0].rate)) for row in in_force if row["cents"] is not None
            ]
            assert totals(answers[0]) == ({"USD": Decimal(sum(cents)) / 100} if cents else {})


def half_up(cents: Fraction) -> int:
    return int(cents + Fraction(1, 2))  # never negative here, so that the whole part is the floor
