"""How contributions are filtered on their page and in its file. Each figure of the pledge's progress is one of these filters."""

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from funding.awards.filters import YES_NO
from funding.pledges.models import Contribution

from .rules import Agreement


class ContributionFilter(filters.FilterSet):
    """The filters of a list that `contributions_on` made, besides the partnership and the days."""

    kind = filters.ChoiceFilter(choices=Contribution.Kind.choices, label=_("Kind"))
    agreement = filters.ChoiceFilter(choices=Agreement.choices, label=_("Confirmed by"))
    priced = filters.ChoiceFilter(choices=YES_NO, method="of_priced", label=_("With a price"))
    currency = filters.CharFilter(label=_("Currency"))

    def of_priced(self, queryset, name, value):
        return queryset.filter(amount__isnull=value == "false")
