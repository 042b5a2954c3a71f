import json
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils import translation
from rest_framework import exceptions, serializers
from rest_framework.authentication import BasicAuthentication, SessionAuthentication
from rest_framework.parsers import JSONParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from cpc.core.decisions import refuse
from cpc.core.rest import BadParameter, ETagMixin, LanguageMixin, StrictFormat, StrictParameters, UnknownAddress, iso_day

requests = APIRequestFactory()


def answer_of(raised, request=None, **attributes):
    """The answer of a view that raises `raised` (or does what it says), as status, headers and the list of errors."""

    def get(self, request):
        if isinstance(raised, Exception):
            raise raised
        return raised(request)

    open_to_all = {"authentication_classes": [], "permission_classes": [], "throttle_classes": [], "parser_classes": [JSONParser]}
    bases = (LanguageMixin, StrictParameters, ETagMixin, APIView)
    view = type("View", bases, {**open_to_all, "content_negotiation_class": StrictFormat, "get": get, "post": get, **attributes})
    answer = view.as_view()(request or requests.get("/"))
    errors = json.loads(answer.content)["errors"] if answer.status_code >= 400 else []
    assert all(set(error) == {"field", "code", "message"} and error["message"] for error in errors)
    return answer, errors


def fault(field, code):
    return {"field": field, "code": code}


def without_message(errors):
    return [{"field": error["field"], "code": error["code"]} for error in errors]


@pytest.mark.parametrize(
    ("raised", "status", "code"),
    [
        (Http404("Award matching query does not exist."), 404, "not_found"),
        (exceptions.NotFound(), 404, "not_found"),
        (PermissionDenied(), 403, "permission_denied"),
        (PermissionDenied("Only grants officers decide."), 403, "permission_denied"),
        (exceptions.NotAuthenticated(), 401, "not_authenticated"),
        (exceptions.AuthenticationFailed(), 401, "authentication_failed"),
        (exceptions.Throttled(wait=2.2), 429, "throttled"),
        (exceptions.ParseError(), 400, "parse_error"),
        (BadParameter("as_of", "invalid_date", "No day."), 400, "invalid_date"),
        (ValidationError("Too much.", code="too_much"), 400, "too_much"),
        (ValidationError("Too much."), 400, "invalid"),
    ],
)
def test_every_refusal_has_the_one_shape(raised, status, code):
    answer, errors = answer_of(raised)
    assert answer.status_code == status
    assert [error["code"] for error in errors] == [code]
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["ETag"].startswith('"')
    assert {"Accept", "Accept-Language", "Authorization", "Cookie"} <= set(answer.headers["Vary"].split(", "))


def test_a_404_does_not_tell_what_was_looked_for():
    _answer, errors = answer_of(Http404("Award matching query does not exist."))
    assert "Award" not in errors[0]["message"]


def test_a_403_says_why_and_who_may():
    def decide(request):
        refuse("You proposed this yourself.", who="another grants officer", code="own_proposal").require()

    answer, errors = answer_of(decide)
    assert answer.status_code == 403
    message = "You proposed this yourself. Who may: another grants officer."
    assert errors == [{"field": None, "code": "own_proposal", "message": message}]


