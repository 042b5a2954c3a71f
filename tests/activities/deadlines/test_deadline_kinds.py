"""What counts from an award's end and its finals, other schedules, targets, commitments, granted days: the engine alone."""

from dataclasses import replace
from datetime import date

import pytest

from activities.deadlines.due import Gap
from activities.deadlines.engine import compute
from activities.deadlines.facts import (
    AwardFacts,
    CommitmentFacts,
    DialogueFacts,
    FinalFacts,
    Granted,
    Override,
    PartnershipFacts,
    RecipientFacts,
)
from activities.deadlines.rulebook import shipped
from cpc.core.dates import PreciseDate

day = date.fromisoformat
when = PreciseDate.parse
NGO = RecipientFacts("ngo", "recipient_2cfr200", "UG-2014")
SUB = RecipientFacts("sub", "subrecipient_2cfr200", "UG-2014")
ILO = RecipientFacts("ilo", "fpe", "UG-2014")


def facts_of(*recipients, final=None, **changes):
    award = AwardFacts("a", "quarterly", when("2017-10"), when("2020-12"), recipients or (NGO,), guidance="UG-2014")
    award = replace(award, **changes)
    finals = {("a", one.key, award.ends.last): final for one in award.recipients} if final else {}
    return PartnershipFacts("p", "PE", awards=(award,), finals=finals)


def found(facts, kind):
    return [(one.key, one.rule, one.due_on.isoformat(), one.met_on) for one in compute(facts, shipped()).due if one.kind == kind]


# domain paper 2.9: end of the award, 10 days before it
@pytest.mark.parametrize(
    ("ends", "notice"),
    [
        ("2020-12-31", "2020-12-21"),
        ("2021-06-14", "2021-06-04"),
        ("2021-06-15", "2021-06-04"),
        ("2022-06-15", "2022-06-03"),
        ("2022-06-30", "2022-06-17"),
    ],
)
def test_notice_of_an_extension_comes_before_a_weekend_and_a_holiday(ends, notice):
    assert [row[2] for row in found(facts_of(ends=when(ends)), "extension_notice")] == [notice]


def test_request_is_for_primes_of_both_classes_the_notice_for_those_under_2_cfr_200_and_neither_after_the_close_out():
    facts = facts_of(NGO, ILO)
    assert [row[:3] for row in found(facts, "extension_request")] == [
        ("a-ilo-extension-request", "R-EXT-REQ", "2020-12-01"),
        ("a-ngo-extension-request", "R-EXT-REQ", "2020-12-01"),
    ]
    assert [row[0] for row in found(facts, "extension_notice")] == ["a-ngo-extension-notice"]
    assert found(facts_of(SUB, is_prime=False), "extension_request") == []
    closed = facts_of(NGO, ILO, closed_on=day("2020-06-30"))
    assert found(closed, "extension_request") == found(closed, "extension_notice") == []


@pytest.mark.parametrize(
    ("recipient", "guidance", "rule", "due"),
    [
        (NGO, "UG-2014", "R-LIQ-90", "2021-03-31"),
        (NGO, "UG-2020", "R-LIQ-120", "2021-04-30"),
        (NGO, "UG-2024", "R-LIQ-120", "2021-04-30"),
        (SUB, "UG-2014", "R-LIQ-90", "2021-03-31"),
        (SUB, "UG-2020", "R-LIQ-SUB", "2021-03-31"),
    ],
)
def test_liquidation_follows_class_and_guidance(recipient, guidance, rule, due):
    assert found(facts_of(replace(recipient, guidance=guidance)), "liquidation") == [
        (f"a-{recipient.key}-liquidation", rule, due, None)
    ]


def test_liquidation_is_met_by_a_final_sf425_without_obligations_or_by_the_close_out():
    final = FinalFacts(day("2021-03-30"))
    assert found(facts_of(final=final), "liquidation")[0][3] is None
    assert found(facts_of(final=replace(final, has_no_obligations=True)), "liquidation")[0][3] == day("2021-03-30")
    assert found(facts_of(final=final, closed_on=day("2021-12-01")), "liquidation")[0][3] == day("2021-12-01")
    assert Gap("no_rule", "a", "ilo", "fpe", "liquidation", "once") in compute(facts_of(ILO), shipped()).gaps


