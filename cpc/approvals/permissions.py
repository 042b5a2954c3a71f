"""Who may propose, decide and withdraw. A refusal says why and who may."""

from django.utils.translation import gettext as _

from cpc.core.decisions import ALLOWED, Decision, refuse
from partners.models import Partnership
from partners.permissions import may, memberships_of
from partners.roles import FULL_READERS, names_of, roles_that_may

from .models import Proposal


def may_see_proposals(user) -> Decision:
    """Those who read a partnership whole, in any one."""
    if any(m.role in FULL_READERS for m in memberships_of(user)):
        return ALLOWED
    return refuse(_("Your role does not include this."), who=names_of(FULL_READERS), code="role")


def may_propose(user, partnership: Partnership) -> Decision:
    return may(user, "money.propose", partnership.pk)


def may_decide(user, proposal: Proposal) -> Decision:
    """A grants officer who did not propose it, as long as nobody has decided."""
    decision = may(user, "money.decide", proposal.partnership_id)
    if not decision:
        return decision
    if proposal.proposed_by_id == user.pk:
        who = _("another %(roles)s") % {"roles": names_of(roles_that_may("money.decide"))}
        return refuse(_("You proposed this yourself; somebody else decides."), who=who, code="own_proposal")
    return _still_waits(proposal)


def may_withdraw(user, proposal: Proposal) -> Decision:
    """Whoever proposed it, as long as nobody has decided."""
    if proposal.proposed_by_id != user.pk:
        return refuse(_("Only the person who proposed this may withdraw it."), code="not_own_proposal")
    return _still_waits(proposal)


def _still_waits(proposal: Proposal) -> Decision:
    if proposal.decision != Proposal.Decision.PROPOSED:
        return refuse(
            _("This proposal was decided already: %(decision)s.") % {"decision": proposal.get_decision_display()}, code="decided"
        )
    return ALLOWED
