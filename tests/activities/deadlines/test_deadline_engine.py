"""The engine: Peru's dates, the oracle tables of the domain paper, and what it says where there is no date."""

import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest

from activities.deadlines.due import Gap
from activities.deadlines.engine import compute
from activities.deadlines.facts import AwardFacts, DialogueFacts, PartnershipFacts, PledgeFacts, RecipientFacts
from activities.deadlines.rulebook import shipped
from cpc.core.dates import PreciseDate
from cpc.core.workdays import shift

day = date.fromisoformat
when = PreciseDate.parse

ILO = RecipientFacts("ilo", "fpe", "UG-2014")
YANAPANAKUSUN = RecipientFacts("yanapanakusun", "recipient_2cfr200", "UG-2014")
INITIAL = AwardFacts("peru-2017-initial", "quarterly", when("2017-10"), when("2020-12"), (ILO, YANAPANAKUSUN))
EXTENSION = AwardFacts("peru-2017-extension", "quarterly", None, None, (ILO,))
PERU = PartnershipFacts(
    "peru-2017",
    "PE",
    term_end=when("2022-06"),
    awards=(INITIAL, EXTENSION),
    pledges=(PledgeFacts("peru-2017-pledge", when("2021-06")),),
    dialogues=(DialogueFacts("peru-2017-dialogue-1", when("2020-02-06")),),
)


def dates_of(facts, **wanted):
    """The dates that have these attributes, in order."""
    return [one for one in compute(facts, shipped()).due if all(getattr(one, name) == value for name, value in wanted.items())]


def gaps_of(facts):
    return set(compute(facts, shipped()).gaps)


def one_award(**changes):
    award = AwardFacts("a", "quarterly", when("2017-10"), when("2020-12"), (YANAPANAKUSUN,))
    return PartnershipFacts("p", "PE", term_end=when("2030"), awards=(replace(award, **changes),))


def rule_days(facts):
    return {one.rule: one.due_on for one in dates_of(facts) if one.period is None or one.kind == "final_report"}


@pytest.mark.parametrize("recipient", ["ilo", "yanapanakusun"])
@pytest.mark.parametrize("kind", ["performance_report", "financial_report"])
def test_initial_award_has_twelve_interims_per_recipient(recipient, kind):
    rows = dates_of(PERU, award="peru-2017-initial", recipient=recipient, kind=kind)
    assert len(rows) == 12
    assert (rows[0].due_on, rows[-1].due_on) == (day("2018-01-30"), day("2020-10-30"))
    assert (rows[0].period.first, rows[-1].period.last) == (day("2017-10-01"), day("2020-09-30"))


def test_final_absorbs_the_last_quarter_and_a_foreign_public_entity_has_no_rule_for_a_final_sf425():
    finals = dates_of(PERU, kind="final_report")
    assert [(one.recipient, one.rule, one.due_on) for one in finals] == [
        ("ilo", "R-FPE-FIN", day("2021-03-31")),
        ("yanapanakusun", "R-FFR-FIN-90", day("2021-03-31")),
        ("yanapanakusun", "R-PPR-FIN-90", day("2021-03-31")),
    ]
    assert {(one.period.first, one.period.last) for one in finals} == {(day("2020-10-01"), day("2020-12-31"))}
    assert Gap("no_rule", "peru-2017-initial", "ilo", "fpe", "financial", "final") in gaps_of(PERU)


def test_award_without_period_has_no_date_and_says_why():
    assert dates_of(PERU, award="peru-2017-extension") == []
    assert Gap("no_period", "peru-2017-extension", "ilo", "fpe") in gaps_of(PERU)


def test_keys_are_permanent_and_readable():
    keys = {one.key for one in compute(PERU, shipped()).due}
    assert {
        "peru-2017-term-end",
        "peru-2017-term-decision",
        "peru-2017-pledge-end",
        "peru-2017-dialogue-1-next",
        "peru-2017-initial-award-end",
        "peru-2017-initial-ilo-2020-q1-performance",
        "peru-2017-initial-ilo-2020-q1-financial",
        "peru-2017-initial-yanapanakusun-2020-q4-final-financial",
    } <= keys
    assert len(keys) == len(compute(PERU, shipped()).due)


