"""The address of a person's private calendar: made, replaced, taken back, found again. Only its digest is kept, so that nobody
who reads the database can use it."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from cpc.accounts.models import User
from cpc.audit.services import record

from .models import CalendarFeed

BYTES_OF_TOKEN = 32
# The last use is kept to the hour, so that most requests write nothing.
USE_IS_NOTED_EVERY = timedelta(hours=1)


@transaction.atomic
def make_feed(user: User, *, now: datetime) -> str:
    """A new secret for the address of `user`'s calendar; an older one is dead from then on. The text is not stored and cannot be
    shown again."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    text = secrets.token_urlsafe(BYTES_OF_TOKEN)
    _feed, is_new = CalendarFeed.objects.update_or_create(
        user=user, defaults={"digest": digest_of(text), "created_at": now, "last_used_at": None}
    )
    record(user, "calendar.made" if is_new else "calendar.replaced", user)
    return text


@transaction.atomic
def revoke_feed(user: User) -> bool:
    """Whether there was an address; it is dead from now on."""
    n_gone, _by_model = CalendarFeed.objects.filter(user=user).delete()
    if n_gone:
        record(user, "calendar.revoked", user)
    return bool(n_gone)


def find_feed(text: str) -> CalendarFeed | None:
    """The calendar of an address, with its person; None where it was never made, was taken back, or its person may not log in any
    more. One query."""
    feeds = CalendarFeed.objects.filter(digest=digest_of(text), user__is_active=True)
    return feeds.select_related("user").first()


def note_use(feed: CalendarFeed, *, now: datetime) -> None:
    if feed.last_used_at is None or now - feed.last_used_at > USE_IS_NOTED_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_used_at=now)


def digest_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()
