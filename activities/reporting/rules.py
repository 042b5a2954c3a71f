"""The states of a report and the moves between them: one table, from which the services, the pages and the database trigger
are made. Besides it, when a report is late, and which tasks it consists of. Pure: no query, no clock."""

from dataclasses import dataclass
from datetime import date, timedelta

DRAFT, SUBMITTED, IN_REVIEW, RETURNED, ACCEPTED = "draft", "submitted", "in_review", "returned", "accepted"
NOT_STARTED = "not_started"  # a report without a version; no state of a version
STATES = (NOT_STARTED, DRAFT, SUBMITTED, IN_REVIEW, RETURNED, ACCEPTED)


@dataclass(frozen=True)
class Move:
    """One allowed move of a version; `grant` is the row of the table of grants that a person needs for it."""

    name: str
    start: str
    end: str
    grant: str
    needs_comment: bool = False


MOVES = (
    Move("submit", DRAFT, SUBMITTED, "report.certify"),
    Move("submit", RETURNED, SUBMITTED, "report.certify"),
    Move("withdraw", SUBMITTED, DRAFT, "report.certify"),
    Move("start_review", SUBMITTED, IN_REVIEW, "report.review"),
    Move("release_review", IN_REVIEW, SUBMITTED, "report.review"),
    Move("return", IN_REVIEW, RETURNED, "report.review", needs_comment=True),
    Move("accept", IN_REVIEW, ACCEPTED, "report.review"),
)
MOVE_NAMES = tuple(dict.fromkeys(move.name for move in MOVES))
# Reopening is no move of a version: an accepted version stays accepted, and a new one begins as a draft with a reason.
EDITABLE = frozenset({DRAFT, RETURNED})
# A returned report, and a reopened one, has a due day of its own: so many days after the act unless the officer says otherwise.
DAYS_AFTER_RETURN = 14


def find_move(name: str, state: str) -> Move | None:
    """The move called `name` that starts in `state`, or None where the table has none."""
    return next((move for move in MOVES if move.name == name and move.start == state), None)


def grant_of(name: str) -> str:
    """The grant that a move asks for, whatever state it starts in. Raises StopIteration for a move that the table does not
    know."""
    return next(move.grant for move in MOVES if move.name == name)


def due_again(day: date) -> date:
    """The own due day of a version that was returned or reopened on `day`."""
    return day + timedelta(days=DAYS_AFTER_RETURN)


def days_late(*, state: str, due_on: date | None, submitted_on: date | None, today: date, before_records: bool) -> int:
    """By how many days a report is, or was submitted, late; 0 when it is not. Days are days in the partnership's zone.

    What is with the officer or accepted counts by the day of its submission, what is with the partner by today. Periods before
    records are never late, nor is what has no due day.
    """
    if before_records or due_on is None:
        return 0
    done_on = today if state in EDITABLE or state == NOT_STARTED or submitted_on is None else submitted_on
    return max(0, (done_on - due_on).days)


def is_before_records(period_to: date, tracked_from: date | None) -> bool:
    """Whether a period ended before this partnership kept records; every one did while that day is not known."""
    return tracked_from is None or period_to < tracked_from


# The tasks of a report, in their order. The narrative is the list of the domain rules, folded into six texts: a header and lists
# that the system knows by itself (award, indicators, SF-425, attachments) are not asked again.
AWARD, FINANCIAL = "award", "financial"
NARRATIVES = ("summary", "context", "progress", "coordination", "sustainability", "lessons")
INDICATORS = "indicators"
WITHOUT_OBJECTIVE = 0
PERFORMANCE_PART, FINANCIAL_PART = "performance", "financial"


def indicators_key(objective: int | None) -> str:
    """The key of the task for one objective's indicators, by its number; those of no objective share one."""
    return f"{INDICATORS}-{objective or WITHOUT_OBJECTIVE}"


def task_keys(parts: set[str] | frozenset[str], objectives: list[int | None]) -> list[str]:
    """The keys of a report's tasks. `parts` is what is owed (`performance`, `financial`), `objectives` those with indicators."""
    performance = [*map(indicators_key, objectives), *NARRATIVES] if PERFORMANCE_PART in parts else []
    return [AWARD, *performance, *([FINANCIAL] if FINANCIAL_PART in parts else [])]
