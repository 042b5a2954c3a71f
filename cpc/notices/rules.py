"""When a reminder is due, and when a mail that did not go is tried again. Pure: no query, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

MOST_DAYS = 365
MOST_STEPS = 20
# After the so many-th failed try: minutes until the next. After the last one a letter is given up.
RETRY_MINUTES = (1, 5, 15, 60, 240, 720, 1440, 1440)
EVENT_DAYS = 30  # a last word is told for so long after its day, so that a standstill loses nothing


@dataclass(frozen=True)
class Ladder:
    """The days on which people are reminded. `days` count from the due day, negative before it; after the last of them, or after
    the due day, one more every `repeat` days, or none where that is None."""

    days: tuple[int, ...] = (-30, -14, -7, -1, 0, 1, 7)
    repeat: int | None = 7

    def step_on(self, due_on: date, today: date) -> int | None:
        """The newest step that `today` has reached, in days after `due_on`; None before the first one. Only the newest is said:
        whatever was missed before it is in it."""
        gone = (today - due_on).days
        last = max(0, *self.days)
        if self.repeat and gone >= last + self.repeat:
            return last + (gone - last) // self.repeat * self.repeat
        return max((day for day in self.days if day <= gone), default=None)


DEFAULT = Ladder()
# What waits for a reviewer: told when it comes in, then once a week, counted from the submission.
WAITING = Ladder(days=(0,), repeat=7)


def faults_of(days: Sequence[int], repeat: int | None) -> dict[str, str]:
    """What is wrong with a ladder, by field: `days`, `repeat`; empty where it is good."""
    faults = {}
    if not days:
        faults["days"] = _("Name at least one day.")
    elif len(set(days)) != len(days):
        faults["days"] = _("Each day can stand there once.")
    elif len(days) > MOST_STEPS:
        faults["days"] = _("At most %(n)s days.") % {"n": MOST_STEPS}
    elif any(abs(day) > MOST_DAYS for day in days):
        faults["days"] = _("At most %(n)s days before or after.") % {"n": MOST_DAYS}
    if repeat is not None and not 1 <= repeat <= MOST_DAYS:
        faults["repeat"] = _("A number of days from 1 to %(n)s, or nothing.") % {"n": MOST_DAYS}
    return faults


def retry_after(n_tries: int) -> timedelta | None:
    """How long to wait after the `n_tries`-th failed try; None: give up."""
    return timedelta(minutes=RETRY_MINUTES[n_tries - 1]) if n_tries <= len(RETRY_MINUTES) else None
