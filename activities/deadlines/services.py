"""What others may write to a deadline: that a report was handed in."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cpc.core.periods import Period

from .models import Deadline
from .sync import REPORT_KINDS


def open_reports_of(*, award_id: int, recipient_id: int, period: Period):
    """The report deadlines that one report discharges: award × recipient × period."""
    return Deadline.objects.open().filter(
        award=award_id, recipient=recipient_id, period_from=period.first, period_to=period.last, kind__in=REPORT_KINDS
    )


def in_lock_order(rows):
    """Deadlines to be locked. All who change several take them in this order, so that no two wait for each other."""
    return rows.select_for_update(no_key=True, of=["self"]).order_by("key")


@transaction.atomic
def mark_met(*, award_id: int, recipient_id: int, period: Period, met_at: datetime) -> int:
    """Note that the report of this triple was submitted at `met_at`; how many deadlines that met. One that was met already
    keeps its first instant: a report that comes back and is sent again was in time if it was at first. From now on the rows
    stay as they are."""
    rows = in_lock_order(open_reports_of(award_id=award_id, recipient_id=recipient_id, period=period))
    owed = [row.pk for row in rows if row.met_at is None]
    return Deadline.objects.filter(pk__in=owed).update(met_at=met_at, changed_at=timezone.now())


@transaction.atomic
def mark_unmet(*, award_id: int, recipient_id: int, period: Period) -> int:
    """Take that back, for a report withdrawn before anybody reviewed it. The rows follow the facts again at the next
    recomputation."""
    rows = in_lock_order(open_reports_of(award_id=award_id, recipient_id=recipient_id, period=period))
    met = [row.pk for row in rows if row.met_at is not None]
    return Deadline.objects.filter(pk__in=met).update(met_at=None, changed_at=timezone.now())
