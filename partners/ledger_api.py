"""The API of a partnership's term, regions and objectives. For reading."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers

from cpc.core.decisions import refuse
from cpc.core.rest import KeyedReadOnlyViewSet
from cpc.core.rest.viewsets import ListOnlyViewSet

from .api import AS_OF, KNOWN_ON, PartnershipFilter, PreciseDateField, in_language, in_scope
from .asof import asked_days_of_api
from .exports import ListFilesMixin
from .models import Coverage, Objective, Partnership, TermEvent
from .permissions import may
from .queries import end_of
from .roles import names_of, roles_that_may
from .sheets import COVERAGE, OBJECTIVES, TERM_EVENTS

DAYS = frozenset({"as_of", "known_on"})


def days_of(request):
    """The days asked for, in the zone of the partnership that the address names."""
    key = request.query_params.get("partnership")
    return asked_days_of_api(request, in_scope(request, key).time_zone if key else None)


class RefusedWithoutRole:
    """For a list of which some roles read nothing: it says so and who may, where an empty one would say that there is nothing.
    `read` is a row of `roles.GRANTS`. A single row is a 404 for them, as all that is not theirs to see."""

    read = ""

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if self.action != "list":
            return
        roles, key = roles_that_may(self.read), request.query_params.get("partnership")
        if key is not None:
            may(request.user, self.read, in_scope(request, key).pk).require()
        elif not Partnership.objects.visible_to(request.user, roles).exists():
            refuse(_("Your role does not include this."), who=names_of(roles), code="role").require()


class SourcedSerializer(serializers.ModelSerializer):
    """What every sourced row says of itself: the title of its source (null: none is named), how sure it is, and whether it is
    invented for the demonstration."""

    partnership = serializers.CharField(source="partnership.key")
    source = serializers.CharField(source="source.title", allow_null=True, default=None)


class TermEventFilter(PartnershipFilter):
    kind = filters.ChoiceFilter(choices=TermEvent.Kind.choices, label=gettext_lazy("Kind"))


class TermEventSerializer(SourcedSerializer):
    """One step of the term. `new_end` is the last day of the term from then on, as exact as its source."""

    kind_label = serializers.CharField(source="get_kind_display")
    title = serializers.SerializerMethodField()
    effective = PreciseDateField()
    new_end = serializers.SerializerMethodField()

    class Meta:
        model = TermEvent
        fields = [
            "key", "partnership", "kind", "kind_label", "title", "effective", "new_end", "known_on", "reason",
            "source", "certainty", "is_sample",
        ]  # fmt: skip

    def get_title(self, event) -> str:
        return in_language(event, "title")

    @extend_schema_field(PreciseDateField(allow_null=True))
    def get_new_end(self, event):
        return PreciseDateField(end_of(event)).data if event.new_end_on else None


@extend_schema(parameters=[AS_OF, KNOWN_ON])
class TermEventViewSet(ListFilesMixin, KeyedReadOnlyViewSet):
    """The steps of the term in force, oldest first. What is only proposed is not among them, nor what was taken back."""

    queryset = TermEvent.objects.all()
    serializer_class = TermEventSerializer
    filterset_class = TermEventFilter
    query_parameters = DAYS
    sheet = TERM_EVENTS
    ordering = ("effective_on", "key")

    def get_queryset(self):
        days = days_of(self.request)
        rows = TermEvent.objects.visible_to(self.request.user).in_force(as_of=days.as_of, known_on=days.known_on)
        return rows.select_related("partnership", "source")


class CoverageFilter(PartnershipFilter):
    region = filters.CharFilter(field_name="region__key", label=gettext_lazy("Region"))


class CoverageRowSerializer(SourcedSerializer):
    """A region that the partnership covers from a day on."""

    region = serializers.CharField(source="region.key")
    name = serializers.SerializerMethodField()

    class Meta:
        model = Coverage
        fields = ["partnership", "region", "name", "known_on", "source", "certainty", "is_sample"]

    def get_name(self, coverage) -> str:
        return in_language(coverage.region, "name")

    def get_fields(self):
        fields = super().get_fields()
        first = {name: fields.pop(name) for name in ("partnership", "region", "name")}
        return first | {"from": serializers.DateField(source="from_on")} | fields  # `from` is a word of Python's


@extend_schema(parameters=[AS_OF, KNOWN_ON])
class CoverageViewSet(ListFilesMixin, ListOnlyViewSet):
    """The regions covered, in the order in which they came in."""

    queryset = Coverage.objects.all()
    serializer_class = CoverageRowSerializer
    filterset_class = CoverageFilter
    query_parameters = DAYS
    sheet = COVERAGE
    ordering = ("from_on", "pk")

    def get_queryset(self):
        days = days_of(self.request)
        rows = Coverage.objects.visible_to(self.request.user).in_force(as_of=days.as_of, known_on=days.known_on)
        return rows.select_related("partnership", "region", "source")


class ObjectiveRowSerializer(SourcedSerializer):
    """What the partnership is for. `key` is unique within its partnership; `title` is empty where no text is known."""

    title = serializers.SerializerMethodField()
    short = serializers.SerializerMethodField()

    class Meta:
        model = Objective
        fields = ["key", "partnership", "number", "title", "short", "source", "certainty", "is_sample"]

    def get_title(self, objective) -> str:
        return in_language(objective, "title")

    def get_short(self, objective) -> str:
        return in_language(objective, "short")


class ObjectiveViewSet(ListFilesMixin, ListOnlyViewSet):
    """What the two governments want to reach together, by number."""

    queryset = Objective.objects.all()
    serializer_class = ObjectiveRowSerializer
    filterset_class = PartnershipFilter
    sheet = OBJECTIVES
    ordering = ("partnership_id", "number")

    def get_queryset(self):
        return Objective.objects.visible_to(self.request.user).select_related("partnership", "source")
