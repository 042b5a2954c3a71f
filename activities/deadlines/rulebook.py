"""The rules of rules.yaml as values: read, checked whole, and looked up. Knows no day, no award and no Django."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

RULES_FILE = Path(__file__).with_name("rules.yaml")

KINDS = {
    "term_end",
    "term_decision",
    "award_end",
    "performance_report",
    "financial_report",
    "final_report",
    "pledge_end",
    "dialogue",
}
REPORT_KINDS = {"performance_report": "performance", "financial_report": "financial", "final_report": None}
TRIGGERS = {
    "term_end": ["once"],
    "pledge_end": ["once"],
    "previous_dialogue": ["once"],
    "award_end": ["once", "final"],
    "reporting_period_end": ["quarterly"],
}
RULE_CLASSES = {"recipient_2cfr200", "subrecipient_2cfr200", "fpe"}
SHIFTS = {"NONE", "NEXT_US", "NEXT_HOST", "NEXT_BOTH", "PREV_US", "PREV_HOST", "PREV_BOTH"}
UNITS = {"day", "month"}
CERTAINTIES = {"primary", "secondary", "derived", "assumed"}


class Words(NamedTuple):
    """One text in both languages."""

    en: str
    es: str

    def said_in(self, language: str) -> str:
        return self.es if language.startswith("es") else self.en


@dataclass(frozen=True, slots=True)
class GuidanceVersion:
    """A version of 2 CFR 200: for awards and additions of money from `effective_on` on."""

    key: str
    effective_on: date


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `guidance_from` and `guidance_to` are keys of guidance versions, both included; None is open. `report` is
    "performance", "financial" or None. See the head of rules.yaml for the meaning of each word."""

    id: str
    kind: str
    trigger: str
    frequency: str
    offset: int
    unit: str
    shift: str
    certainty: str
    citation: Words
    title: Words
    applies_to: frozenset[str] = frozenset()
    guidance_from: str | None = None
    guidance_to: str | None = None
    report: str | None = None

    @property
    def needs_guidance(self) -> bool:
        return self.guidance_from is not None or self.guidance_to is not None


class RuleBookError(Exception):
    """rules.yaml cannot be used. `problems` names every mistake, each with its place."""

    def __init__(self, problems: list[str]):
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules of one version of the file, in its order."""

    version: int
    guidance_versions: tuple[GuidanceVersion, ...]
    rules: tuple[Rule, ...]

    def rule(self, rule_id: str) -> Rule:
        """Raises KeyError for a rule that the file does not hold."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)

    def once(self, trigger: str) -> list[Rule]:
        """The rules that give one date per subject, for a trigger."""
        return [rule for rule in self.rules if rule.trigger == trigger and rule.frequency == "once"]

    def reports(self, *, rule_class: str, frequency: str, guidance: str | None) -> list[Rule]:
        """The report rules for a class of recipient; `frequency` is "quarterly" or "final"."""
        return [
            rule
            for rule in self.rules
            if rule.report and rule.frequency == frequency and rule_class in rule.applies_to and self.is_in_force(rule, guidance)
        ]

    def has_rule_under_some_guidance(self, rule_class: str, frequency: str, report: str) -> bool:
        """Whether a report would fall due if only the guidance version were known."""
        return any(
            rule.report == report
            for version in self.guidance_versions
            for rule in self.reports(rule_class=rule_class, frequency=frequency, guidance=version.key)
        )

    def is_in_force(self, rule: Rule, guidance: str | None) -> bool:
        """Whether a rule belongs to a guidance version. Without a version only rules that need none do."""
        if not rule.needs_guidance:
            return True
        order = [version.key for version in self.guidance_versions]
        if guidance not in order:
            return False
        at = order.index(guidance)
        first = order.index(rule.guidance_from) if rule.guidance_from else 0
        last = order.index(rule.guidance_to) if rule.guidance_to else len(order) - 1
        return first <= at <= last

    def guidance_on(self, day: date) -> str | None:
        """The version for money added on `day`; None before the first one. For a month or year, hand over the last day that
        fits."""
        in_force = [version.key for version in self.guidance_versions if version.effective_on <= day]
        return in_force[-1] if in_force else None


@cache
def shipped() -> RuleBook:
    """The rule book of this release. Raises RuleBookError naming every mistake in the file."""
    return read(RULES_FILE.read_text(encoding="utf-8"))


