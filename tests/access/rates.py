"""Routes of exchange rates, of days without work and of the jobs. All belong to no partnership: a role in any one opens them."""

from datetime import date

from cpc.reference.models import Holiday

from . import EVERYBODY, HOST, READERS, Route, Rule, nothing

ADMINISTRATOR = {"administrator"}


def a_holiday(world) -> dict:
    names = {"name_en": "Holiday", "name_es": "Feriado", "source": "Order 1"}
    return {"pk": Holiday.objects.get_or_create(country_code="XA", day=date(2020, 1, 2), defaults=names)[0].pk}


ROUTES = {
    "dashboards:holidays": Route(get=Rule(EVERYBODY), post=Rule(ADMINISTRATOR), kwargs=nothing, scoped=False),
    "dashboards:holiday-remove": Route(post=Rule(ADMINISTRATOR), kwargs=a_holiday, missing=lambda world: {"pk": 0}, scoped=False),
    "rates:list": Route(get=Rule(READERS | HOST), kwargs=nothing, scoped=False),
    "rates:load": Route(get=Rule(ADMINISTRATOR), post=Rule(ADMINISTRATOR), kwargs=nothing, scoped=False),
    "dashboards:jobs": Route(get=Rule({"program_officer", "grants_officer", "administrator"}), kwargs=nothing, scoped=False),
    "rates:bases": Route(get=Rule(READERS | HOST), missing=lambda world: {"partnership": "nothing"}),
}
