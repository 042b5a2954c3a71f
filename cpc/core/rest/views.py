"""Mixins for the API's views, to be named before DRF's own class."""

import hashlib

from django.conf import settings
from django.http import Http404
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.response import Response
from rest_framework.views import APIView

from cpc.core.rest.errors import BadParameter

ALWAYS_ALLOWED = frozenset({"format", "lang", "cursor", "limit"})
VARY = ("Accept", "Accept-Language", "Authorization", "Cookie")


class StrictFormat(DefaultContentNegotiation):
    """An unknown `?format=` is a 400 that names the known ones, not a 404."""

    def filter_renderers(self, renderers, format):
        try:
            return super().filter_renderers(renderers, format)
        except Http404:
            known = ", ".join(dict.fromkeys(renderer.format for renderer in renderers))
            message = _("This address has no such format. Formats: %(formats)s.") % {"formats": known}
            raise BadParameter("format", "unknown_format", message) from None


class LanguageMixin:
    """`?lang=en` or `?lang=es` overrules Accept-Language; another value is a 400."""

    def initial(self, request, *args, **kwargs):
        asked = request.query_params.get("lang")
        known = [code for code, _name in settings.LANGUAGES]
        if asked in known:
            translation.activate(asked)
        super().initial(request, *args, **kwargs)
        if asked is not None and asked not in known:
            message = _("Languages: %(languages)s.") % {"languages": ", ".join(known)}
            raise BadParameter("lang", "unknown_language", message)


class StrictParameters:
    """A parameter that the view does not know, one given twice, or one with a NUL character is a 400, all faults at once.

    A view names its parameters in `query_parameters`; those of its `filterset_class` are known besides.
    """

    query_parameters: frozenset[str] | set[str] | tuple[str, ...] = ()

    def allowed_parameters(self) -> set[str]:
        filterset = getattr(self, "filterset_class", None)
        return {*ALWAYS_ALLOWED, *self.query_parameters, *(filterset.base_filters if filterset else ())}

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if faults := list(self._faults(request)):
            raise BadParameter.of(faults)

    def _faults(self, request):
        allowed = self.allowed_parameters()
        for name, values in request.query_params.lists():
            if name not in allowed:
                message = _("There is no such parameter here. Parameters: %(allowed)s.") % {"allowed": ", ".join(sorted(allowed))}
                yield BadParameter(name[:100], "unknown_parameter", message)
            elif len(values) > 1:
                yield BadParameter(name, "repeated_parameter", _("Give this parameter once."))
            elif "\0" in values[0]:
                yield BadParameter(name, "invalid", _("A NUL character cannot be part of a value."))


class ETagMixin:
    """A strong ETag made from the bytes of the answer; `If-None-Match` gives a 304, and only after all checks have passed."""

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(response, VARY)
        if not isinstance(response, Response):
            return response
        response.render()
        response.headers["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()}"'
        return get_conditional_response(request, etag=response.headers["ETag"], response=response)


class UnknownAddress(LanguageMixin, ETagMixin, APIView):
    """The last route of the API: an address that is no resource is a 404 in the one shape (401 to the unknown, as everywhere)."""

    schema = None

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        raise NotFound(_("There is no such address in this API."))
