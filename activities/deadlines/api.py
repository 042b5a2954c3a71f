"""The API of deadlines. For reading."""

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import Cursor
from rest_framework.utils.urls import remove_query_param

from cpc.core import clock
from cpc.core.rest import CursorPagination, KeyedReadOnlyViewSet, iso_day
from partners.api import in_scope
from partners.asof import Days
from partners.exports import ListFilesMixin
from partners.ledger import sample_message
from partners.models import Partnership

from .explain import explain, title_of
from .filters import STATUS_LABELS, DeadlineFilterOfApi
from .looking_back import rows_as_of
from .models import Deadline
from .queries import FindReports, attach_changes, attach_reports, rests_on_sample, stale_job_message, with_changes, with_status
from .rulebook import shipped
from .sheets import DEADLINES

AS_OF = OpenApiParameter(
    "as_of",
    OpenApiTypes.DATE,
    description="The state on that day, under the term, periods and pledges in force then. Default: today.",
)


class DeadlinePeriodField(serializers.Serializer):
    """The reporting period, both days included."""

    to = serializers.DateField(source="period_to")
    # `from` is a word of Python's

    def get_fields(self):
        return {"from": serializers.DateField(source="period_from")} | super().get_fields()


class DeadlineSerializer(serializers.ModelSerializer):
    """One date that falls due, and why. `award`, `recipient` and `period` are null where the rule is about none; `report` is the
    key of the report that discharges it, null where there is none that the reader may open.

    `raw_on` is counted by the rule, `legal_on` follows it over weekends and holidays where the rule says so. `due_on` counts: it
    is `legal_on`, or 30 days after `decided_on` where a decision taken on that day brought the date about too late, or
    `granted_on`, the latest later day that an officer granted on request, where that is later still. `wanted_on` is the later day
    that the partner asks for while its request waits for an answer. Both are null where there is none."""

    partnership = serializers.CharField(source="partnership.key")
    title = serializers.SerializerMethodField()
    award = serializers.CharField(source="award.key", allow_null=True, default=None)
    recipient = serializers.CharField(source="recipient.key", allow_null=True, default=None)
    period = serializers.SerializerMethodField()
    legal_on = serializers.DateField()
    decided_on = serializers.DateField(allow_null=True)
    next_business_day = serializers.DateField(source="next_business_on")
    status = serializers.ChoiceField(list(STATUS_LABELS.items()))
    status_label = serializers.SerializerMethodField()
    met_on = serializers.DateField(allow_null=True)
    wanted_on = serializers.DateField(allow_null=True)
    granted_on = serializers.DateField(allow_null=True)
    superseded_by = serializers.CharField(source="superseded_by.key", allow_null=True, default=None)
    report = serializers.CharField(source="report.key", allow_null=True, default=None)
    is_sample = serializers.SerializerMethodField()
    certainty = serializers.SerializerMethodField()
    explanation = serializers.SerializerMethodField()

    class Meta:
        model = Deadline
        fields = [
            "key", "partnership", "kind", "title", "rule", "award", "recipient", "period",
            "raw_on", "legal_on", "due_on", "decided_on", "wanted_on", "granted_on", "next_business_day", "status",
            "status_label", "met_on", "superseded_by", "report", "guidance_version", "certainty", "is_sample", "explanation",
        ]  # fmt: skip

    def get_title(self, row) -> str:
        return title_of(row)

    @extend_schema_field(DeadlinePeriodField(allow_null=True))
    def get_period(self, row):
        return None if row.period_from is None else DeadlinePeriodField(row).data

    def get_status_label(self, row) -> str:
        return STATUS_LABELS[row.status]

    def get_is_sample(self, row) -> bool:
        return rests_on_sample(row)

    def get_certainty(self, row) -> str:
        return shipped().rule(row.rule).certainty

    def get_explanation(self, row) -> str:
        return str(explain(row))


