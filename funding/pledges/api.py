"""The API of the host's pledges and contributions, and of the exchange rates that show them in another currency. For reading."""

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers

from cpc.core.dates import PreciseDate
from cpc.core.rest import KeyedReadOnlyViewSet
from cpc.core.rest.viewsets import ListOnlyViewSet
from partners.api import AS_OF, KNOWN_ON, PartnershipFilter, PreciseDateField, in_language
from partners.exports import ListFilesMixin
from partners.ledger_api import DAYS, SourcedSerializer, days_of

from .filters import ContributionFilterOfApi
from .models import Contribution, ExchangeRate, Pledge
from .queries import with_agreement
from .sheets import CONTRIBUTIONS, PLEDGES


class RateSerializer(serializers.ModelSerializer):
    """How many units of `quote` one unit of `base` was worth."""

    class Meta:
        model = ExchangeRate
        fields = ["base", "quote", "kind", "rate", "record_date", "effective_date", "source", "citation"]


class RateFilter(filters.FilterSet):
    base = filters.CharFilter(label="ISO code of the currency of which one unit is priced.")
    quote = filters.CharFilter(label="ISO code of the currency of the price.")
    kind = filters.ChoiceFilter(choices=ExchangeRate.Kind.choices)
    source = filters.CharFilter(label="Who published it, for example TREASURY.")
    record_from = filters.DateFilter(field_name="record_date", lookup_expr="gte", input_formats=["%Y-%m-%d"])
    record_to = filters.DateFilter(field_name="record_date", lookup_expr="lte", input_formats=["%Y-%m-%d"])


class ExchangeRateViewSet(ListOnlyViewSet):
    """The dated rates with their sources, oldest first."""

    queryset = ExchangeRate.objects.all()
    serializer_class = RateSerializer
    filterset_class = RateFilter
    required_scope = "funding:read"
    ordering = ("record_date", "pk")


class PledgeSerializer(SourcedSerializer):
    """What the host government promised. `amount` null: nothing in money, or not known; `in_kind` is what else was promised."""

    effective = PreciseDateField()
    ends = serializers.SerializerMethodField()
    in_kind = serializers.SerializerMethodField()
    rate = RateSerializer(allow_null=True)

    class Meta:
        model = Pledge
        fields = [
            "key", "partnership", "amount", "currency", "qualifier", "in_kind", "effective", "ends", "rate", "known_on", "reason",
            "source", "certainty", "is_sample",
        ]  # fmt: skip

    @extend_schema_field(PreciseDateField(allow_null=True))
    def get_ends(self, pledge):
        return PreciseDateField(PreciseDate.of(pledge.ends_on, pledge.ends_precision)).data if pledge.ends_on else None

    def get_in_kind(self, pledge) -> str:
        return in_language(pledge, "in_kind")


@extend_schema(parameters=[AS_OF, KNOWN_ON])
class PledgeViewSet(ListFilesMixin, KeyedReadOnlyViewSet):
    """The pledges in force: the rows that the measure `pledged` adds up."""

    queryset = Pledge.objects.all()
    serializer_class = PledgeSerializer
    sheet = PLEDGES
    filterset_class = PartnershipFilter
    query_parameters = DAYS
    required_scope = "funding:read"
    ordering = ("effective_on", "key")

    def get_queryset(self):
        days = days_of(self.request)
        rows = Pledge.objects.visible_to(self.request.user).in_force(as_of=days.as_of, known_on=days.known_on)
        return rows.select_related("partnership", "source", "rate")


class SideField(serializers.Serializer):
    """What one government said last: `agrees` null is nothing yet; `amount` is the value that a dispute holds right."""

    agrees = serializers.BooleanField(allow_null=True)
    on = serializers.DateField(allow_null=True)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)


class ContributionSerializer(SourcedSerializer):
    """What the host gave. `amount` null: it has no price; posts and shelters are counted by `quantity`."""

    entity = serializers.CharField(source="entity.key")
    region = serializers.CharField(source="region.key", allow_null=True, default=None)
    words = serializers.SerializerMethodField()
    effective = PreciseDateField()
    agreement = serializers.CharField()
    us = serializers.SerializerMethodField()
    host = serializers.SerializerMethodField()

    class Meta:
        model = Contribution
        fields = [
            "key", "partnership", "kind", "entity", "region", "words", "amount", "currency", "quantity", "valuation", "effective",
            "known_on", "agreement", "us", "host", "source", "certainty", "is_sample",
        ]  # fmt: skip

    def get_words(self, row) -> str:
        return in_language(row, "words")

    @extend_schema_field(SideField)
    def get_us(self, row):
        return SideField({"agrees": row.us_agrees, "on": row.us_on, "amount": row.us_amount}).data

    @extend_schema_field(SideField)
    def get_host(self, row):
        return SideField({"agrees": row.host_agrees, "on": row.host_on, "amount": row.host_amount}).data


@extend_schema(parameters=[AS_OF, KNOWN_ON])
class ContributionViewSet(ListFilesMixin, KeyedReadOnlyViewSet):
    """The contributions in force: the rows that the measure `contributed` adds up. As CSV the whole list at once."""

    queryset = Contribution.objects.all()
    serializer_class = ContributionSerializer
    filterset_class = ContributionFilterOfApi
    query_parameters = DAYS
    required_scope = "funding:read"
    ordering = ("effective_on", "key")
    sheet = CONTRIBUTIONS

    def get_queryset(self):
        days = days_of(self.request)
        rows = Contribution.objects.visible_to(self.request.user).in_force(as_of=days.as_of, known_on=days.known_on)
        return with_agreement(rows, as_of=days.as_of, known_on=days.known_on).select_related(
            "partnership", "source", "entity", "region"
        )
