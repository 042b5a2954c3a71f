"""What every answer carries, and the language that a request asks for."""

from django.conf import settings
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

API_PREFIX = "/api/"
# Features no page uses; `publickey-credentials-*` is left alone for passkeys.
_FEATURES = ("accelerometer", "camera", "geolocation", "gyroscope", "magnetometer", "microphone", "payment", "usb")
HEADERS = {
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _FEATURES),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # For whoever is logged in nothing is kept by a shared cache, and a kept copy is asked about before each use. Views that
    # show exact counts say `no-store` themselves; static files come with their own lifetime.
    "Cache-Control": "private, no-cache",
}


class SecurityHeadersMiddleware:
    """Add each of `HEADERS` that a view has not set. Stands before the one that serves static files, to cover those too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class LanguageMiddleware(LocaleMiddleware):
    """Django's choice of language (cookie, then Accept-Language), which `?lang=en` or `?lang=es` overrules.

    On pages the choice is remembered in the language cookie, and `request.asked_language` tells the code that knows the
    person (None when nothing was asked). An unknown `?lang` is ignored here; the API refuses it itself.
    """

    def process_request(self, request):
        super().process_request(request)
        asked = request.GET.get("lang")
        request.asked_language = asked if asked in dict(settings.LANGUAGES) else None
        if request.asked_language:
            translation.activate(asked)
            request.LANGUAGE_CODE = asked

    def process_response(self, request, response):
        response = super().process_response(request, response)
        if getattr(request, "asked_language", None) and not request.path_info.startswith(API_PREFIX):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                request.asked_language,
                max_age=settings.LANGUAGE_COOKIE_AGE or 365 * 24 * 60 * 60,
                path=settings.LANGUAGE_COOKIE_PATH,
                domain=settings.LANGUAGE_COOKIE_DOMAIN,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response
