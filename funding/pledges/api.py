"""The API of the host's pledges and contributions, and of the exchange rates that show them in another currency. For reading."""

from django.db.models import Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers

from cpc.core.dates import PreciseDate
from cpc.core.rest import KeyedReadOnlyViewSet
from cpc.core.rest.viewsets import ListOnlyViewSet
from funding.awards.api import KnownTextField
from partners.api import AS_OF, KNOWN_ON, PreciseDateField, in_language, in_scope
from partners.exports import ListFilesMixin
from partners.ledger_api import DAYS, RefusedWithoutRole, days_of

from .converted_api import PARAMETERS, ConvertedMixin, ConvertedSerializer
from .filters import ContributionFilterOfApi, PledgeFilterOfApi
from .models import Contribution, ExchangeRate, Pledge
from .queries import with_agreement
from .rate_sheet import RATES
from .rules import Agreement
from .sheets import CONTRIBUTIONS, PLEDGES


class RateSerializer(serializers.ModelSerializer):
    """How many units of `quote` one unit of `base` was worth."""

    class Meta:
        model = ExchangeRate
        fields = ["base", "quote", "kind", "rate", "record_date", "effective_date", "source", "citation"]


class RateFilter(filters.FilterSet):
    partnership = filters.CharFilter(method="of_partnership", label=_("Key of a partnership."))
    base = filters.CharFilter(label=_("Base"))
    quote = filters.CharFilter(label=_("Quote"))
    kind = filters.ChoiceFilter(choices=ExchangeRate.Kind.choices, label=_("Kind"))
    source = filters.CharFilter(label=_("Source"))
    record_from = filters.DateFilter(
        field_name="record_date", lookup_expr="gte", input_formats=["%Y-%m-%d"], label=_("Recorded from")
    )
    record_to = filters.DateFilter(
        field_name="record_date", lookup_expr="lte", input_formats=["%Y-%m-%d"], label=_("Recorded until")
    )

    def of_partnership(self, queryset, name, value):
        """The rates of the host's currency."""
        currency = in_scope(self.request, value).host_currency
        return queryset.filter(Q(base=currency) | Q(quote=currency))


@extend_schema(parameters=[AS_OF, KNOWN_ON])
class ExchangeRateViewSet(ListFilesMixin, ListOnlyViewSet):
    """The dated rates with their sources, oldest first: those that held by `as_of` and could be known by `known_on`: from the
    later of their two dates on. They are public, every role reads them."""

    queryset = ExchangeRate.objects.all()
    serializer_class = RateSerializer
    filterset_class = RateFilter
    query_parameters = DAYS
    required_scope = "funding:read"
    sheet = RATES
    ordering = ("record_date", "pk")

    def get_queryset(self):
        days = days_of(self.request)
        until = min(days.as_of, days.known_on)
        return ExchangeRate.objects.annotate(since=Greatest("effective_date", "record_date")).filter(since__lte=until)


class PledgeSerializer(ConvertedSerializer):
    """What the host government promised. `amount` null: nothing in money, or not known; `qualifier` belongs to it and to every
    sum that it enters; `in_kind` is what else was promised; by `rate` it is shown in another currency at signature."""

    effective = PreciseDateField()
    ends = serializers.SerializerMethodField()
    currency = KnownTextField()
    in_kind = serializers.SerializerMethodField()
    rate = RateSerializer(allow_null=True)

    class Meta:
        model = Pledge
        fields = [
            "key", "partnership", "amount", "currency", "qualifier", "in_kind", "effective", "ends", "rate", "known_on", "reason",
            "converted", "source", "certainty", "is_sample",
        ]  # fmt: skip

    @extend_schema_field(PreciseDateField(allow_null=True))
    def get_ends(self, pledge):
        return PreciseDateField(PreciseDate.of(pledge.ends_on, pledge.ends_precision)).data if pledge.ends_on else None

    def get_in_kind(self, pledge) -> str:
        return in_language(pledge, "in_kind")


@extend_schema(parameters=[AS_OF, KNOWN_ON, *PARAMETERS])
class PledgeViewSet(ConvertedMixin, RefusedWithoutRole, ListFilesMixin, KeyedReadOnlyViewSet):
    """The pledges in force: the rows that the measure `pledged` adds up. Partners have none."""

    queryset = Pledge.objects.all()
    serializer_class = PledgeSerializer
    measure = "pledged"
    read = "read.pledges"
    sheet = PLEDGES
    filterset_class = PledgeFilterOfApi
    required_scope = "funding:read"
    ordering = ("effective_on", "key")

    def get_queryset(self):
        days = days_of(self.request)
        rows = Pledge.objects.visible_to(self.request.user).in_force(as_of=days.as_of, known_on=days.known_on)
        return rows.select_related("partnership", "source", "rate")


class SideField(serializers.Serializer):
    """What one government said last, by the days asked for: `agrees` null is nothing yet. `amount` or `quantity` is the value
    that a dispute holds right."""

    agrees = serializers.BooleanField(allow_null=True)
    on = serializers.DateField(allow_null=True)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    quantity = serializers.IntegerField(allow_null=True)


def said_by(row: Contribution, side: str) -> dict:
    return SideField({name: getattr(row, f"{side}_{name}") for name in ("agrees", "on", "amount", "quantity")}).data


class ContributionSerializer(ConvertedSerializer):
    """What the host gave. `amount` null: it has no price; posts and shelters are counted by `quantity`. `region` null: national.
    `agreement` says who confirms it; `replaces` is the key of the row that this one puts right."""

    kind_label = serializers.CharField(source="get_kind_display")
    currency = KnownTextField()
    entity = serializers.CharField(source="entity.key")
    region = serializers.CharField(source="region.key", allow_null=True, default=None)
    words = serializers.SerializerMethodField()
    effective = PreciseDateField()
    agreement = serializers.ChoiceField(Agreement.choices)
    replaces = serializers.CharField(source="replaces.key", allow_null=True, default=None)
    us = serializers.SerializerMethodField()
    host = serializers.SerializerMethodField()

    class Meta:
        model = Contribution
        fields = [
            "key", "partnership", "kind", "kind_label", "entity", "region", "words", "amount", "currency", "quantity",
            "valuation", "effective", "known_on", "agreement", "us", "host", "replaces", "converted", "source", "certainty",
            "is_sample",
        ]  # fmt: skip

    def get_words(self, row) -> str:
        return in_language(row, "words")

    @extend_schema_field(SideField)
    def get_us(self, row):
        return said_by(row, "us")

    @extend_schema_field(SideField)
    def get_host(self, row):
        return said_by(row, "host")


@extend_schema(parameters=[AS_OF, KNOWN_ON, *PARAMETERS])
class ContributionViewSet(ConvertedMixin, RefusedWithoutRole, ListFilesMixin, KeyedReadOnlyViewSet):
    """The contributions in force: the rows that the measure `contributed` adds up. Partners have none."""

    queryset = Contribution.objects.all()
    serializer_class = ContributionSerializer
    measure = "contributed"
    read = "read.pledges"
    filterset_class = ContributionFilterOfApi
    required_scope = "funding:read"
    ordering = ("effective_on", "key")
    sheet = CONTRIBUTIONS

    def get_queryset(self):
        days = days_of(self.request)
        rows = Contribution.objects.visible_to(self.request.user).in_force(as_of=days.as_of, known_on=days.known_on)
        return with_agreement(rows, as_of=days.as_of, known_on=days.known_on).select_related(
            "partnership", "source", "entity", "region", "replaces"
        )
