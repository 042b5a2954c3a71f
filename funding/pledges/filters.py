"""How contributions are filtered, for page, export and API alike. Each key of a sum, and each figure of the pledge's progress, is
a value of one of these filters."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from funding.awards.filters import YES_NO
from funding.awards.rules import UNALLOCATED
from funding.pledges.models import Contribution, ContributionConfirmation
from partners.api import PartnershipFilter, in_scope
from partners.models import Organization

from .rules import Agreement
from .sums import BUCKETS, with_currency


def period_filter(pattern: str, message, label):
    return filters.CharFilter(
        method="of_period", label=label, validators=[RegexValidator(pattern, message, code="invalid_period")]
    )


def visible_entities(request):
    rows = Contribution.objects.visible_to(request.user) if request else Contribution.objects.none()
    return Organization.objects.filter(pk__in=rows.values("entity"))


class ContributionFilter(filters.FilterSet):
    """The filters of a list that `contributions_on` made, besides the partnership and the days."""

    kind = filters.ChoiceFilter(choices=Contribution.Kind.choices, label=_("Kind"))
    entity = filters.ModelChoiceFilter(queryset=visible_entities, to_field_name="key", label=_("Entity"))
    region = filters.CharFilter(method="of_region", label=_("Region"))
    agreement = filters.ChoiceFilter(choices=Agreement.choices, label=_("Confirmed by"))
    waits_for = filters.ChoiceFilter(choices=ContributionConfirmation.Side.choices, method="of_waiting", label=_("Waits for"))
    priced = filters.ChoiceFilter(choices=YES_NO, method="of_priced", label=_("With a price"))
    currency = filters.CharFilter(method="of_currency", label=_("Currency"))
    fiscal_year = period_filter(
        r"^(HY[0-9]{4}|unallocated)\Z",
        _("“%(value)s” is no fiscal year of the host. Write it like HY2019."),
        _("Host fiscal year"),
    )
    calendar_year = period_filter(
        r"^CY[0-9]{4}\Z", _("“%(value)s” is no calendar year. Write it like CY2020."), _("Calendar year")
    )
    quarter = period_filter(
        r"^([0-9]{4}-Q[1-4]|unallocated)\Z", _("“%(value)s” is no quarter. Write it like 2020-Q1."), _("Quarter")
    )

    def of_currency(self, queryset, name, value):
        """What has no price stands with the host's currency."""
        return with_currency(queryset).filter(money_currency=value)

    def of_waiting(self, queryset, name, value):
        """Those of which this side has said nothing yet."""
        return queryset.filter(**{f"{value}_agrees": None})

    def of_priced(self, queryset, name, value):
        return queryset.filter(amount__isnull=value == "false")

    def of_region(self, queryset, name, value):
        return queryset.filter(region=None) if value == UNALLOCATED else queryset.filter(region__key=value)

    def of_period(self, queryset, name, value):
        return queryset.annotate(bucket=BUCKETS[name]).filter(bucket=value)


class ContributionFilterOfApi(ContributionFilter):
    partnership = filters.CharFilter(method="of_partnership", label=_("Key of a partnership."))

    def of_partnership(self, queryset, name, value):
        return queryset.filter(partnership=in_scope(self.request, value))


class PledgeFilterOfApi(PartnershipFilter):
    currency = filters.CharFilter(method="of_currency", label=_("Currency"))

    def of_currency(self, queryset, name, value):
        """What was promised in kind alone stands with the host's currency."""
        return with_currency(queryset).filter(money_currency=value)
