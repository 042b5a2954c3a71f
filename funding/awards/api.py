"""The API of awards and of their actions, the rows that the sums add up. For reading."""

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers

from cpc.core.rest import KeyedReadOnlyViewSet
from funding.awards.models import Award, AwardAction, AwardRecipient
from partners.api import AS_OF, KNOWN_ON, PreciseDateField, in_language, in_scope
from partners.asof import asked_days_of_api
from partners.exports import ListFilesMixin

from .filters import ActionFilterOfApi, AwardFilterOfApi
from .ledger import in_force, period_of, with_steps
from .sheets import ACTIONS

DAYS = frozenset({"as_of", "known_on"})


def days_of(request):
    """The days asked for, in the zone of the partnership that the address names."""
    key = request.query_params.get("partnership")
    return asked_days_of_api(request, in_scope(request, key).time_zone if key else None)


class PeriodField(serializers.Serializer):
    """The period of performance as its actions in force give it; null where none says it."""

    start = PreciseDateField(allow_null=True)
    end = PreciseDateField(allow_null=True)


class RecipientField(serializers.ModelSerializer):
    key = serializers.CharField(source="organization.key")
    name = serializers.SerializerMethodField()

    class Meta:
        model = AwardRecipient
        fields = ["key", "name", "rule_class"]

    def get_name(self, recipient) -> str:
        return in_language(recipient.organization, "name")


class KnownTextField(serializers.CharField):
    """A text that is null, not empty, where it is not known."""

    def __init__(self, **kwargs):
        super().__init__(**{"allow_null": True, **kwargs})

    def to_representation(self, value) -> str | None:
        return super().to_representation(value) if value else None


class AwardSerializer(serializers.ModelSerializer):
    """One grant or cooperative agreement. Its money is in `award-actions`, its sums in `funding/summary`."""

    partnership = serializers.CharField(source="partnership.key")
    title = serializers.SerializerMethodField()
    parent = serializers.CharField(source="parent.key", allow_null=True, default=None)
    pass_through = serializers.CharField(source="pass_through.key", allow_null=True, default=None)
    recipients = RecipientField(many=True)
    period = serializers.SerializerMethodField()
    listing = KnownTextField()
    fain = KnownTextField()
    source = serializers.CharField(source="source.title", allow_null=True, default=None)

    class Meta:
        model = Award
        fields = [
            "key", "partnership", "level", "title", "parent", "pass_through", "recipients", "period", "currency",
            "listing", "fain", "report_frequency", "known_on", "source", "certainty", "is_sample",
        ]  # fmt: skip

    def get_title(self, award) -> str:
        return in_language(award, "title")

    @extend_schema_field(PeriodField)
    def get_period(self, award):
        return PeriodField(period_of(award.steps)).data


@extend_schema(parameters=[AS_OF, KNOWN_ON])
class AwardViewSet(KeyedReadOnlyViewSet):
    """Awards, prime and sub, known on `known_on`, with the period that their actions in force give them."""

    queryset = Award.objects.all()
    serializer_class = AwardSerializer
    filterset_class = AwardFilterOfApi
    query_parameters = DAYS
    required_scope = "funding:read"

    def get_queryset(self):
        days = days_of(self.request)
        awards = (
            Award.objects.visible_to(self.request.user)
            .for_list()
            .select_related("partnership", "parent", "pass_through", "source")
        )
        return with_steps(awards, as_of=days.as_of, known_on=days.known_on)


class AwardActionSerializer(serializers.ModelSerializer):
    """One step in an award's life. `amount` is signed; null is not known. `recipient` null: the split is not known."""

    partnership = serializers.CharField(source="award.partnership.key")
    award = serializers.CharField(source="award.key")
    level = serializers.ChoiceField(Award.Level.choices, source="award.level")
    kind_label = serializers.CharField(source="get_kind_display")
    recipient = serializers.CharField(source="recipient.key", allow_null=True, default=None)
    currency = serializers.SerializerMethodField()
    start_precision = serializers.SerializerMethodField()
    new_end_precision = serializers.SerializerMethodField()
    guidance_version = KnownTextField()
    source = serializers.CharField(source="source.title", allow_null=True, default=None)

    class Meta:
        model = AwardAction
        fields = [
            "key", "partnership", "award", "level", "kind", "kind_label", "amount", "currency", "recipient",
            "effective_on", "effective_precision", "known_on", "basis",
            "start_on", "start_precision", "new_end_on", "new_end_precision", "guidance_version", "reason",
            "source", "certainty", "is_sample",
        ]  # fmt: skip

    def get_currency(self, action) -> str:
        return action.currency or action.award.currency

    def get_start_precision(self, action) -> str | None:
        return action.start_precision if action.start_on else None

    def get_new_end_precision(self, action) -> str | None:
        return action.new_end_precision if action.new_end_on else None


@extend_schema(parameters=[AS_OF, KNOWN_ON])
class AwardActionViewSet(ListFilesMixin, KeyedReadOnlyViewSet):
    """The approved actions in force: the rows that the sums add up. As CSV the whole list at once."""

    queryset = AwardAction.objects.all()
    serializer_class = AwardActionSerializer
    filterset_class = ActionFilterOfApi
    query_parameters = DAYS
    required_scope = "funding:read"
    ordering = ("effective_on", "key")
    sheet = ACTIONS

    def get_queryset(self):
        days = days_of(self.request)
        actions = AwardAction.objects.visible_to(self.request.user)
        return in_force(actions, as_of=days.as_of, known_on=days.known_on).select_related(
            "award__partnership", "recipient", "source"
        )
