"""Pages of the API's lists: cursors, which stay right while rows are added."""

import base64
import re
from binascii import Error as NotBase64
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, pagination
from rest_framework.response import Response

from cpc.core.rest.errors import BadParameter

DEFAULT_LIMIT, MAX_LIMIT = 50, 200
# How many rows may share one value of the first sort field; also keeps a made-up offset from reaching the database.
MAX_OFFSET = 100_000


class CursorPagination(pagination.CursorPagination):
    """`{"results", "next", "previous"}`; `limit` from 1 to 200, default 50. A bad `limit` or `cursor` is a 400.

    Sorted as the view's `ordering` says (a field or a tuple of them; the first must not be null), default: by key.
    """

    page_size = DEFAULT_LIMIT
    page_size_query_param = "limit"
    max_page_size = MAX_LIMIT
    offset_cutoff = None
    ordering = ("key",)
    cursor_query_description = gettext_lazy("Where to go on, as given by next or previous.")
    page_size_query_description = gettext_lazy("How many rows, from 1 to 200; 50 if not given.")

    def get_ordering(self, request, queryset, view):
        ordering = getattr(view, "ordering", None) or self.ordering
        return (ordering,) if isinstance(ordering, str) else tuple(ordering)

    def get_page_size(self, request):
        text = request.query_params.get(self.page_size_query_param)
        if text is None:
            return self.page_size
        if not re.fullmatch("[0-9]{1,3}", text) or not 1 <= int(text) <= MAX_LIMIT:
            message = _("Ask for 1 to %(maximum)s rows, for example limit=50.") % {"maximum": MAX_LIMIT}
            raise BadParameter(self.page_size_query_param, "invalid_limit", message)
        return int(text)

    def decode_cursor(self, request):
        encoded = request.query_params.get(self.cursor_query_param)
        if encoded is None:
            return None
        if not encoded:
            raise self._bad_cursor()
        try:
            cursor = super().decode_cursor(request)
        except (exceptions.NotFound, NotBase64, UnicodeError):
            raise self._bad_cursor() from None
        if cursor.offset > MAX_OFFSET or _encoded(cursor) != encoded:
            raise self._bad_cursor()
        return cursor

    def paginate_queryset(self, queryset, request, view=None):
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValidationError, ValueError):
            # a position that is no value of the sort field; without a cursor it is a fault of ours
            if self.cursor_query_param not in request.query_params:
                raise
            raise self._bad_cursor() from None

    def get_paginated_response(self, data):
        return Response({"results": data, "next": self.get_next_link(), "previous": self.get_previous_link()})

    def get_paginated_response_schema(self, schema):
        address = {"type": "string", "format": "uri", "nullable": True}
        properties = {"results": schema, "next": address, "previous": address}
        return {"type": "object", "required": list(properties), "properties": properties}

    def _bad_cursor(self) -> BadParameter:
        message = _("This is no cursor of this list. Start again without it, then follow next.")
        return BadParameter(self.cursor_query_param, "bad_cursor", message)


def _encoded(cursor) -> str:
    """A cursor as DRF writes it. Whatever decodes to it but is written otherwise was not given by us."""
    tokens = {}
    if cursor.offset:
        tokens["o"] = str(cursor.offset)
    if cursor.reverse:
        tokens["r"] = "1"
    if cursor.position is not None:
        tokens["p"] = cursor.position
    return base64.b64encode(urlencode(tokens, doseq=True).encode("ascii")).decode("ascii")
