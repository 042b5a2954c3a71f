"""The progress of the pledge equals an independent computation, whatever is pledged, given, voided and said."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funding.models import Contribution, ContributionConfirmation, Pledge
from funding.pledges.queries import pledge_progress
from tests import factories as make

FIRST = date(2019, 1, 1)
days = st.integers(0, 9).map(lambda n: FIRST + timedelta(days=n))
amounts = st.integers(0, 10**9).map(lambda cents: make.Decimal(cents).scaleb(-2))
SHARED = [HealthCheck.function_scoped_fixture]  # every example takes back what it wrote
WORDS = ("exact", "at_least", "more_than", "at_most", "about", "planned")

pledges = st.lists(
    st.fixed_dictionaries(
        {
            "amount": st.none() | amounts,
            "word": st.sampled_from(WORDS),
            "effective": days,
            "known": days,
            "void": st.none() | days,
        }
    ),
    max_size=4,
)
contributions = st.lists(
    st.fixed_dictionaries(
        {
            "amount": st.none() | amounts, "quantity": st.none() | st.integers(1, 50),
            "currency": st.sampled_from(["PEN", "USD"]),
            "kind": st.sampled_from(["cash", "posts", "shelter"]), "effective": days, "known": days, "void": st.none() | days,
            "said": st.lists(st.tuples(st.sampled_from(["us", "host"]), st.booleans(), days), max_size=4),
        }
    ),
    max_size=6,
)  # fmt: skip

# Cents as whole numbers, straight from the tables: what is in force, and the newest word of each side.
IN_FORCE = """
    r.voids_id IS NULL AND r.effective_on <= %(as_of)s AND r.known_on <= %(known_on)s
    AND NOT EXISTS (SELECT 1 FROM {table} v WHERE v.voids_id = r.id AND v.known_on <= %(known_on)s)
    AND r.partnership_id = %(partnership)s
"""
PLEDGED = f"""
    SELECT (r.amount * 100)::bigint, r.qualifier FROM funding_pledge r
    WHERE {IN_FORCE.format(table="funding_pledge")} AND r.amount IS NOT NULL
"""
GIVEN = f"""
    SELECT (r.amount * 100)::bigint, r.currency, r.kind, r.quantity, r.id FROM funding_contribution r
    WHERE {IN_FORCE.format(table="funding_contribution")}
"""
SAID = """
    SELECT DISTINCT ON (contribution_id, side) contribution_id, agrees, side FROM funding_contributionconfirmation
    WHERE confirmed_on <= LEAST(%(as_of)s, %(known_on)s) ORDER BY contribution_id, side, confirmed_on DESC, id DESC
