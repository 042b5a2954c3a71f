"""The states of a report and the moves between them: one table, from which the services, the pages and the database trigger are made."""

from dataclasses import dataclass

DRAFT, SUBMITTED, IN_REVIEW, RETURNED, ACCEPTED = "draft", "submitted", "in_review", "returned", "accepted"


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
# Reopening is no move of a version: an accepted version stays accepted, and a new one begins as a draft with a reason.
EDITABLE = frozenset({DRAFT, RETURNED})


def moves_from(state: str) -> tuple[Move, ...]:
    return tuple(move for move in MOVES if move.start == state)


def find_move(name: str, state: str) -> Move | None:
    """The move called `name` that starts in `state`, or None where the table has none."""
    return next((move for move in MOVES if move.name == name and move.start == state), None)
