"""The writes of a loading, each checked against the model's own rules."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, models, transaction

from cpc.audit.services import record
from partners.models import Partnership

from .fields import with_article

LEDGER = "a row of a ledger is never changed. Take it back by a new row that names it in `voids`, or load it as it was"
SAMPLE = "a sample cannot take the place of a fact, nor a fact of a sample. Choose another key"


class Writer:
    """Adds, compares and changes rows; mistakes go to the file, the rest is counted in the loading."""

    def __init__(self, loading):
        self.loading = loading
        self.file = loading.file

    def add(self, columns, row, path):
        """The new row, or None."""
        if self.loading.is_sample and not (row.is_marked() or row.fits_a_sample):
            self.file.add_mistake(
                path,
                f"A sample file cannot add {with_article(row.noun)}: it could not be marked as sample. Name one that is there.",
            )
            return None
        if row.table._base_manager.filter(**unique_key(row.table, columns)).exists():
            self.file.add_mistake(
                (*path, "key"), f"Another partnership has {with_article(row.noun)} with the key {columns['key']}. Choose another."
            )
            return None
        new = row.table(**columns, **row.only_once(self.loading))
        if not (self.is_clean(new, columns, row, path) and self.is_saved(new, path, force_insert=True)):
            return None
        self.loading.added[row.noun] += 1
        return new

    def compare(self, existing, columns, row, path):
        """Leave an equal row alone; change, keep or refuse one that says otherwise. None where it is refused."""
        different = {name: value for name, value in columns.items() if not is_same(existing, name, value)}
        if not different:
            self.loading.unchanged[row.noun] += 1
            return existing
        fate = "refuse" if "is_sample" in different else row.fate(existing, self.loading)
        if fate == "keep":
            self.loading.kept.append(f"{row.noun} {existing}: {in_words(existing, different)}")
            return existing
        if fate == "refuse":
            why = SAMPLE if "is_sample" in different else LEDGER
            self.file.add_mistake(
                path, f"It is in the database already and says otherwise: {in_words(existing, different)}; {why}."
            )
            return None
        words, before = in_words(existing, different), {name: shown(getattr(existing, name)) for name in different}
        for name, value in different.items():
            setattr(existing, name, value)
        if not (self.is_clean(existing, columns, row, path) and self.is_saved(existing, path, update_fields=list(different))):
            return None
        self.report_change(existing, row.noun, words, before, different)
        return existing

    def set_late(self, partnership: Partnership, wanted: dict):
        """Set what could not be known when the partnership was written."""
        different = {name: value for name, value in wanted.items() if not is_same(partnership, name, value)}
        if not different:
            return
        words, before = in_words(partnership, different), {name: shown(getattr(partnership, name)) for name in different}
        for name, value in different.items():
            setattr(partnership, name, value)
        partnership.save(update_fields=list(different))
        if not self.loading.added["partnership"]:
            self.report_change(partnership, "partnership", words, before, different)

    def report_change(self, row, noun, words, before, different):
        self.loading.changes.append(f"{noun} {row}: {words}")
        after = {name: shown(value) for name, value in different.items()}
        key = self.loading.partnership.key if self.loading.partnership else ""
        source = {"source": self.file.name}
        record(self.loading.operator, "row.changed_by_file", row, partnership_key=key, before=before, after=after, **source)

    def is_clean(self, instance, columns, row, path) -> bool:
        """Whether each column of the row holds what it may hold; what does not is a mistake at the field of the file."""
        others = [each.name for each in instance._meta.fields if each.is_relation or columns.get(each.name) is None]
        clean = True
        for check in (lambda: instance.clean_fields(exclude=others), instance.clean):
            try:
                check()
            except ValidationError as error:
                clean = False
                for name, messages in error.update_error_dict({}).items():
                    for message in ValidationError(messages).messages:
                        self.file.add_mistake((*path, *place_of_column(type(row), name)), message)
        return clean

    def is_saved(self, instance, path, **how) -> bool:
        """Whether the database took the row. It checks the model's rules; the sentence of a broken one is the mistake."""
        try:
            with transaction.atomic():
                instance.save(**how)
        except DatabaseError as error:
            self.file.add_mistake(path, sentence_of(error, type(instance)))
            return False
        return True


def sentence_of(error: DatabaseError, table) -> str:
    """What the model says about the constraint that a row breaks; else what the database says."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    broken = next((each for each in table._meta.constraints if each.name == name), None)
    if broken and broken.violation_error_message != broken.default_violation_error_message:
        return str(broken.violation_error_message)
    if isinstance(broken, models.UniqueConstraint):
        return f"Another row has the same {', '.join(name for name in broken.fields if name != 'partnership')}."
    return f"The database refuses it: {str(error).splitlines()[0]}."


def is_same(row, name, value) -> bool:
    """Whether the row's column holds the value; a relation is compared by its key."""
    return getattr(row, row._meta.get_field(name).attname) == plain(value)


def plain(value):
    return value.pk if isinstance(value, models.Model) else value


def shown(value) -> str | None:
    """A value for people, and for the audit."""
    return None if value is None else str(value)


def in_words(row, different) -> str:
    """ "amount: 5000000.00 there, 5100000.00 in the file"."""

    def quoted(value):
        return "nothing" if value in (None, "") else f"{value:.200}" if isinstance(value, str) else str(value)

    return "; ".join(
        f"{name}: {quoted(getattr(row, name))} there, {quoted(value)} in the file" for name, value in different.items()
    )


def unique_key(table, columns) -> dict:
    """The condition under which another row has the key already, where keys are unique in the whole database."""
    has_key = "key" in columns and table._meta.get_field("key").unique
    return {"key": columns["key"]} if has_key else {"pk": None}


def place_of_column(row_type, column: str) -> tuple[str, ...]:
    """The name in the file of a model's column, as a path below the row; the row itself for a rule about several."""
    if column == NON_FIELD_ERRORS:
        return ()
    names = {field.alias or name for name, field in row_type.model_fields.items()}
    for end, inside in (("", ()), ("_on", ()), ("_precision", ()), ("_en", ("en",)), ("_es", ("es",)), ("_state", ("state",))):
        if column.endswith(end) and (name := column[: len(column) - len(end)]) in names:
            return (name, *inside)
    return (column,)
