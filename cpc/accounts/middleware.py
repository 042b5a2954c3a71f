"""What a logged-in person's request carries: their language and their time zone."""

from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from cpc.core.middleware import API_PREFIX

from .services import set_language


class PersonMiddleware:
    """The person's language decides over browser and cookie; `?lang=` on a page changes it for good, in the API for one answer.
    Instants are shown in the person's zone; what day it is, the partnership's zone decides."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        asked = request.asked_language
        if asked and asked != user.language and not request.path_info.startswith(API_PREFIX):
            set_language(user, asked)
        language = asked or user.language
        translation.activate(language)
        request.LANGUAGE_CODE = language
        if request.path_info.startswith(API_PREFIX):
            return self.get_response(request)  # programs read UTC, whoever owns their token
        with timezone.override(ZoneInfo(user.time_zone)):
            return self.get_response(request)
