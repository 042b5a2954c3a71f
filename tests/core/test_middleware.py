import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from cpc.core.middleware import HEADERS, LanguageMiddleware, SecurityHeadersMiddleware


def answer_of(middleware, request, response=None):
    return middleware(lambda request: response or HttpResponse(translation.get_language()))(request)


@pytest.fixture(autouse=True)
def _language_of_other_tests():
    with translation.override("en"):
        yield


def test_every_answer_carries_the_headers():
    for response in (HttpResponse("x"), HttpResponse(status=404), HttpResponse(status=302)):
        answer = answer_of(SecurityHeadersMiddleware, RequestFactory().get("/"), response)
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert HEADERS["Cache-Control"] == "private, no-cache"
    assert HEADERS["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in HEADERS["Permissions-Policy"]
    assert "publickey" not in HEADERS["Permissions-Policy"]


def test_a_view_may_be_stricter():
    answer = answer_of(SecurityHeadersMiddleware, RequestFactory().get("/"), HttpResponse(headers={"Cache-Control": "no-store"}))
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_language_asked_for_is_used_and_remembered(settings):
    settings.SESSION_COOKIE_SECURE = True
    request = RequestFactory().get("/?lang=es", headers={"accept-language": "en"})
    answer = answer_of(LanguageMiddleware, request)
    assert answer.content == b"es"
    assert answer.headers["Content-Language"] == "es"
    assert (request.LANGUAGE_CODE, request.asked_language) == ("es", "es")
    cookie = answer.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie.value, cookie["samesite"], cookie["secure"], cookie["httponly"]) == ("es", "Lax", True, True)
    assert cookie["max-age"] >= 30 * 24 * 60 * 60


@pytest.mark.parametrize("asked", ["fr", "", "ES", "es-pe", "../en", "%00"])
def test_another_language_is_ignored_on_pages(asked):
    request = RequestFactory().get(f"/?lang={asked}", headers={"accept-language": "es"})
    answer = answer_of(LanguageMiddleware, request)
    assert answer.content == b"es"
    assert request.asked_language is None
    assert not answer.cookies


def test_the_cookie_wins_over_the_browser_and_the_address_over_the_cookie(settings):
    request = RequestFactory().get("/", headers={"accept-language": "en"})
    request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = "es"
    assert answer_of(LanguageMiddleware, request).content == b"es"
    request = RequestFactory().get("/?lang=en", headers={"accept-language": "es"})
    request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = "es"
    assert answer_of(LanguageMiddleware, request).content == b"en"


def test_programs_get_no_cookie():
    answer = answer_of(LanguageMiddleware, RequestFactory().get("/api/v1/regions/?lang=es"))
    assert answer.content == b"es"
    assert not answer.cookies
