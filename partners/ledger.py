"""What every ledger row has: three dates, a source, how sure it is, and a decision by two people.

Ledger rows are append-only: triggers refuse DELETE always and UPDATE of whatever has been decided. A mistake is voided by a
new row.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cpc.core.dates import PreciseDate, precision_field


class Certainty(models.TextChoices):
    """How sure a sourced row is."""

    PRIMARY = "primary", _("primary source")
    SECONDARY = "secondary", _("secondary source")
    DERIVED = "derived", _("derived")
    ASSUMED = "assumed", _("assumed")


class Qualifier(models.TextChoices):
    """The word that belongs to a figure and to every sum it enters."""

    EXACT = "exact", _("exactly")
    AT_LEAST = "at_least", _("at least")
    MORE_THAN = "more_than", _("more than")
    AT_MOST = "at_most", _("at most")
    ABOUT = "about", _("about")
    PLANNED = "planned", _("planned")


class Decision(models.TextChoices):
    """What became of a proposal."""

    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Sourced(models.Model):
    """A row on somebody's word. `is_sample` marks an invented row of the demonstration."""

    source = models.ForeignKey("partners.Document", models.PROTECT, null=True, blank=True, related_name="+")
    certainty = models.CharField(max_length=9, choices=Certainty.choices, default=Certainty.PRIMARY)
    is_sample = models.BooleanField(default=False)

    class Meta:
        abstract = True


class LedgerQuerySet(models.QuerySet):
    def in_force(self, *, as_of, known_on):
        """Rows that were true on `as_of` and could be known on `known_on` (days, both included), and that no void known by
        then took back."""
        void = self.model._base_manager.filter(voids=OuterRef("pk"), known_on__lte=known_on)
        if hasattr(self.model, "decision"):
            void = void.filter(decision=Decision.APPROVED)
        return self.decided().filter(effective_on__lte=as_of, known_on__lte=known_on, voids=None).exclude(Exists(void))

    def decided(self):
        """Rows that count: approved ones, where the kind of row needs a decision."""
        if hasattr(self.model, "decision"):
            return self.filter(decision=Decision.APPROVED)
        return self


class LedgerRow(Sourced):
    """One append-only row. `effective_on` is the last day that fits its precision; `known_on` the day from which it could be
    known.

    `recorded_at` is for the audit only. `voids` names the row that this one takes back, with `reason`.
    """

    key = models.CharField(max_length=120, unique=True)
    effective_on = models.DateField()
    effective_precision = precision_field()
    known_on = models.DateField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    reason = models.TextField(blank=True)
    voids = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="voided_by")

    class Meta:
        abstract = True

    def __str__(self):
        return self.key

    @property
    def effective(self) -> PreciseDate:
        """The day on which it was true, as far as it is known."""
        return PreciseDate.of(self.effective_on, self.effective_precision)


class Proposal(LedgerRow):
    """A ledger row that one person proposes and another decides. A loaded file counts as both: `loaded_from` names it,
    `proposed_by` then is the operator who loaded it, or nobody."""

    decision = models.CharField(max_length=9, choices=Decision.choices, default=Decision.PROPOSED)
    decision_reason = models.TextField(blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    loaded_from = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


def append_only(table: str, *, undecided_may_change: bool = False):
    """Triggers for a ledger table: no DELETE, and no UPDATE, or none of what has been decided."""
    condition = pgtrigger.Q(old__decision__in=["approved", "refused", "withdrawn"]) if undecided_may_change else None
    return [
        pgtrigger.Protect(name=f"{table}_no_update", operation=pgtrigger.Update, condition=condition),
        pgtrigger.Protect(name=f"{table}_no_delete", operation=pgtrigger.Delete),
    ]


def decision_constraints(table: str):
    """One-row rules of a proposal: what is decided has a decider or a file, and nobody decides the own proposal."""
    decided = Q(decision__in=["approved", "refused"])
    return [
        models.CheckConstraint(
            condition=~decided | Q(decided_by__isnull=False) | ~Q(loaded_from=""),
            name=f"{table}_decided_by_somebody",
            violation_error_message=_("A decision names who decided, or the file it was loaded from."),
        ),
        models.CheckConstraint(
            condition=Q(decided_by__isnull=True) | Q(proposed_by__isnull=True) | ~Q(decided_by=models.F("proposed_by")),
            name=f"{table}_decided_by_another",
            violation_error_message=_("Somebody else than the proposer decides."),
        ),
    ]
