"""What every ledger row has: three dates, a source, how sure it is, and two people who stand for it.

Ledger rows are append-only: triggers refuse every UPDATE and DELETE. A mistake is voided by a new row. A row comes into being
when its proposal is approved (`cpc.approvals`) or its file is loaded; what is only proposed is not in the ledger.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cpc.core.dates import PreciseDate, precision_field

# Where a row says that it comes from while a proposal's consequences are computed; such a row is always rolled back.
TRIED_OUT = "tried out"


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


def sample_message() -> str:
    """What an answer says that rests on a row marked `is_sample`."""
    return gettext("This answer rests on sample rows, invented for the demonstration.")


class Sourced(models.Model):
    """A row on somebody's word. `is_sample` marks an invented row of the demonstration."""

    source = models.ForeignKey("partners.Document", models.PROTECT, null=True, blank=True, related_name="+")
    certainty = models.CharField(max_length=9, choices=Certainty.choices, default=Certainty.PRIMARY)
    is_sample = models.BooleanField(default=False)

    class Meta:
        abstract = True


class LedgerQuerySet(models.QuerySet):
    def in_force(self, *, as_of, known_on, written_until=None):
        """Rows that were true on `as_of` and could be known on `known_on` (days, both included), and that no void known by
        then took back. `written_until` (an instant) asks for the answer that was given then: without what was written later."""
        written = {} if written_until is None else {"recorded_at__lte": written_until}
        void = self.model._base_manager.filter(voids=OuterRef("pk"), known_on__lte=known_on, **written)
        return self.filter(effective_on__lte=as_of, known_on__lte=known_on, voids=None, **written).exclude(Exists(void))


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


class DecidedRow(LedgerRow):
    """A ledger row that one person proposed and another approved, at `decided_at`. A loaded file counts as both: `loaded_from`
    names it, `proposed_by` then is the operator who loaded it, or nobody."""

    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    loaded_from = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def decided_here(self) -> bool:
        """Whether two people decided it here (or it is tried out), and no file brought it."""
        return self.loaded_from in ("", TRIED_OUT)


def append_only(table: str):
    """Triggers for a ledger table: no UPDATE and no DELETE."""
    return [
        pgtrigger.Protect(name=f"{table}_no_update", operation=pgtrigger.Update),
        pgtrigger.Protect(name=f"{table}_no_delete", operation=pgtrigger.Delete),
    ]


def decision_constraints(table: str):
    """One-row rules of what was decided: it has a decider or a file, and nobody decides the own proposal."""
    return [
        models.CheckConstraint(
            condition=Q(decided_by__isnull=False, proposed_by__isnull=False) | ~Q(loaded_from=""),
            name=f"{table}_decided_by_somebody",
            violation_error_message=_("A decision names who proposed and who decided, or the file it was loaded from."),
        ),
        models.CheckConstraint(
            condition=Q(decided_by__isnull=True) | Q(proposed_by__isnull=True) | ~Q(decided_by=models.F("proposed_by")),
            name=f"{table}_decided_by_another",
            violation_error_message=_("Somebody else than the proposer decides."),
        ),
    ]