def test_dates_of_the_partnership_itself():
    assert {rule: due for rule, due in rule_days(PERU).items() if "FIN" not in rule} == {
        "R-TERM-END": day("2022-06-30"),
        "R-TERM-DECIDE": day("2022-01-01"),
        "R-PLEDGE-END": day("2021-06-30"),
        "R-DLG-ANNUAL": day("2021-02-06"),
        "R-AWARD-END": day("2020-12-31"),
        "R-EXT-REQ": day("2020-12-01"),
        "R-EXT-NOTICE": day("2020-12-21"),
        "R-LIQ-90": day("2021-03-31"),
        "R-DLG-IND": day("2021-01-07"),
    }


def test_extension_of_the_term_moves_nothing_but_the_term():
    before, after = (compute(replace(PERU, term_end=when(end)), shipped()) for end in ("2021-06", "2022-06"))
    moved = {one.key for one in set(before.due) ^ set(after.due)}
    assert moved == {"peru-2017-term-end", "peru-2017-term-decision"}
    assert before.gaps == after.gaps


def test_no_cost_extension_turns_the_absorbed_quarter_into_an_interim_and_moves_the_final():
    extended = replace(PERU, awards=(replace(INITIAL, ends=when("2022-06-30")), EXTENSION))
    before = {one.key: one for one in dates_of(PERU, recipient="ilo", kind="performance_report")}
    after = {one.key: one for one in dates_of(extended, recipient="ilo", kind="performance_report")}
    assert {key: after[key] for key in before} == before
    assert [key.removeprefix("peru-2017-initial-ilo-") for key in after if key not in before] == [
        f"{quarter}-performance" for quarter in ("2020-q4", "2021-q1", "2021-q2", "2021-q3", "2021-q4", "2022-q1")
    ]
    assert {one.due_on for one in dates_of(extended, kind="final_report")} == {day("2022-09-28")}


# domain paper 2.9: end of a quarter, +30, and the three next business days
QUARTERS = """
2017-03-31 2017-04-30 2017-05-01 2017-05-02 2017-05-02
2017-06-30 2017-07-30 2017-07-31 2017-07-31 2017-07-31
2017-09-30 2017-10-30 = = =
2017-12-31 2018-01-30 = = =
2018-03-31 2018-04-30 = = =
2018-06-30 2018-07-30 = = =
2018-09-30 2018-10-30 = = =
2018-12-31 2019-01-30 = = =
2019-03-31 2019-04-30 = = =
2019-06-30 2019-07-30 = = =
2019-09-30 2019-10-30 = = =
2019-12-31 2020-01-30 = = =
2020-03-31 2020-04-30 = = =
2020-06-30 2020-07-30 = = =
2020-09-30 2020-10-30 = = =
2020-12-31 2021-01-30 2021-02-01 2021-02-01 2021-02-01
2021-03-31 2021-04-30 = = =
2021-06-30 2021-07-30 = = =
2021-09-30 2021-10-30 2021-11-01 2021-11-02 2021-11-02
2021-12-31 2022-01-30 2022-01-31 2022-01-31 2022-01-31
2022-03-31 2022-04-30 2022-05-02 2022-05-02 2022-05-02
2022-06-30 2022-07-30 2022-08-01 2022-08-01 2022-08-01
2022-09-30 2022-10-30 2022-10-31 2022-10-31 2022-10-31
2022-12-31 2023-01-30 = = =
"""


@pytest.mark.parametrize("row", QUARTERS.split("\n")[1:-1])
def test_quarterly_report_is_due_thirty_days_later_and_the_next_business_day_is_a_hint(row):
    ends, raw, us, host, both = row.split()
    us, host, both = (raw if moved == "=" else moved for moved in (us, host, both))
    facts = one_award(begins=when("2016-10"), ends=when("2023-12"))
    report = next(one for one in dates_of(facts, rule="R-PPR-Q") if one.period.last == day(ends))
    assert (report.raw_on, report.due_on, report.next_business_on) == (day(raw), day(raw), day(us))
    assert (shift(day(raw), "NEXT_HOST", "PE"), shift(day(raw), "NEXT_BOTH", "PE")) == (day(host), day(both))


