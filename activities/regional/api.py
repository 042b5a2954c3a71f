"""The API of activities. For reading: no count of children, and days only for whom the pages show them."""

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cpc.core.dates import PreciseDate, Precision
from cpc.core.rest import KeyedReadOnlyViewSet
from partners.api import PreciseDateField, in_scope
from partners.exports import ListFilesMixin

from .export import activity_sheet
from .filters import ActivityFilter
from .models import Activity, ParticipantCount
from .protection import is_exact_for
from .queries import readable
from .rules import is_about_children


class ActivityApiFilter(ActivityFilter):
    partnership = filters.CharFilter(method="of_partnership", label=_("Key of a partnership."))

    def of_partnership(self, queryset, name, value):
        return queryset.filter(partnership=in_scope(self.request, value))


class CountSerializer(serializers.ModelSerializer):
    """How many took part: one cell. A cell that is not listed was not recorded; 0 is none."""

    class Meta:
        model = ParticipantCount
        fields = ["group", "sex", "age_band", "n"]


class ActivitySerializer(serializers.ModelSerializer):
    """`region` null: national. `counts` never holds counts of children, as `counts_protected` says. A day may be a month."""

    partnership = serializers.CharField(source="partnership.key")
    objective = serializers.CharField(source="objective.key")
    region = serializers.CharField(source="region.key", allow_null=True, default=None)
    organization = serializers.CharField(source="organization.key")
    award = serializers.CharField(source="award.key", allow_null=True, default=None)
    starts = serializers.SerializerMethodField()
    ends = serializers.SerializerMethodField()
    counts = serializers.SerializerMethodField()
    counts_protected = serializers.SerializerMethodField()

    class Meta:
        model = Activity
        fields = [
            "key", "partnership", "title", "kind", "state", "starts", "ends", "region", "objective", "organization", "award",
            "counts", "counts_protected", "is_sample",
        ]  # fmt: skip

    @extend_schema_field(PreciseDateField)
    def get_starts(self, activity):
        return self._day(activity, activity.starts_on)

    @extend_schema_field(PreciseDateField)
    def get_ends(self, activity):
        return self._day(activity, activity.ends_on)

    def _day(self, activity, day):
        exact = is_exact_for(self.context["request"].user, activity)
        return PreciseDateField(PreciseDate.of(day, Precision.DAY if exact else Precision.MONTH)).data

    @extend_schema_field(CountSerializer(many=True))
    def get_counts(self, activity):
        shown = [row for row in activity.counts.all() if not is_about_children(row.group, row.age_band)]
        return CountSerializer(sorted(shown, key=lambda row: (row.group, row.sex, row.age_band)), many=True).data

    def get_counts_protected(self, activity) -> bool:
        return True


class ActivityViewSet(ListFilesMixin, KeyedReadOnlyViewSet):
    """What was done, where, for which objective, and how many adults took part. Sorted by key, so by month. The list leaves
    out void activities unless `state` asks for them."""

    queryset = Activity.objects.all()
    serializer_class = ActivitySerializer
    filterset_class = ActivityApiFilter
    required_scope = "activities:read"

    def get_queryset(self):
        rows = Activity.objects.visible_to(self.request.user)
        if self.file_format:
            return readable(rows)
        named = rows.select_related("partnership", "objective", "organization", "award", "region")
        return named.defer("region__outline", "notes").prefetch_related("counts")

    @property
    def sheet(self):
        return activity_sheet(self.request.user, for_programs=True)

    def filter_queryset(self, queryset):
        """The filters are the list's: a void activity still has its own address."""
        return super().filter_queryset(queryset) if self.action == "list" else queryset
