"""Days without work that the `holidays` package does not know: entered and taken out here, and every date that they move follows
at once."""

from collections.abc import Callable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404

from activities.tasks import recompute
from cpc.audit.services import record
from cpc.core.workdays import US
from cpc.reference.models import Holiday
from partners.models import Partnership
from partners.permissions import may_anywhere

# A zone's name → the day there.
TodayIn = Callable[[str], date]


@transaction.atomic
def add_holiday(*, actor, today_in: TodayIn, **fields) -> Holiday:
    """A day without work of one country. Raises ValidationError at the field, PermissionDenied."""
    may_anywhere(actor, "reference.edit").require()
    row = Holiday(**fields)
    try:
        row.full_clean()
    except ValidationError as error:  # the only rule of two columns is that a country has a day once
        raise ValidationError(
            {("day" if name == "__all__" else name): said for name, said in error.error_dict.items()}
        ) from error
    row.save()
    record(actor, "holiday.added", row, after=said_by(row))
    recompute_where(row.country_code, actor=actor, today_in=today_in)
    return row


@transaction.atomic
def remove_holiday(pk: int, *, actor, today_in: TodayIn) -> Holiday:
    """Take a day out again. Raises Http404, PermissionDenied."""
    may_anywhere(actor, "reference.edit").require()
    row = Holiday.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise Http404
    record(actor, "holiday.removed", row, before=said_by(row))
    row.delete()
    recompute_where(row.country_code, actor=actor, today_in=today_in)
    return row


def recompute_where(country_code: str, *, actor, today_in: TodayIn) -> None:
    """The deadlines of every partnership that a day of this country can move; each is locked in the same order."""
    rows = Partnership.objects.order_by("pk")
    if country_code != US:
        rows = rows.filter(host_country__key=country_code)
    for pk, zone in list(rows.values_list("pk", "time_zone")):
        recompute(pk, today=today_in(zone), actor=actor)


def said_by(row: Holiday) -> dict[str, str]:
    return {"country": row.country_code, "day": row.day.isoformat(), "name_en": row.name_en, "source": row.source}
