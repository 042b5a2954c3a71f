"""`funding/summary/`: how much, as of a day and as known on a day. Every measure, through the one door."""

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from activities.exports import facts_of_sums
from activities.rate_jobs import stale_message
from activities.reporting.spending import LINES
from activities.sums import OFFER, US_MEASURES, Asked, Summary, answer
from cpc.core.decisions import Decision, refuse
from cpc.core.rest import BadParameter, ETagMixin, LanguageMixin, StrictFormat, StrictParameters
from cpc.core.rest.sheets import FilesMixin
from cpc.core.sheets import whole_csv
from funding.awards.models import Award
from funding.awards.rules import LEVELS
from funding.awards.sums_sheet import SUMS, lines_of
from funding.pledges.converted_api import UsedRateField
from funding.pledges.converted_api import faults_of_conversion as faults_of_host_conversion
from funding.pledges.sums import BASES
from partners.api import AS_OF, KNOWN_ON, in_scope
from partners.asof import asked_days_of_api
from partners.ledger import Qualifier
from partners.models import Partnership
from partners.permissions import may

from .summary_examples import EXAMPLES

MEASURES = tuple(OFFER)
GROUPS = tuple(dict.fromkeys(group for groups in OFFER.values() for group in groups))
# The row of the table of grants that a measure asks for.
READ = dict.fromkeys(MEASURES, "read.pledges") | dict.fromkeys(US_MEASURES, "read.funding")
REPORTS_SCOPE = "reports:read"


class MoneyField(serializers.DecimalField):
    """Decimal text with two places."""

    def __init__(self, **kwargs):
        super().__init__(**{"max_digits": 20, "decimal_places": 2, **kwargs})


class SumRowField(serializers.Serializer):
    """`amount` null: not known. `rows_url` lists the very rows, and they add up; null where this reader may not open them."""

    key = serializers.CharField()
    label = serializers.CharField()
    allocated = serializers.BooleanField()
    currency = serializers.CharField()
    amount = MoneyField(allow_null=True)
    qualifier = serializers.ChoiceField(Qualifier.choices)
    share = serializers.DecimalField(max_digits=30, decimal_places=4, allow_null=True)
    rows_url = serializers.SerializerMethodField()

    def get_rows_url(self, row) -> str | None:
        if row.resource == "report" and not self.context["may_open_reports"]:
            return None
        return f"{reverse(f'api:{row.resource}-list')}?{urlencode(row.filters)}"


class TotalField(serializers.Serializer):
    currency = serializers.CharField()
    amount = MoneyField()
    qualifier = serializers.ChoiceField(Qualifier.choices)


class SummarySerializer(serializers.Serializer):
    """Sums of one measure, by group, and their total for each currency. `level` is null for host money, which has none."""

    partnership = serializers.CharField()
    measure = serializers.ChoiceField(MEASURES)
    level = serializers.ChoiceField(Award.Level.choices, allow_null=True)
    group_by = serializers.ChoiceField(GROUPS)
    as_of = serializers.DateField()
    known_on = serializers.DateField()
    currency = serializers.CharField(allow_null=True)
    rate_basis = serializers.ChoiceField(BASES, allow_null=True)
    rates = UsedRateField(many=True)
    rows = SumRowField(many=True)
    totals = TotalField(many=True)
    not_reported = serializers.IntegerField()
    messages = serializers.ListField(child=serializers.CharField())


def parameter(name: str, text: str, values=None, **kwargs) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, description=text, enum=values, **kwargs)


PARAMETERS = [
    parameter("partnership", "Key of a partnership.", required=True),
    parameter("measure", "What is added up.", MEASURES, default="awarded"),
    parameter("level", "Prime awards or sub-awards.", LEVELS, default="prime"),
    parameter("group_by", "What each row stands for.", GROUPS, default="none"),
    AS_OF,
    KNOWN_ON,
    parameter("currency", "ISO 4217 code, for host measures only."),
    parameter("rate_basis", "Whose day's rate, for host measures only.", BASES),
]


