"""What lies between two pictures of a partnership: the consequences of a proposal. Pure; plain JSON values in and out, so that
what was previewed can be compared with what happened, and kept."""

import hashlib
import json

from .picture import Picture

PAIRS = ("regions", "awards", "pledges", "terms", "elements")
AWARDED = ("prime award", "sub award")


def compare(before: Picture, after: Picture) -> dict:
    """The differences by topic. `term`: from and to. `regions`, `awards`, `pledges`, `elements`: those that changed, from and to
    (null: not there). `deadlines` and `reports`: created, moved or changed, superseded, and how many are kept, those of a touched
    award by name; a deadline that was met is never moved. `sums`: each row that changed, and those of a touched award, from and
    to, by measure and group; `totals` both, changed or not."""
    found = {"term": {"from": before.term, "to": after.term}}
    for name in PAIRS:
        found[name] = changed(getattr(before, name), getattr(after, name))
    found["sums"] = {
        group: changed(rows, after.sums[group]) for group, rows in before.sums.items() if not group.endswith(" none")
    }
    found["totals"] = {
        level: {"from": before.sums[f"{level} none"], "to": after.sums[f"{level} none"]} for level in ("prime", "sub")
    }
    touched = touched_awards(found)
    for name in ("deadlines", "reports"):
        found[name] = split(getattr(before, name), getattr(after, name), touched)
    for group in AWARDED:
        stay = {key: row for key, row in after.sums[group].items() if key.rpartition(" ")[0] in touched}
        found["sums"][group] = {key: {"from": row, "to": row} for key, row in stay.items()} | found["sums"][group]
    return found


def touched_awards(found: dict) -> set[str]:
    """The keys of the awards whose period or money changes."""
    moved = {key.rpartition(" ")[0] for group in AWARDED for key in found["sums"][group]}
    return moved | set(found["awards"]) | {key.rpartition(" ")[0] for key in found.get("terms", ())}


def changed(before: dict, after: dict) -> dict:
    """Key to {from, to} for each key whose value differs; null where it is not there."""
    keys = [*before, *(key for key in after if key not in before)]
    return {key: {"from": before.get(key), "to": after.get(key)} for key in keys if before.get(key) != after.get(key)}


def split(before: dict, after: dict, touched: set[str]) -> dict:
    """Rows by what becomes of them; `kept` has only those of `touched` awards, `n_kept` counts all."""
    both = [key for key in before if key in after]
    kept = {key: row for key, row in after.items() if before.get(key) == row}
    return {
        "created": {key: row for key, row in after.items() if key not in before},
        "changed": {key: {"from": before[key], "to": after[key]} for key in both if before[key] != after[key]},
        "superseded": {key: row for key, row in before.items() if key not in after},
        "kept": {key: row for key, row in kept.items() if row["award"] in touched},
        "n_kept": len(kept),
    }


def fingerprint_of(consequences: dict) -> str:
    """The same for the same consequences, however they were put together."""
    return hashlib.sha256(json.dumps(consequences, sort_keys=True).encode()).hexdigest()
