"""Loading the reference tables that come with the code: countries, regions with their outlines, holidays."""

import csv
from datetime import date
from pathlib import Path

from django.db import models, transaction

from .models import Country, Holiday, Region

DATA = Path(__file__).resolve().parent / "data"


@transaction.atomic
def load_reference() -> int:
    """Add the countries, regions and holidays of data/*.csv that are missing; returns how many rows were written.

    A row that is there keeps what an administrator made of it; only the drawing of the map follows the file. Safe to run twice.
    """
    written = 0
    for line in lines_of("countries.csv"):
        drawing = {
            "map_width": number(line["map_width"]),
            "map_height": number(line["map_height"]),
            "map_land": line["map_land"],
            "map_borders": line["map_borders"],
        }
        names = {"name_en": line["name_en"], "name_es": line["name_es"], "currency": line["currency"]}
        names["fiscal_year_starts"] = int(line["fiscal_year_starts"])
        written += keep(Country, {"key": line["key"]}, names, drawing)
    countries = {country.key: country for country in Country.objects.all()}
    for line in lines_of("regions.csv"):
        facts = {"country": countries[line["key"].partition("-")[0]], "name_en": line["name_en"], "name_es": line["name_es"]}
        facts |= {"ubigeo": line["ubigeo"], "geonames_id": number(line["geonames_id"])}
        written += keep(Region, {"key": line["key"]}, facts, {"outline": line["outline"]})
    for line in lines_of("holidays.csv"):
        facts = {"name_en": line["name_en"], "name_es": line["name_es"], "source": line["source"]}
        written += keep(Holiday, {"country_code": line["country_code"], "day": date.fromisoformat(line["day"])}, facts, {})
    return written


def lines_of(name: str):
    """The rows of a table of data/, whose first line is a comment with source and date."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        next(file)
        yield from csv.DictReader(file)


def number(text: str) -> int | None:
    return int(text) if text else None


def keep(model: type[models.Model], identity: dict, facts: dict, drawing: dict) -> bool:
    """Whether a row was written: added with `facts`, or its `drawing` brought up to the file."""
    row = model.objects.filter(**identity).first()
    if row is None:
        model.objects.create(**identity, **facts, **drawing)
        return True
    changed = [name for name, value in drawing.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, drawing[name])
    if changed:
        row.save(update_fields=changed)
    return bool(changed)
