"""What the partners report: indicators and targets, and the versions of each quarterly report with their contents."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from activities.deadlines.models import Deadline, Kind
from cpc.core.money import amount_field
from cpc.reference.models import Region
from funding.models import Award
from partners.ledger import Sourced, append_only
from partners.models import Objective, Organization, Partnership, PartnershipRowQuerySet, organizations_of, partnerships_of
from partners.roles import FULL_READERS, PARTNER_ROLES

from .rules import DRAFT, EDITABLE, MOVES, NOT_STARTED

REPORT_KINDS = [Kind.PERFORMANCE_REPORT, Kind.FINANCIAL_REPORT, Kind.FINAL_REPORT]


class Indicator(Sourced):
    """What is counted. The adding rules say in which direction values may be added; persons default to *do not add*.

    `categories` are the keys of its own grid (`female`, `male` …); one empty list means a single column. `protected`: counts
    of children.
    """

    class Unit(models.TextChoices):
        COUNT = "count", _("count")
        PERSONS = "persons", _("persons")
        MONEY = "money", _("money in the host's currency")

    class Flow(models.TextChoices):
        FLOW = "flow", _("in the period")
        STOCK = "stock", _("at the end of the period")

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="indicators")
    key = models.CharField(max_length=30)
    objective = models.ForeignKey(Objective, models.PROTECT, null=True, blank=True, related_name="+")
    name_en = models.CharField(max_length=200)
    name_es = models.CharField(max_length=200)
    definition_en = models.TextField(blank=True)
    definition_es = models.TextField(blank=True)
    unit = models.CharField(max_length=7, choices=Unit.choices)
    flow = models.CharField(max_length=5, choices=Flow.choices, default=Flow.FLOW)
    categories = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    adds_over_periods = models.BooleanField(default=False)
    adds_over_regions = models.BooleanField(default=False)
    adds_over_organizations = models.BooleanField(default=False)
    protected = models.BooleanField(default=False)
    reported_by_partners = models.BooleanField(default=True)
    standard_ref = models.CharField(max_length=20, blank=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")

    objects = PartnershipRowQuerySet.as_manager()

    class Meta:
        ordering = ["partnership", "key"]
        constraints = [models.UniqueConstraint(fields=["partnership", "key"], name="indicator_key_once")]

    def __str__(self):
        return self.key


class TargetQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(indicator__partnership__in=partnerships_of(user))


class Target(Sourced):
    """What an indicator should reach in a calendar year, in one region or (null) in all together."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets")
    year = models.PositiveSmallIntegerField()
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    value = models.DecimalField(max_digits=14, decimal_places=2)

    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", "year"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "year", "region"], nulls_distinct=False, name="target_once"),
        ]

    def __str__(self):
        return f"{self.indicator_id} {self.year}"


class ReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All of the partnerships that `user` reads whole; a partner's own reports and those of its sub-recipients."""
        passed_on = Award.objects.filter(level="sub", pass_through__in=organizations_of(user)).values("pk")
        own = Q(organization__in=organizations_of(user)) | Q(award__in=passed_on)
        return self.filter(
            Q(partnership__in=partnerships_of(user, FULL_READERS)) | Q(partnership__in=partnerships_of(user, PARTNER_ROLES)) & own
        )

    def with_state(self):
        """Adds what the newest version says, and when the report is due. Nothing here is stored: `state` (`not_started` without a
        version), `number`, `certifier` (an id), `submitted_at`; `first_due_on` is the earliest open deadline of the report,
        `due_on` the version's own day where it has one. A report without any deadline left has neither."""
        newest = ReportVersion.objects.filter(report=OuterRef("pk")).order_by("-number")
        deadlines = (
            Deadline.objects.open()
            .filter(
                award=OuterRef("award"),
                recipient=OuterRef("organization"),
                period_from=OuterRef("period_from"),
                period_to=OuterRef("period_to"),
                kind__in=REPORT_KINDS,
            )
            .order_by()
            .values("award")
            .annotate(first=Min("due_on"))
        )
        return self.annotate(
            state=Coalesce(Subquery(newest.values("state")[:1]), Value(NOT_STARTED)),
            number=Subquery(newest.values("number")[:1]),
            certifier=Subquery(newest.values("certified_by")[:1]),
            submitted_at=Subquery(newest.values("submitted_at")[:1]),
            first_due_on=Subquery(deadlines.values("first")),
            due_on=Coalesce(Subquery(newest.values("due_on")[:1]), F("first_due_on")),
        )

    def current(self, today):
        """Reports that were begun, and those whose period has begun by `today` (a day in the partnership's zone)."""
        return self.filter(Q(period_from__lte=today) | Exists(ReportVersion.objects.filter(report=OuterRef("pk"))))

    def for_list(self):
        return self.select_related("award", "organization", "partnership").with_state().order_by("-period_to", "key")


