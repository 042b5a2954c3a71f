"""What the United States gave: awards, who receives them, and every step of their lives."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cpc.core.dates import precision_field
from cpc.core.money import amount_field, currency_field
from partners.ledger import DecidedRow, LedgerQuerySet, Sourced, append_only, decision_constraints
from partners.models import Organization, Partnership, organizations_of, partnerships_of
from partners.roles import FULL_READERS, PARTNER_ROLES, Role

SUMS_READERS = FULL_READERS | {Role.HOST_DELEGATE}


def own_awards(user):
    """A subquery of award ids of which `user`'s organization is a recipient, and of the sub-awards below them."""
    own = AwardRecipient.objects.filter(
        organization__in=organizations_of(user), award__partnership__in=partnerships_of(user, PARTNER_ROLES)
    ).values("award")
    passed_on = Award.objects.filter(pass_through__in=organizations_of(user), parent__in=own).values("pk")
    return own, passed_on


class AwardQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Every award of the partnerships that `user` reads whole; for a partner the own awards and the sub-awards passed on
        by it."""
        own, passed_on = own_awards(user)
        return self.filter(Q(partnership__in=partnerships_of(user, SUMS_READERS)) | Q(pk__in=own) | Q(pk__in=passed_on))

    def known(self, known_on):
        return self.filter(known_on__lte=known_on)

    def for_list(self):
        return self.select_related("partnership", "parent").prefetch_related("recipients__organization").order_by("level", "key")


class Award(Sourced):
    """One grant or cooperative agreement; money and period come from its actions. `fain` is the federal award number, empty if
    not known.

    From `description_en` to `indirect_cost_rate` (percent) are the data elements that 2 CFR 200.332(b)(1) asks of a sub-award and
    no other row says; empty or null: not known. `committed` is in `currency`; `contact` names an office, never a private person.

    `report_frequency` and, for semi-annual and annual reports, `report_year` say when a reporting period ends.

    `level` sub: passed on by `pass_through` (an organization) from `parent`; both may be unknown. Never added to primes.
    """

    class Level(models.TextChoices):
        PRIME = "prime", _("Prime award")
        SUB = "sub", _("Sub-award")

    class Frequency(models.TextChoices):
        QUARTERLY = "quarterly", _("quarterly")
        SEMIANNUAL = "semiannual", _("semi-annual")
        ANNUAL = "annual", _("annual")
        ANNIVERSARY = "anniversary", _("annual, before each anniversary of the award")

    class ReportYear(models.TextChoices):
        CALENDAR = "calendar", _("calendar year")
        US_FISCAL = "us_fiscal", _("U.S. fiscal year")

    key = models.SlugField(max_length=60, unique=True)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="awards")
    level = models.CharField(max_length=5, choices=Level.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="sub_awards")
    pass_through = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    title_en = models.CharField(max_length=300)
    title_es = models.CharField(max_length=300)
    currency = currency_field()
    listing = models.CharField(max_length=6, blank=True)
    fain = models.CharField(max_length=30, blank=True)
    report_frequency = models.CharField(max_length=11, choices=Frequency.choices, default=Frequency.QUARTERLY)
    report_year = models.CharField(max_length=9, choices=ReportYear.choices, default=ReportYear.CALENDAR)
    final_absorbs_last_interim = models.BooleanField(default=True)
    description_en = models.TextField(blank=True)
    description_es = models.TextField(blank=True)
    budget_start_on = models.DateField(null=True, blank=True)
    budget_end_on = models.DateField(null=True, blank=True)
    committed = amount_field(null=True, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    is_research = models.BooleanField(null=True, blank=True)
    indirect_cost_rate = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    known_on = models.DateField()
    version = models.PositiveIntegerField(default=1)

    objects = AwardQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level="sub") | Q(parent__isnull=True, pass_through__isnull=True),
                name="award_only_a_sub_has_a_parent",
                violation_error_message=_("Only a sub-award has a parent and a pass-through."),
            ),
            models.CheckConstraint(
                condition=Q(budget_end_on__isnull=True)
                | Q(budget_start_on__isnull=True)
                | Q(budget_end_on__gte=F("budget_start_on")),
                name="award_budget_period_in_order",
                violation_error_message=_("The budget period ends on or after its first day."),
            ),
            models.CheckConstraint(
                condition=Q(indirect_cost_rate__isnull=True) | Q(indirect_cost_rate__range=(0, 100)),
                name="award_indirect_cost_rate_is_a_percentage",
                violation_error_message=_("A rate is a percentage from 0 to 100."),
            ),
        ]

    def __str__(self):
        return self.key


class AwardRecipient(Sourced):
    """Who receives an award, under which rule book, and from when to when if that is not the award's own period."""

    class RuleClass(models.TextChoices):
        RECIPIENT = "recipient_2cfr200", _("recipient under 2 CFR 200")
        SUBRECIPIENT = "subrecipient_2cfr200", _("sub-recipient under 2 CFR 200")
        FOREIGN_PUBLIC_ENTITY = "fpe", _("foreign public entity")

    award = models.ForeignKey(Award, models.PROTECT, related_name="recipients")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="received")
    rule_class = models.CharField(max_length=20, choices=RuleClass.choices)
    start_on = models.DateField(null=True, blank=True)
    start_precision = precision_field()
    end_on = models.DateField(null=True, blank=True)
    end_precision = precision_field()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["award", "organization"], name="award_recipient_once")]

    def __str__(self):
        return f"{self.award_id} {self.organization_id}"


