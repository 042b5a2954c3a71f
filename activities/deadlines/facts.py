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
class Override:
    """What an award's own terms say instead of a rule: another `offset` in the rule's units, another `shift`, or that nothing
    falls due; None and "" leave the rule's. `reason` and `source` say why; `key` names the row of the ledger."""

    key: str
    rule: str
    offset: int | None = None
    shift: str = ""
    is_suppressed: bool = False
    reason: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Granted:
    """A later due day that an officer granted, and the day of the answer."""

    day: date
    on: date


@dataclass(frozen=True, slots=True)
class FinalFacts:
    """A final report that was handed in. `accepted_on` None: not accepted. `has_no_obligations`: its SF-425 says that no
    obligation is left to liquidate."""

    submitted_on: date
    accepted_on: date | None = None
    has_no_obligations: bool = False


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
    """An award and its period of performance, None where a bound is not known. `frequency` is that of its reports, `report_year`
    says whether semi-annual and annual ones follow the `calendar` or the `us_fiscal` year. `guidance` is the version under which
    money was last added for anybody, `closed_on` the day of its close-out. `overrides` are those that hold, one for a rule.
    `stages`: how it came to stand so, oldest first, the last one as it stands; empty where nothing was decided here."""

    key: str
    frequency: str
    begins: PreciseDate | None
    ends: PreciseDate | None
    recipients: tuple[RecipientFacts, ...] = ()
    final_absorbs_last_interim: bool = True
    stages: tuple[Stage, ...] = ()
    report_year: str = "calendar"
    is_prime: bool = True
    guidance: str | None = None
    closed_on: date | None = None
    overrides: tuple[Override, ...] = ()


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
class CommitmentFacts:
    """What one side promised in a dialogue, `known_on` a day. `is_settled`: carried over or dropped, so that nothing falls due;
    `closed_on`: the day on which it was fulfilled."""

    key: str
    known_on: date
    due_on: date | None
    closed_on: date | None = None
    is_settled: bool = False


@dataclass(frozen=True, slots=True)
class FromAbove:
    """What the floors above the deadlines know. `planned`: the first day of the next dialogue, None where none is planned.
    `finals`: final reports handed in, by award, recipient and last day of the period. `target_years`: calendar years for which
    a target is set."""

    dialogues: tuple[DialogueFacts, ...] = ()
    planned: PreciseDate | None = None
    commitments: tuple[CommitmentFacts, ...] = ()
    finals: Mapping[tuple[str, str, date], FinalFacts] = field(default_factory=dict)
    target_years: Set[int] = frozenset()


@dataclass(frozen=True, slots=True)
class PartnershipFacts:
    """One partnership as it stands on a day. `term_closed_on` is the day on which an end of the term was declared, None while
    it was not. `closed_days` are days without work that the holiday package does not know, by country code. `granted`: later
    due days by key of the date; the rest as in `FromAbove`."""

    key: str
    host_country: str
    term_end: PreciseDate | None = None
    term_closed_on: date | None = None
    awards: tuple[AwardFacts, ...] = ()
    pledges: tuple[PledgeFacts, ...] = ()
    dialogues: tuple[DialogueFacts, ...] = ()
    closed_days: Mapping[str, Set[date]] = field(default_factory=dict)
    stages: tuple[Stage, ...] = ()
    signed_on: date | None = None
    planned: PreciseDate | None = None
    commitments: tuple[CommitmentFacts, ...] = ()
    finals: Mapping[tuple[str, str, date], FinalFacts] = field(default_factory=dict)
    target_years: Set[int] = frozenset()
    granted: Mapping[str, Granted] = field(default_factory=dict)
