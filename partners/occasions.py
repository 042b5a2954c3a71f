"""What people should be told of, as plain values: slices on the roof, which do not see each other, say it here in their
`apps.py`, and the outbox asks everybody."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import translation

from cpc.core.texts import LANGUAGES

from .models import Partnership


@dataclass(frozen=True)
class Audience:
    """Whom an occasion concerns: who holds one of `roles` (for partner and host roles: of `organizations`, where that is not
    empty), and `users` by their numbers; never `but_not`. Only active people of the partnership are told."""

    roles: frozenset[str] = frozenset()
    organizations: frozenset[int] = frozenset()
    users: frozenset[int] = frozenset()
    but_not: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Occasion:
    """One thing that holds now and that people should know. `subject_key` is permanent, `words` its name in the active language,
    asked for only where somebody is told anew; `path` the address without the host. `on`: the day since which it holds; `due_on`:
    the day that it is about, None for an event; `step`: how many days after `due_on` it is said."""

    kind: str
    subject_key: str
    words: Callable[[], str]
    path: str
    audience: Audience
    on: date
    due_on: date | None = None
    step: int = 0
    is_sample: bool = False


# Each is asked with a partnership and the day there, and gives what holds on that day.
Source = Callable[[Partnership, date], Iterable[Occasion]]
SOURCES: list[Source] = []


def in_both_languages(words: Callable[[], str]) -> tuple[str, str]:
    """What `words` says in English and in Spanish."""
    said = []
    for language in LANGUAGES:
        with translation.override(language):
            said.append(str(words()))
    return said[0], said[1]
