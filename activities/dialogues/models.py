"""Bilateral dialogues and what the two governments agreed in them."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cpc.core.dates import precision_field
from cpc.core.texts import text_original_field, text_state_field
from partners.ledger import Sourced
from partners.models import Document, Organization, Partnership, PartnershipRowQuerySet, partnerships_of

from .labels import dialogue_name


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Dialogue(Sourced):
    """One Bilateral Dialogue. Days with precision; `known_on` as in the ledger, so that an earlier day's page does not know of
    it."""

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        VIRTUAL = "virtual", _("virtual")
        UNKNOWN = "unknown", _("form not known")

    key = models.SlugField(max_length=60, unique=True)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="dialogues")
    ordinal = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    starts_precision = precision_field()
    ends_on = models.DateField()
    ends_precision = precision_field()
    known_on = models.DateField()
    mode = models.CharField(max_length=9, choices=Mode.choices, default=Mode.UNKNOWN)
    place_en = models.CharField(max_length=100, blank=True)
    place_es = models.CharField(max_length=100, blank=True)
    record_en = models.TextField(blank=True)
    record_es = models.TextField(blank=True)
    record_original = text_original_field()
    record_state = text_state_field()

    objects = PartnershipRowQuerySet.as_manager()

    class Meta:
        ordering = ["partnership", "ordinal"]
        constraints = [models.UniqueConstraint(fields=["partnership", "ordinal"], name="dialogue_ordinal_once")]

    def __str__(self):
        return self.key

    @property
    def name(self) -> str:
        return dialogue_name(self.ordinal)


class CommitmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(dialogue__partnership__in=partnerships_of(user))


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Commitment(Sourced):
    """What one side promised in a dialogue: an owner, a test that can be measured, a day. Closed, carried over or dropped with
    a reason."""

    class Side(models.TextChoices):
        US = "us", _("United States")
        HOST = "host", _("Host government")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        CARRIED_OVER = "carried_over", _("Carried over")
        DROPPED = "dropped", _("Dropped")

    key = models.SlugField(max_length=80, unique=True)
    dialogue = models.ForeignKey(Dialogue, models.PROTECT, related_name="commitments")
    side = models.CharField(max_length=4, choices=Side.choices)
    owner = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    text_en = models.TextField(blank=True)
    text_es = models.TextField(blank=True)
    text_original = text_original_field()
    text_state = text_state_field()
    test_en = models.CharField(max_length=300, blank=True)
    test_es = models.CharField(max_length=300, blank=True)
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    state_reason = models.TextField(blank=True)
    state_on = models.DateField(null=True, blank=True)
    evidence = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    us_confirmed_on = models.DateField(null=True, blank=True)
    us_confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    host_confirmed_on = models.DateField(null=True, blank=True)
    host_confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["dialogue", "due_on", "key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open") | (~Q(state_reason="") & Q(state_on__isnull=False)),
                name="commitment_ends_with_a_reason",
                violation_error_message=_("A commitment is closed, carried over or dropped on a day and with a reason."),
            )
        ]

    def __str__(self):
        return self.key
