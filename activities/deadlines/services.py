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


@transaction.atomic
def mark_met(*, award_id: int, recipient_id: int, period: Period, met_at: datetime) -> int:
    """Note that the report of this triple was submitted at `met_at`; how many deadlines that met. One that was met already
    keeps its first instant: a report that comes back and is sent again was in time if it was at first. From now on the rows
    stay as they are."""
    rows = open_reports_of(award_id=award_id, recipient_id=recipient_id, period=period).filter(met_at=None)
    return rows.update(met_at=met_at, changed_at=timezone.now())


@transaction.atomic
def mark_unmet(*, award_id: int, recipient_id: int, period: Period) -> int:
    """Take that back, for a report withdrawn before anybody reviewed it. The rows follow the facts again at the next
    recomputation."""
    rows = open_reports_of(award_id=award_id, recipient_id=recipient_id, period=period).exclude(met_at=None)
    return rows.update(met_at=None, changed_at=timezone.now())