# domain paper 2.9: end of the award, +90, +120
@pytest.mark.parametrize(
    ("ends", "in_90_days", "in_120_days"),
    [
        ("2020-12-31", "2021-03-31", "2021-04-30"),
        ("2021-06-14", "2021-09-12", "2021-10-12"),
        ("2021-06-15", "2021-09-13", "2021-10-13"),
        ("2022-06-15", "2022-09-13", "2022-10-13"),
        ("2022-06-30", "2022-09-28", "2022-10-28"),
    ],
)
def test_finals_are_due_90_days_under_the_text_of_2014_and_120_since(ends, in_90_days, in_120_days):
    def finals(rule_class, guidance):
        facts = one_award(ends=when(ends), recipients=(RecipientFacts("r", rule_class, guidance),))
        return {(one.rule, one.due_on.isoformat()) for one in dates_of(facts, kind="final_report")}

    old, new = finals("recipient_2cfr200", "UG-2014"), finals("recipient_2cfr200", "UG-2020")
    assert old == {("R-PPR-FIN-90", in_90_days), ("R-FFR-FIN-90", in_90_days)}
    assert new == {("R-PPR-FIN-120", in_120_days), ("R-FFR-FIN-120", in_120_days)}
    assert finals("recipient_2cfr200", "UG-2024") == new
    assert finals("subrecipient_2cfr200", "UG-2014") == old
    assert finals("subrecipient_2cfr200", "UG-2020") == {("R-PPR-FIN-SUB", in_90_days), ("R-FFR-FIN-SUB", in_90_days)}
    for guidance in (None, "UG-2014", "UG-2020"):
        assert finals("fpe", guidance) == {("R-FPE-FIN", in_90_days)}


def test_money_added_on_the_day_of_the_new_text_changes_the_class_of_the_final():
    rules = [
        {one.rule for one in dates_of(one_award(recipients=(replace(YANAPANAKUSUN, guidance=guidance),)), kind="final_report")}
        for guidance in map(shipped().guidance_on, (day("2020-11-11"), day("2020-11-12")))
    ]
    assert rules == [{"R-PPR-FIN-90", "R-FFR-FIN-90"}, {"R-PPR-FIN-120", "R-FFR-FIN-120"}]


def test_unknown_guidance_leaves_reports_under_2_cfr_200_without_a_date_and_says_so():
    facts = one_award(recipients=(replace(YANAPANAKUSUN, guidance=None),))
    assert {one.kind for one in dates_of(facts)} == {"term_end", "term_decision", "award_end", "extension_request"}
    assert {(gap.reason, gap.report, gap.frequency) for gap in gaps_of(facts) if gap.subject == "a"} == {
        ("no_guidance", report, frequency) for report in ("performance", "financial") for frequency in ("quarterly", "final")
    } | {("no_guidance", "liquidation", "once")}


def test_sub_recipient_sends_data_before_the_weekend_and_owes_no_interim_sf425():
    # 2022-10-15 is a Saturday, 2021-01-15 a working Friday
    facts = one_award(
        begins=when("2020-10"), ends=when("2022-12"), recipients=(RecipientFacts("chs", "subrecipient_2cfr200", "UG-2014"),)
    )
    rows = {one.period.last: one for one in dates_of(facts, rule="R-SUB-Q")}
    assert rows[day("2020-12-31")].due_on == day("2021-01-15")
    third_of_2022 = rows[day("2022-09-30")]
    assert (third_of_2022.raw_on, third_of_2022.due_on, third_of_2022.next_business_on) == (
        day("2022-10-15"),
        day("2022-10-14"),
        day("2022-10-14"),
    )
    assert Gap("no_rule", "a", "chs", "subrecipient_2cfr200", "financial", "quarterly") in gaps_of(facts)


def test_day_closed_by_decree_moves_a_date_too():
    chs = RecipientFacts("chs", "subrecipient_2cfr200", "UG-2014")
    facts = one_award(begins=when("2020-10"), ends=when("2022-12"), recipients=(chs,))
    closed = replace(facts, closed_days={"PE": {day("2022-10-14")}})
    assert [dates_of(one, key="a-chs-2022-q3-performance")[0].due_on for one in (facts, closed)] == [
        day("2022-10-14"),
        day("2022-10-13"),
    ]


def test_award_that_keeps_its_last_interim_has_a_final_for_the_whole_award():
    facts = one_award(final_absorbs_last_interim=False)
    last = dates_of(facts, rule="R-PPR-Q")[-1]
    final = dates_of(facts, rule="R-PPR-FIN-90")[0]
    assert (last.due_on, last.base, final.due_on) == (day("2021-01-30"), "2020-12", day("2021-03-31"))
    assert (final.period.first, final.period.last) == (day("2017-10-01"), day("2020-12-31"))
    assert final.key == "a-yanapanakusun-2017-10-01-2020-12-31-final-performance"


def test_award_that_begins_on_the_last_day_of_a_quarter_has_a_first_period_of_one_day():
    first = dates_of(one_award(begins=when("2017-12-31")), rule="R-PPR-Q")[0]
    assert (first.period.first, first.period.last, first.due_on) == (day("2017-12-31"), day("2017-12-31"), day("2018-01-30"))


