"""What a decider should stop at stands in the preview, named, and is approved all the same if the decider wants it."""

import pytest

from cpc.approvals.acts import FaultyAct
from cpc.approvals.services import approve, preview, propose
from cpc.approvals.words import Names, caution_words
from tests import factories as make
from tests.activities.accepted import accept, owe_reports

from .test_proposals import AT


@pytest.fixture
def world(db):
    return make.make_partnership()


@pytest.fixture
def people(world):
    return [make.make_organization(key) for key in ("ilo", "yan")]


@pytest.fixture
def officers(world):
    return [make.make_user(role, world) for role in ("program_officer", "grants_officer")]


@pytest.fixture
def award(world, people):
    award = make.make_award(world, recipients=people, key="award-a")
    make.make_action(award, amount="1000.00", start="2017-10", end="2020-12", effective="2017-10-31")
    return award


@pytest.fixture
def cautions(world, officers):
    """`cautions(act, …)`: the sentences of the preview; the proposal is then approved as it was previewed."""

    def read(*acts):
        proposal = propose(world.pk, list(acts), actor=officers[0], at=AT, reason="Invented.")
        seen = preview(proposal, at=AT)
        done = approve(proposal.pk, actor=officers[1], at=AT, seen=seen.fingerprint)
        assert done.consequences["cautions"] == seen.consequences["cautions"]
        names = Names(world)
        return [caution_words(one, names).replace("\xa0", " ") for one in seen.consequences["cautions"]]

    return read


def spent(award, organization, amount):
    """An accepted report that says so in line 10e."""
    (report,) = owe_reports(award, organization, "2019-Q4")
    accept(report, spent=amount)


def step(kind, **fields):
    return {"act": "action", "award": "award-a", "kind": kind, "basis": "signed", **fields}


def test_a_deobligation_below_what_was_spent_names_both_figures(award, people, cautions):
    spent(award, people[0], "400.00")
    spent(award, people[1], "250.00")
    assert cautions(step("deobligation", amount="-300.00")) == []
    (sentence,) = cautions(step("deobligation", amount="-100.00"))
    assert sentence == "“Award” would hold US$ 600, less than the US$ 650 that its accepted reports say was spent."


def test_a_recipient_left_with_less_than_it_spent_is_named(award, people, cautions):
    spent(award, people[0], "400.00")
    parts = [{"recipient": "ilo", "amount": "500"}, {"recipient": "yan", "amount": "500"}]
    cautions({"act": "allocation", "award": "award-a", "basis": "announced", "parts": parts})
    (sentence,) = cautions(step("deobligation", amount="-200.00", recipient="ilo"))
    assert sentence == "Ilo would be left with US$ 300 of “Award”, less than the US$ 400 that it reported as spent."
    assert cautions(step("deobligation", amount="-200.00", recipient="yan")) == [sentence]


def test_more_than_a_recipient_holds_cannot_be_taken(award, people, cautions):
    with pytest.raises(FaultyAct) as fault:
        cautions(step("deobligation", amount="-1.00", recipient="ilo"))
    assert fault.value.message_dict == {"amount": ["That would take more than Ilo holds of the award."]}


def test_an_extension_of_what_has_ended_says_since_when(world, people, cautions):
    award = make.make_award(world, recipients=people, key="award-a")
    make.make_action(award, amount="1000.00", start="2017-10", end="2020-01-31", effective="2017-10-31")
    (sentence,) = cautions(step("no_cost_extension", new_end="2020-12"))
    assert sentence == "The period of “Award” ended 6 days ago (31 Jan 2020); this extends it after its end."
    assert cautions(step("no_cost_extension", new_end="2021-12")) == []


def test_an_extension_of_a_term_that_has_ended_says_so(world, cautions):
    make.make_term_event(world, kind="ended", new_end="2020-02-05", effective="2020-01-31")
    (sentence,) = cautions({"act": "term", "kind": "extended", "new_end": "2021-06"})
    assert sentence == "The term ended 1 day ago (5 Feb 2020); this extends it after its end."


def sub_award(key="sub", **fields):
    return {
        "act": "award", "key": key, "level": "sub", "title_en": "Sub", "title_es": "Sub", "currency": "USD", "amount": "100",
        "recipients": [{"organization": "yan"}], "recipient": "yan", "basis": "signed", "pass_through": "ilo", **fields,
    }  # fmt: skip


def test_a_sub_award_that_cannot_be_held_against_its_parent_says_why(world, award, people, cautions):
    unknown = make.make_award(world, recipients=people, key="unknown", title_en="Unknown")
    make.make_action(unknown, amount=None)
    (sentence,) = cautions(sub_award())
    assert "which one that is, is not known" in sentence
    (sentence,) = cautions(sub_award("sub-2", parent="unknown"))
    assert "stays within “Unknown”: the amount of that award is not known" in sentence
    assert cautions(sub_award("sub-3", parent="award-a")) == []


def test_sub_awards_together_stay_within_their_parent(award, people, cautions):
    cautions(sub_award("sub-1", parent="award-a", amount="600"))
    with pytest.raises(FaultyAct) as fault:
        cautions(sub_award("sub-2", parent="award-a", amount="400.01"))
    assert list(fault.value.message_dict) == ["amount"]
    cautions(sub_award("sub-2", parent="award-a", amount="400"))
    with pytest.raises(FaultyAct):
        cautions(step("deobligation", amount="-0.01"))
