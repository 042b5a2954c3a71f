"""Checking the shape of a file, row by row, so that one bad row hides no mistake in another."""

import types
from collections import defaultdict
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .fields import Day, Flag, Key, PairOfNames, PairOfTexts, kind_of


class Head(BaseModel):
    """What stands at the top of a file beside its sections."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    sample: Flag = Field(
        False, description="Every row of the file is invented for a demonstration and marked so.", examples=[False]
    )
    adds_to: Key | None = Field(
        None, description="The partnership that the file adds to, instead of a section `partnership`.", examples=["example-2020"]
    )
    tracked_from: Day | None = Field(
        None,
        description="Reporting periods that end before this day are before records. Left out: it stays as it is.",
        examples=["2020-03-01"],
    )


@dataclass
class Known:
    """The context of the validation: whether it is a sample, and which keys a reference may name, by kind of row."""

    is_sample: bool
    keys: dict[str, set[str]]

    def check(self, noun: str, key: str):
        """Raise ValueError where no row of this kind has the key, with the nearest one that there is."""
        keys = self.keys.get(noun, set())
        if key not in keys:
            near = get_close_matches(key, keys, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(sorted(keys)[:8]) or 'none yet'}."
            raise ValueError(f"No {noun} has the key {key!r}, in this file or in the database. {hint}")


def validated(model: type[BaseModel], item, context) -> tuple[BaseModel | None, list[dict]]:
    """The row, or None and pydantic's errors."""
    try:
        return model.model_validate(item, context=context), []
    except ValidationError as error:
        return None, error.errors(include_url=False)


def declared_keys(section, items, found: defaultdict):
    """Collect the keys that a section and its parts declare, whether the rows are right or not."""
    for item in [items] if section.is_single else items if isinstance(items, list) else []:
        if not isinstance(item, dict):
            continue
        if section.row.identity == ("key",) and isinstance(item.get("key"), str):
            found[section.row.noun].add(item["key"])
        for part in section.row.parts:
            declared_keys(part, item.get(part.name), found)


# Pydantic's errors, said so that the writer of the file can mend them


def message_of(error: dict, model: type[BaseModel]) -> tuple[tuple, str]:
    """The place within the row, and the sentence."""
    place, kind = tuple(error["loc"]), error["type"]
    if kind == "extra_forbidden":
        return place, unknown_field(str(place[-1]), holder_of(model, place[:-1]))
    if kind == "value_error":
        return place, str(error["ctx"]["error"])
    field = field_at(model, place)
    wanted = f"It is {kind_of(field).words}" if field else "See --schema"
    example = f", for example {example_of(field)}" if field and field.examples else ""
    if kind == "missing":
        return place, f"This is missing. {wanted}{example}."
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        return place, "A group of `key: value` lines belongs here."
    if error["input"] is None:
        return place, f"Nothing stands here. {wanted}{example}; or leave the line out where that is allowed."
    return place, f"{error['input']!r:.60} does not fit. {wanted}{example}."


def unknown_field(name: str, model: type[BaseModel]) -> str:
    names = [field.alias or key for key, field in model.model_fields.items()]
    names += [part.name for part in getattr(model, "parts", ())]
    if model is PairOfNames or model is PairOfTexts:
        return f"There is no language or field {name} here. A text with a comma or a colon belongs in quotes."
    near = get_close_matches(name, names, n=1)
    return f"There is no field {name} here. " + (f"Did you mean {near[0]}?" if near else f"Fields: {', '.join(names)}.")


def holder_of(model, place) -> type[BaseModel]:
    """The model that stands at `place` below `model`."""
    for step in place:
        field = field_at(model, (step,))
        model = nested_model(field.annotation) if field else model
    return model


def field_at(model, place):
    """The pydantic field at a place; None where the place is the row as a whole."""
    field = None
    for step in place:
        field = next((each for name, each in model.model_fields.items() if step in (name, each.alias)), None) if model else None
        model = nested_model(field.annotation) if field else None
    return field


@cache
def nested_model(annotation) -> type[BaseModel] | None:
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return annotation if issubclass(annotation, BaseModel) else None
    return next((found for part in get_args(annotation) if (found := nested_model_safely(part))), None)


def nested_model_safely(annotation):
    try:
        return nested_model(annotation)
    except TypeError:  # metadata that cannot be hashed
        return None


def example_of(field) -> str:
    """An example as it stands in a file."""
    return in_yaml(field.examples[0])


def in_yaml(value) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {in_yaml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    text = str(value)
    risky = isinstance(value, str) and (text.replace(".", "").isdigit() or any(mark in text for mark in ":#{}[],&*!|>'\"%@`"))
    return f'"{text}"' if risky else text
