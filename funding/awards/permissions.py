"""May this person describe an award, now. Money and dates are not described: they are proposed and decided."""

from cpc.core.decisions import Decision
from funding.awards.models import Award
from partners.permissions import may


def may_describe(user, award: Award) -> Decision:
    return may(user, "partnership.edit", award.partnership_id)
