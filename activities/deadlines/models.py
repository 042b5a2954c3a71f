"""What falls due: rows that the engine computes, kept so that programs and reminders can read them."""

from datetime import date

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from funding.awards.models import own_awards
from funding.models import Award
from partners.ledger import DecidedRow, LedgerQuerySet, append_only, decision_constraints
from partners.models import Organization, Partnership, organizations_of, partnerships_of
from partners.roles import FULL_READERS, PARTNER_ROLES, Role


class Kind(models.TextChoices):
    TERM_END = "term_end", _("Term ends")
    TERM_DECISION = "term_decision", _("Decide on an extension of the term")
    AWARD_END = "award_end", _("Period of performance ends")
    PERFORMANCE_REPORT = "performance_report", _("Performance report")
    FINANCIAL_REPORT = "financial_report", _("Financial report, SF-425")
    FINAL_REPORT = "final_report", _("Final report")
    EXTENSION_REQUEST = "extension_request", _("Request for an extension")
    EXTENSION_NOTICE = "extension_notice", _("Notice of an extension")
    LIQUIDATION = "liquidation", _("Liquidation of obligations")
    CLOSEOUT = "closeout", _("Close-out")
    RECORDS = "records", _("End of record retention")
    PLEDGE_END = "pledge_end", _("Pledge ends")
    DIALOGUE = "dialogue", _("Bilateral Dialogue")
    DIALOGUE_INDICATORS = "dialogue_indicators", _("Key indicators of a dialogue")
    TARGETS = "targets", _("Yearly targets")
    COMMITMENT = "commitment", _("Commitment")


HOST_KINDS = [
    Kind.TERM_END,
    Kind.TERM_DECISION,
    Kind.PLEDGE_END,
    Kind.DIALOGUE,
    Kind.DIALOGUE_INDICATORS,
    Kind.TARGETS,
    Kind.COMMITMENT,
]


class DeadlineQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All of the partnerships that `user` reads whole; a partner's own and those of its sub-recipients; a host delegate's
        side."""
        own, passed_on = own_awards(user)
        mine = Q(recipient__in=organizations_of(user)) | Q(award__in=own, recipient=None) | Q(award__in=passed_on)
        return self.filter(
            Q(partnership__in=partnerships_of(user, FULL_READERS))
            | Q(partnership__in=partnerships_of(user, PARTNER_ROLES)) & mine
            | Q(partnership__in=partnerships_of(user, {Role.HOST_DELEGATE}), kind__in=HOST_KINDS)
        )

    def open(self):
        return self.filter(superseded_at=None)


class Deadline(models.Model):
    """One date that falls due, with the rule and the inputs that gave it. Days are civil days in the partnership's zone.

    `raw_on` is trigger plus offset, `due_on` what counts after the rule's shift, or 30 days after the decision that brought the
    date about too late; `next_business_on` is a courtesy. `met_at` is the
    instant at which it was done; lateness is computed, never stored. A superseded row stays, with a link to what took its place
    if anything did.
    """

    key = models.CharField(max_length=160, unique=True)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="deadlines")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    rule = models.CharField(max_length=20)
    rules_version = models.PositiveIntegerField()
    guidance_version = models.CharField(max_length=7, blank=True)
    award = models.ForeignKey(Award, models.CASCADE, null=True, blank=True, related_name="deadlines")
    recipient = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    subject_key = models.CharField(max_length=120)
    period_from = models.DateField(null=True, blank=True)
    period_to = models.DateField(null=True, blank=True)
    inputs = models.JSONField(default=dict)
    raw_on = models.DateField()
    due_on = models.DateField()
    next_business_on = models.DateField()
    met_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    superseded_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="supersedes")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    # no fields: what `queries.attach_reports` puts on a row, and what `queries.with_changes` adds to it
    report = promise = review = None
    wanted_on = wanted_at = granted_on = None

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "key"]
        indexes = [models.Index(fields=["partnership", "due_on"], name="deadline_partnership_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "subject_key", "recipient", "rule", "period_from", "period_to"],
                condition=Q(superseded_at__isnull=True),
                nulls_distinct=False,
                name="deadline_open_once",
            )
        ]

    def __str__(self):
        return self.key

    @property
    def legal_on(self) -> date:
        """The day by the rule; `due_on` is another where a decision brought the date about too late."""
        return date.fromisoformat(self.inputs["legal_on"]) if "legal_on" in self.inputs else self.due_on

    @property
    def decided_on(self) -> date | None:
        """The day of the decision that set `due_on`; None where the rule alone did."""
        return date.fromisoformat(self.inputs["decided_on"]) if "decided_on" in self.inputs else None


class RuleOverride(DecidedRow):
    """What an award's own terms say instead of a rule, append-only: another count of the rule's units, another shift, or that
    nothing falls due. Null and empty leave the rule's. The newest row in force holds; `reason` and `source` say why.
    """

    award = models.ForeignKey(Award, models.PROTECT, related_name="rule_overrides")
    rule = models.CharField(max_length=20)
    offset = models.SmallIntegerField(null=True, blank=True)
    shift = models.CharField(max_length=9, blank=True)
    is_suppressed = models.BooleanField(default=False)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        ordering = ["effective_on", "pk"]
        constraints = [
            *decision_constraints("rule_override"),
            models.CheckConstraint(
                condition=Q(voids__isnull=False)
                | Q(is_suppressed=True, offset__isnull=True, shift="")
                | Q(is_suppressed=False) & (Q(offset__isnull=False) | ~Q(shift="")),
                name="rule_override_says_one_thing",
                violation_error_message=_("Say another number of days, another shift, or that nothing falls due."),
            ),
        ]
        triggers = append_only("rule_override")


class DueDateChangeQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(deadline__in=Deadline.objects.visible_to(user).values("pk"))

    def waiting(self):
        return self.filter(decided_at=None)


class DueDateChange(models.Model):
    """A request for a later due day and its answer. `wanted_on` is the day asked for; once `decided_at` is set, `granted_on` is
    the day that was given, null where the request was refused. Decided rows never change."""

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="changes")
    was_due_on = models.DateField()
    wanted_on = models.DateField()
    reason = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    granted_on = models.DateField(null=True, blank=True)
    answer = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = DueDateChangeQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deadline"],
                condition=Q(decided_at__isnull=True),
                name="due_date_change_one_waits",
                violation_error_message=_("A request for this date waits for its answer already."),
            ),
            models.CheckConstraint(
                condition=Q(wanted_on__gt=F("was_due_on")) & (Q(granted_on__isnull=True) | Q(granted_on__gt=F("was_due_on"))),
                name="due_date_change_is_later",
                violation_error_message=_("The new day is later than the present one."),
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, granted_on__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="due_date_change_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="due_date_change_decided_by_another",
                violation_error_message=_("Somebody else than who asked decides."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="due_date_change_decided_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__decided_at__isnull=False),
            )
        ]

    def __str__(self):
        return f"{self.deadline_id} {self.wanted_on}"


class CalendarFeed(models.Model):
    """The address of a person's private calendar. Only its digest is kept (SHA-256, hexadecimal); a new address replaces the
    old one."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return f"{self.user_id}"


class JobRun(models.Model):
    """One run of a job: what it found and wrote, or why it failed. `finished_at` null: still running, or killed. `notes`: what
    went well enough and yet wants a reader, a line each."""

    job = models.CharField(max_length=60)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    n_found = models.PositiveIntegerField(default=0)
    n_written = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True)
    notes = models.TextField(blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["job", "-started_at"], name="jobrun_job_started")]

    def __str__(self):
        return f"{self.job} {self.started_at:%Y-%m-%d %H:%M}"
