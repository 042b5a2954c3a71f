"""A refusal tells programs its own code and who may, as it tells people."""

import json

from django.test import RequestFactory

from cpc.core.decisions import Refused, refuse
from cpc.core.errors import permission_denied


def error_of(answer):
    assert answer.status_code == 403
    [error] = json.loads(answer.content)["errors"]
    return error


def test_a_refusal_in_the_api_carries_its_code_and_who_may():
    refusal = Refused(refuse("You did not write it.", who="Its author", code="not_author"))
    error = error_of(permission_denied(RequestFactory().get("/api/v1/x/"), refusal))
    assert error == {"field": None, "code": "not_author", "message": "You did not write it. Who may: Its author."}


def test_a_bare_refusal_has_the_general_code():
    assert error_of(permission_denied(RequestFactory().get("/api/v1/x/"), None))["code"] == "permission_denied"
