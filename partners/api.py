"""The API of partnerships, organizations, regions and statements. For reading."""

from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers

from cpc.core import clock
from cpc.core.dates import PreciseDate
from cpc.core.rest import KeyedReadOnlyViewSet
from cpc.core.texts import text_in
from cpc.reference.models import Region

from .asof import asked_days_of_api
from .exports import ListFilesMixin
from .models import Coverage, Organization, Partnership, PartnershipMember, Statement, partnerships_of
from .queries import coverage_on, term_on
from .sheets import STATEMENTS

AS_OF = OpenApiParameter("as_of", OpenApiTypes.DATE, description="When it was true. Default: today.")
KNOWN_ON = OpenApiParameter("known_on", OpenApiTypes.DATE, description="What could be known by then. Default: today.")


def in_language(obj, name: str) -> str:
    """The text `name` in the language of the request."""
    return str(text_in(obj, name))


class PreciseDateField(serializers.Serializer):
    """A day as far as it is known: `value` is `2022-06` where only the month is known, `working_day` the day counted with."""

    value = serializers.CharField(source="iso")
    precision = serializers.ChoiceField(["day", "month", "year"])
    working_day = serializers.DateField()


class TermField(serializers.Serializer):
    """`days_left` is null after the end; `ended_days_ago` then is a number."""

    ends = PreciseDateField(allow_null=True)
    days_left = serializers.IntegerField(allow_null=True)
    ended_days_ago = serializers.IntegerField(allow_null=True)
    n_extensions = serializers.IntegerField()


class CoverageField(serializers.Serializer):
    key = serializers.CharField(source="region.key")
    name = serializers.SerializerMethodField()
    # `from` is a word of Python's

    def get_name(self, coverage) -> str:
        return in_language(coverage.region, "name")

    def get_fields(self):
        return super().get_fields() | {"from": serializers.DateField(source="from_on")}


class ObjectiveField(serializers.Serializer):
    key = serializers.CharField()
    number = serializers.IntegerField()
    title = serializers.SerializerMethodField()

    def get_title(self, objective) -> str:
        return in_language(objective, "title")


class PartnershipSerializer(serializers.ModelSerializer):
    """One partnership as it stood on `as_of`, as could be known on `known_on`."""

    name = serializers.SerializerMethodField()
    host_country = serializers.CharField(source="host_country.key")
    as_of = serializers.SerializerMethodField()
    known_on = serializers.SerializerMethodField()
    term = serializers.SerializerMethodField()
    regions = serializers.SerializerMethodField()
    objectives = ObjectiveField(many=True)

    class Meta:
        model = Partnership
        fields = [
            "key", "name", "host_country", "host_currency", "time_zone", "signed_on", "tracked_from",
            "as_of", "known_on", "term", "regions", "objectives",
        ]  # fmt: skip

    def days(self, partnership):
        return asked_days_of_api(self.context["request"], partnership.time_zone)

    def get_name(self, partnership) -> str:
        return in_language(partnership, "name")

    @extend_schema_field(OpenApiTypes.DATE)
    def get_as_of(self, partnership):
        return self.days(partnership).as_of

    @extend_schema_field(OpenApiTypes.DATE)
    def get_known_on(self, partnership):
        return self.days(partnership).known_on

    @extend_schema_field(TermField)
    def get_term(self, partnership):
        days = self.days(partnership)
        return TermField(term_on(partnership, as_of=days.as_of, known_on=days.known_on)).data

    @extend_schema_field(CoverageField(many=True))
    def get_regions(self, partnership):
        days = self.days(partnership)
        return CoverageField(coverage_on(partnership, as_of=days.as_of, known_on=days.known_on), many=True).data


@extend_schema(parameters=[AS_OF, KNOWN_ON])
class PartnershipViewSet(KeyedReadOnlyViewSet):
    """The partnerships that this token may read."""

    serializer_class = PartnershipSerializer
    query_parameters = {"as_of", "known_on"}

    def get_queryset(self):
        return Partnership.objects.visible_to(self.request.user).for_list().prefetch_related("objectives")


def in_scope(request, key: str) -> Partnership:
    """The partnership `key` if `request.user` may read it. Raises Http404 otherwise, as for one that does not exist."""
    return get_object_or_404(Partnership.objects.visible_to(request.user), key=key)


class PartnershipFilter(filters.FilterSet):
    """`?partnership=key`. An unknown one, or one out of scope, is a 404."""

    partnership = filters.CharFilter(method="of_partnership", label="Key of a partnership.")

    def of_partnership(self, queryset, name, value):
        return queryset.filter(partnership=in_scope(self.request, value))