def test_close_out_counts_from_the_end_and_under_the_text_of_2014_from_the_last_accepted_final_report():
    accepted = FinalFacts(day("2021-03-30"), day("2021-05-10"))
    assert found(facts_of(), "closeout") == []
    assert found(facts_of(final=FinalFacts(day("2021-03-30"))), "closeout") == []
    assert found(facts_of(final=accepted), "closeout") == [("a-closeout", "R-CLOSE-1Y-OLD", "2022-05-10", None)]
    half = replace(facts_of(NGO, ILO), finals={("a", "ngo", day("2020-12-31")): accepted})
    assert found(half, "closeout") == []
    both = replace(half, finals=half.finals | {("a", "ilo", day("2020-12-31")): replace(accepted, accepted_on=day("2021-06-01"))})
    assert [row[2] for row in found(both, "closeout")] == ["2022-06-01"]
    new = facts_of(guidance="UG-2020", closed_on=day("2021-11-30"))
    assert found(new, "closeout") == [("a-closeout", "R-CLOSE-1Y", "2021-12-31", day("2021-11-30"))]
    assert found(facts_of(SUB, is_prime=False, guidance="UG-2020"), "closeout") == []


def test_records_are_kept_three_years_from_the_final_sf425_and_a_leap_day_is_held_to_the_end_of_february():
    facts = facts_of(ends=when("2019-12-31"), final=FinalFacts(day("2020-02-29")))
    assert found(facts, "records") == [("a-ngo-records", "R-RETAIN", "2023-02-28", None)]
    assert found(facts_of(ILO, final=FinalFacts(day("2021-03-30"))), "records") == []
    # handed in for an end that was extended since: no final report of the award as it stands
    extended = replace(facts, awards=(replace(facts.awards[0], ends=when("2020-12-31")),))
    assert found(extended, "records") == []


@pytest.mark.parametrize(
    ("changes", "performance", "financial"),
    [
        ({"frequency": "semiannual"}, ["2018-01-30", "2018-07-30", "2019-01-30"], ["2018-01-30", "2018-07-30", "2019-01-30"]),
        (
            {"frequency": "semiannual", "report_year": "us_fiscal"},
            ["2018-04-30", "2018-10-30", "2019-04-30"],
            ["2018-04-30", "2018-10-30", "2019-04-30"],
        ),
        ({"frequency": "annual"}, ["2018-03-31", "2019-03-31", "2020-03-30"], ["2018-03-31", "2019-03-31", "2020-03-30"]),
        (
            {"frequency": "annual", "report_year": "us_fiscal"},
            ["2018-12-29", "2019-12-29", "2020-12-29"],
            ["2018-12-29", "2019-12-29", "2020-12-29"],
        ),
        (
            {"frequency": "anniversary"},
            ["2018-09-30", "2019-09-30", "2020-09-30"],
            ["2018-12-29", "2019-12-29", "2020-12-29"],
        ),
    ],
)
def test_other_schedules(changes, performance, financial):
    facts = facts_of(**changes)
    assert [row[2] for row in found(facts, "performance_report")][:3] == performance
    assert [row[2] for row in found(facts, "financial_report")][:3] == financial


def test_anniversaries_are_counted_from_the_first_day_alone():
    facts = facts_of(frequency="anniversary", begins=when("2020-02-29"), ends=when("2024-12-31"))
    assert [row[2] for row in found(facts, "performance_report")] == ["2021-02-27", "2022-02-27", "2023-02-27", "2024-02-28"]


