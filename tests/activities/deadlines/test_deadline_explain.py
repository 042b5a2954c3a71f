"""Why a date is what it is, in both languages."""

import re
from datetime import date
from types import SimpleNamespace

import pytest
from django.utils.translation import override

from activities.deadlines.due import Gap
from activities.deadlines.engine import compute
from activities.deadlines.explain import GAP_WORDS, RULE_WORDS, TRIGGER_WORDS, explain, explain_gap, title_of
from activities.deadlines.facts import AwardFacts, PartnershipFacts, RecipientFacts
from activities.deadlines.rulebook import shipped
from cpc.core.dates import PreciseDate

when = PreciseDate.parse


def row_of(key, **changes):
    recipients = (
        RecipientFacts("yanapanakusun", "recipient_2cfr200", "UG-2014"),
        RecipientFacts("chs", "subrecipient_2cfr200", "UG-2014"),
    )
    award = AwardFacts("a", "quarterly", when("2017-10"), when("2022-12"), recipients)
    facts = PartnershipFacts("p", "PE", term_end=when("2022-06"), awards=(award,))
    one = next(one for one in compute(facts, shipped()).due if one.key == key)
    return SimpleNamespace(
        rule=one.rule,
        raw_on=one.raw_on,
        due_on=one.due_on,
        next_business_on=one.next_business_on,
        period_from=one.period and one.period.first,
        period_to=one.period and one.period.last,
        guidance_version=one.guidance or "",
        legal_on=one.legal_on,
        decided_on=one.decided_on,
        inputs={"base": one.base},
        **changes,
    )


def plain(text):
    return str(text).replace("\u00a0", " ")


def test_every_shipped_rule_has_words():
    for rule in shipped().rules:
        assert (rule.trigger, rule.unit, (rule.offset > 0) - (rule.offset < 0)) in RULE_WORDS
        assert rule.trigger in TRIGGER_WORDS


def test_interim_report_names_rule_period_source_and_next_business_day():
    row = row_of("a-yanapanakusun-2021-q3-performance")
    with override("en"):
        why = explain(row)
        assert title_of(row) == "Quarterly performance report, July–September 2021"
    assert why.rule == "R-PPR-Q, 30 days after the end of the reporting period"
    assert plain(why.counted_from) == "30 Sep 2021, end of the reporting period"
    assert why.source == "2 CFR 200.329(c)(1); 200.328(b)(1) in the text of 2014 (primary source)"
    assert plain(why.weekday) == "Saturday; next business day in the United States: 1 Nov 2021"
    assert why.guidance == "2 CFR 200, text of 2014"
    assert plain(why) == (
        "R-PPR-Q, 30 days after the end of the reporting period. Counted from 30 Sep 2021, end of the reporting period. "
        "Guidance: 2 CFR 200, text of 2014. Source: 2 CFR 200.329(c)(1); 200.328(b)(1) in the text of 2014 (primary source)."
    )


def test_end_that_is_known_by_its_month_says_which_day_is_assumed():
    with override("en"):
        why = explain(row_of("p-term-end"))
    assert plain(why.counted_from) == "June 2022 (day not published; 30 June assumed), end of the term"
    assert why.rule == "R-TERM-END, the day on which the term ends"
    assert "Guidance" not in str(why)


def test_date_that_moved_says_from_where():
    with override("en"):
        why = explain(row_of("a-chs-2022-q3-performance"))
    assert plain(why.weekday) == "15 Oct 2022 is no working day: moved to Friday, 14 Oct 2022"


def test_title_and_source_are_in_the_language_of_the_reader():
    row = row_of("a-yanapanakusun-2022-q4-final-performance")
    with override("es"):
        assert title_of(row).startswith("Informe final de desempeño")
        assert explain(row).source.startswith("2 CFR 200.328(b)(1) y 200.343(a), texto de 2014")


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (Gap("no_period", "a", "ilo", "fpe"), "No period of performance is known, so no report falls due."),
        (Gap("no_rule", "a", "ilo", "fpe", "financial", "final"), "No rule is known: final SF-425, foreign public entity."),
        (
            Gap("no_guidance", "a", "y", "recipient_2cfr200", "performance", "quarterly"),
            "No date for the quarterly performance report: the text of 2 CFR 200 under which money was last added is not known.",
        ),
        (
            Gap("after_term", "d", on=date(2022, 7, 1)),
            "The next dialogue would fall due on 1 Jul 2022, after the end of the term.",
        ),
    ],
)
def test_missing_date_is_explained(gap, said):
    with override("en"):
        assert plain(explain_gap(gap)) == said


def test_every_reason_of_the_engine_has_words():
    reasons = set(re.findall(r"`([a-z_]+)`", Gap.__doc__)) - {"report", "frequency", "on"}
    assert set(GAP_WORDS) == reasons