class RowsPagination(CursorPagination):
    """Cursors for rows that were computed and stand in a list: the cursor counts them. The answer says in `messages` what its
    rows rest on."""

    def paginate_queryset(self, rows, request, view=None):
        if not isinstance(rows, list):
            self.rows = None
            return super().paginate_queryset(rows, request, view)
        self.rows, self.base_url = rows, request.build_absolute_uri()
        self.size = self.get_page_size(request)
        cursor = self.decode_cursor(request)
        if cursor and (cursor.position is not None or cursor.reverse or cursor.offset >= max(len(rows), 1)):
            raise self._bad_cursor()
        self.start = cursor.offset if cursor else 0
        return rows[self.start : self.start + self.size]

    def get_next_link(self):
        if self.rows is None:
            return super().get_next_link()
        after = self.start + self.size
        return self.link_to(after) if after < len(self.rows) else None

    def get_previous_link(self):
        if self.rows is None:
            return super().get_previous_link()
        return self.link_to(max(self.start - self.size, 0)) if self.start else None

    def get_paginated_response_schema(self, schema):
        answer = super().get_paginated_response_schema(schema)
        answer["properties"]["messages"] = {
            "type": "array",
            "items": {"type": "string"},
            "description": "What the reader must know: that rows are invented, or that the nightly job has not run.",
        }
        return answer | {"required": list(answer["properties"])}

    def link_to(self, start: int) -> str:
        if start == 0:
            return remove_query_param(self.base_url, self.cursor_query_param)
        return self.encode_cursor(Cursor(offset=start, reverse=False, position=None))


@extend_schema(parameters=[AS_OF])
class DeadlineViewSet(ListFilesMixin, KeyedReadOnlyViewSet):
    """What falls due, by day. Superseded deadlines are listed too, but for another day than today only those of that day."""

    queryset = Deadline.objects.all()
    serializer_class = DeadlineSerializer
    filterset_class = DeadlineFilterOfApi
    pagination_class = RowsPagination
    query_parameters = {"as_of"}
    required_scope = "deadlines:read"
    sheet = DEADLINES
    ordering = ("due_on", "key")
    find_reports: FindReports  # set by who gives the resource its address

    def get_queryset(self):
        """Stored rows with today's state, or a list of unsaved ones for another day."""
        user = self.request.user
        partnerships = self.partnerships = self.asked_partnerships()
        today = {one.time_zone: clock.today(one.time_zone) for one in partnerships}
        text = self.request.query_params.get("as_of")
        day = iso_day(text, "as_of") if text is not None else None
        if day is None or set(today.values()) == {day}:
            rows = Deadline.objects.visible_to(user).filter(partnership__in=partnerships)
            return with_changes(with_status(rows, today)).select_related("partnership", "award", "recipient", "superseded_by")
        known = [rows_as_of(user, one, as_of=day, known_on=today[one.time_zone]) for one in partnerships]
        found = sorted((row for rows in known for row in rows), key=lambda row: (row.due_on, row.key))
        attach_changes(found, day=min(day, max(today.values(), default=day)))
        return found

    def asked_partnerships(self) -> list[Partnership]:
        key = self.request.query_params.get("partnership")
        if key is not None:
            return [in_scope(self.request, key)]
        return list(Partnership.objects.visible_to(self.request.user).for_list())

    def asked_days(self, partnership) -> Days:
        """The day may lie ahead; what is known is what is known today."""
        today = clock.today(partnership.time_zone if partnership else None)
        text = self.request.query_params.get("as_of")
        return Days(as_of=iso_day(text, "as_of") if text is not None else today, known_on=today, today=today)

    def rows_of_file(self):
        rows = self.filter_queryset(self.get_queryset())
        rows = rows if isinstance(rows, list) else list(rows.order_by(*self.ordering))
        attach_reports(rows, self.request.user, self.find_reports)
        return rows

    def paginate_queryset(self, rows):
        page = super().paginate_queryset(rows)
        attach_reports(page, self.request.user, self.find_reports)
        self.is_sample = any(rests_on_sample(row) for row in page)
        return page

    def get_paginated_response(self, data):
        answer = super().get_paginated_response(data)
        answer.data["messages"] = self.messages()
        return answer

    def messages(self) -> list[str]:
        """Each once, though several partnerships may have the same to say."""
        stale = {one.time_zone: stale_job_message(one, today=clock.today(one.time_zone)) for one in self.partnerships}
        said = [*stale.values(), sample_message() if self.is_sample else ""]
        return list(dict.fromkeys(filter(None, said)))

    def filter_queryset(self, rows):
        if not isinstance(rows, list):
            return super().filter_queryset(rows)
        asked = self.filterset_class(self.request.query_params, queryset=Deadline.objects.none(), request=self.request)
        if not asked.is_valid():
            raise ValidationError(asked.errors)
        return [row for row in rows if asked.holds(row)]

    def get_object(self):
        rows = self.get_queryset()
        if isinstance(rows, list):
            found = next((row for row in rows if row.key == self.kwargs["key"]), None)
            if found is None:
                raise Http404
        else:
            found = super().get_object()
        attach_reports([found], self.request.user, self.find_reports)
        return found
