"""The one door to every sum of money: page, export and API ask here, so that they can never disagree."""

from datetime import date

from activities.reporting.spending import GROUPS as SPENDING_GROUPS
from activities.reporting.spending import LINES, spending_summary
from funding.awards.answers import Asked, Summary
from funding.awards.queries import summary
from funding.awards.rules import GROUPS, MEASURES
from funding.pledges.sums import GROUPS_OF, HOST_MEASURES, host_summary
from partners.models import Partnership

# What each measure can be grouped by; the order of the measures is that of the offer.
OFFER = dict.fromkeys(MEASURES, GROUPS) | dict.fromkeys(LINES, SPENDING_GROUPS) | GROUPS_OF


def answer(partnership: Partnership, asked: Asked, *, as_of: date, known_on: date) -> Summary:
    """The answer to `asked`, which fits `OFFER`. Raises KeyError for what it does not offer; the caller has asked whether the
    reader may."""
    if asked.group_by not in OFFER[asked.measure]:
        raise KeyError(asked.group_by)
    days = {"as_of": as_of, "known_on": known_on}
    if asked.measure in HOST_MEASURES:
        return host_summary(partnership, asked, **days)
    if asked.measure in LINES:
        return spending_summary(partnership, asked, **days)
    return summary(partnership, measure=asked.measure, level=asked.level, group_by=asked.group_by, **days)