"""


def rows(sql, asked):
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return cursor.fetchall()


def write(partnership, entity, promised, gifts):
    for n, one in enumerate(promised):
        row = Pledge.objects.create(
            partnership=partnership, key=f"p{n}", amount=one["amount"], currency="PEN" if one["amount"] is not None else "",
            qualifier=one["word"], effective_on=one["effective"], known_on=one["known"], loaded_from="test",
        )  # fmt: skip
        if one["void"]:
            Pledge.objects.create(
                partnership=partnership,
                key=f"p{n}-void",
                voids=row,
                effective_on=one["void"],
                known_on=one["void"],
                loaded_from="test",
            )
    for n, one in enumerate(gifts):
        fields = {"partnership": partnership, "entity": entity, "kind": one["kind"], "words_en": "-"}
        row = Contribution.objects.create(
            key=f"c{n}", amount=one["amount"], currency=one["currency"] if one["amount"] is not None else "",
            quantity=one["quantity"], effective_on=one["effective"], known_on=one["known"], **fields,
        )  # fmt: skip
        if one["void"]:
            Contribution.objects.create(key=f"c{n}-void", voids=row, effective_on=one["void"], known_on=one["void"], **fields)
        for side, agrees, on in one["said"]:
            ContributionConfirmation.objects.create(contribution=row, side=side, agrees=agrees, confirmed_on=on)


def agreement_of(words: dict) -> str:
    if False in words.values():
        return "disputed"
    return {("us",): "us", ("host",): "host", ("host", "us"): "both"}.get(tuple(sorted(words)), "none")


def expected(asked):
    """Promised cents (None: nothing priced), the words of the pledges, cents by agreement, cents in other currencies, and what is
    only counted."""
    promised = rows(PLEDGED, asked)
    said: dict = {}
    for contribution, agrees, side in rows(SAID, asked):
        said.setdefault(contribution, {})[side] = agrees
    by_agreement, other, entries, things = Counter(), Counter(), Counter(), {}
    for cents, currency, kind, quantity, pk in rows(GIVEN, asked):
        if cents is None:
            entries[kind] += 1
            if quantity is not None:
                things[kind] = things.get(kind, 0) + quantity
        elif currency == "PEN":
            by_agreement[agreement_of(said.get(pk, {}))] += cents
        else:
            other[currency] += cents
    total = sum(cents for cents, _word in promised) if promised else None
    counted = {kind: (n, things.get(kind)) for kind, n in entries.items()}
    return total, {word for _cents, word in promised}, dict(by_agreement), dict(other), counted


def cents(amount):
    return None if amount is None else int(amount * 100)


@pytest.fixture
def entity(partnership):
    return make.make_organization("ministry", organization_class="government")


def check(partnership, entity, promised, gifts, as_of, known_on):
    with transaction.atomic():
        write(partnership, entity, promised, gifts)
        found = pledge_progress(partnership, as_of=as_of, known_on=known_on)
        total, words, by_agreement, other, counted = expected(
            {"as_of": as_of, "known_on": known_on, "partnership": partnership.pk}
        )
        assert cents(found.promised) == total
        assert {name.value: cents(amount) for name, amount in found.by_agreement.items()} == by_agreement
        assert cents(found.contributed) == sum(by_agreement.values())
        assert {currency: cents(amount) for currency, amount in found.other.items()} == other
        assert {one.kind: (one.n_rows, one.quantity) for one in found.counted} == counted
        if len(words) == 1:
            assert {str(found.qualifier)} == words
        if words == {"exact", "at_least"}:
            assert found.qualifier == "at_least", "the word stays in the sum"
        if total:
            assert abs(found.share - make.Decimal(sum(by_agreement.values())) / total) <= make.Decimal("0.00005")
        else:
            assert found.share is None
        transaction.set_rollback(True)


asked = {"promised": pledges, "gifts": contributions, "as_of": days, "known_on": days}


@given(**asked)
@settings(max_examples=40, suppress_health_check=SHARED)
def test_the_progress_equals_an_independent_computation(start, promised, gifts, as_of, known_on):
    check(*start, promised, gifts, as_of, known_on)


@pytest.mark.deep
@given(**asked)
@settings(max_examples=500, suppress_health_check=SHARED)
def test_the_progress_equals_an_independent_computation_at_500_examples(start, promised, gifts, as_of, known_on):
    check(*start, promised, gifts, as_of, known_on)


@pytest.fixture
def start(partnership, entity):
    """What every example starts from; each one takes back what it wrote."""
    return partnership, entity


def test_several_pledges_add_up_and_a_voided_one_does_not(partnership):
    make.make_pledge(partnership, amount="8000000.00", qualifier="at_least")
    second = make.make_pledge(partnership, amount="500000.00", qualifier="exact", effective="2019-01-01")
    today = date(2020, 2, 10)
    found = pledge_progress(partnership, as_of=today, known_on=today)
    assert (str(found.promised), str(found.qualifier)) == ("8500000.00", "at_least")
    Pledge.objects.create(
        partnership=partnership,
        key="void",
        voids=second,
        effective_on=today,
        known_on=today,
        loaded_from="test",
        reason="Said twice.",
    )
    assert str(pledge_progress(partnership, as_of=today, known_on=today).promised) == "8000000.00"
    yesterday = date(2020, 2, 9)
    assert str(pledge_progress(partnership, as_of=today, known_on=yesterday).promised) == "8500000.00"
