"""What the pages of deadlines need from the floors above, which know the reports: it is handed in with their addresses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Review:
    """A report that waits for an officer: since `submitted_on`, to be answered by `due_on`. `reviewer` is who took it, empty
    while nobody has."""

    title: str
    organization: str
    url: str
    submitted_on: date
    due_on: date
    reviewer: str
    is_sample: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment of a dialogue: its `words` and its `owner`, in the reader's language, and where it stands."""

    words: str
    owner: str
    url: str
    is_sample: bool


@dataclass(frozen=True, slots=True)
class Above:
    """`find_reports`: `queries.FindReports`. `find_reviews`: reader, partnership and `closed_days` in; by award, recipient and
    period the reports that wait for an officer's answer, the oldest first. `recompute`: the partnership's id, `today` and `actor`
    in; brings every date in line with the facts, in the caller's transaction."""

    find_reports: Callable[..., Mapping[tuple, object]]
    find_reviews: Callable[..., Mapping[tuple, Review]]
    recompute: Callable[..., object]
