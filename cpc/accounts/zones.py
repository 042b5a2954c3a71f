"""The time zones that a person can choose."""

from functools import cache
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CONTINENTS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def zone_names() -> tuple[str, ...]:
    """IANA names by place, sorted, then UTC; without the old and abstract ones."""
    return (*sorted(name for name in available_timezones() if name.split("/")[0] in CONTINENTS), "UTC")


def zone_choices() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in zone_names()]


def check_zone(name: str) -> None:
    """Raises ValidationError for what is not one of `zone_names()`."""
    if name not in zone_names():
        raise ValidationError(_("%(name)s is no time zone; choose one like America/Lima."), params={"name": name}, code="invalid")
