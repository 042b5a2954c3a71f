"""The outbox: what people are told, on the page and by mail, and what became of it."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from partners.models import Partnership, partnerships_of
from partners.roles import roles_that_may

from .rules import DEFAULT
from .rules import Ladder as LadderRules


class Kind(models.TextChoices):
    DEADLINE = "deadline", _("Date that falls due")
    REPORT_DUE_AGAIN = "report_due_again", _("Report that is due again")
    REVIEW_WAITS = "review_waits", _("Report that waits for review")
    REPORT_RETURNED = "report_returned", _("Report returned")
    REPORT_ACCEPTED = "report_accepted", _("Report accepted")
    REPORT_REOPENED = "report_reopened", _("Report reopened")
    PROPOSAL_MADE = "proposal_made", _("Proposal that waits for a decision")
    PROPOSAL_APPROVED = "proposal_approved", _("Proposal approved")
    PROPOSAL_REFUSED = "proposal_refused", _("Proposal refused")
    CONTRIBUTION_DISPUTED = "contribution_disputed", _("Contribution disputed")
    DATE_ASKED = "date_asked", _("Later due date asked for")
    DATE_GRANTED = "date_granted", _("Later due date granted")
    DATE_REFUSED = "date_refused", _("Later due date refused")


# They ask for nothing, so nothing ends them: they are told while they are new and then left.
LAST_WORDS = frozenset(
    {Kind.REPORT_ACCEPTED, Kind.PROPOSAL_APPROVED, Kind.PROPOSAL_REFUSED, Kind.DATE_GRANTED, Kind.DATE_REFUSED}
)
# Returns and decisions; everything else waits for the digest of the day.
AT_ONCE = frozenset(
    {
        Kind.REPORT_RETURNED,
        Kind.REPORT_ACCEPTED,
        Kind.REPORT_REOPENED,
        Kind.PROPOSAL_APPROVED,
        Kind.PROPOSAL_REFUSED,
        Kind.DATE_GRANTED,
        Kind.DATE_REFUSED,
    }
)


class LetterQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Letters to other people that hold a notice of a partnership in which `user` sees who has access."""
        there = partnerships_of(user, roles_that_may("users.invite_partners"))
        return self.filter(Exists(Notice.objects.filter(letter=OuterRef("pk"), partnership__in=there)))

    def waiting(self):
        """Neither sent nor given up."""
        return self.filter(sent_at=None, failed_at=None)

    def waiting_or_failed(self):
        return self.filter(sent_at=None)

    def in_trouble(self):
        """Given up, or tried in vain so far."""
        return self.filter(sent_at=None, n_tries__gt=0)


class Letter(models.Model):
    """One mail, put together once and for all before it is sent: the digest of a person's day, or (without `digest_on`) one
    notice that went at once. `name` makes its `Message-ID`, the same at every try. All instants are real ones.

    `sent_at`: the server took it, or nothing of it held any more (`is_void`); `failed_at`: given up, `failure` says why."""

    name = models.UUIDField(default=uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    digest_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    n_tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    is_void = models.BooleanField(default=False)
    failed_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=500, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(sent_at=None, failed_at=None), name="letter_waiting"),
            models.Index(fields=["failed_at"], condition=Q(failed_at__isnull=False), name="letter_failed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "digest_on"], condition=Q(digest_on__isnull=False), name="letter_one_digest_a_day"
            ),
            models.CheckConstraint(condition=Q(sent_at=None) | Q(failed_at=None), name="letter_sent_or_failed"),
        ]

    def __str__(self):
        return str(self.name)


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A person's own, of the partnerships that the person still sees."""
        return self.filter(recipient=user.pk, partnership__in=partnerships_of(user))

    def holding(self):
        return self.filter(over_at=None)

    def unread(self):
        return self.holding().filter(read_at=None)

    def for_list(self):
        return self.select_related("partnership", "letter").order_by("-planned_on", "-pk")


class Notice(models.Model):
    """One thing that one person is told. `subject_key` names what it is about for good, the two texts as it was called then.
    `due_on` and `step` (days after it) for a reminder; an event has neither.

    `planned_on` is the day in the partnership's zone. `over_at`: it was met, decided, or a later step took its place; it is not
    mailed any more. `letter`: the mail that holds it."""

    kind = models.CharField(max_length=21, choices=Kind.choices)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="+")
    subject_key = models.CharField(max_length=200)
    subject_en = models.CharField(max_length=400)
    subject_es = models.CharField(max_length=400)
    path = models.CharField(max_length=400)
    is_sample = models.BooleanField(default=False)
    due_on = models.DateField(null=True, blank=True)
    step = models.SmallIntegerField(default=0)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    planned_on = models.DateField()
    planned_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)
    letter = models.ForeignKey(Letter, models.PROTECT, null=True, blank=True, related_name="notices")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["recipient"], condition=Q(read_at=None, over_at=None), name="notice_unread"),
            models.Index(fields=["partnership"], condition=Q(over_at=None), name="notice_holding"),
            models.Index(fields=["recipient", "-planned_on"], name="notice_of_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_key", "due_on", "step", "recipient"], nulls_distinct=False, name="notice_once"
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.subject_key} {self.step}"


class Ladder(models.Model):
    """On which days a partnership reminds people of a date; a partnership without a row has the usual ones. `days` and
    `repeat` as in `rules.Ladder`; `version` rises with each change."""

    partnership = models.OneToOneField(Partnership, models.CASCADE, related_name="+")
    days = ArrayField(models.SmallIntegerField(), default=list)
    repeat = models.PositiveSmallIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"{self.partnership_id}"

    @property
    def rules(self) -> LadderRules:
        return LadderRules(tuple(sorted(self.days)), self.repeat)


def ladder_of(partnership: Partnership) -> LadderRules:
    """The ladder that holds in a partnership. One query."""
    row = Ladder.objects.filter(partnership=partnership).first()
    return row.rules if row else DEFAULT
