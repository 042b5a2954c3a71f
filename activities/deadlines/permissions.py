"""May this person ask for a later due day, or answer such a request, now: a Decision that says why not, and who may.

Source: the product contract, who writes which rows. `code` "role" or "organization" is a matter of the role (403); "state",
"waiting" and "decided" mean that the date is elsewhere, or that somebody else acted first (409).
"""

from datetime import date

from django.utils.translation import gettext as _

from cpc.core.decisions import ALLOWED, Decision, refuse
from cpc.core.labels import day_label
from partners.permissions import may_for, roles_of
from partners.roles import names_of, roles_that_may

from .models import Deadline, DueDateChange
from .status import is_before_records
from .sync import REPORT_KINDS

ASK, ANSWER = "report.prepare", "report.review"
STATE, WAITING, DECIDED, OWN, KIND = "state", "waiting", "decided", "own_request", "kind"
TOO_LATE = (STATE, WAITING, DECIDED)


def may_ask(user, deadline: Deadline, *, today: date, waiting: DueDateChange | None) -> Decision:
    """Ask for a later day: preparers and certifiers of the organization that owes the report, while it is owed and no other
    request waits. `waiting` is the one that does. The deadline's partnership must be loaded."""
    if deadline.kind not in REPORT_KINDS:
        return refuse(_("Only the due day of a report is put off on request; this date follows its rule."))
    decision = may_for(user, ASK, deadline.partnership_id, deadline.recipient_id)
    if not decision:
        return decision
    if not (open_now := is_owed(deadline, today=today)):
        return open_now
    if waiting is None:
        return ALLOWED
    words = {"wanted": day_label(waiting.wanted_on), "asked": day_label(deadline.partnership.day_of(waiting.asked_at))}
    reason = _("A request for %(wanted)s was made on %(asked)s and waits for its answer.") % words
    return refuse(reason, code=WAITING)


def may_answer(user, change: DueDateChange, *, today: date) -> Decision:
    """Grant or refuse: program officers, but not who asked, while the report is owed. The change's deadline and its partnership
    must be loaded."""
    deadline = change.deadline
    decision = may_for(user, ANSWER, deadline.partnership_id, deadline.recipient_id)
    if not decision:
        return decision
    if change.decided_at is not None:
        return refuse(_("This request was answered already."), code=DECIDED)
    if change.asked_by_id == user.pk:
        return refuse(
            _("You made this request, and somebody else answers it."),
            who=_("any other program officer of this partnership"),
            code=OWN,
        )
    return is_owed(deadline, today=today)


def answers_requests(user, partnership_id: int) -> bool:
    """Whether requests of this partnership wait for `user` to answer them."""
    return bool(roles_of(user, partnership_id) & roles_that_may(ANSWER))


def who_answers() -> str:
    return names_of(roles_that_may(ANSWER))


def is_owed(deadline: Deadline, *, today: date) -> Decision:
    """Whether the report of this date is still to be handed in."""
    if deadline.superseded_at is not None:
        return refuse(_("This date no longer stands: another took its place, or nothing asks for it any more."), code=STATE)
    if deadline.met_at is not None:
        words = {"day": day_label(deadline.partnership.day_of(deadline.met_at))}
        reason = _("The report was submitted on %(day)s. A returned report has a due day of its own, which the reviewer sets.")
        return refuse(reason % words, code=STATE)
    tracked_from = deadline.partnership.tracked_from
    if is_before_records(
        today, kind=deadline.kind, due_on=deadline.due_on, period_to=deadline.period_to, tracked_from=tracked_from
    ):
        return refuse(_("This period ended before records were kept here, so the report is never late."), code=STATE)
    return ALLOWED
