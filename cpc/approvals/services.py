"""Propose, preview, decide, withdraw. `at` is an aware instant of the caller's clock; the day it falls on in the partnership's
zone is the day of the act."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.tasks import recompute
from cpc.audit.services import record
from partners.acts import Approval
from partners.ledger import DecidedRow
from partners.models import Document, Partnership

from .acts import FaultyAct, apply_acts
from .cautions import cautions_of
from .consequences import compare, fingerprint_of
from .models import Proposal
from .permissions import may_decide, may_propose, may_withdraw
from .picture import take_picture


@dataclass(frozen=True)
class Preview:
    """What approving would do, computed by doing it and taking it back. `fault`: why it cannot be approved as things are now."""

    consequences: dict
    fingerprint: str
    fault: FaultyAct | None = None


class WorldChanged(Exception):
    """The consequences are no longer those that were seen; `preview` has the new ones. Nothing was decided."""

    def __init__(self, preview: Preview):
        super().__init__("The consequences are not those that were previewed.")
        self.preview = preview


class Overtaken(Exception):
    """Somebody else decided, or withdrew, first. `proposal` is as it stands now."""

    def __init__(self, proposal: Proposal):
        super().__init__(f"{proposal.key} is {proposal.decision}.")
        self.proposal = proposal


@transaction.atomic
def propose(
    partnership_id: int, acts: list[dict], *, actor, at: datetime, reason: str, source: Document | None = None,
    certainty: str = "primary", is_sample: bool = False,
) -> Proposal:  # fmt: skip
    """Keep a proposal; nothing moves before somebody else decides. Raises PermissionDenied if `actor` may not, FaultyAct for an
    act that could not be approved today, ValidationError for a missing reason."""
    partnership = lock(partnership_id)
    may_propose(actor, partnership).require()
    if not acts:
        raise ValidationError(_("A proposal changes something: the term, the regions, an award or a pledge."))
    proposal = Proposal(
        key=f"{partnership.key}-proposal-{Proposal.objects.filter(partnership=partnership).count() + 1}",
        partnership=partnership, acts=acts, reason=reason.strip(), proposed_by=actor, proposed_on=partnership.day_of(at),
        source=source, certainty=certainty, is_sample=is_sample,
    )  # fmt: skip
    proposal.full_clean()
    tried = preview(proposal, at=at)
    if tried.fault:
        raise tried.fault
    proposal.save(force_insert=True)
    record(actor, "proposal.made", proposal, partnership_key=partnership.key, acts=[act["act"] for act in acts])
    return proposal


@transaction.atomic
def preview(proposal: Proposal, *, at: datetime) -> Preview:
    """What approving `proposal` now would do. Writes nothing: the acts are applied inside a savepoint that is rolled back."""
    lock(proposal.partnership_id)
    try:
        with transaction.atomic():
            consequences = carry_out(proposal, decided_by=None, at=at)
            transaction.set_rollback(True)
    except FaultyAct as fault:
        return Preview({}, "", fault)
    return Preview(consequences, fingerprint_of(consequences))


@transaction.atomic
def approve(proposal_id: int, *, actor, at: datetime, seen: str) -> Proposal:
    """Apply exactly what was previewed: `seen` is the fingerprint of the preview that the decider saw. Raises PermissionDenied,
    Overtaken, WorldChanged with the new preview, or the ValidationError of an act that has become impossible."""
    proposal = claim(proposal_id)
    may_decide(actor, proposal).require()
    consequences = carry_out(proposal, decided_by=actor, at=at)
    fingerprint = fingerprint_of(consequences)
    if fingerprint != seen:
        raise WorldChanged(Preview(consequences, fingerprint))
    proposal.consequences = consequences
    return close(proposal, Proposal.Decision.APPROVED, actor=actor, at=at)


@transaction.atomic
def refuse(proposal_id: int, *, actor, at: datetime, reason: str) -> Proposal:
    """Raises PermissionDenied, Overtaken, or ValidationError at `reason` where there is none."""
    proposal = claim(proposal_id)
    may_decide(actor, proposal).require()
    if not reason.strip():
        raise ValidationError({"reason": _("Say why, so that the proposer can mend it.")})
    proposal.decision_reason = reason.strip()
    return close(proposal, Proposal.Decision.REFUSED, actor=actor, at=at)


@transaction.atomic
def withdraw(proposal_id: int, *, actor, at: datetime) -> Proposal:
    """Raises PermissionDenied or Overtaken."""
    proposal = claim(proposal_id)
    may_withdraw(actor, proposal).require()
    return close(proposal, Proposal.Decision.WITHDRAWN, actor=actor, at=at)


def lock(partnership_id: int) -> Partnership:
    """One decision at a time in a partnership, and none beside a recomputation."""
    return Partnership.objects.locked().select_related("host_country").get(pk=partnership_id)


def claim(proposal_id: int) -> Proposal:
    """The proposal, locked, and its partnership. Raises Overtaken where it was decided already."""
    partnership = lock(Proposal.objects.values_list("partnership", flat=True).get(pk=proposal_id))
    proposal = Proposal.objects.select_for_update(of=["self"]).select_related("proposed_by", "source").get(pk=proposal_id)
    proposal.partnership = partnership
    if proposal.decision != Proposal.Decision.PROPOSED:
        raise Overtaken(proposal)
    return proposal


def carry_out(proposal: Proposal, *, decided_by, at: datetime) -> dict:
    """Apply the acts, recompute the deadlines, and say what that changed: `compare`'s answer, the permanent names of the `rows`
    that the ledger got, and the `cautions`. `decided_by` None: only to see what it would change."""
    partnership, today = proposal.partnership, proposal.partnership.day_of(at)
    before, by = take_picture(partnership, today=today), approval_of(proposal, decided_by=decided_by, at=at, on=today)
    rows = apply_acts(partnership, proposal.acts, by)
    recompute(partnership.pk, today=today, actor=decided_by)
    after = take_picture(partnership, today=today)
    return compare(before, after) | {
        "rows": [row.key for row in rows if isinstance(row, DecidedRow)],
        "cautions": cautions_of(rows, before, after, by=by),
    }


def approval_of(proposal: Proposal, *, decided_by, at: datetime, on: date) -> Approval:
    return Approval(
        proposed_by=proposal.proposed_by, decided_by=decided_by, at=at, on=on, reason=proposal.reason, source=proposal.source,
        certainty=proposal.certainty, is_sample=proposal.is_sample,
    )  # fmt: skip


def close(proposal: Proposal, decision: str, *, actor, at: datetime) -> Proposal:
    proposal.decision, proposal.decided_by = decision, actor
    proposal.decided_on, proposal.decided_at = proposal.partnership.day_of(at), timezone.now()
    proposal.save(update_fields=["decision", "decision_reason", "decided_by", "decided_on", "decided_at", "consequences"])
    record(actor, f"proposal.{decision}", proposal, partnership_key=proposal.partnership.key, reason=proposal.decision_reason)
    return proposal
