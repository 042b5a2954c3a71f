"""`funding/summary/`: how much, as of a day and as known on a day."""

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from cpc.core.rest import BadParameter, ETagMixin, LanguageMixin, StrictFormat, StrictParameters
from cpc.core.rest.sheets import CsvMixin
from cpc.core.sheets import whole_csv
from funding.awards.models import Award
from partners.api import AS_OF, KNOWN_ON, in_scope
from partners.asof import asked_days_of_api
from partners.ledger import Qualifier
from partners.permissions import may

from .queries import Summary, summary
from .rules import GROUPS, LEVELS, MEASURES
from .sheets import SUMS

EXAMPLE = {
    "partnership": "peru-2017",
    "measure": "awarded",
    "level": "prime",
    "group_by": "partner",
    "as_of": "2020-02-06",
    "known_on": "2020-02-10",
    "currency": None,
    "rate_basis": None,
    "rates": [],
    "rows": [
        {
            "key": "unallocated-peru-2017-initial",
            "label": "Unallocated: International Labour Organization and Centro Yanapanakusun, split not published",
            "allocated": False,
            "currency": "USD",
            "amount": "5000000.00",
            "qualifier": "exact",
            "share": "0.7463",
            "rows_url": "/api/v1/award-actions/?partnership=peru-2017&measure=awarded&level=prime&award=peru-2017-initial"
            "&allocated=false&currency=USD&as_of=2020-02-06&known_on=2020-02-10",
        },
        {
            "key": "ilo",
            "label": "International Labour Organization",
            "allocated": True,
            "currency": "USD",
            "amount": "1700000.00",
            "qualifier": "exact",
            "share": "0.2537",
            "rows_url": "/api/v1/award-actions/?partnership=peru-2017&measure=awarded&level=prime&recipient=ilo"
            "&currency=USD&as_of=2020-02-06&known_on=2020-02-10",
        },
    ],
    "totals": [{"currency": "USD", "amount": "6700000.00", "qualifier": "exact"}],
    "not_reported": 0,
    "messages": [],
}


class MoneyField(serializers.DecimalField):
    """Decimal text with two places."""

    def __init__(self, **kwargs):
        super().__init__(**{"max_digits": 20, "decimal_places": 2, **kwargs})


class SumRowField(serializers.Serializer):
    """`amount` null: not known. `rows_url` lists the very rows, and they add up."""

    key = serializers.CharField()
    label = serializers.CharField()
    allocated = serializers.BooleanField()
    currency = serializers.CharField()
    amount = MoneyField(allow_null=True)
    qualifier = serializers.ChoiceField(Qualifier.choices)
    share = serializers.DecimalField(max_digits=30, decimal_places=4, allow_null=True)
    rows_url = serializers.SerializerMethodField()

    def get_rows_url(self, row) -> str:
        return f"{reverse('api:award-action-list')}?{urlencode(row.filters)}"


class TotalField(serializers.Serializer):
    currency = serializers.CharField()
    amount = MoneyField()
    qualifier = serializers.ChoiceField(Qualifier.choices)


class RateField(serializers.Serializer):
    base = serializers.CharField()
    quote = serializers.CharField()
    rate = serializers.DecimalField(max_digits=18, decimal_places=8)
    record_date = serializers.DateField()
    source = serializers.CharField()


class SummarySerializer(serializers.Serializer):
    """Sums of one measure and level, by group, and their total for each currency."""

    partnership = serializers.CharField()
    measure = serializers.ChoiceField(MEASURES)
    level = serializers.ChoiceField(Award.Level.choices)
    group_by = serializers.ChoiceField(GROUPS)
    as_of = serializers.DateField()
    known_on = serializers.DateField()
    currency = serializers.CharField(allow_null=True)
    rate_basis = serializers.CharField(allow_null=True)
    rates = RateField(many=True)
    rows = SumRowField(many=True)
    totals = TotalField(many=True)
    not_reported = serializers.IntegerField()
    messages = serializers.ListField(child=serializers.CharField())