@pytest.mark.parametrize(
    "authenticators", [[SessionAuthentication], [BasicAuthentication], [SessionAuthentication, BasicAuthentication]]
)
def test_the_unknown_get_a_401_with_a_challenge_however_they_could_log_in(authenticators):
    answer, errors = answer_of(
        lambda request: Response(), authentication_classes=authenticators, permission_classes=[IsAuthenticated]
    )
    assert (answer.status_code, errors[0]["code"]) == (401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"].split()[0] == ("Basic" if authenticators == [BasicAuthentication] else "Bearer")


@pytest.mark.parametrize(("wait", "seconds"), [(2.2, "3"), (0.1, "1"), (0, "1"), (None, "1")])
def test_a_429_says_when_to_come_back(wait, seconds):
    answer, _errors = answer_of(exceptions.Throttled(wait=wait))
    assert answer.headers["Retry-After"] == seconds


def test_a_405_names_the_methods_that_work():
    answer, errors = answer_of(lambda request: Response(), requests.delete("/"))
    assert (answer.status_code, errors[0]["code"]) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, POST, HEAD, OPTIONS"


def test_a_406_is_answered_in_json():
    answer, errors = answer_of(lambda request: Response(), requests.get("/", headers={"accept": "image/png"}))
    assert (answer.status_code, errors[0]["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize("body", ["{", "[1,", '{"a": NaN', '"\\ud800', "\x00"])
def test_a_body_that_is_no_json_is_a_400(body):
    request = requests.post("/", data=body, content_type="application/json")
    answer, errors = answer_of(lambda request: Response(request.data), request)
    assert (answer.status_code, errors[0]["code"]) == (400, "parse_error")


def test_a_media_type_we_do_not_read_is_a_415():
    request = requests.post("/", data="<a/>", content_type="application/xml")
    answer, errors = answer_of(lambda request: Response(request.data), request)
    assert (answer.status_code, errors[0]["code"]) == (415, "unsupported_media_type")


def test_a_fault_of_ours_is_not_dressed_up_as_a_refusal():
    with pytest.raises(KeyError):
        answer_of(KeyError("boom"))


def test_nested_fields_are_written_with_dots():
    detail = {
        "cells": [{}, {"value": ["Too large."]}],
        "non_field_errors": ["No."],
        "tags": {"0": ["Bad."]},
        "name": ["A.", "B."],
    }
    _answer, errors = answer_of(serializers.ValidationError(detail))
    assert without_message(errors) == [
        fault("cells.1.value", "invalid"), fault(None, "invalid"), fault("tags.0", "invalid"), fault("name", "invalid"),
        fault("name", "invalid"),
    ]  # fmt: skip


def test_a_models_errors_keep_field_and_code():
    error = ValidationError({"amount": ValidationError("Not %(n)s.", code="max", params={"n": 5}), "__all__": ["Both."]})
    _answer, errors = answer_of(error)
    assert errors == [
        {"field": "amount", "code": "max", "message": "Not 5."},
        {"field": None, "code": "invalid", "message": "Both."},
    ]


def test_several_bad_parameters_are_told_at_once():
    _answer, errors = answer_of(
        BadParameter.of([BadParameter("as_of", "invalid_date", "A."), BadParameter("limit", "invalid_limit", "B.")])
    )
    assert without_message(errors) == [fault("as_of", "invalid_date"), fault("limit", "invalid_limit")]


def test_days_in_parameters():
    today = date(2020, 2, 10)
    assert iso_day("2020-02-10", "as_of", not_after=today) == today
    assert iso_day("2030-01-01", "as_of") == date(2030, 1, 1)
    for text, code in [
        ("2020-02-11", "in_the_future"), ("2020-02-30", "invalid_date"), ("10/02/2020", "invalid_date"), ("", "invalid_date"),
        ("2020-02", "invalid_date"), ("2020-02-10T00:00:00Z", "invalid_date"), ("99999-01-01", "invalid_date"),
    ]:  # fmt: skip
        with pytest.raises(BadParameter) as refused:
            iso_day(text, "as_of", not_after=today)
        assert without_message(refused.value.errors) == [fault("as_of", code)]


def asked(address, **attributes):
    return answer_of(lambda request: Response({"language": translation.get_language()}), requests.get(address), **attributes)


def test_an_unknown_parameter_is_refused_and_the_known_ones_are_named():
    answer, errors = asked("/?colour=red&as_of=2020-02-06", query_parameters={"as_of", "known_on"})
    assert answer.status_code == 400
    assert without_message(errors) == [fault("colour", "unknown_parameter")]
    assert "as_of, cursor, format, known_on, lang, limit" in errors[0]["message"]


def test_all_faults_of_the_parameters_come_together():
    _answer, errors = asked("/?x=1&as_of=1&as_of=2&known_on=%00", query_parameters=("as_of", "known_on"))
    assert without_message(errors) == [
        fault("x", "unknown_parameter"),
        fault("as_of", "repeated_parameter"),
        fault("known_on", "invalid"),
    ]


def test_a_filters_parameters_are_known():
    filterset = type("Filters", (), {"base_filters": {"partnership": None}})
    assert asked("/?partnership=peru-2017&lang=en&format=json&cursor=&limit=5", filterset_class=filterset)[0].status_code == 200


def test_a_very_long_parameter_name_is_not_sent_back_whole():
    _answer, errors = asked("/?" + "a" * 5000 + "=1")
    assert len(errors[0]["field"]) == 100


def test_language_of_the_answer():
    with translation.override("en"):
        assert asked("/?lang=es")[0].data == {"language": "es"}
    with translation.override("es"):
        assert asked("/")[0].data == {"language": "es"}
        assert asked("/?lang=en")[0].data == {"language": "en"}
    for value in ("fr", "", "ES", "es-PE"):
        answer, errors = asked(f"/?lang={value}")
        assert (answer.status_code, without_message(errors)) == (400, [fault("lang", "unknown_language")])


def test_an_unknown_format_is_a_bad_parameter():
    answer, errors = asked("/?format=exe")
    assert (answer.status_code, without_message(errors)) == (400, [fault("format", "unknown_format")])
    assert "json" in errors[0]["message"]


@pytest.mark.parametrize("method", ["get", "post", "delete", "put", "patch"])
def test_an_address_outside_the_api_is_a_404_in_the_one_shape(method):
    view = UnknownAddress.as_view(authentication_classes=[], permission_classes=[], throttle_classes=[])
    answer = view(getattr(requests, method)("/api/v1/nothing/"))
    assert answer.status_code == 404
    assert without_message(json.loads(answer.content)["errors"]) == [fault(None, "not_found")]


def test_etags_name_the_bytes():
    def answer(data, **headers):
        return answer_of(lambda request: Response(data), requests.get("/", headers=headers))[0]

    first = answer({"a": 1})
    etag = first.headers["ETag"]
    assert etag == answer({"a": 1}).headers["ETag"] != answer({"a": 2}).headers["ETag"]
    for header in (etag, f'"x", {etag}', f"W/{etag}", "*"):
        unchanged = answer({"a": 1}, **{"if-none-match": header})
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert unchanged.headers["ETag"] == etag
        assert unchanged.headers["Cache-Control"] == "private, no-cache"
        assert "Authorization" in unchanged.headers["Vary"]
    for header in ('"x"', "", "nonsense", etag.strip('"')):
        assert answer({"a": 1}, **{"if-none-match": header}).status_code == 200


def test_a_304_comes_only_after_the_permission_check():
    headers = {"if-none-match": "*"}
    closed = {"authentication_classes": [SessionAuthentication], "permission_classes": [IsAuthenticated]}
    answer, _errors = answer_of(lambda request: Response({}), requests.get("/", headers=headers), **closed)
    assert answer.status_code == 401
    answer, _errors = answer_of(Http404(), requests.get("/", headers=headers))
    assert answer.status_code == 404


def test_a_view_that_shows_exact_counts_may_forbid_keeping():
    answer, _errors = answer_of(lambda request: Response({}, headers={"Cache-Control": "no-store"}))
    assert answer.headers["Cache-Control"] == "no-store"