def test_award_inside_one_quarter_has_a_final_only():
    rows = dates_of(one_award(begins=when("2020-02-03"), ends=when("2020-03-20")), recipient="yanapanakusun")
    rows = [one for one in rows if one.period]
    assert [(one.rule, one.period.first, one.due_on) for one in rows] == [
        ("R-FFR-FIN-90", day("2020-02-03"), day("2020-06-18")),
        ("R-PPR-FIN-90", day("2020-02-03"), day("2020-06-18")),
    ]


def test_recipient_with_a_period_of_its_own_is_due_by_it():
    own = replace(ILO, begins=when("2018-07"), ends=when("2019-03"))
    facts = one_award(recipients=(own, YANAPANAKUSUN))
    assert [one.period.last for one in dates_of(facts, recipient="ilo", kind="performance_report")] == [
        day("2018-09-30"),
        day("2018-12-31"),
    ]
    assert [(one.key, one.due_on) for one in dates_of(facts, kind="award_end")] == [
        ("a-award-end-ilo", day("2019-03-31")),
        ("a-award-end", day("2020-12-31")),
    ]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"begins": None}, "no_start"),
        ({"ends": None}, "no_end"),
        ({"begins": None, "ends": None}, "no_period"),
        ({"ends": when("2017-09-30")}, "bad_period"),
        ({"recipients": ()}, "no_recipient"),
    ],
)
def test_missing_fact_gives_no_report_date_and_a_reason(changes, reason):
    facts = one_award(**changes)
    assert [one for one in dates_of(facts) if one.period] == []
    assert {gap.reason for gap in gaps_of(facts) if gap.subject == "a"} == {reason}


@pytest.mark.parametrize("frequency", ["semiannual", "annual", "anniversary"])
def test_foreign_public_entity_has_no_known_rule_but_for_quarters_and_the_final(frequency):
    facts = one_award(frequency=frequency, recipients=(ILO,))
    assert {one.kind for one in dates_of(facts, award="a")} == {"award_end", "final_report", "extension_request"}
    assert gaps_of(facts) >= {
        Gap("no_rule", "a", "ilo", "fpe", "performance", frequency),
        Gap("no_rule", "a", "ilo", "fpe", "financial", frequency),
        Gap("no_rule", "a", "ilo", "fpe", "financial", "final"),
        Gap("no_rule", "a", "ilo", "fpe", "liquidation", "once"),
    }


def test_partnership_of_which_little_is_known_says_so():
    facts = PartnershipFacts("p", "CO", pledges=(PledgeFacts("p-pledge", None),))
    assert compute(facts, shipped()).due == ()
    assert gaps_of(facts) == {Gap("unknown_end", "p"), Gap("unknown_end", "p-pledge"), Gap("no_dialogue", "p")}


def test_dialogue_is_due_a_year_after_the_last_day_held_and_met_by_the_next_one():
    facts = replace(PERU, dialogues=(DialogueFacts("d2", when("2021-05-18")), *PERU.dialogues))
    assert [(one.key, one.due_on, one.met_on) for one in dates_of(facts, kind="dialogue")] == [
        ("peru-2017-dialogue-1-next", day("2021-02-06"), day("2021-05-18")),
        ("d2-next", day("2022-05-18"), None),
    ]


def test_dialogue_does_not_fall_due_after_the_term():
    facts = replace(PERU, dialogues=(DialogueFacts("d2", when("2021-07-01")),))
    assert dates_of(facts, kind="dialogue") == []
    assert Gap("after_term", "d2", on=day("2022-07-01")) in gaps_of(facts)


def test_dialogue_on_leap_day_is_due_on_the_last_of_february():
    facts = replace(PERU, term_end=None, dialogues=(DialogueFacts("d", when("2020-02-29")),))
    assert dates_of(facts, kind="dialogue")[0].due_on == day("2021-02-28")


def test_declared_end_of_the_term_is_the_decision():
    closed = replace(PERU, term_closed_on=day("2021-12-01"))
    assert [(one.kind, one.met_on) for one in dates_of(closed, subject="peru-2017")] == [
        ("term_decision", day("2021-12-01")),
        ("term_end", None),
    ]


def test_engine_runs_without_django():
    code = "import sys, activities.deadlines.engine; sys.exit(any(name.partition('.')[0] == 'django' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
