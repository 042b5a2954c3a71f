"""A filter by one ISO day, as a browser's day box sends it."""

from datetime import date

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from cpc.core.dates import parse_day


class DayField(forms.Field):
    """Cleans to a date, or None. A wrong one is told with an example."""

    widget = forms.DateInput

    def to_python(self, value) -> date | None:
        if isinstance(value, date) or value in self.empty_values:
            return value or None
        try:
            return parse_day(value.strip())
        except ValueError as error:
            raise ValidationError(str(error), code="invalid_date") from None


@extend_schema_field(OpenApiTypes.DATE)
class DayFilter(django_filters.Filter):
    field_class = DayField
