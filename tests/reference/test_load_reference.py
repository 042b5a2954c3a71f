"""The reference tables that come with the code: complete, drawn on one map, and never taking back what an administrator did."""

import re

import pytest
from django.core.management import call_command

from cpc.reference.models import Country, Holiday, Region
from cpc.reference.services import DATA, load_reference

pytestmark = pytest.mark.django_db


def test_loading_twice_writes_once():
    assert load_reference() > 0
    assert load_reference() == 0


def test_every_table_names_its_source_and_date_in_the_first_line():
    for path in DATA.glob("*.csv"):
        assert re.match(r"# Source: .+ Date: [0-9]{4}-[0-9]{2}-[0-9]{2}$", path.read_text().splitlines()[0]), path.name


def test_metropolitan_lima_is_no_other_lima():
    load_reference()
    lima, callao, region = (Region.objects.get(key=key) for key in ("PE-LMA", "PE-CAL", "PE-LIM"))
    assert (lima.name_en, lima.ubigeo, callao.ubigeo) == ("Metropolitan Lima", "1501", "07")
    assert len({lima.outline, callao.outline, region.outline}) == 3
    assert Region.objects.filter(country__key="PE").count() == 26


def test_map_is_small_and_every_region_lies_on_it():
    load_reference()
    country = Country.objects.get(key="PE")
    regions = Region.objects.filter(country=country)
    assert len(country.map_land) + len(country.map_borders) < 4_096
    for path in (country.map_land, country.map_borders, *(region.outline for region in regions)):
        assert re.fullmatch(r"(M-?\d+ -?\d+l(-?\d+[ -]\d+ ?)+z?)+", path), path[:80]
        for x, y in points_of(path):
            assert 0 <= x <= country.map_width
            assert 0 <= y <= country.map_height


def points_of(path):
    for line in re.findall(r"M[^M]+", path):
        x, y = 0, 0
        for dx, dy in re.findall(r"(-?\d+) ?(-?\d+)", line):
            x, y = x + int(dx), y + int(dy)
            yield x, y


def test_neighbours_share_their_border():
    """A border that two regions share is one line: its points stand in the outlines of both."""
    load_reference()
    cusco, puno = (set(points_of(Region.objects.get(key=key).outline)) for key in ("PE-CUS", "PE-PUN"))
    assert len(cusco & puno) >= 10


def test_what_an_administrator_changed_stays_but_the_drawing_follows_the_file():
    load_reference()
    Region.objects.filter(key="PE-CUS").update(name_en="Cuzco", outline="")
    Holiday.objects.filter(country_code="US").update(name_en="Closed")
    assert load_reference() == 1
    cusco = Region.objects.get(key="PE-CUS")
    assert cusco.name_en == "Cuzco"
    assert cusco.outline
    assert set(Holiday.objects.values_list("name_en", flat=True)) == {"Closed"}


def test_command_says_how_many(capsys):
    call_command("load_reference")
    assert "31 reference rows written." in capsys.readouterr().out
