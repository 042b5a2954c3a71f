"""From notices to mails. What a mail holds is settled, and committed, before it is sent: a second try says the same under the
same name."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from cpc.accounts.models import User

from .models import AT_ONCE, Letter, Notice

BATCH = 1000


@transaction.atomic
def compose(*, days: Mapping[str, date], at: datetime) -> int:
    """Put what is to be mailed into letters: each return and each decision into one of its own, the rest of a person's into the
    digest of the day, unless that has been put together already; then it waits for the next day's. `days`: the day of each zone
    by its name; `at`: the real instant. How many letters were made. The caller keeps others from composing at the same time."""
    n = compose_at_once(at)
    return n + sum(compose_digests(zone, day, at) for zone, day in days.items())


def unmailed() -> QuerySet[Notice]:
    return Notice.objects.holding().filter(letter=None, recipient__is_active=True)


def compose_at_once(at: datetime) -> int:
    rows = list(
        unmailed().filter(kind__in=AT_ONCE).exclude(recipient__mail=User.Mail.NONE).order_by("pk").only("pk", "recipient")
    )
    letters = [Letter(recipient_id=row.recipient_id, made_at=at, next_try_at=at) for row in rows]
    for row, letter in zip(rows, Letter.objects.bulk_create(letters, batch_size=BATCH), strict=True):
        row.letter = letter
    Notice.objects.bulk_update(rows, ["letter"], batch_size=BATCH)
    return len(rows)


def compose_digests(zone: str, day: date, at: datetime) -> int:
    """`day` is the day of the zone. One statement finds the people, one fills all their letters."""
    rows = unmailed().filter(partnership__time_zone=zone, recipient__mail=User.Mail.DAILY).exclude(kind__in=AT_ONCE)
    has_todays = Letter.objects.filter(recipient=OuterRef("recipient"), digest_on=day)
    people = rows.exclude(Exists(has_todays)).order_by("recipient").values_list("recipient", flat=True).distinct()
    letters = [Letter(recipient_id=user, digest_on=day, made_at=at, next_try_at=at) for user in people]
    if letters:
        Letter.objects.bulk_create(letters, batch_size=BATCH)
        mine = Letter.objects.filter(recipient=OuterRef("recipient"), digest_on=day, made_at=at)
        rows.filter(Exists(mine)).update(letter=Subquery(mine.values("pk")[:1]))
    return len(letters)
