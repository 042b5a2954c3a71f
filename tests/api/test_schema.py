"""The OpenAPI description: valid without a warning, complete, and written for who asks."""

import inspect
import io
import re

import pytest
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from cpc.api import texts
from cpc.api.urls import router
from cpc.core import rest
from cpc.core.xlsx import XLSX_TYPE

pytestmark = pytest.mark.django_db  # the generator looks at the rows' querysets, annotations included


@pytest.fixture(scope="module")
def schema(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return SchemaGenerator().get_schema(public=True)


@pytest.fixture(scope="module")
def operations(schema):
    return [(path, operation) for path, methods in schema["paths"].items() for operation in methods.values()]


def test_schema_is_valid_and_made_without_a_warning(schema, capsys):
    validate_schema(schema)
    call_command("spectacular", "--fail-on-warn", "--validate", stdout=io.StringIO())
    assert "Warning" not in capsys.readouterr().err


def test_every_resource_is_described(operations):
    paths = {path for path, _operation in operations}
    assert {f"/api/v1/{prefix}/" for prefix, _viewset, _name in router.registry} <= paths
    keyed = {prefix for prefix, viewset, _name in router.registry if hasattr(viewset, "retrieve")}
    assert {f"/api/v1/{prefix}/{{key}}/" for prefix in keyed} <= paths
    assert {prefix for prefix, _viewset, _name in router.registry} - keyed == {"coverage", "objectives", "exchange-rates"}
    assert {"/api/v1/me/", "/api/v1/funding/summary/", "/api/v1/"} <= paths


def test_every_operation_says_what_it_is(operations):
    assert {operation["operationId"] for _path, operation in operations} == set(texts.SUMMARIES)
    for path, operation in operations:
        assert len(operation["description"]) > 30, path
        assert not operation["description"].startswith(("The base", "Mixin", "A list and its rows")), path


def test_no_docstring_of_our_own_machinery_shows(schema):
    told = str(schema)
    machinery = [each for each in vars(rest).values() if inspect.isclass(each)] + [rest.KeyedReadOnlyViewSet]
    assert len(machinery) > 5
    for each in machinery:
        assert each.__doc__.split(".")[0] not in told, each


def test_every_parameter_is_a_sentence(operations):
    seen = set()
    for path, operation in operations:
        for parameter in operation["parameters"]:
            sentence = parameter["description"].split("\n")[0]
            assert re.fullmatch(r"[A-Z`].{8,}\.", sentence), f"{path} {parameter['name']}: {sentence}"
            seen.add(parameter["name"])
    assert {"lang", "partnership", "as_of", "cursor"} <= seen


def test_every_operation_names_its_refusals_in_the_one_shape(operations):
    for path, operation in operations:
        for code in texts.REFUSALS:
            shape = operation["responses"][code]["content"]["application/json"]["schema"]
            assert shape == {"$ref": "#/components/schemas/Errors"}, f"{path} {code}"
        assert "304" in operation["responses"]


@pytest.mark.parametrize("route", ["/api/v1/schema/", "/api/v1/schema/?format=json"])
def test_who_is_logged_in_reads_it(login, viewer, route):
    answer = login(viewer).get(route)
    assert answer.status_code == 200
    assert b"Who this token is" in answer.content


def test_files_are_described_as_what_they_are(operations):
    described = {
        path: operation["responses"]["200"]
        for path, operation in operations
        if "text/csv" in operation["responses"]["200"]["content"]
    }
    assert {"/api/v1/award-actions/", "/api/v1/contributions/", "/api/v1/funding/summary/", "/api/v1/activities/"} <= set(
        described
    )
    for path, answer in described.items():
        assert answer["content"][XLSX_TYPE]["schema"] == {"type": "string", "format": "binary"}, path
        assert answer["content"]["text/csv"]["schema"]["type"] == "string", path
        assert set(answer["headers"]) == set(texts.FILE_HEADERS), path
