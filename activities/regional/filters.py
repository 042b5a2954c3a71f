"""The filters of the list of activities, the same for page, export and API."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from cpc.core import clock
from cpc.core.day_filter import DayFilter
from partners.models import Partnership

from .choices import AWARD, OBJECTIVE, ORGANIZATION, REGION, Choices, choices_of
from .models import Activity
from .protection import began_by, began_from, exact_rows

NATIONAL = "national"
MOST_WORDS = 10


@extend_schema_field(OpenApiTypes.STR)
class KeyFilter(django_filters.ChoiceFilter):
    """One of the keys that the reader can choose; what there is to choose is known when the filter is asked."""

    def __init__(self, **kwargs):
        super().__init__(empty_label=_("All"), **kwargs)


class WordsFilter(django_filters.CharFilter):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, max_length=100, widget=forms.TextInput(attrs={"type": "search"}), **kwargs)


class ActivityFilter(django_filters.FilterSet):
    """Which activities: without `state` all but the void ones. `from` and `to` are the days between which they began."""

    q = WordsFilter(method="with_words", label=_("Words"))
    objective = KeyFilter(field_name="objective__key", label=_("Objective"))
    region = KeyFilter(method="in_region", label=_("Region"))
    organization = KeyFilter(field_name="organization__key", label=_("Organization"))
    award = KeyFilter(field_name="award__key", label=_("Award"))
    kind = django_filters.ChoiceFilter(choices=Activity.Kind.choices, label=_("Kind"), empty_label=_("All"))
    state = django_filters.ChoiceFilter(choices=Activity.State.choices, label=_("State"), empty_label=_("All but void"))
    # `from` is a word of Python's; the class body's names are an ordinary dict
    locals()["from"] = DayFilter(method="begun_from", label=_("From"))
    to = DayFilter(method="begun_by", label=_("To"))

    class Meta:
        model = Activity
        fields = []

    def __init__(self, *args, choices: Choices | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        choices = choices or self.choices_in_scope()
        self.filters["objective"].extra["choices"] = choices.pairs(OBJECTIVE)
        self.filters["region"].extra["choices"] = [*choices.pairs(REGION), (NATIONAL, _("National"))]
        self.filters["organization"].extra["choices"] = choices.pairs(ORGANIZATION)
        self.filters["award"].extra["choices"] = choices.pairs(AWARD)

    def choices_in_scope(self) -> Choices:
        user = self.request.user
        return choices_of(Partnership.objects.visible_to(user), user, today=clock.today())

    def filter_queryset(self, queryset):
        if not self.form.cleaned_data["state"]:
            queryset = queryset.exclude(state=Activity.State.VOID)
        return super().filter_queryset(queryset)

    def in_region(self, queryset, name, value):
        return queryset.filter(region=None) if value == NATIONAL else queryset.filter(region__key=value)

    def begun_from(self, queryset, name, value):
        return queryset.filter(began_from(self.request.user, value))

    def begun_by(self, queryset, name, value):
        return queryset.filter(began_by(self.request.user, value))

    def with_words(self, queryset, name, value):
        """Every word stands in title or key, or in the note if the reader may see it, whatever its accents and capitals."""
        may_see_note = exact_rows(self.request.user)
        for word in value.split()[:MOST_WORDS]:
            found = Q(title__unaccent__icontains=word) | Q(key__icontains=word)
            queryset = queryset.filter(found | Q(notes__unaccent__icontains=word) & may_see_note)
        return queryset
