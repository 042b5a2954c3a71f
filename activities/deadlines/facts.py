"""What the engine is told: plain values, gathered by others. It knows no award, no dialogue and no database.

Days are civil days in the partnership's zone. A `PreciseDate` begins a period with its first and ends one with its last day.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the engine runs without Django, which PreciseDate's module needs for its labels
    from cpc.core.dates import PreciseDate


@dataclass(frozen=True, slots=True)
class Stage:
    """How an award, or a partnership's own dates, stood from `on` until the next stage. `decided`: a decision taken here brought
    it, no file. `facts` are of the kind that has the stage."""

    on: date
    decided: bool
    facts: Any


@dataclass(frozen=True, slots=True)
class RecipientFacts:
    """Who owes the reports of an award. `guidance` is the key of the version under which money was last added for this
    recipient, None if not known. A period of its own overrules the award's."""

    key: str
    rule_class: str
    guidance: str | None = None
    begins: PreciseDate | None = None
    ends: PreciseDate | None = None


@dataclass(frozen=True, slots=True)
class AwardFacts:
    """An award and its period of performance, None where a bound is not known. `stages`: how it came to stand so, oldest first,
    the last one as it stands; empty where nothing was decided here."""

    key: str
    frequency: str
    begins: PreciseDate | None
    ends: PreciseDate | None
    recipients: tuple[RecipientFacts, ...] = ()
    final_absorbs_last_interim: bool = True
    stages: tuple[Stage, ...] = ()


@dataclass(frozen=True, slots=True)
class PledgeFacts:
    key: str
    ends: PreciseDate | None


@dataclass(frozen=True, slots=True)
class DialogueFacts:
    """A dialogue that was held."""

    key: str
    last_day: PreciseDate


@dataclass(frozen=True, slots=True)
class Granted:
    """A later `day` that an officer granted for a date on `on`."""

    day: date
    on: date


@dataclass(frozen=True, slots=True)
class PartnershipFacts:
    """One partnership as it stands on a day. `term_closed_on` is the day on which an end of the term was declared, None while
    it was not. `closed_days` are days without work that the holiday package does not know, by country code; `granted` the
    latest granted day of each date, by its key."""

    key: str
    host_country: str
    term_end: PreciseDate | None = None
    term_closed_on: date | None = None
    awards: tuple[AwardFacts, ...] = ()
    pledges: tuple[PledgeFacts, ...] = ()
    dialogues: tuple[DialogueFacts, ...] = ()
    closed_days: Mapping[str, Set[date]] = field(default_factory=dict)
    granted: Mapping[str, Granted] = field(default_factory=dict)
    stages: tuple[Stage, ...] = ()