def parameter(name: str, text: str, values=None, **kwargs) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, description=text, enum=values, **kwargs)


PARAMETERS = [
    parameter("partnership", "Key of a partnership.", required=True),
    parameter(
        "measure", "Awarded: approved actions, announced or signed. Obligated: the signed ones.", MEASURES, default="awarded"
    ),
    parameter("level", "Prime awards or sub-awards; they are never added together.", LEVELS, default="prime"),
    parameter("group_by", "What each row stands for.", GROUPS, default="none"),
    AS_OF,
    KNOWN_ON,
]


class FundingSummaryView(LanguageMixin, StrictParameters, CsvMixin, ETagMixin, APIView):
    """Sums of U.S. money. Amounts are in the awards' own currency; nothing is converted."""

    query_parameters = {"partnership", "measure", "level", "group_by", "as_of", "known_on", "currency", "rate_basis"}
    required_scope = "funding:read"
    content_negotiation_class = StrictFormat

    def allowed_parameters(self):
        return super().allowed_parameters() - {"cursor", "limit"}  # one answer, without pages

    @extend_schema(
        operation_id="funding_summary",
        parameters=PARAMETERS,
        responses=SummarySerializer,
        examples=[OpenApiExample("By partner", value=EXAMPLE, response_only=True)],
    )
    def get(self, request):
        result = self.asked(request)
        if self.wants_csv:
            return whole_csv(f"{SUMS.name}.csv", SUMS.keys, SUMS.rows(result.rows), bom=False)
        return Response(SummarySerializer(self.answer(result)).data)

    def asked(self, request) -> Summary:
        """The summary that the address asks for. Raises Http404, Refused, and BadParameter with every fault."""
        key, partnership, faults = request.query_params.get("partnership"), None, []
        if key:
            partnership = in_scope(request, key)
            may(request.user, "read.funding", partnership.pk).require()
        else:
            faults.append(BadParameter("partnership", "required", _("Name a partnership, for example partnership=peru-2017.")))
        question = {}
        for name, allowed, unless, code in CHOICES:
            try:
                question[name] = choice(request, name, allowed, unless=unless, code=code)
            except BadParameter as fault:
                faults.append(fault)
        try:
            days = asked_days_of_api(request, partnership.time_zone if partnership else None)
        except BadParameter as fault:
            faults.append(fault)
        faults += conversions(request)
        if faults:
            raise BadParameter.of(faults)
        return summary(partnership, as_of=days.as_of, known_on=days.known_on, **question)

    def answer(self, result: Summary) -> dict:
        names = ("partnership", "measure", "level", "group_by", "as_of", "known_on", "rows", "totals", "not_reported", "messages")
        return {name: getattr(result, name) for name in names} | {"currency": None, "rate_basis": None, "rates": []}


CHOICES = (
    ("measure", MEASURES, "awarded", "measure_not_offered"),
    ("level", LEVELS, "prime", "unknown_value"),
    ("group_by", GROUPS, "none", "unknown_value"),
)


def choice(request, name: str, allowed, *, unless: str, code: str) -> str:
    """One of `allowed`, or `unless` where the parameter is absent. Raises BadParameter that names them."""
    value = request.query_params.get(name, unless)
    if value not in allowed:
        message = _("“%(value)s” is not offered. Choose one of: %(allowed)s.") % {"value": value, "allowed": ", ".join(allowed)}
        raise BadParameter(name, code, message)
    return value


def conversions(request) -> list[BadParameter]:
    """U.S. money stays in its own currency, whatever rate is asked for."""
    message = _("U.S. awards are never converted. Leave this parameter out.")
    return [
        BadParameter(name, "conversion_not_offered", message)
        for name in ("currency", "rate_basis")
        if name in request.query_params
    ]
