"""Who works together, until when, and on whose word."""

from datetime import date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _

from cpc.core.dates import precision_field
from cpc.core.money import amount_field, currency_field
from cpc.core.texts import text_original_field, text_state_field
from cpc.reference.models import Country, Region

from .ledger import DecidedRow, LedgerQuerySet, LedgerRow, Qualifier, Sourced, append_only, decision_constraints
from .roles import EVERY_ROLE, PARTNER_ROLES, Role


class MembershipQuerySet(models.QuerySet):
    def of(self, user, roles=EVERY_ROLE):
        """The memberships of `user` in one of `roles`; none for somebody who is not logged in or not active."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self.filter(user=user, role__in=roles)


class Membership(models.Model):
    """A role of a person in a partnership; for partner and host roles with the organization they speak for.

    An administrator's membership may name no partnership: it then holds for every one.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    partnership = models.ForeignKey("Partnership", models.CASCADE, null=True, blank=True, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    organization = models.ForeignKey("Organization", models.PROTECT, null=True, blank=True, related_name="memberships")
    exact_counts = models.BooleanField(default=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "partnership", "role", "organization"],
                nulls_distinct=False,
                name="membership_once",
                violation_error_message=_("This person has that role already."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(role__in=["partner_preparer", "partner_certifier", "host_delegate"], organization__isnull=False)
                    | (~Q(role__in=["partner_preparer", "partner_certifier", "host_delegate"]) & Q(organization__isnull=True))
                ),
                name="membership_organization_fits_role",
                violation_error_message=_("Partner and host roles name an organization, the others none."),
            ),
            models.CheckConstraint(
                condition=Q(partnership__isnull=False) | Q(role="administrator"),
                name="membership_without_partnership_is_administrator",
                violation_error_message=_("Only an administrator's role can hold for every partnership."),
            ),
        ]

    def __str__(self):
        return f"{self.user_id} {self.role}"


class PartnershipQuerySet(models.QuerySet):
    def visible_to(self, user, roles=EVERY_ROLE):
        """The partnerships in which `user` holds one of `roles`."""
        own = Membership.objects.of(user, roles)
        return self.filter(Q(pk__in=own.values("partnership")) | Exists(own.filter(partnership=None)))

    def for_list(self):
        return self.select_related("host_country").order_by("key")

    def locked(self):
        """For who changes what belongs to a partnership: one at a time. New rows that point to it need not wait."""
        return self.select_for_update(no_key=True, of=["self"])


def partnerships_of(user, roles=EVERY_ROLE):
    """A subquery of partnership ids, for `visible_to` of rows that belong to a partnership."""
    return Partnership.objects.visible_to(user, roles).values("pk")


def organizations_of(user, roles=PARTNER_ROLES):
    """A subquery of the organization ids for which `user` speaks in one of `roles`."""
    return Membership.objects.of(user, roles).values("organization")


class Partnership(Sourced):
    """One compact. `time_zone` decides what day it is. Periods that end before `tracked_from` are "before records"; null:
    every one is."""

    key = models.SlugField(max_length=60, unique=True)
    name_en = models.CharField(max_length=200)
    name_es = models.CharField(max_length=200)
    host_country = models.ForeignKey(Country, models.PROTECT, related_name="+")
    host_name_en = models.CharField(max_length=100)
    host_name_es = models.CharField(max_length=100)
    time_zone = models.CharField(max_length=60)
    host_currency = currency_field()
    signed_on = models.DateField()
    tracked_from = models.DateField(null=True, blank=True)

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["key"]

    def __str__(self):
        return self.key

    def day_of(self, instant: datetime) -> date:
        """The day on which an aware instant falls in the partnership's zone."""
        return instant.astimezone(ZoneInfo(self.time_zone)).date()


class PartnershipRowQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(partnership__in=partnerships_of(user))


def stored_name(document, name: str) -> str:
    """Where an uploaded file is kept: a random name, so that nothing of what was typed reaches the file system."""
    return f"documents/{uuid4().hex}"