def read(text: str) -> RuleBook:
    """A rule book from the text of a YAML file. Raises RuleBookError naming every mistake."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise RuleBookError([f"not YAML: {error}"]) from error
    problems = list(find_problems(data))
    if problems:
        raise RuleBookError(problems)
    return RuleBook(
        version=data["version"],
        guidance_versions=tuple(GuidanceVersion(**version) for version in data["guidance_versions"]),
        rules=tuple(make_rule(row) for row in data["rules"]),
    )


def make_rule(row: dict[str, Any]) -> Rule:
    plain = {name: value for name, value in row.items() if name not in ("guidance", "applies_to", "citation", "title")}
    return Rule(
        **plain,
        applies_to=frozenset(row["applies_to"]),
        guidance_from=row["guidance"]["from"],
        guidance_to=row["guidance"]["to"],
        citation=make_words(row["citation"]),
        title=make_words(row["title"]),
    )


def make_words(value: str | dict[str, str]) -> Words:
    return Words(value, value) if isinstance(value, str) else Words(value["en"], value["es"])


def find_problems(data: Any):
    """Yield one sentence for each mistake of the file, with its place."""
    if not isinstance(data, dict) or set(data) != {"version", "guidance_versions", "rules"}:
        yield "the file must hold version, guidance_versions and rules, and nothing else"
        return
    if not is_number(data["version"]) or data["version"] < 1:
        yield "version: must be a whole number from 1"
    if not isinstance(data["guidance_versions"], list) or not isinstance(data["rules"], list):
        yield "guidance_versions and rules: must be lists"
        return
    yield from find_guidance_problems(data["guidance_versions"])
    order = [version.get("key") for version in data["guidance_versions"] if isinstance(version, dict)]
    seen = []
    for number, row in enumerate(data["rules"], start=1):
        if not isinstance(row, dict):
            yield f"rule {number}: must be a mapping"
            continue
        place = f"rule {number} ({row.get('id', 'without id')})"
        if row.get("id") in seen:
            yield f"{place}: id: stands twice"
        seen.append(row.get("id"))
        for problem in find_rule_problems(row, order):
            yield f"{place}: {problem}"


def find_guidance_problems(versions: list):
    last = date.min
    for number, version in enumerate(versions, start=1):
        if not isinstance(version, dict) or set(version) != {"key", "effective_on"}:
            yield f"guidance version {number}: must hold key and effective_on, and nothing else"
        elif not isinstance(version["key"], str):
            yield f"guidance version {number}: key: must be a text"
        elif type(version["effective_on"]) is not date:
            yield f"guidance version {number}: effective_on: must be a day, for example 2020-11-12"
        elif version["effective_on"] <= last:
            yield f"guidance version {number}: effective_on: must be later than the one before"
        else:
            last = version["effective_on"]


def is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def is_words(value: Any) -> bool:
    return is_text(value) or (isinstance(value, dict) and set(value) == {"en", "es"} and all(map(is_text, value.values())))


def is_one_of(choices):
    return lambda value: isinstance(value, str) and value in choices


FIELDS = {
    "id": (lambda value: is_text(value) and value.startswith("R-"), "must be a text like R-PPR-Q"),
    "kind": (is_one_of(KINDS), f"must be one of {', '.join(sorted(KINDS))}"),
    "trigger": (is_one_of(TRIGGERS), f"must be one of {', '.join(sorted(TRIGGERS))}"),
    "frequency": (is_one_of({"once", "quarterly", "final"}), "must be once, quarterly or final"),
    "offset": (is_number, "must be a whole number"),
    "unit": (is_one_of(UNITS), f"must be one of {', '.join(sorted(UNITS))}"),
    "shift": (is_one_of(SHIFTS), f"must be one of {', '.join(sorted(SHIFTS))}"),
    "certainty": (is_one_of(CERTAINTIES), f"must be one of {', '.join(sorted(CERTAINTIES))}"),
    "citation": (is_words, "must be a text, or en and es"),
    "title": (is_words, "must be a text, or en and es"),
    "applies_to": (
        lambda value: isinstance(value, list) and all(isinstance(one, str) and one in RULE_CLASSES for one in value),
        f"must be a list of {', '.join(sorted(RULE_CLASSES))}",
    ),
    "guidance": (lambda value: isinstance(value, dict) and set(value) == {"from", "to"}, "must hold from and to"),
}


def find_rule_problems(row: dict, order: list):
    """Yield the mistakes of one rule: first each field, then, if those are sound, how they fit together."""
    sound = True
    for name in row.keys() - FIELDS.keys() - {"report"}:
        sound = False
        yield f"{name}: is not a field of a rule"
    for name, (is_good, message) in FIELDS.items():
        if name not in row:
            sound = False
            yield f"{name}: is missing"
        elif not is_good(row[name]):
            sound = False
            yield f"{name}: {message}"
    if sound:
        yield from find_misfits(row, order)


def find_misfits(row: dict, order: list):
    if row["frequency"] not in TRIGGERS[row["trigger"]]:
        yield f"frequency: with trigger {row['trigger']} it must be {' or '.join(TRIGGERS[row['trigger']])}"
    is_report = row["frequency"] != "once"
    if is_report != (row["kind"] in REPORT_KINDS):
        yield f"kind: {row['kind']} does not go with frequency {row['frequency']}"
    elif is_report and row.get("report") not in ("performance", "financial"):
        yield "report: must be performance or financial"
    elif is_report and REPORT_KINDS[row["kind"]] not in (None, row["report"]):
        yield f"report: {row['report']} does not go with kind {row['kind']}"
    elif not is_report and "report" in row:
        yield "report: only reports have it"
    if is_report != bool(row["applies_to"]):
        yield "applies_to: reports name their classes of recipient, other kinds name none"
    if is_report and row["offset"] < 0:
        yield "offset: a report cannot fall due before its period has ended"
    bounds = row["guidance"]["from"], row["guidance"]["to"]
    unknown = [key for key in bounds if key is not None and key not in order]
    if unknown:
        yield f"guidance: {', '.join(map(str, unknown))} is not a guidance version"
    elif None not in bounds and order.index(bounds[0]) > order.index(bounds[1]):
        yield "guidance: from is later than to"
