"""Disbursements and spending, of any series of accepted reports: the sums are the newest lines given, added by SQL in whole
cents; parts make the whole; the order in which reports were written does not matter; every increment stands where it fell."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import strategies as st

from activities.reporting.spending import GROUPS
from activities.sums import Asked, answers
from tests import factories as make

from .accepted import accept_all, owe_reports, quarter
from .properties import DAYS, EXAMPLES, TODAY, cents_by_currency, for_all, parts, taken_back, totals

QUARTERS = [f"{year}-Q{n}" for year in (2018, 2019) for n in (1, 2, 3, 4)]
LINE = st.none() | st.integers(0, 10**12)
# For each report its versions, oldest first: (cents disbursed, cents spent, day of acceptance).
REPORTS = st.dictionaries(
    st.tuples(st.integers(0, 3), st.integers(0, len(QUARTERS) - 1)),
    st.lists(st.tuples(LINE, LINE, DAYS), min_size=1, max_size=2).map(lambda rows: sorted(rows, key=lambda row: row[2])),
    min_size=1,
    max_size=8,
)
CENTS = """
    WITH newest AS (
        SELECT DISTINCT ON (r.id) r.award_id, r.organization_id, r.period_to, (f.{line} * 100)::bigint AS cents
        FROM activities_report r
        JOIN activities_reportversion v ON v.report_id = r.id AND v.state = 'accepted'
        JOIN activities_financialreport f ON f.version_id = v.id
        JOIN funding_award a ON a.id = r.award_id AND a.known_on <= %(known)s
        WHERE r.partnership_id = %(partnership)s AND r.period_to <= %(as_of)s
          AND (v.accepted_at AT TIME ZONE 'America/Lima')::date <= %(known)s
        ORDER BY r.id, v.number DESC
    ), latest AS (
        SELECT DISTINCT ON (award_id, organization_id) award_id, cents FROM newest WHERE cents IS NOT NULL
        ORDER BY award_id, organization_id, period_to DESC
    )
    SELECT w.currency, sum(cents)::bigint FROM latest JOIN funding_award w ON w.id = latest.award_id
    WHERE w.level = %(level)s GROUP BY 1
"""


@pytest.fixture
def ground(partnership):
    """`ground(reports)` accepts them: of two recipients of one award, of one in another currency, and of a sub-award."""
    people = [make.make_organization(f"org-{n}x") for n in range(2)]
    first = make.make_award(partnership, key="a0", recipients=people)
    other = make.make_award(partnership, key="a1", recipients=people[:1], currency="EUR")
    sub = make.make_award(partnership, key="a2", level="sub", recipients=people[1:])
    series = [
        owe_reports(award, one, *QUARTERS)
        for award, one in [(first, people[0]), (first, people[1]), (other, people[0]), (sub, people[1])]
    ]

    def write(reports):
        rows = [(series[which][number], *version) for (which, number), versions in reports.items() for version in versions]
        accept_all([(report, money(disbursed), money(spent), f"{on}") for report, disbursed, spent, on in rows])

    return write


def money(cents):
    return None if cents is None else Decimal(cents) / 100


def asked(partnership, as_of, known_on, measure, level):
    questions = [Asked(measure, level, group) for group in GROUPS]
    return answers(partnership, questions, as_of=as_of, known_on=known_on)


MEASURE = st.sampled_from(["disbursed", "spent"])
LEVEL = st.sampled_from(["prime", "sub"])


@EXAMPLES
def test_sums_equal_whole_cents_added_by_sql_and_parts_make_the_whole(partnership, ground, n):
    @for_all(n, reports=REPORTS, as_of=DAYS, known_on=DAYS, measure=MEASURE, level=LEVEL)
    def check(reports, as_of, known_on, measure, level):
        line = {"disbursed": "line_10b", "spent": "line_10e"}[measure]
        with taken_back():
            ground(reports)
            asks = {"partnership": partnership.pk, "as_of": as_of, "known": known_on, "level": level}
            expected = cents_by_currency(CENTS.format(line=line), **asks)
            found = asked(partnership, as_of, known_on, measure, level)
        for result in found:
            assert totals(result) == parts(result) == expected
            assert result.not_reported == found[0].not_reported


@EXAMPLES
def test_the_order_in_which_reports_were_accepted_never_matters(partnership, ground, n):
    @for_all(n, reports=REPORTS, data=st.data())
    def check(reports, data):
        found = []
        for order in (list(reports), data.draw(st.permutations(list(reports)))):
            with taken_back():
                ground({place: reports[place] for place in order})
                found.append(asked(partnership, TODAY, TODAY, "spent", "prime"))
        assert found[0] == found[1]


@EXAMPLES
def test_every_increment_stands_in_the_quarter_in_which_it_fell(partnership, ground, n):
    @for_all(n, reports=REPORTS)
    def check(reports):
        with taken_back():
            ground(reports)
            found = next(one for one in asked(partnership, TODAY, TODAY, "spent", "prime") if one.group_by == "quarter")
        expected = {}
        for which, currency in ((0, "USD"), (1, "USD"), (2, "EUR")):
            before, last = 0, -1
            for number in range(len(QUARTERS)):
                cents = reports.get((which, number), [(None, None, None)])[-1][1]
                if cents is not None:
                    key = QUARTERS[number] if number == last + 1 else "unallocated"
                    expected[key, currency] = expected.get((key, currency), 0) + cents - before
                    before, last = cents, number
        assert {(row.key, row.currency): row.amount for row in found.rows if row.amount is not None} == {
            place: Decimal(cents) / 100 for place, cents in expected.items()
        }


def test_the_quarters_of_these_tests_follow_each_other():
    days = [quarter(text) for text in QUARTERS]
    assert all(before[1] + timedelta(days=1) == after[0] for before, after in zip(days, days[1:], strict=False))
