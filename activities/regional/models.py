"""What was done, where, for which objective, and how many took part."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpc.reference.models import Region
from funding.models import Award
from partners.models import Objective, Organization, Partnership, organizations_of, partnerships_of
from partners.roles import FULL_READERS, PARTNER_ROLES, Role

ACTIVITY_READERS = FULL_READERS | {Role.HOST_DELEGATE}


class ActivityQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All activities of the partnerships that `user` reads whole or for the host; a partner's own and those under its
        awards."""
        own = Q(organization__in=organizations_of(user)) | Q(award__in=Award.objects.visible_to(user).values("pk"))
        return self.filter(
            Q(partnership__in=partnerships_of(user, ACTIVITY_READERS))
            | Q(partnership__in=partnerships_of(user, PARTNER_ROLES)) & own
        )

    def for_list(self):
        return self.select_related("region", "objective", "organization", "award").order_by("-starts_on", "-pk")


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Activity(models.Model):
    """One event of the programme. `region` null: national. Days in the partnership's zone. No name of a participant, no
    address."""

    class Kind(models.TextChoices):
        TRAINING = "training", _("Training")
        WORKSHOP = "workshop", _("Workshop")
        MEETING = "meeting", _("Coordination meeting")
        TECHNICAL_ASSISTANCE = "technical_assistance", _("Technical assistance")
        CAMPAIGN = "campaign", _("Awareness campaign")
        SERVICE = "service", _("Service to victims")
        VISIT = "visit", _("Monitoring visit")
        OTHER = "other", _("Other")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")
        VOID = "void", pgettext_lazy("activity", "Void")

    key = models.CharField(max_length=80, unique=True)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="activities")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.HELD)
    objective = models.ForeignKey(Objective, models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    award = models.ForeignKey(Award, models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    title = models.CharField(max_length=200)
    notes = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)
    is_sample = models.BooleanField(default=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        indexes = [
            models.Index(fields=["partnership", "-starts_on", "-id"], name="activity_partnership_newest"),
            models.Index(fields=["partnership", "state", "starts_on", "region", "objective"], name="activity_grid"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="activity_ends_on_or_after_start",
                violation_error_message=_("The last day is not before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(state="void") | ~Q(reason=""),
                name="activity_void_has_a_reason",
                violation_error_message=_("A void needs a reason."),
            ),
        ]

    def __str__(self):
        return self.title


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class ParticipantCount(models.Model):
    """How many took part: one cell of the counts grid. A cell that has no row was not recorded; 0 is none."""

    class Group(models.TextChoices):
        OFFICIALS = "officials", _("Officials and professionals")
        COMMUNITY = "community", _("Community members")
        CHILDREN = "children", _("Children and adolescents")

    class Sex(models.TextChoices):
        FEMALE = "female", _("Female")
        MALE = "male", _("Male")
        OTHER = "other", _("Other")
        NOT_RECORDED = "not_recorded", _("Not recorded")

    class AgeBand(models.TextChoices):
        CHILD = "child", _("Under 18")
        ADULT = "adult", _("18 and over")
        UNKNOWN = "unknown", _("Age not recorded")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="counts")
    group = models.CharField(max_length=9, choices=Group.choices)
    sex = models.CharField(max_length=12, choices=Sex.choices)
    age_band = models.CharField(max_length=7, choices=AgeBand.choices)
    n = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "group", "sex", "age_band"], name="count_once_per_cell"),
            models.CheckConstraint(
                condition=Q(n__lte=1_000_000),
                name="count_is_plausible",
                violation_error_message=_("At most 1,000,000 in one cell."),
            ),
        ]

    def __str__(self):
        return f"{self.activity_id} {self.group} {self.sex} {self.age_band}"