def test_targets_fall_due_on_each_anniversary_while_the_term_runs():
    facts = PartnershipFacts("p", "PE", term_end=when("2020-02-28"), signed_on=day("2016-02-29"), target_years={2018})
    assert found(facts, "targets") == [
        ("p-targets-2017", "R-TGT-ANNUAL", "2017-02-28", None),
        ("p-targets-2018", "R-TGT-ANNUAL", "2018-02-28", day("2018-02-28")),
        ("p-targets-2019", "R-TGT-ANNUAL", "2019-02-28", None),
    ]
    assert found(replace(facts, term_end=None), "targets") == []


def test_indicators_are_agreed_thirty_days_before_the_planned_dialogue_else_before_the_day_it_falls_due():
    facts = PartnershipFacts("p", "PE", term_end=when("2030"), dialogues=(DialogueFacts("d", when("2020-02-06")),))
    assert found(facts, "dialogue_indicators") == [("d-next-indicators", "R-DLG-IND", "2021-01-07", None)]
    # 30 days before 17 May 2021 is Saturday 17 April
    planned = replace(facts, planned=when("2021-05-17"))
    assert found(planned, "dialogue_indicators") == [("d-next-indicators", "R-DLG-IND", "2021-04-16", None)]
    assert found(replace(facts, term_end=when("2020-12")), "dialogue_indicators") == []
    assert [row[0] for row in found(replace(planned, dialogues=()), "dialogue_indicators")] == ["p-next-indicators"]


def test_commitment_is_due_on_its_own_day_until_it_is_settled():
    one = CommitmentFacts("c", day("2020-02-06"), day("2020-12-31"))
    facts = PartnershipFacts("p", "PE", commitments=(one,))
    assert found(facts, "commitment") == [("c-due", "R-COMMITMENT", "2020-12-31", None)]
    closed = replace(facts, commitments=(replace(one, closed_on=day("2020-11-30")),))
    assert found(closed, "commitment")[0][3] == day("2020-11-30")
    assert found(replace(facts, commitments=(replace(one, is_settled=True),)), "commitment") == []
    assert Gap("no_day", "c") in compute(replace(facts, commitments=(replace(one, due_on=None),)), shipped()).gaps


def test_granted_later_day_counts_and_the_day_by_the_rule_stays_known():
    key = "a-ngo-2020-q1-performance"
    plain = facts_of()
    # 16 May 2020 is a Saturday
    granted = replace(plain, granted={key: Granted(day("2020-05-16"), day("2020-04-20"))})
    one = next(one for one in compute(granted, shipped()).due if one.key == key)
    assert (one.due_on, one.legal_on, one.next_business_on) == (day("2020-05-16"), day("2020-04-30"), day("2020-05-18"))
    others = [{one for one in compute(facts, shipped()).due if one.key != key} for facts in (plain, granted)]
    assert others[0] == others[1]


def test_granted_day_that_the_rule_has_overtaken_counts_no_more():
    key = "a-ngo-extension-request"
    facts = replace(facts_of(ends=when("2022-06-30")), granted={key: Granted(day("2020-12-10"), day("2020-11-20"))})
    one = next(one for one in compute(facts, shipped()).due if one.key == key)
    assert (one.due_on, one.granted) == (day("2022-05-31"), None)


def test_terms_of_an_award_change_count_and_shift_or_suppress_a_rule_of_it_alone():
    terms = (Override("o", "R-PPR-Q", offset=46, shift="NEXT_BOTH"), Override("x", "R-LIQ-90", is_suppressed=True))
    facts = facts_of(overrides=terms)
    facts = replace(facts, awards=(*facts.awards, replace(facts.awards[0], key="b", overrides=())))
    due = {one.key: one for one in compute(facts, shipped()).due}
    # 15 August 2020, 46 days after the quarter, is a Saturday
    assert due["a-ngo-2020-q2-performance"].due_on == day("2020-08-17")
    assert due["a-ngo-2020-q2-performance"].override == terms[0]
    assert due["b-ngo-2020-q2-performance"].due_on == due["a-ngo-2020-q2-financial"].due_on == day("2020-07-30")
    assert "a-ngo-liquidation" not in due
    assert "b-ngo-liquidation" in due
