"""The rules of rules.yaml as values: read, checked whole, and looked up. Knows no day, no award and no Django."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from .rule_checks import find_problems

RULES_FILE = Path(__file__).with_name("rules.yaml")


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
    "performance", "financial" or None; `also` is another frequency that the rule serves. See the head of rules.yaml for the
    meaning of each word."""

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
    also: str | None = None

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

    def once(self, trigger: str, *, guidance: str | None = None) -> list[Rule]:
        """The rules that give one date per subject, for a trigger, whoever the recipients are."""
        return [rule for rule in self.rules_once(trigger, guidance) if not rule.applies_to]

    def of_recipient(self, trigger: str, *, rule_class: str, guidance: str | None) -> list[Rule]:
        """The rules that give one date per recipient of a class, for a trigger."""
        return [rule for rule in self.rules_once(trigger, guidance) if rule_class in rule.applies_to]

    def rules_once(self, trigger: str, guidance: str | None) -> list[Rule]:
        return [
            rule
            for rule in self.rules
            if rule.trigger == trigger and rule.frequency == "once" and self.is_in_force(rule, guidance)
        ]

    def reports(self, *, rule_class: str, frequency: str, guidance: str | None) -> list[Rule]:
        """The report rules for a class of recipient; `frequency` is that of an award's reports, or "final"."""
        return [
            rule
            for rule in self.rules
            if rule.report
            and frequency in (rule.frequency, rule.also)
            and rule_class in rule.applies_to
            and self.is_in_force(rule, guidance)
        ]

    def has_liquidation(self, rule_class: str) -> bool:
        """Whether obligations would have to be liquidated by a day if only the guidance version were known."""
        return any(rule.kind == "liquidation" and rule_class in rule.applies_to for rule in self.rules)

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
