"""What every row of a file is: where it belongs, on whose word it stands, and what becomes of one that is there already."""

from dataclasses import dataclass
from typing import ClassVar

from django.db import models
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, model_validator

from partners.ledger import Certainty

from .fields import BareDay, Key, Latest, Text, choice, kind_of, ref
from .mistakes import RowMistake


@dataclass(frozen=True)
class Section:
    """A list of rows in the file under `name`, or of parts under a row. `is_single`: one group instead of a list."""

    name: str
    row: type["Row"]
    meaning: str
    is_single: bool = False
    is_required: bool = False


class Row(BaseModel):
    """One row of the file: its fields are checked by pydantic, `columns` are what it says about a row of `table`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    table: ClassVar[type[models.Model] | None]
    noun: ClassVar[str]  # what references to it and the summary call it
    identity: ClassVar[tuple[str, ...]] = ("key",)  # the columns by which an earlier row is found
    parent: ClassVar[str] = "partnership"  # the column that names what it is a part of; empty for what every partnership sees
    within: ClassVar[str] = "partnership"  # the path to the partnership, in Django's words; empty as above
    parts: ClassVar[tuple[Section, ...]] = ()
    is_ledger: ClassVar[bool] = False
    fits_a_sample: ClassVar[bool] = False  # though it has no mark of its own: what it is a part of has one

    def columns(self, loading) -> dict:
        """Column names to values. Raises RowMistake; `loading.find` raises Unavailable for a row that was refused itself."""
        found = {}
        for name, field in type(self).model_fields.items():
            found |= kind_of(field).columns(field.alias or name, getattr(self, name), loading)
        return found

    def complete(self, columns):
        """Add to `columns` what follows from the row that it is a part of. Raises RowMistake where they do not go together."""

    @classmethod
    def rows_of(cls, partnership) -> models.QuerySet:
        """The rows of the database among which an earlier one is looked for."""
        return cls.table._base_manager.filter(**{cls.within: partnership} if cls.within else {})

    @classmethod
    def is_marked(cls) -> bool:
        """Whether its table can say that a row is a sample."""
        return bool(cls.table) and any(column.name == "is_sample" for column in cls.table._meta.fields)

    @classmethod
    def only_once(cls, loading) -> dict:
        """Columns that are written with a new row and not compared later."""
        return {}

    @classmethod
    def fate(cls, existing, loading) -> str:
        """What becomes of a row that the file says differently: "change" it, "keep" it as it is, or "refuse" the file."""
        return "refuse" if cls.is_ledger else "keep" if getattr(existing, "version", 1) > 1 else "change"


class SourcedRow(Row):
    """A row on somebody's word."""

    source: ref("document") | None = Field(None, description="The document that says so.", examples=["agreement"])
    certainty: choice(Certainty) | None = Field(
        None, description="How sure it is. Required except in a sample file.", examples=["primary"]
    )

    @model_validator(mode="after")
    def is_sure_or_says_so(self, info: ValidationInfo):
        if info.context is None or info.context.is_sample:
            return self
        if self.certainty is None:
            raise ValueError(f"Say how sure it is: certainty, one of {', '.join(Certainty.values)}.")
        if self.certainty in (Certainty.PRIMARY, Certainty.SECONDARY) and self.source is None:
            raise ValueError("Name the source, or make the certainty derived or assumed.")
        return self

    def columns(self, loading):
        return super().columns(loading) | {"certainty": self.certainty or Certainty.ASSUMED}


class KnownRow(SourcedRow):
    """A sourced row with the day from which it could be known."""

    known_on: BareDay | None = Field(
        None,
        description="From when it could be known. Left out: the day its source was published, else the last day that fits.",
        examples=["2017-06-15"],
    )

    def columns(self, loading):
        found = super().columns(loading)
        known_on = self.known_on or loading.published_on(found["source"]) or self.last_day_that_fits(found)
        if known_on is None:
            raise RowMistake("known_on", "Say from which day it could be known, or name a source with its day.")
        if known_on > loading.real_today:
            raise RowMistake("known_on", f"It is known from {known_on}, which is not here yet. What is known is known by today.")
        return found | {"known_on": known_on}

    def last_day_that_fits(self, columns):
        return columns.get("effective_on")


class LedgerFileRow(KnownRow):
    """A row of a ledger: added once, never changed. A mistake is taken back by a new row with `voids` and `reason`."""

    is_ledger: ClassVar[bool] = True
    key: Key = Field(description="Its permanent name, unique among the rows of its kind.", examples=["example-2020-signed"])
    effective: Latest = Field(description="When it was true.", examples=["2030-03-01"])
    reason: Text = Field("", description="Why, or what else the reader should know.", examples=["The source says four years."])


class DecidedRow(LedgerFileRow):
    """A ledger row that one person proposes and another decides; the file counts as both, and its name is kept."""

    @classmethod
    def only_once(cls, loading):
        return {"decided_at": loading.now, "loaded_from": loading.file.name, "proposed_by": loading.operator}


class Shared(Row):
    """A row that every partnership sees: added if missing, else left as the administrator keeps it."""

    parent: ClassVar[str] = ""
    within: ClassVar[str] = ""

    @classmethod
    def fate(cls, existing, loading):
        return "keep"
