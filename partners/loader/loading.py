"""Putting a file into the database: every row is checked, compared with what is there, and added, changed or refused."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches

from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from pydantic import BaseModel, ConfigDict, Field
from pydantic import ValidationError as ShapeError

from cpc.audit.services import record
from cpc.core.dates import PreciseDate
from partners.models import Partnership

from .fields import Day, Flag, Key
from .messages import message_of
from .mistakes import RowMistake
from .rows import Section
from .yaml_lines import YamlFile


class Unavailable(Exception):
    """A row that another one points to was refused itself; that mistake is named already."""


class Head(BaseModel):
    """What stands at the top of a file beside its sections."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    sample: Flag = Field(False, description="Every row of the file is invented for a demonstration and is marked so.", examples=[False])
    adds_to: Key | None = Field(None, description="The partnership that the file adds to, instead of a section `partnership`.")
    tracked_from: Day | None = Field(
        None,
        description="Reporting periods that end before this day are before records. Left out: stays as it is.",
        examples=["2020-03-01"],
    )


@dataclass
class Known:
    """The context of the validation: which keys a reference may name."""

    is_sample: bool
    keys: dict[str, set[str]]

    def check(self, noun: str, key: str):
        """Raise ValueError where no row of this kind has the key, with the nearest one that there is."""
        keys = self.keys.get(noun, set())
        if key not in keys:
            near = get_close_matches(key, keys, n=1)
            hint = f" Did you mean {near[0]}?" if near else f" Known: {', '.join(sorted(keys)[:8]) or 'none yet'}."
            raise ValueError(f"No {noun} has the key {key!r}, in this file or in the database.{hint}")


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
    known: Known = None

    def __post_init__(self):
        self.instances = {}  # (noun, key) -> row
        self.by_identity = {}  # table -> {identity: row}
        self.first_lines = {}  # (table, identity) -> line
        self.source_of_partnership = None

    # The file, from top to bottom

    def run(self):
        """Put everything into the database, noting every mistake; the caller rolls back if there is one."""
        head = self.read_head()
        self.known = Known(head.sample, self.known_keys())
        for section in self.sections:
            if section.name in self.file.data:
                self.load_section(section, self.file.data[section.name], (section.name,), None)
            if section.name == "partnership":
                self.begin(head)
        self.finish(head)

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

    def known_keys(self):
        """Every key that a reference may name: what the file declares, valid or not, and what the database holds."""
        keys = defaultdict(set)
        for section in self.sections:
            declared_keys(section, self.file.data.get(section.name), keys)
        partnership = Partnership.objects.filter(key=str(self.key_of_partnership())).first()
        for row in all_rows(self.sections):
            if row.identity == ("key",) and (partnership or not row.parent):
                keys[row.noun] |= set(row.rows_of(partnership).values_list("key", flat=True))
        return keys

    def key_of_partnership(self):
        section = self.file.data.get("partnership")
        return section.get("key") if isinstance(section, dict) else self.file.data.get("adds_to")

    def begin(self, head):
        """From here on, rows belong to the partnership of the file."""
        has_section = "partnership" in self.file.data
        if has_section and head.adds_to:
            self.file.add_mistake(("adds_to",), "The file describes a partnership, so it adds to none. Keep one of the two.")
        elif head.adds_to:
            self.partnership = Partnership.objects.select_for_update().filter(key=head.adds_to).first()
            if self.partnership is None:
                self.file.add_mistake(("adds_to",), f"There is no partnership {head.adds_to}. Load its own file first.")
        elif not has_section and "adds_to" not in self.file.data:
            self.file.add_mistake((), "Say which partnership it is: a section `partnership`, or `adds_to` with the key of one.")

    def finish(self, head):
        if self.partnership is None:
            return
        if self.source_of_partnership:
            path, wanted = self.source_of_partnership
            if document := self.instances.get(("document", wanted)):
                self.change(self.partnership, {"source": document}, path)
        if head.tracked_from and head.tracked_from != self.partnership.tracked_from:
            self.change(self.partnership, {"tracked_from": head.tracked_from}, ("tracked_from",))

    # Sections and rows

    def load_section(self, section, items, path, parent):
        if section.is_single:
            items = [items]
        elif not isinstance(items, list):
            self.file.add_mistake(path, f"{path[-1]} is a list: each row starts with a hyphen.")
            return
        for index, item in enumerate(items):
            self.load_row(section, item, path if section.is_single else (*path, index), parent)

    def load_row(self, section, item, path, parent):
        row_type = section.row
        parts = {part.name: part for part in row_type.parts}
        own = {name: value for name, value in item.items() if name not in parts} if isinstance(item, dict) else item
        row, errors = validated(row_type, own, self.known)
        self.note(errors, row_type, path)
        instance = self.put(row, path, parent) if row is not None else None
        for part in parts.values():
            if isinstance(item, dict) and part.name in item:
                self.load_section(part, item[part.name], (*path, part.name), instance)
            elif isinstance(item, dict) and part.is_required:
                self.file.add_mistake(path, f"{part.name} is missing: {part.meaning}")

    def note(self, errors, row_type, path):
        for place, message in (message_of(error, row_type) for error in errors):
            self.file.add_mistake((*path, *place), message)

    def put(self, row, path, parent):
        """The database's row for a row of the file; None where it was refused."""
        try:
            columns = self.all_columns(row, parent)
        except RowMistake as mistake:
            self.file.add_mistake((*path, mistake.field), str(mistake))
            return None
        except Unavailable:
            return None
        if not row.table:
            return columns
        identity = tuple(columns[name] for name in row.identity) + ((parent,) if parent else ())
        if first := self.first_lines.get((row.table, identity)):
            self.file.add_mistake(path, f"This row stands in line {first} already. Keep one of the two.")
            return None
        self.first_lines[row.table, identity] = self.file.line_of(path)
        existing = self.earlier(type(row), identity[: len(row.identity)], parent)
        instance = self.compare(row, existing, columns, path) if existing else self.add(row, columns, path)
        if instance and row.identity == ("key",):
            self.instances[row.noun, instance.key] = instance
        return instance

    def all_columns(self, row, parent):
        """What the row says, what it is a part of, and the mark of a sample."""
        if row.parent and not (parent or self.partnership):
            raise Unavailable
        columns = row.columns(self)
        if row.table is Partnership:
            self.source_of_partnership = (("partnership", "source"), row.source) if row.source else None
        if isinstance(parent, dict):
            return parent | columns
        if row.parent:
            columns[row.parent] = parent or self.partnership
        if row.table and has_column(row.table, "is_sample"):
            columns["is_sample"] = self.known.is_sample
        return columns

    def earlier(self, row_type, identity, parent):
        """The row of the database with this identity. All rows of a table are read at once; parts are read by their parent's table."""
        scope = row_type.table
        if scope not in self.by_identity:
            rows = row_type.rows_of(self.partnership).select_related(None)
            names = (*row_type.identity, *([row_type.parent] if row_type.parent else []))
            self.by_identity[scope] = {tuple(plain(getattr(each, attname(scope, name))) for name in names): each for each in rows}
        end = [parent or self.partnership] if row_type.parent else []
        return self.by_identity[scope].get(tuple(plain(value) for value in (*identity, *end)))

    def find(self, noun, key):
        """The row that a reference names; raises Unavailable where it was refused."""
        if (noun, key) not in self.instances:
            row_type = next(row for row in all_rows(self.sections) if row.noun == noun)
            if row_type.parent and self.partnership is None:
                raise Unavailable
            found = row_type.rows_of(self.partnership).filter(key=key).first()
            if found is None:
                raise Unavailable
            self.instances[noun, key] = found
        return self.instances[noun, key]

    def published_on(self, document):
        """The last day that fits the publication of a document, or None."""
        if document is None or document.published_on is None:
            return None
        return PreciseDate.of(document.published_on, document.published_precision).last

    # Writing

    def add(self, row, columns, path):
        if self.known.is_sample and not has_column(row.table, "is_sample") and not row.is_part:
            self.file.add_mistake(path, f"A sample file cannot add a {row.noun}: it could not be marked as sample. Use one that is there.")
            return None
        taken = row.table._base_manager.filter(key=columns["key"]).first() if is_unique_everywhere(row.table) else None
        if taken:
            self.file.add_mistake((*path, "key"), f"Another partnership has a {row.noun} with the key {columns['key']}. Choose another.")
            return None
        instance = row.table(**columns, **row.only_once(self))
        if not self.is_clean(instance, row, path):
            return None
        try:
            with transaction.atomic():
                instance.save(force_insert=True)
        except DatabaseError as error:
            self.file.add_mistake(path, f"The database refuses it: {str(error).splitlines()[0]}.")
            return None
        self.added[row.noun] += 1
        if row.table is Partnership:
            self.partnership = instance
        return instance

    def compare(self, row, existing, columns, path):
        """Leave an equal row alone; change, keep or refuse a different one."""
        if row.table is Partnership:
            self.partnership = existing
        different = {name: value for name, value in columns.items() if not is_same(existing, name, value)}
        fate = row.fate(existing, self)
        if not different:
            self.unchanged[row.noun] += 1
        elif fate == "keep":
            self.kept.append(f"{row.noun} {existing}: {said(existing, different)}")
        elif fate == "refuse" or "is_sample" in different:
            why = "a row of a ledger is never changed. Take it back by a new row with `voids`, or load the file as it was"
            if "is_sample" in different:
                why = "it is no sample, or the other way round. Choose another key"
            self.file.add_mistake(path, f"It is in the database already and says otherwise: {said(existing, different)}; {why}.")
            return None
        elif not self.change(existing, different, path, row):
            return None
        return existing

    def change(self, existing, different, path, row=None) -> bool:
        was_there = (type(existing), existing.pk) not in self.fresh()
        words = said(existing, different)
        before = {name: shown(getattr(existing, name)) for name in different}
        for name, value in different.items():
            setattr(existing, name, value)
        if row and not self.is_clean(existing, row, path):
            return False
        existing.save(update_fields=list(different))
        if was_there:
            self.changes.append(f"{existing._meta.verbose_name} {existing}: {words}")
            after = {name: shown(value) for name, value in different.items()}
            record(self.operator, "row.changed_by_file", existing, partnership_key=self.partnership.key, before=before, after=after)
        return True

    def is_clean(self, instance, row, path) -> bool:
        relations = [each.name for each in instance._meta.fields if each.is_relation]
        clean = True
        for check in (lambda: instance.clean_fields(exclude=relations), instance.clean, instance.validate_constraints):
            try:
                check()
            except ValidationError as error:
                clean = False
                for name, messages in by_field(error).items():
                    for message in messages:
                        self.file.add_mistake((*path, *file_name(type(row), name)), message)
        return clean
