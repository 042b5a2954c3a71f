"""How award actions are filtered, for page, export and API alike. Each key of a sum is a value of one of these filters."""

from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from cpc.core.rendering import Problem
from funding.awards.models import Award, AwardAction
from partners.api import in_scope
from partners.models import Organization

from .ledger import counted, in_bucket, with_currency
from .rules import MEASURES

ISO = ["%Y-%m-%d"]
YES_NO = (("true", _("yes")), ("false", _("no")))


def visible_awards(request):
    return Award.objects.visible_to(request.user) if request else Award.objects.none()


def visible_recipients(request):
    awards = visible_awards(request).values("pk")
    received = Q(received__award__in=awards)
    named = Q(pk__in=AwardAction.objects.filter(award__in=awards).values("recipient"))
    return Organization.objects.filter(received | named).distinct()


def period_filter(pattern: str, message, label):
    shape = RegexValidator(pattern, message, code="invalid_period")
    return filters.CharFilter(method="of_period", label=label, validators=[shape])


class ActionFilter(filters.FilterSet):
    """The filters of a list of award actions, besides the partnership and the days."""

    award = filters.ModelChoiceFilter(queryset=visible_awards, to_field_name="key", label=_("Award"))
    recipient = filters.ModelChoiceFilter(queryset=visible_recipients, to_field_name="key", label=_("Recipient"))
    allocated = filters.ChoiceFilter(choices=YES_NO, method="of_allocated", label=_("With a recipient"))
    level = filters.ChoiceFilter(choices=Award.Level.choices, field_name="award__level", label=_("Level"))
    measure = filters.ChoiceFilter(choices=[(name, name) for name in MEASURES], method="of_measure", label=_("Counted as"))
    kind = filters.ChoiceFilter(choices=AwardAction.Kind.choices, label=_("Kind"))
    basis = filters.ChoiceFilter(choices=AwardAction.Basis.choices, label=_("Basis"))
    currency = filters.CharFilter(method="of_currency", label=_("Currency"))
    fiscal_year = period_filter(
        r"^(FY[0-9]{4}|unallocated)\Z", _("“%(value)s” is no U.S. fiscal year. Write it like FY2020."), _("U.S. fiscal year")
    )
    calendar_year = period_filter(
        r"^CY[0-9]{4}\Z", _("“%(value)s” is no calendar year. Write it like CY2020."), _("Calendar year")
    )
    quarter = period_filter(
        r"^([0-9]{4}-Q[1-4]|unallocated)\Z", _("“%(value)s” is no quarter. Write it like 2020-Q1."), _("Quarter")
    )
    effective_from = filters.DateFilter(
        field_name="effective_on", lookup_expr="gte", input_formats=ISO, label=_("Effective from")
    )
    effective_to = filters.DateFilter(field_name="effective_on", lookup_expr="lte", input_formats=ISO, label=_("Effective to"))

    def of_allocated(self, queryset, name, value):
        return queryset.filter(recipient__isnull=value == "false")

    def of_measure(self, queryset, name, value):
        return counted(queryset, value)

    def of_currency(self, queryset, name, value):
        return with_currency(queryset).filter(money_currency=value)

    def of_period(self, queryset, name, value):
        return in_bucket(queryset, name, value)


class ActionFilterOfApi(ActionFilter):
    partnership = filters.CharFilter(method="of_partnership", label=_("Key of a partnership."))

    def of_partnership(self, queryset, name, value):
        return queryset.filter(award__partnership=in_scope(self.request, value))


class AwardFilterOfApi(filters.FilterSet):
    partnership = filters.CharFilter(method="of_partnership", label=_("Key of a partnership."))
    level = filters.ChoiceFilter(choices=Award.Level.choices, label=_("Level"))
    recipient = filters.ModelChoiceFilter(
        queryset=visible_recipients, to_field_name="key", field_name="recipients__organization", label=_("Recipient")
    )

    def of_partnership(self, queryset, name, value):
        return queryset.filter(partnership=in_scope(self.request, value))


def narrowed_by(rows: filters.FilterSet, *, unsaid: dict[str, str]) -> list[tuple[str, str]]:
    """What the address asks of a list, as pairs of label and value; without what the page asks by itself, which is `unsaid`."""
    if not rows.is_valid():
        return []
    fields = rows.form.fields
    asked = {name: value for name, value in rows.form.cleaned_data.items() if value not in (None, "")}
    return [(fields[name].label, words_of(fields[name], value)) for name, value in asked.items() if unsaid.get(name) != value]


def faults_of(rows: filters.FilterSet, anchor: str) -> list[Problem]:
    """What the address asks wrongly of a list, for the error summary; `anchor` is the id of the list."""
    return [Problem(message, anchor) for messages in rows.form.errors.values() for message in messages]


def words_of(field, value) -> str:
    """A value as the form calls it; a chosen row by its own name."""
    is_list = hasattr(field, "choices") and not hasattr(field, "queryset")
    return str(dict(field.choices).get(value, value)) if is_list else str(value)
