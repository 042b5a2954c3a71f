"""The examples of the OpenAPI description: those of the public facts are the true answers, the others have the true fields."""

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from cpc.api.schema import EXAMPLES
from cpc.api.urls import router
from partners.management.commands.load_partnership import load
from partners.models import Partnership
from tests import factories as make

PREFIXES = [prefix for prefix, _viewset, _name in router.registry]
OF_SAMPLE = {"contributions", "activities", "deadlines", "reports"}  # rest on invented rows
# what the sample adds to a row of the facts
OF_THE_SAMPLE = {"partnerships": {"tracked_from"}}
# only where a sum's rows are asked for
WITH_MEASURE = {"reports": {"amount", "counted_from"}, "pledges": {"converted"}, "contributions": {"converted"}}


@pytest.fixture(scope="module")
def schema(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return SchemaGenerator().get_schema(public=True)


@pytest.fixture
def peru(db, settings):
    settings.ALIANZA_DEMO = True
    load("partners/data/peru-2017.yaml")
    return Partnership.objects.get(key="peru-2017")


def rows_of(client, prefix):
    address, rows = f"/api/v1/{prefix}/?limit=200&lang=en", []
    while address:
        answer = client.get(address).json()
        rows += answer["results"]
        address = answer["next"]
    return rows


def test_every_resource_has_an_example_and_no_other():
    assert set(EXAMPLES) == set(PREFIXES)


def test_examples_of_the_facts_are_what_is_answered(peru, settings):
    client = Client()
    client.force_login(make.make_user("api_client", peru), settings.AUTHENTICATION_BACKENDS[0])
    for prefix in set(PREFIXES) - OF_SAMPLE:
        example = {name: value for name, value in EXAMPLES[prefix].items() if name not in OF_THE_SAMPLE.get(prefix, ())}
        rows = [{name: row.get(name) for name in example} for row in rows_of(client, prefix)]
        assert example in rows, prefix


@pytest.mark.parametrize("prefix", PREFIXES)
def test_example_has_the_fields_of_the_description(schema, prefix):
    operation = schema["paths"][f"/api/v1/{prefix}/"]["get"]
    media = operation["responses"]["200"]["content"]["application/json"]
    page = resolved(schema, media["schema"])
    assert set(media["example"]) == set(page["properties"])
    compare(schema, media["example"]["results"][0], page["properties"]["results"]["items"], WITH_MEASURE.get(prefix, set()))
    if one := schema["paths"].get(f"/api/v1/{prefix}/{{key}}/"):
        assert one["get"]["responses"]["200"]["content"]["application/json"]["example"] == EXAMPLES[prefix]


def resolved(schema, part: dict) -> dict:
    if "allOf" in part:
        part = part["allOf"][0]
    name = part.get("$ref", "").rpartition("/")[2]
    return schema["components"]["schemas"][name] if name else part


def compare(schema, value, part: dict, left_out: set):
    """Every object in `value` has the fields that its component names."""
    part = resolved(schema, part)
    if isinstance(value, list):
        for one in value:
            compare(schema, one, part["items"], set())
    elif isinstance(value, dict):
        assert set(value) == set(part["properties"]) - left_out
        for name, one in value.items():
            compare(schema, one, part["properties"][name], set())