class OrganizationFilter(PartnershipFilter):
    part = filters.ChoiceFilter(choices=PartnershipMember.Part.choices, field_name="parts__part", distinct=True)

    def of_partnership(self, queryset, name, value):
        return queryset.filter(parts__partnership=in_scope(self.request, value)).distinct()


class OrganizationSerializer(serializers.ModelSerializer):
    name = serializers.SerializerMethodField()

    class Meta:
        model = Organization
        fields = ["key", "name", "short_name", "organization_class", "country_code", "iati_ref"]

    def get_name(self, organization) -> str:
        return in_language(organization, "name")


class OrganizationViewSet(KeyedReadOnlyViewSet):
    """Who takes part in the partnerships that this token may read."""

    serializer_class = OrganizationSerializer
    filterset_class = OrganizationFilter

    def get_queryset(self):
        members = PartnershipMember.objects.filter(
            organization=OuterRef("pk"), partnership__in=partnerships_of(self.request.user)
        )
        return Organization.objects.filter(Exists(members))


class RegionFilter(filters.FilterSet):
    partnership = filters.CharFilter(method="of_partnership", label="Key of a partnership: the regions it covers today.")
    country = filters.CharFilter(field_name="country__key", label="ISO 3166-1 code.")

    def of_partnership(self, queryset, name, value):
        partnership = in_scope(self.request, value)
        today = clock.today(partnership.time_zone)
        covered = Coverage.objects.filter(partnership=partnership).in_force(as_of=today, known_on=today)
        return queryset.filter(pk__in=covered.values("region"))


class RegionSerializer(serializers.ModelSerializer):
    name = serializers.SerializerMethodField()
    country = serializers.CharField(source="country.key")

    class Meta:
        model = Region
        fields = ["key", "name", "country", "ubigeo", "geonames_id"]

    def get_name(self, region) -> str:
        return in_language(region, "name")


class RegionViewSet(KeyedReadOnlyViewSet):
    """Regions by ISO 3166-2 code, of the host countries of the partnerships that this token may read."""

    serializer_class = RegionSerializer
    filterset_class = RegionFilter

    def get_queryset(self):
        hosts = Partnership.objects.visible_to(self.request.user).values("host_country")
        return Region.objects.filter(country__in=hosts).select_related("country")


class StatementFilter(PartnershipFilter):
    measure = filters.ChoiceFilter(choices=Statement.Measure.choices)


class StatementSerializer(serializers.ModelSerializer):
    """A figure or a day that somebody said in public. `as_of` is the day of which it speaks, `award` the key of the award that it
    is about, null where it is about none. `replaces` is the key of the row that this one puts right."""

    partnership = serializers.CharField(source="partnership.key")
    award = serializers.SerializerMethodField()
    replaces = serializers.CharField(source="replaces.key", allow_null=True, default=None)
    as_of = serializers.SerializerMethodField()
    day = serializers.SerializerMethodField()
    words = serializers.SerializerMethodField()
    source = serializers.SerializerMethodField()

    class Meta:
        model = Statement
        fields = [
            "key", "partnership", "measure", "qualifier", "amount", "currency", "day", "words", "award",
            "as_of", "known_on", "replaces", "source", "certainty", "is_sample",
        ]  # fmt: skip

    def get_award(self, statement) -> str | None:
        return statement.award_key or None

    @extend_schema_field(PreciseDateField)
    def get_as_of(self, statement):
        return PreciseDateField(statement.effective).data

    @extend_schema_field(PreciseDateField(allow_null=True))
    def get_day(self, statement):
        if statement.day_on is None:
            return None
        return PreciseDateField(PreciseDate.of(statement.day_on, statement.day_precision)).data

    def get_words(self, statement) -> str:
        return in_language(statement, "words")

    def get_source(self, statement) -> str | None:
        return statement.source.title if statement.source else None


@extend_schema(parameters=[AS_OF, KNOWN_ON])
class StatementViewSet(ListFilesMixin, KeyedReadOnlyViewSet):
    """What was said in public about the partnership's money and term, kept beside the ledger."""

    serializer_class = StatementSerializer
    filterset_class = StatementFilter
    sheet = STATEMENTS
    query_parameters = {"as_of", "known_on"}
    required_scope = "funding:read"
    ordering = ("effective_on", "key")

    def get_queryset(self):
        key = self.request.query_params.get("partnership")
        days = asked_days_of_api(self.request, in_scope(self.request, key).time_zone if key else None)
        rows = Statement.objects.visible_to(self.request.user).in_force(as_of=days.as_of, known_on=days.known_on)
        return rows.select_related("partnership", "source", "replaces")