class AwardActionQuerySet(LedgerQuerySet):
    def visible_to(self, user):
        return self.filter(award__in=Award.objects.visible_to(user).values("pk"))


class AwardAction(DecidedRow):
    """One step in an award's life, append-only. `amount` is signed, in `currency`; null means not known.

    A `recipient` of null means that the split between the award's recipients is not known. `start_on` is the first day of the
    period of
    performance (kind initial), `new_end_on` its last one, each where the action sets it.
    """

    class Kind(models.TextChoices):
        INITIAL = "initial", _("Initial award")
        SUPPLEMENT = "supplement", _("Supplement")
        EXTENSION_WITH_COST = "extension_with_cost", _("Extension with cost")
        NO_COST_EXTENSION = "no_cost_extension", _("No-cost extension")
        DEOBLIGATION = "deobligation", _("De-obligation")
        ALLOCATION = "allocation", _("Allocation between recipients")
        ADMINISTRATIVE = "administrative", _("Administrative change")
        CLOSEOUT = "closeout", _("Close-out")
        VOID = "void", _("Void")

    class Basis(models.TextChoices):
        ANNOUNCED = "announced", _("Announced")
        SIGNED = "signed", _("Signed")

    class Guidance(models.TextChoices):
        UG_2014 = "UG-2014", "2 CFR 200 (2014)"
        UG_2020 = "UG-2020", "2 CFR 200 (2020)"
        UG_2024 = "UG-2024", "2 CFR 200 (2024)"

    award = models.ForeignKey(Award, models.PROTECT, related_name="actions")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    amount = amount_field(null=True, blank=True)
    currency = currency_field(blank=True)
    recipient = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    start_on = models.DateField(null=True, blank=True)
    start_precision = precision_field()
    new_end_on = models.DateField(null=True, blank=True)
    new_end_precision = precision_field()
    basis = models.CharField(max_length=9, choices=Basis.choices)
    guidance_version = models.CharField(max_length=7, choices=Guidance.choices, blank=True)

    objects = AwardActionQuerySet.as_manager()

    class Meta:
        ordering = ["effective_on", "pk"]
        constraints = [
            *decision_constraints("award_action"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | ~Q(currency=""),
                name="action_amount_has_currency",
                violation_error_message=_("An amount needs a currency, for example USD."),
            ),
            models.CheckConstraint(
                condition=Q(start_on__isnull=True) | Q(new_end_on__isnull=True) | Q(new_end_on__gte=F("start_on")),
                name="action_end_is_not_before_start",
                violation_error_message=_("The period ends on or after its first day."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="void") | Q(voids__isnull=False, amount__isnull=True),
                name="action_void_names_what_it_voids",
                violation_error_message=_("A void names the action that it takes back, and no amount."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="no_cost_extension") | Q(amount__isnull=True, new_end_on__isnull=False),
                name="no_cost_extension_has_an_end_and_no_amount",
                violation_error_message=_("A no-cost extension has a new end and no amount."),
            ),
        ]
        triggers = append_only("award_action")