class Report(models.Model):
    """What one organization owes for one award and period; it discharges every report deadline of that triple. Its versions
    hold the content.

    A row without a version is owed and not started. `sync_reports` keeps such rows in step with the deadlines.
    """

    key = models.CharField(max_length=160, unique=True)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="reports")
    award = models.ForeignKey(Award, models.PROTECT, related_name="reports")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    period_from = models.DateField()
    period_to = models.DateField()
    is_final = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    is_sample = models.BooleanField(default=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-period_to", "key"]
        constraints = [
            models.UniqueConstraint(fields=["award", "organization", "period_from", "period_to"], name="report_once_per_period"),
        ]

    def __str__(self):
        return self.key


class ReportVersion(models.Model):
    """One version of a report; it holds the state. A returned one has its own due day `due_on`, in the partnership's zone."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        IN_REVIEW = "in_review", _("In review")
        RETURNED = "returned", _("Returned")
        ACCEPTED = "accepted", _("Accepted")

    report = models.ForeignKey(Report, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    reason = models.TextField(blank=True)
    due_on = models.DateField(null=True, blank=True)
    certified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["report", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["report"], condition=~Q(state="accepted"), name="one_open_version_per_report"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="report_version_starts_as_a_draft",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__state=DRAFT),
            ),
            pgtrigger.FSM(
                name="report_moves_along_the_table",
                field="state",
                transitions=sorted({(move.start, move.end) for move in MOVES}),
            ),
            pgtrigger.Protect(
                name="accepted_version_is_frozen",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="accepted"),
            ),
        ]

    def __str__(self):
        return f"{self.report_id} v{self.number}"


def frozen_unless_editable(table: str):
    """A trigger that refuses every write to the contents of a version that is neither a draft nor returned."""
    return pgtrigger.Trigger(
        name=f"{table}_only_while_editable",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF EXISTS (
                SELECT FROM activities_reportversion
                WHERE id IN (OLD.version_id, NEW.version_id) AND state NOT IN ('{"', '".join(sorted(EDITABLE))}')
            ) THEN
                RAISE EXCEPTION 'the contents of a report are frozen once it is submitted';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


class Section(models.Model):
    """One task of the report. `key` names it (`indicators-1`, `summary`, `financial` …), `text` is its narrative if it has one.

    `revision` rises with each save of the task and is what a form sends back, so that a second tab cannot overwrite the first.
    """

    version = models.ForeignKey(ReportVersion, models.CASCADE, related_name="sections")
    key = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=2, default="es")
    is_done = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="section_once")]
        triggers = [frozen_unless_editable("section")]

    def __str__(self):
        return f"{self.version_id} {self.key}"


class Cell(models.Model):
    """One figure: version × indicator × organization × region (null: national) × category. No row is "not recorded yet"."""

    class Empty(models.TextChoices):
        NOT_COLLECTED = "not_collected", _("not collected")
        NOT_APPLICABLE = "not_applicable", _("not applicable")
        WITHHELD = "withheld", _("withheld for safety")

    version = models.ForeignKey(ReportVersion, models.CASCADE, related_name="cells")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="cells")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    category = models.CharField(max_length=20, blank=True)
    value = models.PositiveIntegerField(null=True, blank=True)
    empty = models.CharField(max_length=14, choices=Empty.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "indicator", "organization", "region", "category"], nulls_distinct=False, name="cell_once"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, empty="") | (Q(value__isnull=True) & ~Q(empty="")),
                name="cell_has_a_value_or_a_reason",
                violation_error_message=_("A cell holds a number, or the reason why there is none."),
            ),
        ]
        triggers = [frozen_unless_editable("cell")]

    def __str__(self):
        return f"{self.version_id} {self.indicator_id} {self.category}"


class FinancialReport(models.Model):
    """The SF-425's typed lines, cumulative from the award's start, in the award's currency; 10c, 10g, 10h, 10k and 10o are
    computed.

    Null is not reported. Source of the letters: OMB 4040-0014.
    """

    class Basis(models.TextChoices):
        CASH = "cash", _("cash")
        ACCRUAL = "accrual", _("accrual")

    version = models.OneToOneField(ReportVersion, models.CASCADE, related_name="financial")
    basis = models.CharField(max_length=7, choices=Basis.choices, default=Basis.CASH)
    line_10a = amount_field(null=True, blank=True)
    line_10b = amount_field(null=True, blank=True)
    line_10d = amount_field(null=True, blank=True)
    line_10e = amount_field(null=True, blank=True)
    line_10f = amount_field(null=True, blank=True)
    line_10i = amount_field(null=True, blank=True)
    line_10j = amount_field(null=True, blank=True)
    line_10l = amount_field(null=True, blank=True)
    line_10m = amount_field(null=True, blank=True)
    line_10n = amount_field(null=True, blank=True)
    remarks = models.TextField(blank=True)

    class Meta:
        triggers = [frozen_unless_editable("financialreport")]

    def __str__(self):
        return f"{self.version_id} SF-425"


class ReturnItem(models.Model):
    """What the reviewer wants changed, tied to a task and, where it is one, to a field of its form. Kept after the answer."""

    version = models.ForeignKey(ReportVersion, models.PROTECT, related_name="return_items")
    section_key = models.CharField(max_length=40)
    field = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    answer = models.TextField(blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["round", "pk"]
        triggers = [
            frozen_unless_editable("returnitem"),
            pgtrigger.Protect(name="returnitem_no_delete", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="returnitem_question_stays",
                fields=["version", "section_key", "field", "text", "round", "created_at", "created_by"],
            ),
        ]

    def __str__(self):
        return f"{self.version_id} {self.section_key}"


class Transition(models.Model):
    """One move of a version: who, from, to, when, with which words. Append-only.

    `contents` is what was submitted, frozen, in the shape of `contents.as_json` (null for every other move); `due_on` the day
    that a return sets. Null and "" for `actor` and `comment` where there is none.
    """

    version = models.ForeignKey(ReportVersion, models.PROTECT, related_name="transitions")
    move = models.CharField(max_length=20)
    start = models.CharField(max_length=9, blank=True)
    end = models.CharField(max_length=9)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    comment = models.TextField(blank=True)
    due_on = models.DateField(null=True, blank=True)
    contents = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        triggers = append_only("transition")

    def __str__(self):
        return f"{self.version_id} {self.move}"
