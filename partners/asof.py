"""The two questions that every figure can be asked: as of which day, and as known on which day."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from cpc.core import clock
from cpc.core.day_filter import DayField
from cpc.core.rest import BadParameter, iso_day

from .models import Partnership


@dataclass(frozen=True)
class Days:
    """`as_of`: when it was true; `known_on`: what could be known by then; `today`: the day in the partnership's zone."""

    as_of: date
    known_on: date
    today: date

    @property
    def is_looking_back(self) -> bool:
        return (self.as_of, self.known_on) != (self.today, self.today)

    @property
    def query(self) -> str:
        """The part of an address that asks the same again; empty for today."""
        return f"as_of={self.as_of}&known_on={self.known_on}" if self.is_looking_back else ""


class AsOfForm(forms.Form):
    """The control at the head of a page. A day that cannot be shows its error, and the page shows today."""

    as_of = DayField(label=_("Figures as of"), required=False)
    known_on = DayField(label=_("as known on"), required=False)

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def _not_after_today(self, name):
        day = self.cleaned_data[name]
        if day and day > self.today:
            raise forms.ValidationError(_("This day is in the future; the latest is %(day)s.") % {"day": self.today.isoformat()})
        return day

    def clean_as_of(self):
        return self._not_after_today("as_of")

    def clean_known_on(self):
        return self._not_after_today("known_on")


def asked_days(request, partnership: Partnership) -> tuple[Days, AsOfForm]:
    """The days that a page's address asks for, and the form that shows them. Default: today, for both."""
    today = clock.today(partnership.time_zone)
    shown = {name: request.GET.get(name) or today.isoformat() for name in ("as_of", "known_on")}
    form = AsOfForm(shown, today=today)
    asked = form.cleaned_data if form.is_valid() else {}
    return Days(as_of=asked.get("as_of") or today, known_on=asked.get("known_on") or today, today=today), form


def asked_days_of_api(request, zone: str | None = None) -> Days:
    """The days that a program asks for. Raises BadParameter with every fault. `zone`: the partnership's; UTC for several at
    once."""
    today = clock.today(zone)
    days, faults = {}, []
    for name in ("as_of", "known_on"):
        try:
            text = request.query_params.get(name)
            days[name] = today if text is None else iso_day(text, name, not_after=today)
        except BadParameter as fault:
            faults.append(fault)
    if faults:
        raise BadParameter.of(faults)
    return Days(**days, today=today)
