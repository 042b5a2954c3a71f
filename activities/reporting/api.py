"""The API of reports: what is owed, where it stands, what this reader may do with it, and what it adds to a sum of money. For
reading; no other contents and no counts."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers

from cpc.core import clock
from cpc.core.decisions import refuse
from cpc.core.rest import BadParameter, KeyedReadOnlyViewSet
from partners.api import AS_OF, KNOWN_ON, in_scope
from partners.asof import asked_days_of_api
from partners.exports import ListFilesMixin
from partners.models import Partnership
from partners.roles import names_of, roles_that_may

from .counted import NEED_A_MEASURE, CountedFilter, counted
from .export import report_sheet
from .labels import STATE_LABELS, report_title
from .models import Report, ReportVersion
from .permissions import acts_of
from .queries import standing_of


class ReportFilterOfApi(CountedFilter):
    partnership = filters.CharFilter(method="of_partnership", label=gettext_lazy("Key of a partnership."))

    def of_partnership(self, queryset, name, value):
        return queryset.filter(partnership=in_scope(self.request, value))


class ReportPeriodField(serializers.Serializer):
    """The reporting period, both days included."""

    to = serializers.DateField(source="period_to")
    # `from` is a word of Python's

    def get_fields(self):
        return {"from": serializers.DateField(source="period_from")} | super().get_fields()


class ActField(serializers.Serializer):
    """One thing that can be done with a report on its page. `reason` says why this reader may not do it now; empty where they
    may."""

    act = serializers.CharField(source="name")
    label = serializers.CharField()
    allowed = serializers.BooleanField(source="may.allowed")
    code = serializers.CharField(source="may.code")
    reason = serializers.CharField(source="may.message")


class ReportSerializer(serializers.ModelSerializer):
    """What one organization owes for one award and period. `version` null: not started. `due_on` null: nothing asks for it
    any more. `currency` is the award's.

    `days_late` counts to the submission, or to today while the report is with its organization. Where `measure` is asked,
    `amount` is what the accepted report adds to it (null: it does not give the figure) and `counted_from` the first day of the
    time in which it was added; elsewhere neither is there.
    """

    partnership = serializers.CharField(source="partnership.key")
    title = serializers.SerializerMethodField()
    award = serializers.CharField(source="award.key")
    organization = serializers.CharField(source="organization.key")
    period = ReportPeriodField(source="*")
    state = serializers.ChoiceField(list(STATE_LABELS.items()))
    state_label = serializers.SerializerMethodField()
    version = serializers.IntegerField(source="number", allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    submitted_at = serializers.DateTimeField(allow_null=True)
    is_late = serializers.SerializerMethodField()
    days_late = serializers.SerializerMethodField()
    before_records = serializers.SerializerMethodField()
    next_acts = serializers.SerializerMethodField()
    currency = serializers.CharField(source="award.currency")
    amount = serializers.SerializerMethodField(required=False)
    counted_from = serializers.SerializerMethodField(required=False)

    class Meta:
        model = Report
        fields = [
            "key", "partnership", "title", "award", "organization", "period", "is_final", "state", "state_label", "version",
            "due_on", "submitted_at", "is_late", "days_late", "before_records", "next_acts", "currency", "amount", "counted_from",
            "is_sample",
        ]  # fmt: skip

    def get_title(self, report) -> str:
        return report_title(report)

    def get_state_label(self, report) -> str:
        return STATE_LABELS[report.state]

    def get_is_late(self, report) -> bool:
        return self._standing(report).days_late > 0

    def get_days_late(self, report) -> int:
        return self._standing(report).days_late

    def get_before_records(self, report) -> bool:
        return self._standing(report).is_before_records

    @extend_schema_field(ActField(many=True))
    def get_next_acts(self, report):
        version = ReportVersion(state=report.state, certified_by_id=report.certifier) if report.number else None
        return ActField(acts_of(self.context["request"].user, report, version), many=True).data

    @extend_schema_field(serializers.DecimalField(max_digits=20, decimal_places=2, allow_null=True))
    def get_amount(self, report):
        amount = self.context["counted"][report.pk].amount
        return None if amount is None else f"{amount:f}"

    @extend_schema_field(serializers.DateField())
    def get_counted_from(self, report):
        return self.context["counted"][report.pk].since.first.isoformat()

    def get_fields(self):
        fields = super().get_fields()
        if "counted" in self.context and self.context["counted"] is None:
            del fields["amount"], fields["counted_from"]
        return fields

    def _standing(self, report):
        return standing_of(report, today=clock.today(report.partnership.time_zone))


@extend_schema(parameters=[AS_OF, KNOWN_ON])
class ReportViewSet(ListFilesMixin, KeyedReadOnlyViewSet):
    """Reports whose period has begun, in the order of their keys. With `measure`: the accepted ones that a sum of disbursements
    or spending adds up, each with its part of it. Host delegates have none."""

    queryset = Report.objects.all()
    serializer_class = ReportSerializer
    filterset_class = ReportFilterOfApi
    query_parameters = {"as_of", "known_on"}
    required_scope = "reports:read"
    sheet = report_sheet(clock.today)
    counted = None  # by report, the increments of the measure that is asked for

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        roles = roles_that_may("read.reports")
        if self.action == "list" and not Partnership.objects.visible_to(request.user, roles).exists():
            refuse(_("Your role does not include reports."), who=names_of(roles), code="role").require()

    def get_queryset(self):
        key = self.request.query_params.get("partnership")
        zone = in_scope(self.request, key).time_zone if key else None
        rows = Report.objects.visible_to(self.request.user).current(clock.today(zone))
        return rows.for_list().order_by("key")

    def filter_queryset(self, queryset):
        rows = super().filter_queryset(queryset)
        asked, measure = self.request.query_params, self.request.query_params.get("measure")
        if faults := faults_of_measure(asked):
            raise BadParameter.of(faults)
        if not measure:
            return rows
        partnership = in_scope(self.request, asked["partnership"])
        days = asked_days_of_api(self.request, partnership.time_zone)
        found = counted(partnership, measure, asked, as_of=days.as_of, known_on=days.known_on)
        self.counted = {one.row.report: one for one in found}
        return rows.filter(pk__in=self.counted)

    def get_serializer_context(self):
        context = super().get_serializer_context()
        # the description of the API shows every field
        return context if getattr(self, "swagger_fake_view", False) else context | {"counted": self.counted}


def faults_of_measure(asked) -> list[BadParameter]:
    """A measure is asked of one partnership; the days and the periods of money are asked of a measure."""
    if asked.get("measure"):
        message = _("Name a partnership, for example partnership=peru-2017.")
        return [] if asked.get("partnership") else [BadParameter("partnership", "required", message)]
    message = _("This says which money is meant. Name its measure besides: measure=disbursed or measure=spent.")
    return [BadParameter(name, "needs_a_measure", message) for name in NEED_A_MEASURE if name in asked]
