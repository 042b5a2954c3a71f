"""Putting a file into the database: every row is checked, compared with what is there, and added, changed, kept or refused."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches

from django.db import models

from cpc.core.dates import PreciseDate
from partners.models import Partnership

from .mistakes import RowMistake
from .reading import Head, Known, declared_keys, message_of, validated
from .row import Row, Section
from .writing import Writer, plain
from .yaml_lines import YamlFile


class Unavailable(Exception):
    """A row points to one that is not in the database: it was refused itself, or it comes later in the file."""

    def __init__(self, *reference):
        self.reference = reference  # (noun, key)
        super().__init__(*reference)


@dataclass
class Loading:
    """One file on its way. `real_today` is the real day, whatever the demonstration plays; `now` the instant of the loading."""

    file: YamlFile
    sections: tuple[Section, ...]
    now: datetime
    real_today: date
    operator: models.Model | None = None
    partnership: Partnership | None = None
    added: Counter = field(default_factory=Counter)
    unchanged: Counter = field(default_factory=Counter)
    changes: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.known = Known(False, {})
        self.writer = Writer(self)
        self.row_types = {row.noun: row for row in all_row_types(self.sections)}
        self.instances = {}  # (noun, key) -> row of the database
        self.earlier_rows = {}  # table -> {identity: row of the database}
        self.first_lines = {}  # (table, identity) -> line of the file
        self.refused = {()}  # (noun, key) of rows that have a mistake, or are a part of one that has; () is the partnership

    @property
    def is_sample(self) -> bool:
        return self.known.is_sample

    def run(self):
        """Put everything into the database, noting every mistake in the file; the caller rolls back if there is one."""
        head = self.read_head()
        self.known = Known(head.sample, self.known_keys())
        for section in self.sections:
            if section.name in self.file.data:
                self.load_section(section, self.file.data[section.name], (section.name,), None)
            if section.name == "partnership":
                self.find_partnership(head)
        if self.partnership:
            self.finish(head)

    # The file as a whole

    def read_head(self) -> Head:
        data = self.file.data
        names = [section.name for section in self.sections]
        for name in data:
            if name not in names and name not in Head.model_fields:
                near = get_close_matches(name, [*names, *Head.model_fields], n=1)
                hint = f"Did you mean {near[0]}?" if near else f"Sections: {', '.join(names)}."
                self.file.add_mistake((name,), f"A file has no section {name}. {hint}")
        head, errors = validated(Head, {name: data[name] for name in Head.model_fields if name in data}, None)
        self.note(errors, Head, ())
        return head or Head(sample=data.get("sample") is True)

    def known_keys(self) -> dict[str, set[str]]:
        """Every key that a reference may name: what the file declares, right or not, and what the database holds."""
        keys = defaultdict(set)
        for section in self.sections:
            declared_keys(section, self.file.data.get(section.name), keys)
        section = self.file.data.get("partnership")
        key = section.get("key") if isinstance(section, dict) else self.file.data.get("adds_to")
        partnership = Partnership.objects.filter(key=str(key)).first()
        for row in self.row_types.values():
            if row.identity == ("key",) and (partnership or not row.within):
                keys[row.noun] |= set(row.rows_of(partnership).values_list("key", flat=True))
        return keys

    def find_partnership(self, head):
        """The partnership that the file adds to, where it has no section of its own."""
        if "partnership" in self.file.data:
            if head.adds_to:
                self.file.add_mistake(("adds_to",), "The file describes a partnership, so it adds to none. Keep one of the two.")
        elif head.adds_to:
            self.partnership = Partnership.objects.select_for_update().filter(key=head.adds_to).first()
            if self.partnership is None:
                self.file.add_mistake(("adds_to",), f"There is no partnership {head.adds_to}. Load its own file first.")
        elif "adds_to" not in self.file.data:
            self.file.add_mistake((), "Say which partnership it is: a section `partnership`, or `adds_to` with the key of one.")

    def finish(self, head):
        """What can be said of the partnership only when its documents are there, or beside its section."""
        wanted = {}
        section = self.file.data.get("partnership")
        if isinstance(section, dict) and ("document", section.get("source")) not in self.refused:
            wanted["source"] = self.find("document", section["source"]) if section.get("source") else None
        if head.tracked_from:
            wanted["tracked_from"] = head.tracked_from
        self.writer.set_late(self.partnership, wanted)

    # Sections and rows

    def load_section(self, section, items, path, parent):
        """Load the rows of a section; one that points to a later one of it waits for that."""
        if not section.is_single and not isinstance(items, list):
            self.file.add_mistake(path, f"{path[-1]} is a list: each row starts with a hyphen.")
            return
        waiting = [(items, path)] if section.is_single else [(item, (*path, index)) for index, item in enumerate(items)]
        while waiting:
            left = [(item, place) for item, place in waiting if not self.load_row(section, item, place, parent)]
            if len(left) == len(waiting):
                for _item, place in left:
                    self.file.add_mistake(
                        place, "It points to a row that comes later, or that points back to it. Put that one first."
                    )
                return
            waiting = left

    def load_row(self, section, item, path, parent) -> bool:
        """Check a row and its parts and write those that are right. False: it has to wait, and nothing was done."""
        parts = {part.name: part for part in section.row.parts}
        own = {name: value for name, value in item.items() if name not in parts} if isinstance(item, dict) else item
        row, errors = validated(section.row, own, self.known)
        self.note(errors, section.row, path)
        try:
            written = self.put(row, path, parent) if row else None
        except Unavailable as gone:
            if gone.reference not in self.refused:
                return False
            written = None
        if not isinstance(item, dict):
            return True
        if written is None and isinstance(item.get("key"), str):
            self.refused.add((section.row.noun, item["key"]))
        for part in parts.values():
            if part.name in item:
                self.load_section(part, item[part.name], (*path, part.name), written)
            elif part.is_required:
                self.file.add_mistake(path, f"{part.name} is missing. {part.meaning}")
        return True

    def note(self, errors, model, path):
        for error in errors:
            place, message = message_of(error, model)
            self.file.add_mistake((*path, *place), message)

    def put(self, row: Row, path, parent):
        """The database's row for a row of the file; None where refused. One without a table gives its columns to its parts.

        Raises Unavailable where it points to what is not in the database.
        """
        try:
            columns = self.columns_of(row, parent)
            row.complete(columns)
        except RowMistake as mistake:
            self.file.add_mistake((*path, mistake.field), str(mistake))
            return None
        if not row.table:
            return columns
        identity = tuple(plain(columns[name]) for name in row.identity)
        if first := self.first_lines.get((row.table, identity)):
            self.file.add_mistake(path, f"This {row.noun} stands in line {first} already. Keep one of the two.")
            return None
        self.first_lines[row.table, identity] = self.file.line_of(path)
        existing = self.earlier(type(row), identity)
        written = self.writer.compare(existing, columns, row, path) if existing else self.writer.add(columns, row, path)
        if written and row.identity == ("key",):
            self.instances[row.noun, written.key] = written
        if row.table is Partnership:
            self.partnership = existing or written
        return written

    def columns_of(self, row: Row, parent) -> dict:
        """What the row says, what it is a part of, and the mark of a sample. Raises Unavailable where that was refused."""
        if row.parent and not (parent or row.parent == "partnership" and self.partnership):
            raise Unavailable
        columns = row.columns(self)
        if isinstance(parent, dict):
            return parent | columns
        if row.parent:
            columns[row.parent] = parent or self.partnership
        if row.is_marked():
            columns["is_sample"] = self.is_sample
        return columns

    # What is there

    def earlier(self, row_type, identity):
        """The row of the database with this identity; a table is read whole, once."""
        table = row_type.table
        if table not in self.earlier_rows:
            names = [table._meta.get_field(name).attname for name in row_type.identity]
            rows = row_type.rows_of(self.partnership) if self.partnership or not row_type.within else ()
            self.earlier_rows[table] = {tuple(getattr(each, name) for name in names): each for each in rows}
        return self.earlier_rows[table].get(identity)

    def find(self, noun: str, key: str):
        """The row that a reference names. Raises Unavailable where it was refused."""
        if (noun, key) not in self.instances:
            row_type = self.row_types[noun]
            scope = (
                row_type.rows_of(self.partnership) if self.partnership or not row_type.within else row_type.table.objects.none()
            )
            found = scope.filter(key=key).first()
            if found is None:
                raise Unavailable(noun, key)
            self.instances[noun, key] = found
        return self.instances[noun, key]

    def published_on(self, document) -> date | None:
        """The last day that fits the publication of a document."""
        if document is None or document.published_on is None:
            return None
        return PreciseDate.of(document.published_on, document.published_precision).last


def all_row_types(sections):
    for section in sections:
        yield section.row
        yield from all_row_types(section.row.parts)
