"""The page of the pledge, the dashboard and the one door to the sums say the same of host money and of U.S. money."""

from decimal import Decimal

import pytest

from activities.sums import Asked, answer
from cpc.dashboards.cards import funds_card, spent_on
from funding.pledges.breakdown import breakdowns
from funding.pledges.queries import pledge_progress
from partners.asof import Days
from tests import factories as make
from tests.activities.accepted import accept, owe_reports

DAYS = [("2020-02-10", "2020-02-10"), ("2019-03-31", "2020-02-10"), ("2020-02-10", "2019-03-31"), ("2017-06-14", "2020-02-10")]
every_day = pytest.mark.parametrize(("as_of", "known_on"), DAYS)


@pytest.fixture
def world(partnership):
    ilo, mimp, region = make.make_organization("ilo"), make.make_organization("mimp"), make.make_region("XA-ONE")
    award = make.make_award(partnership, key="first", recipients=[ilo])
    make.make_action(award, amount="5000.00", effective="2017-10", recipient=ilo)
    make.make_action(award, amount="70.10", effective="2019-06-01", kind="supplement", basis="signed", recipient=ilo)
    first, second = owe_reports(award, ilo, "2018-Q4", "2019-Q1")
    accept(first, spent="10.00", on="2019-01-20")
    accept(second, spent="25.50", on="2019-04-20")
    accept(first, spent="11.00", on="2020-01-20")
    make.make_pledge(partnership, qualifier="at_least")
    make.make_pledge(partnership, amount="500.00", qualifier="exact", effective="2019-05-01")
    make.make_contribution(partnership, amount="3000.00", entity=mimp, effective="2018", confirmed=("us", "host"))
    make.make_contribution(partnership, amount="250.55", entity=mimp, effective="2019-05-03", region=region)
    make.make_contribution(partnership, amount=None, kind="posts", quantity=20, entity=mimp, effective="2018-06")
    return partnership


def total(partnership, measure, days, currency):
    result = answer(partnership, Asked(measure), **days)
    return next(((one.amount, one.qualifier) for one in result.totals if one.currency == currency), (None, None))


@every_day
def test_the_pledge_and_its_progress_are_the_sums_of_the_door(world, as_of, known_on):
    days = {"as_of": make.day(as_of), "known_on": make.day(known_on)}
    progress = pledge_progress(world, **days)
    promised, word = total(world, "pledged", days, world.host_currency)
    assert (progress.promised, progress.qualifier) == (promised, word or "exact")
    assert progress.contributed == (total(world, "contributed", days, world.host_currency)[0] or Decimal(0))
    for group in breakdowns(world, **days):
        amounts = [amount for line in group.lines for amount, _currency in line.amounts]
        assert sum(amounts, Decimal(0)) == progress.contributed


@every_day
def test_the_dashboard_s_bars_are_the_sums_of_the_door(world, as_of, known_on):
    days = {"as_of": make.day(as_of), "known_on": make.day(known_on)}
    asked = Days(**days, today=make.day("2020-02-10"))
    card = funds_card(world, asked, said=[])
    assert [(one.amount, one.qualifier) for one in card.totals] == [
        (one.amount, one.qualifier) for one in answer(world, Asked("awarded"), **days).totals
    ]
    assert spent_on(world, asked, "USD").amount == total(world, "spent", days, "USD")[0]