class Document(models.Model):
    """A citation: who published what, when (null: not known) and where to read it; or an uploaded file. A sourced row points to
    one. `file_name`, `file_type` and `file_sha256` are empty without a file; a file never changes."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="documents")
    key = models.SlugField(max_length=80)
    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=200)
    published_on = models.DateField(null=True, blank=True)
    published_precision = precision_field()
    address = models.URLField(max_length=500, blank=True)
    language = models.CharField(max_length=2, default="en")
    note = models.TextField(blank=True)
    file = models.FileField(upload_to=stored_name, max_length=60, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    file_type = models.CharField(max_length=60, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    is_sample = models.BooleanField(default=False)

    objects = PartnershipRowQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        constraints = [models.UniqueConstraint(fields=["partnership", "key"], name="document_key_once")]
        triggers = [
            pgtrigger.Protect(
                name="document_file_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.file <> '' AND (OLD.file, OLD.file_name, OLD.file_type, OLD.file_sha256)"
                    " IS DISTINCT FROM (NEW.file, NEW.file_name, NEW.file_type, NEW.file_sha256)"
                ),
            )
        ]

    def __str__(self):
        return self.title


class Organization(models.Model):
    """A body that takes part in a partnership. `organization_class` decides which rule book applies to its awards; `uei` is its
    unique entity identifier in SAM.gov, empty if not known."""

    class Kind(models.TextChoices):
        US_ENTITY = "us_entity", _("U.S. organization")
        FOREIGN_NGO = "foreign_ngo", _("Foreign nongovernmental organization")
        FOREIGN_PUBLIC_ENTITY = "foreign_public_entity", _("Foreign public entity")
        GOVERNMENT = "government", _("Government")

    key = models.SlugField(max_length=60, unique=True)
    name_en = models.CharField(max_length=200)
    name_es = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60, blank=True)
    organization_class = models.CharField(max_length=24, choices=Kind.choices)
    country_code = models.CharField(max_length=2, blank=True)
    iati_ref = models.CharField(max_length=60, blank=True)
    uei = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ["key"]

    def __str__(self):
        return self.short_name or self.name_en


class PartnershipMember(Sourced):
    """What an organization is in a partnership, and from when to when as far as it is known."""

    class Part(models.TextChoices):
        PRIME = "prime", _("Prime recipient")
        SUB_RECIPIENT = "sub_recipient", _("Sub-recipient")
        HOST_ENTITY = "host_entity", _("Host government entity")
        AGENCY = "agency", _("U.S. agency")

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="members")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="parts")
    part = models.CharField(max_length=13, choices=Part.choices)
    from_on = models.DateField(null=True, blank=True)
    from_precision = precision_field()
    to_on = models.DateField(null=True, blank=True)
    to_precision = precision_field()
    note_en = models.CharField(max_length=300, blank=True)
    note_es = models.CharField(max_length=300, blank=True)

    objects = PartnershipRowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "organization", "part"], name="member_once_per_part"),
            models.CheckConstraint(
                condition=Q(from_on__isnull=True) | Q(to_on__isnull=True) | Q(to_on__gte=models.F("from_on")),
                name="member_to_is_not_before_from",
                violation_error_message=_("The last day is not before the first."),
            ),
        ]

    def __str__(self):
        return f"{self.organization_id} {self.part}"


class LedgerOfPartnershipQuerySet(LedgerQuerySet):
    def visible_to(self, user):
        return self.filter(partnership__in=partnerships_of(user))


class TermEvent(DecidedRow):
    """One step of a partnership's term. `new_end_on` is the term's last day as far as the precision tells; null for a void."""

    class Kind(models.TextChoices):
        SIGNED = "signed", _("Signed")
        EXTENDED = "extended", _("Extended")
        ENDED = "ended", _("Ended")
        VOID = "void", _("Void")

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="term_events")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    new_end_on = models.DateField(null=True, blank=True)
    new_end_precision = precision_field()
    title_en = models.CharField(max_length=200, blank=True)
    title_es = models.CharField(max_length=200, blank=True)

    objects = LedgerOfPartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["effective_on", "pk"]
        constraints = [
            *decision_constraints("term_event"),
            models.CheckConstraint(
                condition=Q(kind="void", new_end_on__isnull=True, voids__isnull=False)
                | (~Q(kind="void") & Q(new_end_on__isnull=False, voids__isnull=True)),
                name="term_event_has_an_end_or_voids",
                violation_error_message=_("A step of the term has a new end; a void names the step that it takes back."),
            ),
        ]
        triggers = append_only("term_event")


class CoverageQuerySet(PartnershipRowQuerySet):
    def in_force(self, *, as_of, known_on):
        """Regions covered on `as_of` as could be known on `known_on` (days)."""
        return self.filter(from_on__lte=as_of, known_on__lte=known_on)


class Coverage(Sourced):
    """A region of the partnership, from a day on."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="coverage")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    from_on = models.DateField()
    known_on = models.DateField()

    objects = CoverageQuerySet.as_manager()

    class Meta:
        ordering = ["from_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["partnership", "region"], name="coverage_region_once")]

    def __str__(self):
        return f"{self.partnership_id} {self.region_id}"


class Objective(Sourced):
    """What the partnership is for. `short` is the one word that heads a column."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="objectives")
    key = models.SlugField(max_length=40)
    number = models.PositiveSmallIntegerField()
    title_en = models.TextField(blank=True)
    title_es = models.TextField(blank=True)
    title_original = text_original_field()
    title_state = text_state_field()
    short_en = models.CharField(max_length=30)
    short_es = models.CharField(max_length=30)

    objects = PartnershipRowQuerySet.as_manager()

    class Meta:
        ordering = ["partnership", "number"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "number"], name="objective_number_once"),
            models.UniqueConstraint(fields=["partnership", "key"], name="objective_key_once"),
        ]

    def __str__(self):
        return f"{self.number} {self.key}"


class Statement(LedgerRow):
    """A figure or a day that somebody said in public, kept beside the ledger and compared with it, never used instead.

    `effective_on` is the day of which it speaks. `amount` is in `currency`; a statement about a day has `day_on` instead. An edit
    is a void with its reason and a new row, which names the old one in `replaces`.
    """

    class Measure(models.TextChoices):
        US_TOTAL = "us_total", _("U.S. funds, total")
        AWARDED = "awarded", _("U.S. funds awarded")
        OBLIGATED = "obligated", _("U.S. funds obligated")
        DISBURSED = "disbursed", _("U.S. funds disbursed")
        SPENT = "spent", _("U.S. funds spent")
        PLEDGED = "pledged", _("Host pledge")
        CONTRIBUTED = "contributed", _("Host contributions")
        TERM_END = "term_end", _("End of the term")
        AWARD_END = "award_end", _("End of an award")

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="statements")
    measure = models.CharField(max_length=11, choices=Measure.choices)
    qualifier = models.CharField(max_length=9, choices=Qualifier.choices, default=Qualifier.EXACT)
    amount = amount_field(null=True, blank=True)
    currency = currency_field(blank=True)
    day_on = models.DateField(null=True, blank=True)
    day_precision = precision_field()
    award_key = models.CharField(max_length=60, blank=True)
    words_en = models.CharField(max_length=300)
    words_es = models.CharField(max_length=300)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = LedgerOfPartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["effective_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | ~Q(currency=""),
                name="statement_amount_has_currency",
                violation_error_message=_("An amount needs a currency, for example USD."),
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=False, day_on__isnull=True)
                | Q(amount__isnull=True, day_on__isnull=False)
                | Q(amount__isnull=True, day_on__isnull=True),
                name="statement_says_an_amount_or_a_day",
                violation_error_message=_("A statement says an amount or a day, not both."),
            ),
        ]
        triggers = append_only("statement")
