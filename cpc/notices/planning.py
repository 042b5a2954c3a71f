"""From what holds now to rows of the outbox. Everything is asked anew each time, so that days of standstill lose nothing; a row
is written once, however many workers plan."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from partners.models import Membership, Partnership
from partners.occasions import SOURCES, Audience, Occasion, in_both_languages

from .models import LAST_WORDS, Notice

# kind, subject, due day, step, recipient
Name = tuple[str, str, date | None, int, int]
NAME = ("kind", "subject_key", "due_on", "step", "recipient_id")
BATCH = 1000


@dataclass(frozen=True)
class Planned:
    """How many notices were written, and how many are over: met, decided, or replaced by a later step."""

    n_new: int
    n_over: int


@dataclass(frozen=True)
class Person:
    """One role of somebody who can be told."""

    user: int
    role: str
    organization: int | None


@transaction.atomic
def plan(partnership: Partnership, *, today: date, at: datetime) -> Planned:
    """Bring the outbox of a partnership in line with what holds on `today`, a day in its zone. `at`: the real instant. Writes
    nothing where nothing changed. The caller keeps others from planning at the same time."""
    wanted = wanted_on(partnership, today)
    there = {tuple(row[1:]): row for row in holding(partnership)}
    over = [row[0] for name, row in there.items() if name not in wanted and row[1] not in LAST_WORDS]
    new = {name: occasion for name, occasion in wanted.items() if name not in there}
    n_over = Notice.objects.filter(pk__in=over).update(over_at=at) if over else 0
    return Planned(write(partnership, new, today=today, at=at) if new else 0, n_over)


def wanted_on(partnership: Partnership, today: date) -> dict[Name, Occasion]:
    people, found = people_of(partnership), {}
    for source in SOURCES:
        for one in source(partnership, today):
            for user in addressed(one.audience, people):
                found[one.kind, one.subject_key, one.due_on, one.step, user] = one
    return found


def people_of(partnership: Partnership) -> list[Person]:
    """Those who can be told: with an account in use."""
    rows = Membership.objects.filter(partnership=partnership, user__is_active=True, user__invited_at=None)
    return [Person(*row) for row in rows.values_list("user", "role", "organization")]


def addressed(audience: Audience, people: Iterable[Person]) -> set[int]:
    """The users of `people` whom an audience means."""
    found = {one.user for one in people if one.user in audience.users or is_meant(one, audience)}
    return found - audience.but_not


def is_meant(person: Person, audience: Audience) -> bool:
    if person.role not in audience.roles:
        return False
    return person.organization is None or not audience.organizations or person.organization in audience.organizations


def holding(partnership: Partnership):
    rows = Notice.objects.holding().filter(partnership=partnership)
    return rows.values_list("pk", *NAME).iterator()


def write(partnership: Partnership, new: Mapping[Name, Occasion], *, today: date, at: datetime) -> int:
    """Write the notices that are not there yet; one that was over, and holds again, is taken up without a second mail."""
    again = known(partnership, new)
    if again:
        Notice.objects.filter(pk__in=again.values()).update(over_at=None)
    texts = Texts()
    rows = [
        Notice(
            kind=one.kind,
            partnership=partnership,
            subject_key=one.subject_key,
            **texts.of(one),
            path=one.path,
            is_sample=one.is_sample,
            due_on=one.due_on,
            step=one.step,
            recipient_id=name[-1],
            planned_on=today,
            planned_at=at,
        )
        for name, one in new.items()
        if name not in again
    ]
    Notice.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return len(rows)


def known(partnership: Partnership, names: Iterable[Name]) -> dict[Name, int]:
    """The notices of these names that are over."""
    keys = {name[1] for name in names}
    rows = Notice.objects.filter(partnership=partnership, subject_key__in=keys, over_at__isnull=False).values_list("pk", *NAME)
    return {tuple(row[1:]): row[0] for row in rows if tuple(row[1:]) in names}


class Texts:
    """What subjects are called, worked out once for all who are told."""

    def __init__(self):
        self.said = {}

    def of(self, occasion: Occasion) -> dict[str, str]:
        key = (occasion.kind, occasion.subject_key)
        if key not in self.said:
            english, spanish = in_both_languages(occasion.words)
            self.said[key] = {"subject_en": english[:400], "subject_es": spanish[:400]}
        return self.said[key]
