"""Peru's file cut as of a day, and the state of a partnership row for row."""

from datetime import datetime, time
from pathlib import Path

import yaml
from django.db import transaction

import partners
from activities.models import Deadline, Report
from funding.models import Award, AwardAction, AwardRecipient
from partners.management.commands.load_partnership import load
from partners.models import Coverage, Partnership, TermEvent
from tests import factories as make

FACTS = Path(partners.__file__).parent / "data" / "peru-2017.yaml"
DIALOGUE = make.day("2020-02-06")
AT = datetime.combine(DIALOGUE, time(12), make.LIMA)
ANNOUNCED = {"peru-2017-extended-2020", "peru-2017-extended-2022", "peru-2017-extension"}
OF_PARTNERSHIP = {
    TermEvent: "partnership", Coverage: "partnership", Award: "partnership", AwardRecipient: "award__partnership",
    AwardAction: "award__partnership", Deadline: "partnership", Report: "partnership",
}  # fmt: skip
# When and by whom a row was written is not what it says.
ASIDE = {
    "id",
    "recorded_at",
    "decided_at",
    "decided_by",
    "proposed_by",
    "loaded_from",
    "changed_at",
    "superseded_at",
    "created_at",
}


def whole() -> dict[str, list[dict]]:
    """What the whole file says, as could be known on the day of the dialogue; taken back."""
    with transaction.atomic():
        load(FACTS)
        found = rows_of(Partnership.objects.get(key="peru-2017"))
        transaction.set_rollback(True)
    return found


def load_as_of_january(folder) -> Partnership:
    """The file without what was announced on 6 February 2020 and after it. The dialogue of that day stays: a program officer
    records it without a proposal."""
    data = yaml.safe_load(FACTS.read_text(encoding="utf-8"))
    for section in ("term_events", "awards"):
        data[section] = [row for row in data[section] if row["key"] not in ANNOUNCED]
    data["coverage"] = [row for row in data["coverage"] if row["region"] not in ("PE-MDD", "PE-PUN")]
    path = folder / "january.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    load(path)
    return Partnership.objects.get(key="peru-2017")


def announcement() -> list[dict]:
    """What was announced on 6 February 2020, as one proposal, in the words of the file."""
    data = yaml.safe_load(FACTS.read_text(encoding="utf-8"))
    event = next(row for row in data["term_events"] if row["key"] == "peru-2017-extended-2020")
    award = next(row for row in data["awards"] if row["key"] == "peru-2017-extension")
    (action,) = award["actions"]
    return [
        {
            "act": "term", "kind": "extended", "effective": "2020-02-06", "new_end": "2022-06",
            "title_en": event["title"]["en"], "title_es": event["title"]["es"], "reason": event["reason"],
        },
        {"act": "coverage", "region": "PE-MDD", "since": "2020-02-06"},
        {"act": "coverage", "region": "PE-PUN", "since": "2020-02-06"},
        {
            "act": "award", "key": "peru-2017-extension", "level": "prime", "title_en": award["title"]["en"],
            "title_es": award["title"]["es"], "currency": "USD", "listing": "19.019", "amount": "1,700,000",
            "recipients": [{"organization": "ilo"}], "recipient": "ilo", "effective": "2020-02-06", "basis": "announced",
            "guidance_version": "UG-2014", "reason": action["reason"],
        },
    ]  # fmt: skip


def rows_of(partnership: Partnership) -> dict[str, list[dict]]:
    """What the ledger and what follows from it say, by table: every column that says something, relations by permanent name."""
    return {model.__name__: sorted((said_by(row) for row in known_of(model, partnership)), key=repr) for model in OF_PARTNERSHIP}


def known_of(model, partnership):
    rows = model._base_manager.filter(**{OF_PARTNERSHIP[model]: partnership})
    names = {field.name for field in model._meta.fields}
    return rows.filter(known_on__lte=DIALOGUE) if "known_on" in names else rows


def said_by(row) -> dict:
    fields = [field for field in row._meta.fields if field.name not in ASIDE]
    return {field.name: name_of(getattr(row, field.name)) for field in fields}


def name_of(value):
    return getattr(value, "key", value)
