"""The filters of the list of reports, the same for page, export and API."""

import django_filters
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from cpc.core import clock
from cpc.core.day_filter import DayFilter
from funding.models import Award
from partners.models import Organization, Partnership

from .labels import STATE_LABELS, name_of, organization_name
from .models import Report
from .queries import late_reports

LATE = [("yes", _("Late or sent late")), ("no", _("Not late"))]


class ReportFilter(django_filters.FilterSet):
    """Which reports. `late` is computed from the day in each partnership's zone; `from` and `to` bound the end of the period."""

    organization = django_filters.ChoiceFilter(field_name="organization__key", label=_("Organization"), empty_label=_("All"))
    award = django_filters.ChoiceFilter(field_name="award__key", label=_("Award"), empty_label=_("All"))
    state = django_filters.ChoiceFilter(choices=list(STATE_LABELS.items()), label=_("State"), empty_label=_("All"))
    late = django_filters.ChoiceFilter(choices=LATE, method="is_late", label=_("Lateness"), empty_label=_("All"))
    # `from` is a word of Python's; the class body's names are an ordinary dict
    locals()["from"] = DayFilter(field_name="period_to", lookup_expr="gte", label=_("Period ends from"))
    to = DayFilter(field_name="period_to", lookup_expr="lte", label=_("to"))

    class Meta:
        model = Report
        fields = []

    def __init__(self, *args, partnership: Partnership | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Report.objects.visible_to(self.request.user)
        self.offer(rows if partnership is None else rows.filter(partnership=partnership))

    def offer(self, rows):
        """Give the two lists the organizations and awards of `rows` to choose from."""
        organizations = Organization.objects.filter(pk__in=rows.values("organization")).order_by("key")
        awards = Award.objects.filter(pk__in=rows.values("award")).order_by("key")
        self.filters["organization"].extra["choices"] = [(one.key, organization_name(one)) for one in organizations]
        self.filters["award"].extra["choices"] = [(one.key, short_title(one)) for one in awards]

    def is_late(self, queryset, name, value):
        late = late_reports(queryset, {zone: clock.today(zone) for zone in zones_of(queryset)})
        return late if value == "yes" else queryset.exclude(pk__in=late.values("pk"))


def short_title(award: Award) -> str:
    """A title that fits into a choice on a phone."""
    return Truncator(name_of(award, "title")).chars(34)


def zones_of(reports) -> list[str]:
    rows = Partnership.objects.filter(pk__in=reports.order_by().values("partnership"))
    return list(rows.order_by("time_zone").values_list("time_zone", flat=True).distinct())
