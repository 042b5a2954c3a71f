"""What is proposed: one or several acts on money and dates, which nothing feels until somebody else approves them."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partners.ledger import Sourced
from partners.models import Partnership, partnerships_of
from partners.roles import FULL_READERS


class ProposalQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(partnership__in=partnerships_of(user, FULL_READERS))

    def waiting(self):
        return self.filter(decision=Proposal.Decision.PROPOSED)

    def that_wrote(self, row_key: str):
        """The approved proposal that brought the row of a ledger with this permanent name."""
        return self.filter(decision=Proposal.Decision.APPROVED, consequences__contains={"rows": [row_key]})

    def for_list(self):
        return self.select_related("partnership", "proposed_by", "decided_by", "source").order_by("proposed_at", "pk")


class Proposal(Sourced):
    """An announcement of one or several acts, decided as a whole. `acts` are the plain values of `acts.py`, in the order in which
    they apply; `proposed_on` and `decided_on` are days in the partnership's zone, `proposed_at` and `decided_at` real instants.

    The rows that the acts write come into being with the approval and not before. Append-only: the database lets a proposal be
    decided once, changes nothing else of it and deletes none.
    """

    class Decision(models.TextChoices):
        PROPOSED = "proposed", _("Waits for a decision")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    key = models.CharField(max_length=80, unique=True)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="proposals")
    acts = models.JSONField()
    reason = models.TextField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_on = models.DateField()
    proposed_at = models.DateTimeField(auto_now_add=True)
    decision = models.CharField(max_length=9, choices=Decision.choices, default=Decision.PROPOSED)
    decision_reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_on = models.DateField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    consequences = models.JSONField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=["proposed", "withdrawn"])
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="proposal_decided_by_another",
                violation_error_message=_("Somebody else than the proposer decides."),
            ),
            models.CheckConstraint(
                condition=~Q(decision="refused") | ~Q(decision_reason=""),
                name="proposal_refused_with_a_reason",
                violation_error_message=_("A refusal needs a reason."),
            ),
            models.CheckConstraint(
                condition=Q(decision="proposed", decided_at__isnull=True)
                | (~Q(decision="proposed") & Q(decided_at__isnull=False)),
                name="proposal_decided_at_an_instant",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="proposal_decided_once", operation=pgtrigger.Update, condition=~pgtrigger.Q(old__decision="proposed")
            ),
            pgtrigger.ReadOnly(
                name="proposal_says_what_it_said",
                fields=[
                    "key",
                    "partnership",
                    "acts",
                    "reason",
                    "proposed_by",
                    "proposed_on",
                    "proposed_at",
                    "source",
                    "is_sample",
                ],
            ),
            pgtrigger.Protect(name="proposal_no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return self.key
