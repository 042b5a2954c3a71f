"""The acts on the register of statements: register one, put another in its place, take one back. Rows are only added."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cpc.audit.services import record
from cpc.core.dates import PreciseDate
from partners.acts import columns_of, free_key, written
from partners.models import Document, Partnership, Statement

from .permissions import may_register
from .rules import fault_of

# Fields that are columns of the same name.
SAME = ("measure", "qualifier", "words_en", "words_es", "amount", "currency", "award_key", "source", "certainty")


@dataclass(frozen=True)
class Said:
    """What somebody said in public. `as_of` is the day of which it speaks; `day` is the end that it names, where it speaks of
    one. `award_key` names an award of the partnership, which the caller has looked up; `note` says what else to know."""

    measure: str
    qualifier: str
    as_of: PreciseDate
    words_en: str
    words_es: str
    amount: Decimal | None = None
    currency: str = ""
    day: PreciseDate | None = None
    award_key: str = ""
    source: Document | None = None
    certainty: str = "primary"
    note: str = ""

    @classmethod
    def of(cls, row: Statement) -> "Said":
        """What the row says."""
        day = PreciseDate.of(row.day_on, row.day_precision) if row.day_on else None
        return cls(as_of=row.effective, day=day, note=row.reason, **{name: getattr(row, name) for name in SAME})

    @property
    def columns(self) -> dict:
        same = {name: getattr(self, name) for name in SAME}
        return same | columns_of("effective", self.as_of) | columns_of("day", self.day) | {"reason": self.note}


class Overtaken(Exception):
    """Somebody else replaced the statement or took it back first. `current` stands in its place; None: nothing does."""

    def __init__(self, taken: Statement, current: Statement | None):
        super().__init__(f"{taken.key} was taken back.")
        self.taken, self.current = taken, current


@transaction.atomic
def register_statement(partnership_id: int, said: Said, *, actor, today: date) -> Statement:
    """Put a statement on record, known from `today` on. Raises PermissionDenied, or ValidationError naming the field."""
    partnership = lock(partnership_id)
    may_register(actor, partnership).require()
    check(partnership, said, today)
    if there := same_on_record(partnership, said, today):
        raise ValidationError(_("This is on record already: %(key)s.") % {"key": there.key})
    row = written(new_row(partnership, said, actor, today))
    record(actor, "statement.registered", row, partnership_key=partnership.key)
    return row


@transaction.atomic
def change_statement(statement_id: int, said: Said, *, actor, today: date, reason: str) -> Statement:
    """Take the statement back with a reason, and put what it should have been in its place. Both stay readable.

    Raises PermissionDenied, Overtaken, or ValidationError naming the field.
    """
    old = claim(statement_id, actor)
    if said == Said.of(old):
        raise ValidationError(_("Nothing differs from what is on record."))
    check(old.partnership, said, today)
    void(old, actor=actor, today=today, reason=reason)
    row = written(new_row(old.partnership, said, actor, today, replaces=old))
    record(actor, "statement.replaced", row, partnership_key=old.partnership.key, replaces=old.key, reason=reason)
    return row


@transaction.atomic
def take_back_statement(statement_id: int, *, actor, today: date, reason: str) -> Statement:
    """A row that voids the statement, which stays readable. Raises as `change_statement`."""
    old = claim(statement_id, actor)
    row = void(old, actor=actor, today=today, reason=reason)
    record(actor, "statement.taken_back", old, partnership_key=old.partnership.key, reason=reason)
    return row


def lock(partnership_id: int) -> Partnership:
    return Partnership.objects.locked().get(pk=partnership_id)


def claim(statement_id: int, actor) -> Statement:
    """The statement, under the lock of its partnership, if it still stands."""
    partnership = lock(Statement.objects.values_list("partnership", flat=True).get(pk=statement_id))
    may_register(actor, partnership).require()
    statement = Statement.objects.select_related("source", "voided_by", "replaced_by").get(pk=statement_id)
    statement.partnership = partnership
    if statement.voids_id or hasattr(statement, "voided_by"):
        raise Overtaken(statement, standing_after(statement))
    return statement


def standing_after(statement: Statement) -> Statement | None:
    """What stands in the place of a statement today: the last of those that replaced it, if that was not taken back."""
    while hasattr(statement, "replaced_by"):
        statement = statement.replaced_by
    return None if statement.voids_id or hasattr(statement, "voided_by") else statement


def void(old: Statement, *, actor, today: date, reason: str) -> Statement:
    if not reason.strip():
        raise ValidationError({"why": _("Say why. The old statement stays readable beside it.")})
    return written(
        Statement(
            key=free_key(Statement, f"{old.key}-void"), partnership=old.partnership, voids=old, reason=reason.strip(),
            measure=old.measure, award_key=old.award_key, words_en=old.words_en, words_es=old.words_es,
            effective_on=today, known_on=today, certainty=old.certainty, is_sample=old.is_sample, entered_by=actor,
        )
    )  # fmt: skip


def new_row(partnership: Partnership, said: Said, actor, today: date, replaces: Statement | None = None) -> Statement:
    wanted = f"{partnership.key}-{said.measure}-{said.as_of.iso}".replace("_", "-")
    return Statement(
        key=free_key(Statement, wanted), partnership=partnership, known_on=today, entered_by=actor, replaces=replaces,
        is_sample=replaces.is_sample if replaces else False, **said.columns,
    )  # fmt: skip


def check(partnership: Partnership, said: Said, today: date) -> None:
    """Raise ValidationError at each field that does not fit the others."""
    faults = fault_of(
        said.measure, amount=said.amount, currency=said.currency, day=said.day, award_key=said.award_key, as_of=said.as_of,
        today=today,
    )  # fmt: skip
    if said.source and said.source.partnership_id != partnership.pk:
        faults["source"] = _("Choose a document of this partnership.")
    if faults:
        raise ValidationError(faults)


def same_on_record(partnership: Partnership, said: Said, today: date) -> Statement | None:
    """A statement that stands and says the very same, for example because a form was sent twice."""
    rows = Statement.objects.filter(partnership=partnership).in_force(as_of=today, known_on=today)
    return next((row for row in rows.filter(**said.columns)), None)
