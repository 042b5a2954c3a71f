"""Peru's public facts, as their file puts them into the database."""

import io
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Sum

import partners
from activities.models import Activity, Deadline, Dialogue, Report
from cpc.accounts.models import User
from funding.models import Award, AwardAction, AwardRecipient, ExchangeRate, Pledge
from partners.models import Coverage, Objective, Partnership, PartnershipMember, Statement, TermEvent

from .state import everything

FACTS = Path(partners.__file__).parent / "data" / "peru-2017.yaml"
SIGNING, EVE, DIALOGUE = date(2017, 6, 15), date(2020, 2, 5), date(2020, 2, 6)
SOURCED = (
    Partnership,
    PartnershipMember,
    Objective,
    Coverage,
    TermEvent,
    Award,
    AwardRecipient,
    AwardAction,
    Pledge,
    Statement,
    Dialogue,
)


@pytest.fixture
def peru(db):
    call_command("load_partnership", str(FACTS), stdout=io.StringIO())
    return Partnership.objects.get(key="peru-2017")


def awarded(*, as_of, known_on):
    actions = AwardAction.objects.filter(award__level="prime").in_force(as_of=as_of, known_on=known_on)
    return actions.aggregate(total=Sum("amount"))["total"]


def term_end(as_of):
    return TermEvent.objects.in_force(as_of=as_of, known_on=as_of).latest("effective_on")


def test_loading_peru_twice_changes_nothing(peru):
    before = everything()
    call_command("load_partnership", str(FACTS), stdout=io.StringIO())
    assert everything() == before


def test_money_counts_from_the_day_it_was_and_could_be_known(peru):
    assert awarded(as_of=date(2017, 10, 30), known_on=DIALOGUE) is None
    assert awarded(as_of=date(2017, 10, 31), known_on=date(2017, 10, 31)) == Decimal("5000000.00")
    assert awarded(as_of=EVE, known_on=EVE) == Decimal("5000000.00")
    assert awarded(as_of=DIALOGUE, known_on=EVE) == Decimal("5000000.00")
    assert awarded(as_of=DIALOGUE, known_on=DIALOGUE) == Decimal("6700000.00")
    unallocated = AwardAction.objects.get(award__key="peru-2017-initial")
    assert unallocated.recipient is None
    subs = AwardAction.objects.filter(award__level="sub").in_force(as_of=DIALOGUE, known_on=DIALOGUE)
    assert {(action.award.recipients.get().organization.key, action.amount) for action in subs} == {("chs", None), ("idl", None)}


def test_term_and_coverage_of_each_day(peru):
    assert (term_end(EVE).new_end_on, term_end(EVE).new_end_precision) == (date(2021, 6, 30), "month")
    assert (term_end(DIALOGUE).new_end_on, term_end(DIALOGUE).new_end_precision) == (date(2022, 6, 30), "month")
    assert term_end(date(2023, 1, 1)).new_end_on == date(2024, 6, 30)
    assert Coverage.objects.in_force(as_of=EVE, known_on=EVE).count() == 3
    five = Coverage.objects.in_force(as_of=DIALOGUE, known_on=DIALOGUE)
    assert {each.region.key for each in five} == {"PE-LMA", "PE-CUS", "PE-LOR", "PE-MDD", "PE-PUN"}
    assert Coverage.objects.in_force(as_of=SIGNING, known_on=SIGNING).count() == 3


def test_deadlines_follow_from_the_file(peru):
    interim = Deadline.objects.filter(award__key="peru-2017-initial", kind="performance_report", recipient__key="ilo").order_by(
        "due_on"
    )
    assert (interim.count(), interim.first().due_on, interim.last().due_on) == (12, date(2018, 1, 30), date(2020, 10, 30))
    finals = Deadline.objects.filter(award__key="peru-2017-initial", kind="final_report")
    assert set(finals.values_list("due_on", flat=True)) == {date(2021, 3, 31)}
    assert not Deadline.objects.filter(award__key="peru-2017-extension").exists()
    assert Deadline.objects.get(kind="pledge_end").due_on == date(2021, 6, 30)


def test_every_fact_says_on_whose_word_and_none_is_a_sample(peru):
    for model in SOURCED:
        for row in model.objects.all():
            assert not row.is_sample
            assert row.source or row.certainty in ("derived", "assumed"), row
    assert Partnership.objects.get().tracked_from is None
    assert not Activity.objects.exists()
    assert not Report.objects.filter(versions__isnull=False).exists()


def test_registers_are_whole(peru):
    assert Statement.objects.count() == 13
    totals = Statement.objects.filter(measure="us_total").order_by("effective_on").values_list("amount", flat=True)
    assert [f"{amount / 1_000_000:.1f}" for amount in totals] == ["5.0", "6.7", "7.1", "7.2", "11.0", "10.0", "9.8"]
    assert Counter(ExchangeRate.objects.values_list("source", "kind")) == {
        ("TREASURY", "end_of_period"): 11,
        ("IMF-IFS", "end_of_period"): 25,
        ("IMF-IFS", "year_average"): 9,
    }
    assert Pledge.objects.get().rate.rate == Decimal("3.2475")
    assert Dialogue.objects.count() == 5


def test_demonstration_of_facts_alone_has_accounts_and_no_sample(db, settings):
    settings.ALIANZA_DEMO, settings.ALIANZA_DEMO_PASSWORD = True, "for-the-tests-alone"
    call_command("load_demo", "--facts-only", stdout=io.StringIO())
    assert not Activity.objects.exists()
    assert Partnership.objects.get().tracked_from is None
    assert User.objects.filter(email="grants_officer@example.org").exists()
