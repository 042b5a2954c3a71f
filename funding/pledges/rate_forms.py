"""What may be asked of the table of rates, the file that is loaded into it, and one amount under all bases."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from cpc.core.day_filter import DayField, DayFilter
from cpc.core.money import MoneyFormField

from .models import ExchangeRate
from .rate_files import MOST_BYTES


def pairs() -> list[tuple[str, str]]:
    found = ExchangeRate.objects.order_by("base", "quote").values_list("base", "quote").distinct()
    return [(f"{base}/{quote}", f"{base}/{quote}") for base, quote in found]


def sources() -> list[tuple[str, str]]:
    return [(name, name) for name in ExchangeRate.objects.order_by("source").values_list("source", flat=True).distinct()]


class RateListFilter(filters.FilterSet):
    """The filters of the list of rates, for page and export."""

    pair = filters.ChoiceFilter(choices=pairs, method="of_pair", label=_("Currencies"))
    kind = filters.ChoiceFilter(choices=ExchangeRate.Kind.choices, label=_("Kind"))
    source = filters.ChoiceFilter(choices=sources, label=_("Source"))
    record_from = DayFilter(field_name="record_date", lookup_expr="gte", label=_("Recorded from"))
    record_to = DayFilter(field_name="record_date", lookup_expr="lte", label=_("Recorded to"))

    def of_pair(self, queryset, name, value):
        base, quote = value.split("/")
        return queryset.filter(base=base, quote=quote)


class RateFileForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("UTF-8, commas between the columns, at most 2 MB. A file that you have exported here can be loaded again."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={
            "required": _("Choose a file, for example rates.csv."),
            "missing": _("Choose a file, for example rates.csv."),
            "empty": _("The file is empty."),
        },
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 2 MB. Load it in parts."))
        return file


class BasesForm(forms.Form):
    """Which amount is shown under all bases; the pledge's where nothing is asked."""

    amount = MoneyFormField(label=_("Amount"), required=False)
    day = DayField(label=_("Given or promised on"), required=False)
    stated = MoneyFormField(label=_("A figure to compare"), required=False)
    pledge = forms.CharField(required=False, widget=forms.HiddenInput, validators=[RegexValidator(r"^[a-z0-9-]{1,80}\Z")])

    def __init__(self, *args, currency: str, into: str, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["amount"].label = _("Amount in %(currency)s") % {"currency": currency}
        self.fields["stated"].label = _("A figure in %(currency)s to compare") % {"currency": into}

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day and day > self.today:
            raise forms.ValidationError(_("This day is in the future; the latest is %(day)s.") % {"day": self.today.isoformat()})
        return day
