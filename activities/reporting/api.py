"""The API of reports: what is owed, where it stands, and what this reader may do with it. For reading; no contents and no
counts."""

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cpc.core import clock
from cpc.core.decisions import refuse
from cpc.core.rest import KeyedReadOnlyViewSet
from partners.api import in_scope
from partners.exports import ListFilesMixin
from partners.models import Partnership
from partners.roles import names_of, roles_that_may

from .export import report_sheet
from .filters import ReportFilter
from .labels import STATE_LABELS, report_title
from .models import Report, ReportVersion
from .permissions import acts_of
from .queries import standing_of


class ReportFilterOfApi(ReportFilter):
    partnership = filters.CharFilter(method="of_partnership", label=_("Key of a partnership."))

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
    any more.

    `days_late` counts to the submission, or to today while the report is with its organization.
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

    class Meta:
        model = Report
        fields = [
            "key", "partnership", "title", "award", "organization", "period", "is_final", "state", "state_label", "version",
            "due_on", "submitted_at", "is_late", "days_late", "before_records", "next_acts", "is_sample",
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

    def _standing(self, report):
        return standing_of(report, today=clock.today(report.partnership.time_zone))


class ReportViewSet(ListFilesMixin, KeyedReadOnlyViewSet):
    """Reports whose period has begun, in the order of their keys. Host delegates have none."""

    queryset = Report.objects.all()
    serializer_class = ReportSerializer
    filterset_class = ReportFilterOfApi
    required_scope = "reports:read"
    sheet = report_sheet(clock.today)

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
