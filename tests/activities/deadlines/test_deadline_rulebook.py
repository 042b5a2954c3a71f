"""rules.yaml: what ships, and what a wrong file is told."""

from datetime import date

import pytest
import yaml

from activities.deadlines.rulebook import RULES_FILE, RuleBookError, Words, read, shipped


def shipped_data():
    return yaml.safe_load(RULES_FILE.read_text(encoding="utf-8"))


def problems_after(change):
    data = shipped_data()
    change(data)
    with pytest.raises(RuleBookError) as error:
        read(yaml.safe_dump(data, allow_unicode=True))
    return error.value.problems


def test_shipped_rules_are_sound_and_say_how_sure_they_are():
    certainty = {rule.id: rule.certainty for rule in shipped().rules}
    assert certainty == {
        "R-TERM-END": "derived",
        "R-TERM-DECIDE": "assumed",
        "R-PLEDGE-END": "derived",
        "R-DLG-ANNUAL": "secondary",
        "R-DLG-IND": "assumed",
        "R-TGT-ANNUAL": "assumed",
        "R-COMMITMENT": "derived",
        "R-AWARD-END": "derived",
        "R-PPR-Q": "primary",
        "R-FFR-Q": "primary",
        "R-FPE-Q": "assumed",
        "R-FPE-FFR-Q": "assumed",
        "R-SUB-Q": "assumed",
        "R-PPR-FIN-90": "primary",
        "R-PPR-FIN-120": "primary",
        "R-PPR-FIN-SUB": "primary",
        "R-FFR-FIN-90": "primary",
        "R-FFR-FIN-120": "primary",
        "R-FFR-FIN-SUB": "primary",
        "R-FPE-FIN": "assumed",
        "R-PPR-S": "primary",
        "R-FFR-S": "primary",
        "R-PPR-A": "primary",
        "R-FFR-A": "primary",
        "R-PPR-ANNIV": "primary",
        "R-LIQ-90": "primary",
        "R-LIQ-120": "primary",
        "R-LIQ-SUB": "primary",
        "R-CLOSE-1Y": "primary",
        "R-CLOSE-1Y-OLD": "assumed",
        "R-EXT-NOTICE": "primary",
        "R-EXT-REQ": "assumed",
        "R-RETAIN": "primary",
    }


def test_every_rule_has_a_title_and_a_citation_in_both_languages():
    for rule in shipped().rules:
        assert rule.title.en != rule.title.es
        assert all([*rule.title, *rule.citation])


def test_words_are_said_in_the_language_of_the_reader():
    assert [Words("term", "vigencia").said_in(code) for code in ("en", "es", "es-pe")] == ["term", "vigencia", "vigencia"]


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2014, 12, 25), None),
        (date(2014, 12, 26), "UG-2014"),
        (date(2017, 10, 1), "UG-2014"),
        (date(2020, 11, 11), "UG-2014"),
        (date(2020, 11, 12), "UG-2020"),
        (date(2024, 9, 30), "UG-2020"),
        (date(2024, 10, 1), "UG-2024"),
    ],
)
def test_guidance_version_begins_on_its_day(day, version):
    assert shipped().guidance_on(day) == version


def test_rule_of_the_file_is_found_and_another_is_not():
    assert shipped().rule("R-PPR-Q").offset == 30
    with pytest.raises(KeyError):
        shipped().rule("R-SA-REPORT")


def test_all_mistakes_are_named_at_once_with_their_place():
    def spoil(data):
        data["rules"][0]["kind"] = "party"
        data["rules"][1]["offset"] = "180"
        del data["rules"][2]["citation"]
        data["rules"][3]["colour"] = "red"
        data["rules"][8]["shift"] = "NEXT_PE"

    problems = problems_after(spoil)
    assert len(problems) == 5
    assert problems[0].startswith("rule 1 (R-TERM-END): kind: must be one of award_end,")
    assert problems[1] == "rule 2 (R-TERM-DECIDE): offset: must be a whole number"
    assert problems[2] == "rule 3 (R-PLEDGE-END): citation: is missing"
    assert problems[3] == "rule 4 (R-DLG-ANNUAL): colour: is not a field of a rule"
    assert problems[4].startswith("rule 9 (R-PPR-Q): shift: must be one of NEXT_BOTH,")


