"""What the host government promised and gave, and the rates that show it in another currency."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cpc.core.dates import precision_field
from cpc.core.money import amount_field, currency_field
from cpc.reference.models import Region
from partners.ledger import DecidedRow, LedgerQuerySet, LedgerRow, Qualifier, append_only, decision_constraints
from partners.models import Organization, Partnership, partnerships_of
from partners.roles import FULL_READERS, Role

HOST_MONEY_READERS = FULL_READERS | {Role.HOST_DELEGATE}


class ExchangeRate(models.Model):
    """How many units of `quote` one unit of `base` was worth. Append-only; a conversion names its row and is never stored."""

    class Kind(models.TextChoices):
        END_OF_PERIOD = "end_of_period", _("end of period")
        YEAR_AVERAGE = "year_average", _("yearly average")
        DAILY = "daily", _("daily")

    base = currency_field()
    quote = currency_field()
    kind = models.CharField(max_length=13, choices=Kind.choices)
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    record_date = models.DateField()
    effective_date = models.DateField()
    source = models.CharField(max_length=40)
    citation = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["record_date", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["base", "quote", "kind", "record_date", "effective_date", "source"], name="rate_once"
            ),
            models.CheckConstraint(
                condition=Q(rate__gt=0), name="rate_is_positive", violation_error_message=_("A rate is greater than 0.")
            ),
        ]
        triggers = append_only("exchange_rate")

    def __str__(self):
        return f"{self.base}/{self.quote} {self.record_date}"


class HostLedgerQuerySet(LedgerQuerySet):
    def visible_to(self, user):
        return self.filter(partnership__in=partnerships_of(user, HOST_MONEY_READERS))


class Pledge(DecidedRow):
    """What the host government promised: money with its qualifier, or something in kind. `ends_on` does not move with the
    term."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="pledges")
    amount = amount_field(null=True, blank=True)
    currency = currency_field(blank=True)
    qualifier = models.CharField(max_length=9, choices=Qualifier.choices, default=Qualifier.EXACT)
    in_kind_en = models.CharField(max_length=300, blank=True)
    in_kind_es = models.CharField(max_length=300, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    ends_precision = precision_field()
    rate = models.ForeignKey(ExchangeRate, models.PROTECT, null=True, blank=True, related_name="+")

    objects = HostLedgerQuerySet.as_manager()

    class Meta:
        ordering = ["effective_on", "pk"]
        constraints = [
            *decision_constraints("pledge"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | (Q(amount__gte=0) & ~Q(currency="")),
                name="pledge_amount_has_currency",
                violation_error_message=_("An amount needs a currency, for example PEN."),
            ),
        ]
        triggers = append_only("pledge")


class Contribution(LedgerRow):
    """What the host government gave. Cash and what is priced have an amount; posts and shelters are counted by `quantity`, not
    priced. An edit is a void and a new row, which names the old one in `replaces`. The words stand in one language at least."""

    class Kind(models.TextChoices):
        CASH = "cash", _("Cash")
        POSTS = "posts", _("Posts")
        SHELTER = "shelter", _("Shelter")
        PROJECT = "project", _("Investment project")

    class Valuation(models.TextChoices):
        NONE = "none", _("not valued")
        BUDGET = "budget", _("budget executed")
        STATED = "stated", _("value stated by the entity")

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="contributions")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    entity = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    amount = amount_field(null=True, blank=True)
    currency = currency_field(blank=True)
    quantity = models.PositiveIntegerField(null=True, blank=True)
    valuation = models.CharField(max_length=6, choices=Valuation.choices, default=Valuation.NONE)
    words_en = models.CharField(max_length=300, blank=True)
    words_es = models.CharField(max_length=300, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = HostLedgerQuerySet.as_manager()

    class Meta:
        ordering = ["effective_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | (Q(amount__gte=0) & ~Q(currency="")),
                name="contribution_amount_has_currency",
                violation_error_message=_("An amount needs a currency, for example PEN."),
            ),
            models.CheckConstraint(
                condition=~Q(words_en="") | ~Q(words_es=""),
                name="contribution_says_what_it_is",
                violation_error_message=_("Say what was given, in English or in Spanish."),
            ),
        ]
        triggers = append_only("contribution")


class ContributionConfirmation(models.Model):
    """What one government says of a contribution; the newest row of a side counts. A dispute carries the amount or the number
    that this side holds right, and its `reason`."""

    class Side(models.TextChoices):
        US = "us", _("United States")
        HOST = "host", _("Host government")

    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="confirmations")
    side = models.CharField(max_length=4, choices=Side.choices)
    agrees = models.BooleanField()
    amount = amount_field(null=True, blank=True)
    quantity = models.PositiveIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    confirmed_on = models.DateField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    is_sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["confirmed_on", "pk"]
        triggers = append_only("contribution_confirmation")

    def __str__(self):
        return f"{self.contribution_id} {self.side}"
