"""The documented schema: a commented file with every field, which loads as it stands."""

from pydantic import BaseModel

from .fields import kind_of
from .reading import Head, in_yaml
from .row import Section

INTRODUCTION = """\
# A partnership in one file. Every line is documented by the comment above it; the values are an invented example that loads.
#
#   manage.py load_partnership FILE            loads it: all or nothing
#   manage.py load_partnership FILE --dry-run  only says what would happen
#
# New rows are added, equal rows change nothing. A row of a ledger (term events, actions, pledges, contributions and their
# confirmations, statements, rates) is never changed: a file that says otherwise is refused with the difference. Other rows
# follow the file; countries, regions, organizations of other partnerships too, and rows that people edited stay as they are.
# The file counts as proposer and as decider; its name and who loaded it are kept.
#
# Amounts are whole numbers or text in quotes. Days are as exact as their source. Text in two languages is a pair. Nothing
# about a person who was harmed belongs in any field.
"""


def schema_text(sections: tuple[Section, ...]) -> str:
    """YAML with comments, made from the models."""
    lines = [INTRODUCTION, *fields_text(Head, "", {"adds_to": "# "})]
    for section in sections:
        lines += ["", f"# {section.meaning}", f"{section.name}:"]
        lines += row_text(section, "  ")
    return "\n".join(lines) + "\n"


def row_text(section: Section, indent: str) -> list[str]:
    """The fields of a row, then its parts."""
    lines = fields_text(section.row, indent)
    for part in section.row.parts:
        word = "required" if part.is_required else "optional"
        lines += [f"{indent}# {part.meaning} A list, {word}.", f"{indent}{part.name}:", *row_text(part, f"{indent}  ")]
    if not section.is_single:
        first = next(index for index, line in enumerate(lines) if not line.lstrip().startswith("#"))
        lines = as_item(lines, first, indent)
    return lines


def as_item(lines, first, indent):
    """The lines as one item of a list: comments stay outside, the first key carries the hyphen, all is one step further in."""
    moved = [f"  {line}" for line in lines]
    moved[first] = f"{indent}- {lines[first][len(indent) :]}"
    return moved


def fields_text(model: type[BaseModel], indent: str, commented: dict | None = None) -> list[str]:
    lines = []
    for key, field in model.model_fields.items():
        name = field.alias or key
        word = "required" if field.is_required() else "optional"
        default = (
            "" if field.is_required() or field.default in (None, "", [], ()) else f", {in_yaml(field.default)} where left out"
        )
        lines.append(f"{indent}# {field.description} {capital(kind_of(field).words)}. {capital(word)}{default}.")
        lines.append(f"{indent}{example_line(name, field, commented or {})}")
    return lines


def example_line(name, field, commented):
    """A field without an example only makes sense in other files: its line is a comment."""
    if not field.examples or name in commented:
        return f"# {name}: {in_yaml(field.examples[0]) if field.examples else '…'}"
    value = field.examples[0]
    return f"{name}: {value if str(value).startswith('[') else in_yaml(value)}"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
