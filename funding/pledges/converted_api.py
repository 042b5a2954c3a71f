"""How a list of host money shows its rows in another currency, so that they add up to the converted sum that leads to them."""

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers

from cpc.core.dates import Precision
from cpc.core.money import currency_codes
from cpc.core.rest import BadParameter
from funding.awards.answers import Asked
from partners.api import in_scope
from partners.asof import asked_days_of_api
from partners.ledger_api import DAYS, SourcedSerializer

from .converting import Converter, Given, Shown
from .sums import BASES

CONVERSION = frozenset({"converted_to", "rate_basis"})
PARAMETERS = [
    OpenApiParameter("converted_to", OpenApiTypes.STR, description="Currency in which each row is shown besides."),
    OpenApiParameter("rate_basis", OpenApiTypes.STR, description="At which rate.", enum=BASES),
]


class UsedRateField(serializers.Serializer):
    """One unit of `base` is `rate` units of `quote`."""

    base = serializers.CharField()
    quote = serializers.CharField()
    rate = serializers.DecimalField(max_digits=18, decimal_places=8)
    record_date = serializers.DateField()
    source = serializers.CharField()


class ConvertedField(serializers.Serializer):
    """The row in another currency, to the cent. `amount` null: it has none, or no rate holds. `rate` null: none was needed."""

    currency = serializers.CharField()
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    rate = UsedRateField(allow_null=True)


class ConvertedSerializer(SourcedSerializer):
    """A row of host money. `converted` is there where `converted_to` is asked, and nowhere else."""

    converted = serializers.SerializerMethodField(required=False)

    def get_fields(self):
        fields = super().get_fields()
        if "converter" in self.context and self.context["converter"] is None:
            del fields["converted"]
        return fields

    @extend_schema_field(ConvertedField)
    def get_converted(self, row):
        return ConvertedField(shown_of(row, self.context["converter"])).data


def shown_of(row, converter: Converter) -> Shown:
    """A pledge or a contribution as the sum shows it. Its partnership must be loaded."""
    given = Given(
        key="",
        name="",
        currency=row.currency or row.partnership.host_currency,
        amount=row.amount,
        qualifier=getattr(row, "qualifier", ""),
        effective_on=row.effective_on,
        only_year=row.effective_precision == Precision.YEAR,
        is_sample=row.is_sample,
        rate=getattr(row, "rate_id", None),
    )
    return converter.shown(given)


class ConvertedMixin:
    """For a list of host money: `measure` says whose rows they are. Files hold the amounts in their own currency."""

    measure = ""
    query_parameters = DAYS | CONVERSION
    converter: Converter | None = None

    def list(self, request, *args, **kwargs):
        if "converted_to" in request.query_params and self.file_format:
            message = _("A file holds the amounts in their own currency. Leave this parameter out.")
            raise BadParameter("converted_to", "not_in_files", message)
        return super().list(request, *args, **kwargs)

    def filter_queryset(self, queryset):
        rows = super().filter_queryset(queryset)
        asked = self.request.query_params
        if faults := faults_of_conversion(asked):
            raise BadParameter.of(faults)
        if currency := asked.get("converted_to"):
            partnership = in_scope(self.request, asked["partnership"])
            days = asked_days_of_api(self.request, partnership.time_zone)
            question = Asked(self.measure, currency=currency, rate_basis=asked.get("rate_basis"))
            self.converter = Converter.of(partnership, question, as_of=days.as_of, known_on=days.known_on)
        return rows

    def get_serializer_context(self):
        context = super().get_serializer_context()
        # the description of the API shows every field
        return context if getattr(self, "swagger_fake_view", False) else context | {"converter": self.converter}


def faults_of_conversion(asked, currency: str = "converted_to") -> list[BadParameter]:
    """What is wrong with a conversion; `currency` is the parameter that names the currency."""
    faults, offered = [], ", ".join(BASES)
    basis = asked.get("rate_basis")
    if asked.get(currency, "USD") not in currency_codes():
        message = _("Enter the three-letter code of a currency in use, for example USD.")
        faults.append(BadParameter(currency, "unknown_currency", message))
    if basis is not None and basis not in BASES:
        words = {"value": basis[:100], "allowed": offered}
        message = _("“%(value)s” is not offered. Choose one of: %(allowed)s.") % words
        faults.append(BadParameter("rate_basis", "unknown_value", message))
    elif basis is not None and currency not in asked:
        message = _("A basis says at which rate an amount is shown in another currency. Name it, for example %(name)s=USD.")
        faults.append(BadParameter("rate_basis", "currency_required", message % {"name": currency}))
    if currency == "converted_to" and currency in asked and not asked.get("partnership"):
        message = _("Name a partnership, for example partnership=peru-2017.")
        faults.append(BadParameter("partnership", "required", message))
    return faults