@pytest.mark.parametrize(
    ("rule", "field", "value", "said"),
    [
        ("R-PPR-Q", "id", "R-FFR-Q", "id: stands twice"),
        ("R-PPR-Q", "id", ["R-PPR-Q"], "id: must be a text like R-PPR-Q"),
        ("R-PPR-Q", "offset", True, "offset: must be a whole number"),
        ("R-PPR-Q", "offset", -1, "offset: a report cannot fall due before its period has ended"),
        ("R-PPR-Q", "frequency", "once", "frequency: with trigger reporting_period_end it must be quarterly"),
        ("R-PPR-Q", "kind", "award_end", "kind: award_end does not go with frequency quarterly"),
        ("R-PPR-Q", "report", "financial", "report: financial does not go with kind performance_report"),
        ("R-PPR-Q", "report", "poem", "report: must be performance or financial"),
        (
            "R-PPR-Q",
            "applies_to",
            [],
            "applies_to: what one recipient owes names its classes of recipient, other kinds name none",
        ),
        ("R-LIQ-90", "applies_to", [], "applies_to: what one recipient owes names its classes of recipient"),
        ("R-PPR-ANNIV", "offset", -2, "offset: a report cannot fall due before its period has ended"),
        ("R-LIQ-90", "also", "annual", "also: only a report has it, and it is another frequency"),
        ("R-FFR-A", "also", "weekly", "also: only a report has it, and it is another frequency"),
        ("R-RETAIN", "unit", "decade", "unit: must be one of day, month, year"),
        ("R-PPR-Q", "applies_to", ["army"], "applies_to: must be a list of fpe, recipient_2cfr200, subrecipient_2cfr200"),
        ("R-PPR-Q", "guidance", {"from": "UG-2013", "to": None}, "guidance: UG-2013 is not a guidance version"),
        ("R-PPR-Q", "guidance", {"from": "UG-2024", "to": "UG-2014"}, "guidance: from is later than to"),
        ("R-PPR-Q", "title", {"en": "Report"}, "title: must be a text, or en and es"),
        ("R-PPR-Q", "title", "", "title: must be a text, or en and es"),
        ("R-TERM-END", "report", "performance", "report: only reports have it"),
        ("R-TERM-END", "applies_to", ["fpe"], "applies_to: what one recipient owes names its classes of recipient, other kinds"),
    ],
)
def test_wrong_rule_is_refused(rule, field, value, said):
    def spoil(data):
        next(row for row in data["rules"] if row["id"] == rule)[field] = value

    assert any(said in problem for problem in problems_after(spoil))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data.pop("version"), "the file must hold version, guidance_versions and rules, and nothing else"),
        (lambda data: data.update(version=0), "version: must be a whole number from 1"),
        (lambda data: data.update(rules={}), "guidance_versions and rules: must be lists"),
        (lambda data: data["rules"].append("R-X"), "rule 34: must be a mapping"),
        (lambda data: data["guidance_versions"].reverse(), "effective_on: must be later than the one before"),
        (lambda data: data["guidance_versions"][0].update(key=2014), "guidance version 1: key: must be a text"),
        (
            lambda data: data["guidance_versions"][0].update(effective_on="soon"),
            "effective_on: must be a day, for example 2020-11-12",
        ),
        (
            lambda data: data["guidance_versions"].append({}),
            "guidance version 4: must hold key and effective_on, and nothing else",
        ),
    ],
)
def test_wrong_file_is_refused(change, said):
    assert any(said in problem for problem in problems_after(change))


@pytest.mark.parametrize("text", ["", "rules: [", "- 1", "version: 1\nversion: [a: b: c]"])
def test_text_that_is_no_rule_book_is_refused(text):
    with pytest.raises(RuleBookError):
        read(text)
