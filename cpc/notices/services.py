"""What people do with notices."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from cpc.audit.services import record
from partners.models import Partnership
from partners.permissions import may

from .models import Ladder, Letter, Notice, ladder_of
from .rules import faults_of


class Overtaken(Exception):
    """Somebody else changed the ladder since its page was opened."""


def mark_read(user, *, at: datetime, pk: int | None = None) -> int:
    """Mark one of the person's notices as read (`pk`), or all that hold. How many were unread. `at` is a real instant."""
    rows = Notice.objects.visible_to(user).filter(read_at=None)
    rows = rows.filter(over_at=None) if pk is None else rows.filter(pk=pk)
    return rows.update(read_at=at)


@transaction.atomic
def save_ladder(partnership_id: int, *, actor, days: list[int], repeat: int | None, seen: int) -> Ladder:
    """On which days people of a partnership are reminded. `days` and `repeat` as in `rules.Ladder`; `seen`: the version that
    the actor saw, 0 where there was no row.

    Raises PermissionDenied if `actor` may not; ValidationError naming `days` or `repeat`; Overtaken."""
    partnership = Partnership.objects.locked().get(pk=partnership_id)
    may(actor, "partnership.edit", partnership.pk).require()
    if faults := faults_of(days, repeat):
        raise ValidationError(faults)
    row = Ladder.objects.filter(partnership=partnership).first() or Ladder(partnership=partnership)
    if row.version != seen:
        raise Overtaken
    before, after = values_of(ladder_of(partnership)), {"days": sorted(days), "repeat": repeat}
    if before == after:
        return row
    row.days, row.repeat, row.version = after["days"], repeat, row.version + 1
    row.full_clean()
    row.save()
    record(actor, "notices.ladder_changed", partnership, partnership_key=partnership.key, before=before, after=after)
    return row


def values_of(ladder) -> dict:
    return {"days": sorted(ladder.days), "repeat": ladder.repeat}


@transaction.atomic
def try_again(letter_id: int, *, actor, at: datetime) -> Letter:
    """Give a letter that was given up, or that waits for its next try, another round from now on. The caller has found it among
    those that `actor` may see. Raises Letter.DoesNotExist where it was sent meanwhile."""
    letter = Letter.objects.waiting_or_failed().select_for_update().get(pk=letter_id)
    record(actor, "notices.letter_tried_again", letter, letter=str(letter.name), failure=letter.failure)
    letter.failed_at, letter.next_try_at, letter.n_tries = None, at, 0
    letter.save(update_fields=["failed_at", "next_try_at", "n_tries"])
    return letter
