"""The table of days without work that the package of holidays does not know."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from activities.holidays import add_holiday, remove_holiday
from cpc.core import clock
from cpc.core.day_filter import DayField
from cpc.core.labels import day_label
from cpc.core.rendering import problems
from cpc.core.texts import text_in
from cpc.core.words import PlainTextField
from cpc.core.workdays import US
from cpc.reference.models import Country, Holiday
from partners.permissions import may_anywhere


def country_names() -> dict[str, str]:
    """The countries whose days can matter: the United States, and each that hosts a partnership or could."""
    names = {row.key: str(text_in(row, "name")) for row in Country.objects.order_by("key")}
    return {US: _("United States"), **names}


class HolidayForm(forms.Form):
    country_code = forms.ChoiceField(label=gettext_lazy("Country"))
    day = DayField(label=gettext_lazy("Day"), help_text=gettext_lazy("For example 2020-02-06."))
    name_en = PlainTextField(label=gettext_lazy("Name in English"), max_length=100)
    name_es = PlainTextField(label=gettext_lazy("Name in Spanish"), max_length=100)
    source = PlainTextField(
        label=gettext_lazy("Source"), max_length=200, help_text=gettext_lazy("The decree or order that says so.")
    )

    def __init__(self, *args, countries: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country_code"].choices = [("", "–"), *countries.items()]


@require_http_methods(["GET", "HEAD", "POST"])
def holiday_list(request):
    """Everybody who reads deadlines reads it; an administrator adds to it."""
    may_anywhere(request.user, "read.deadlines").require()
    may_edit = may_anywhere(request.user, "reference.edit")
    countries = country_names()
    form = HolidayForm(request.POST if request.method == "POST" else None, countries=countries)
    if request.method == "POST":
        may_edit.require()
        if form.is_valid() and add(request, form):
            return redirect("dashboards:holidays")
    rows = Holiday.objects.order_by("-day", "country_code")
    context = {
        "rows": [(row, countries.get(row.country_code, row.country_code)) for row in rows],
        "form": form,
        "problems": problems(form),
        "may_edit": may_edit,
    }
    return render(request, "dashboards/holiday_list.html", context, status=400 if form.errors else 200)


def add(request, form: HolidayForm) -> bool:
    """Whether the day was added; else the form says why not."""
    try:
        row = add_holiday(actor=request.user, today_in=clock.today, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("Added: %(day)s. Every date that it moves has followed.") % {"day": day_label(row.day)})
    return True


@require_POST
def holiday_remove(request, pk):
    row = remove_holiday(pk, actor=request.user, today_in=clock.today)
    messages.success(request, _("Taken out: %(day)s. Every date that it had moved has followed.") % {"day": day_label(row.day)})
    return redirect("dashboards:holidays")
