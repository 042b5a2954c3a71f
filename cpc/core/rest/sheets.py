"""`?format=csv`: the same list as a file, whole and streamed."""

from django.utils.translation import gettext as _
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.response import Response

from cpc.core.rest.errors import BadParameter

ROWS_AT_ONCE = 500


class CsvRenderer(BaseRenderer):
    """Names the format for the negotiation; what is sent comes from `cpc.core.sheets`, and a refusal is JSON as everywhere."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"


class CsvMixin:
    """For a view with two formats. Stands before ETagMixin."""

    renderer_classes = (JSONRenderer, CsvRenderer)

    @property
    def wants_csv(self) -> bool:
        return self.request.accepted_renderer.format == CsvRenderer.format

    def finalize_response(self, request, response, *args, **kwargs):
        renderer = getattr(request, "accepted_renderer", None)
        if isinstance(response, Response) and isinstance(renderer, CsvRenderer):
            request.accepted_renderer, request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
        return super().finalize_response(request, response, *args, **kwargs)


class SheetMixin(CsvMixin):
    """For a resource with a `sheet`. The file holds the whole list as filtered, in the list's order; it has no pages."""

    sheet = None

    def list(self, request, *args, **kwargs):
        if not self.wants_csv:
            return super().list(request, *args, **kwargs)
        faults = [
            BadParameter(name, "no_pages", _("A CSV file holds the whole list. Leave this parameter out."))
            for name in ("limit", "cursor")
            if name in request.query_params
        ]
        if faults:
            raise BadParameter.of(faults)
        return self.sheet.for_programs(self.rows_of_file())

    def rows_of_file(self):
        """The rows of the list as filtered, in its order, read while they are written."""
        ordering = self.paginator.get_ordering(self.request, self.queryset, self)
        rows = self.filter_queryset(self.get_queryset()).order_by(*ordering)
        return rows.iterator(chunk_size=ROWS_AT_ONCE)
