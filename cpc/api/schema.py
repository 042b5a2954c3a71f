"""The OpenAPI description: how one proves who asks, and what every operation shares, said once for all of them."""

import json
from pathlib import Path

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension

from cpc.core.xlsx import XLSX_TYPE

from .texts import FILE_HEADERS, OVERVIEW, PARAMETERS, REFUSALS, SUMMARIES

# One row of each resource, as the demonstration answers it on 10 February 2020 in English; tests/api/test_examples.py holds those
# of the public facts to what is answered.
EXAMPLES = json.loads(Path(__file__).with_name("examples.json").read_text(encoding="utf-8"))


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "cpc.accounts.tokens.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "description": "A token of yours: Authorization: Bearer …"}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "cpc.accounts.tokens.PageSessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema):
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "The session of a person logged in to the pages.",
        }


ERRORS = {
    "type": "object",
    "description": "Every refusal: what is wrong, at which parameter, as a stable code and in words.",
    "required": ["errors"],
    "properties": {
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {
                    "field": {"type": "string", "nullable": True, "description": "The parameter at fault; null where none is."},
                    "code": {"type": "string", "description": "Stays the same in every language."},
                    "message": {"type": "string", "description": "For people, in the language asked for."},
                },
            },
        }
    },
    "example": {
        "errors": [
            {"field": "as_of", "code": "invalid_date", "message": "Write the day as year-month-day, for example 2020-02-06."}
        ]
    },
}


# Fields that an answer has only where a parameter asks for them.
ONLY_WHERE_ASKED = {"Report": ("amount", "counted_from"), "Pledge": ("converted",), "Contribution": ("converted",)}


def complete(result, generator, request, public):
    """drf-spectacular's hook: adds to each operation its summary, the language, and the refusals in their one shape."""
    result["info"]["description"] = OVERVIEW
    schemas = result["components"]["schemas"]
    schemas["Errors"] = ERRORS
    for component, fields in ONLY_WHERE_ASKED.items():
        schemas[component]["required"] = [name for name in schemas[component]["required"] if name not in fields]
    for path, methods in result["paths"].items():
        for operation in methods.values():
            complete_operation(operation, is_list="{key}" not in path)
    show_examples(result)
    return result


def show_examples(result: dict):
    """The row of a resource, in a page of one where an operation answers a list."""
    for prefix, row in EXAMPLES.items():
        for path in (f"/api/v1/{prefix}/", f"/api/v1/{prefix}/{{key}}/"):
            if path in result["paths"]:
                media = result["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
                page = result["components"]["schemas"][media["schema"]["$ref"].rpartition("/")[2]]["properties"]
                media["example"] = page_of(row, page) if "results" in page else row


def page_of(row: dict, names) -> dict:
    whole = {"results": [row], "next": None, "previous": None, "messages": []}
    return {name: whole[name] for name in names}


def complete_operation(operation: dict, *, is_list: bool):
    name = operation["operationId"]
    operation["summary"] = SUMMARIES.get(name, name)
    parameters = operation.setdefault("parameters", [])
    if all(parameter["name"] != "lang" for parameter in parameters):
        codes = [code for code, _name in settings.LANGUAGES]
        parameters.append({"in": "query", "name": "lang", "schema": {"type": "string", "enum": codes}})
    for parameter in parameters:
        describe(parameter)
    responses = operation["responses"]
    responses["200"]["description"] = "A page of rows." if is_list and "cursor" in names(parameters) else "The answer."
    complete_files(responses["200"])
    responses["304"] = {"description": "Unchanged since the answer whose ETag was sent as If-None-Match."}
    shape = {"application/json": {"schema": {"$ref": "#/components/schemas/Errors"}}}
    responses |= {code: {"description": text, "content": shape} for code, text in REFUSALS.items()}


def complete_files(answer: dict):
    """A file is no JSON: CSV is text, a workbook is bytes. What either holds is said in the headers."""
    content = answer.get("content", {})
    if XLSX_TYPE not in content:
        return
    content["text/csv"] = {"schema": {"type": "string", "description": "RFC 4180, UTF-8, the first line names the columns."}}
    content[XLSX_TYPE] = {"schema": {"type": "string", "format": "binary"}}
    answer["headers"] = {name: {"description": text, "schema": {"type": "string"}} for name, text in FILE_HEADERS.items()}


def names(parameters: list[dict]) -> set[str]:
    return {parameter["name"] for parameter in parameters}


def describe(parameter: dict):
    """The sentence of texts.py instead of a form's label; the list of values that stands under the label stays."""
    label, gap, values = parameter.get("description", "").partition("\n\n")
    text, example = PARAMETERS.get(parameter["name"], (label, None))
    parameter["description"] = text + gap + values
    if example is not None and example in parameter["schema"].get("enum", [example]):
        parameter["example"] = example
