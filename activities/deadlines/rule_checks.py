"""What may stand in rules.yaml: every mistake of the file as a sentence with its place. Knows no day, no award and no Django."""

from datetime import date
from typing import Any

REPORT_KINDS = {"performance_report": "performance", "financial_report": "financial", "final_report": None}
# what one recipient alone owes or may do, and so names classes of recipients
RECIPIENT_KINDS = {"extension_request", "extension_notice", "liquidation", "records"}
OTHER_KINDS = {
    "term_end",
    "term_decision",
    "award_end",
    "pledge_end",
    "closeout",
    "dialogue",
    "dialogue_indicators",
    "targets",
    "commitment",
}
KINDS = {*REPORT_KINDS, *RECIPIENT_KINDS, *OTHER_KINDS}
TRIGGERS = {
    "term_end": ["once"],
    "pledge_end": ["once"],
    "previous_dialogue": ["once"],
    "dialogue_date": ["once"],
    "partnership_year_start": ["once"],
    "commitment_due": ["once"],
    "award_end": ["once", "final"],
    "reporting_period_end": ["quarterly", "semiannual", "annual"],
    "award_anniversary": ["anniversary"],
    "final_reports_accepted": ["once"],
    "final_sf425_submitted": ["once"],
}
FREQUENCIES = ("once", "quarterly", "semiannual", "annual", "anniversary", "final")
RULE_CLASSES = {"recipient_2cfr200", "subrecipient_2cfr200", "fpe"}
SHIFTS = {"NONE", "NEXT_US", "NEXT_HOST", "NEXT_BOTH", "PREV_US", "PREV_HOST", "PREV_BOTH"}
UNITS = {"day", "month", "year"}
CERTAINTIES = {"primary", "secondary", "derived", "assumed"}


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
    "frequency": (is_one_of(FREQUENCIES), f"must be one of {', '.join(FREQUENCIES)}"),
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
    for name in row.keys() - FIELDS.keys() - {"report", "also"}:
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
    if row.get("also") not in (None, *(FREQUENCIES[1:] if is_report else ())):
        yield "also: only a report has it, and it is another frequency"
    if (is_report or row["kind"] in RECIPIENT_KINDS) != bool(row["applies_to"]):
        yield "applies_to: what one recipient owes names its classes of recipient, other kinds name none"
    # an anniversary is the day after the period has ended
    if is_report and row["offset"] < (-1 if row["trigger"] == "award_anniversary" else 0):
        yield "offset: a report cannot fall due before its period has ended"
    bounds = row["guidance"]["from"], row["guidance"]["to"]
    unknown = [key for key in bounds if key is not None and key not in order]
    if unknown:
        yield f"guidance: {', '.join(map(str, unknown))} is not a guidance version"
    elif None not in bounds and order.index(bounds[0]) > order.index(bounds[1]):
        yield "guidance: from is later than to"