class FundingSummaryView(LanguageMixin, StrictParameters, FilesMixin, ETagMixin, APIView):
    """How much was awarded, obligated, disbursed, spent, pledged or contributed.

    `awarded`: approved award actions, announced or signed; `obligated`: the signed ones. `disbursed` and `spent`: lines 10b and
    10e of the latest accepted reports. These are in the awards' own currency and never converted. `pledged` and `contributed`:
    host money, in its own currency, or in `currency` at the rates that `rate_basis` names (default: `signature` for what was
    pledged, `transaction` for what was contributed). Each measure has its own groups: U.S. measures none, partner, award,
    fiscal_year, calendar_year and quarter; `contributed` none, entity, kind, region, fiscal_year (the host's), calendar_year and
    quarter; `pledged` none.
    """

    query_parameters = {"partnership", "measure", "level", "group_by", "as_of", "known_on", "currency", "rate_basis"}
    required_scope = "funding:read"
    content_negotiation_class = StrictFormat

    def allowed_parameters(self):
        return super().allowed_parameters() - {"cursor", "limit"}  # one answer, without pages

    @extend_schema(
        operation_id="funding_summary",
        parameters=PARAMETERS,
        responses=SummarySerializer,
        examples=[OpenApiExample(name, value=value, response_only=True) for name, value in EXAMPLES.items()],
    )
    def get(self, request):
        partnership, result = self.ask(request)
        facts = facts_of_sums(request, partnership, [result])
        if self.file_format == "csv":
            return whole_csv(f"{SUMS.name}.csv", SUMS.keys, SUMS.rows(lines_of(result)), facts=facts, bom=False)
        if self.file_format == "xlsx":
            return self.workbook(SUMS, lines_of(result), facts)
        opens = may_open_reports(request, partnership)
        if result.measure in LINES and result.rows and not opens:
            result.messages.append(_("The rows are reports. %(reason)s") % {"reason": opens.message})
        body = SummarySerializer(result, context={"may_open_reports": bool(opens)}).data
        return Response(body, headers=facts.headers())

    def ask(self, request) -> tuple[Partnership, Summary]:
        """What the address asks for, answered. Raises Http404, Refused, and BadParameter with every fault."""
        key, partnership, faults = request.query_params.get("partnership"), None, []
        if key:
            partnership = in_scope(request, key)
            may(request.user, "read.funding", partnership.pk).require()
        else:
            faults.append(BadParameter("partnership", "required", _("Name a partnership, for example partnership=peru-2017.")))
        asked = question_of(request, faults)
        try:
            days = asked_days_of_api(request, partnership.time_zone if partnership else None)
        except BadParameter as fault:
            faults.append(fault)
        faults += faults_of_conversion(request, asked.measure)
        if faults:
            raise BadParameter.of(faults)
        may(request.user, READ[asked.measure], partnership.pk).require()
        result = answer(partnership, asked, as_of=days.as_of, known_on=days.known_on)
        if asked.currency and (stale := stale_message(today=days.today)):
            result.messages.append(stale)
        return partnership, result


def may_open_reports(request, partnership) -> Decision:
    """Whether this reader, with this token, may open the list of reports."""
    if request.auth is not None and REPORTS_SCOPE not in request.auth.scopes:
        return refuse(_("This token lacks the scope %(scope)s.") % {"scope": REPORTS_SCOPE}, code="scope")
    return may(request.user, "read.reports", partnership.pk)


def question_of(request, faults: list[BadParameter]) -> Asked:
    """What the address asks for. Each parameter that cannot be goes to `faults`, and its default stands in."""
    measure = choice(request, "measure", MEASURES, "awarded", faults, code="measure_not_offered")
    is_known = request.query_params.get("measure", measure) == measure
    is_us = measure in US_MEASURES
    if is_us:
        level = choice(request, "level", LEVELS, "prime", faults)
    else:
        level = "prime"
        if "level" in request.query_params:
            message = _("Host money has no levels. Leave this parameter out.")
            faults.append(BadParameter("level", "level_not_offered", message))
    # of a measure that does not exist, no group is known either; any that some measure has will do
    group_by = choice(request, "group_by", OFFER[measure] if is_known else GROUPS, "none", faults)
    host = {} if is_us else {name: request.query_params.get(name) for name in ("currency", "rate_basis")}
    return Asked(measure, level, group_by, **host)


def choice(request, name: str, allowed, unless: str, faults: list[BadParameter], *, code: str = "unknown_value") -> str:
    """One of `allowed`, or `unless` where the parameter is absent; a fault names them."""
    value = request.query_params.get(name, unless)
    if value in allowed:
        return value
    message = _("“%(value)s” is not offered. Choose one of: %(allowed)s.") % {"value": value[:100], "allowed": ", ".join(allowed)}
    faults.append(BadParameter(name, code, message))
    return unless


def faults_of_conversion(request, measure: str) -> list[BadParameter]:
    """What is wrong with `currency` and `rate_basis`."""
    if measure not in US_MEASURES:
        return faults_of_host_conversion(request.query_params, "currency")
    message = _("U.S. awards are never converted. Leave this parameter out.")
    asked = [name for name in ("currency", "rate_basis") if name in request.query_params]
    return [BadParameter(name, "conversion_not_offered", message) for name in asked]
