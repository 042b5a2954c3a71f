"""The printed schema documents every field, and loads as it stands."""

import io

import pytest
from django.core.management import call_command

from partners.loader.loading import all_row_types
from partners.loader.reading import Head
from partners.management.commands.load_partnership import SECTIONS
from partners.models import Partnership


@pytest.fixture(scope="module")
def schema():
    out = io.StringIO()
    call_command("load_partnership", "--schema", stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("model", [Head, *all_row_types(SECTIONS)], ids=lambda model: model.__name__)
def test_schema_documents_every_field(schema, model):
    lines = [line.strip().removeprefix("- ").removeprefix("# ") for line in schema.splitlines()]
    for name, field in model.model_fields.items():
        assert field.description, name
        at = [number for number, line in enumerate(lines) if line.startswith(f"{field.alias or name}: ")]
        assert any(lines[number - 1].startswith(field.description) for number in at), name


def test_schema_names_every_section(schema):
    for section in SECTIONS:
        assert f"\n# {section.meaning}\n{section.name}:\n" in schema


@pytest.mark.django_db
def test_schema_loads_as_it_stands(schema, load):
    said = load(schema)
    assert "1 × partnership" in said
    assert "1 × count" in said
    assert Partnership.objects.get().key == "example-2020"
