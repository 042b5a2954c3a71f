"""Who sees an activity exactly. Everybody else sees months instead of days, no note, and no count of children.

Program officers and members with the flag `exact_counts` see every activity of the partnership exactly, a partner its own.
Free text and days of single activities lead to persons more than any table does, so they are kept back on every activity alike:
what is shown may not tell whether children took part. The API gives no count of children to anybody.
Source: disclosure control, §4.
"""

from datetime import date

from django.db.models import Q

from cpc.core.dates import PreciseDate, Precision
from partners.permissions import memberships_of, sees_exact_counts
from partners.roles import PARTNER_ROLES, roles_that_may

from .models import Activity


def is_exact_for(user, activity: Activity) -> bool:
    """Whether `user` sees the days, the note and the counts of children of `activity`. No query beyond the memberships."""
    return sees_exact_counts(user, activity.partnership_id) or any(
        m.partnership_id == activity.partnership_id and m.organization_id == activity.organization_id and m.role in PARTNER_ROLES
        for m in memberships_of(user)
    )


def exact_rows(user) -> Q:
    """The same question for rows: the activities that `user` sees exactly."""
    rows = Q(pk__in=[])
    for m in memberships_of(user):
        if m.exact_counts or m.role in roles_that_may("read.exact_counts"):
            if m.partnership_id is None:
                return ~Q(pk__in=[])
            rows |= Q(partnership=m.partnership_id)
        elif m.role in PARTNER_ROLES:
            rows |= Q(partnership=m.partnership_id, organization=m.organization_id)
    return rows


def began_from(user, day: date) -> Q:
    """Activities that began on `day` or later; where `user` sees months only, in its month or later: no filter finds the day."""
    month = PreciseDate.of(day, Precision.MONTH)
    if day == month.first:
        return Q(starts_on__gte=day)
    return Q(starts_on__gte=month.first) & (Q(starts_on__gte=day) | ~exact_rows(user))


def began_by(user, day: date) -> Q:
    """Activities that began on `day` or before; where `user` sees months only, in its month or before."""
    month = PreciseDate.of(day, Precision.MONTH)
    if day == month.last:
        return Q(starts_on__lte=day)
    return Q(starts_on__lte=month.last) & (Q(starts_on__lte=day) | ~exact_rows(user))
