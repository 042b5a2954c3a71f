"""Two invented proposals, so that the inbox of the demonstration is not empty: one waits, one was refused. Neither moves a date
or an amount."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from cpc.accounts.models import User
from cpc.approvals.models import Proposal
from cpc.approvals.services import propose, refuse
from partners.models import Partnership
from partners.roles import Role

from .demo_accounts import ACCOUNTS

AWARD = "peru-2017-initial"
REFUSED_ON, DECIDED_ON, WAITING_ON = date(2020, 1, 20), date(2020, 1, 27), date(2020, 2, 7)
SUPPLEMENT = {
    "act": "action", "award": AWARD, "kind": "supplement", "amount": "250,000.00", "basis": "announced",
    "effective": REFUSED_ON.isoformat(),
}  # fmt: skip
MORE_TIME = {"act": "action", "award": AWARD, "kind": "no_cost_extension", "new_end": "2021-06", "basis": "signed"}


def load_proposals(partnership: Partnership, *, today: date) -> int:
    """Make the proposals, those whose days have come by `today`; returns how many. Safe to run twice."""
    if Proposal.objects.filter(partnership=partnership, is_sample=True).exists():
        return 0
    people = {account.role: User.objects.get(email=account.email) for account in reversed(ACCOUNTS)}
    officer, decider = people[Role.PROGRAM_OFFICER], people[Role.GRANTS_OFFICER]

    def at(day: date) -> datetime:
        return datetime.combine(day, time(11), ZoneInfo(partnership.time_zone))

    def proposed(act, reason, day):
        return propose(
            partnership.pk, [act], actor=officer, at=at(day), reason=reason, certainty="assumed", is_sample=True
        )  # fmt: skip

    if today < WAITING_ON:
        return 0
    more = proposed(SUPPLEMENT, "Costs of transport to Loreto were higher than planned.", REFUSED_ON)
    refuse(more.pk, actor=decider, at=at(DECIDED_ON), reason="The budget by line is missing. Attach it and propose again.")
    proposed(MORE_TIME, "Three trainings were postponed; the plan needs more time, not more money.", WAITING_ON)
    return 2
