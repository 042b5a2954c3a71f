"""`?format=csv` and `?format=xlsx`: the same list as a file, whole. What the file says of itself is in the answer's headers."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.response import Response

from cpc.core.facts import Facts
from cpc.core.rest.errors import BadParameter
from cpc.core.xlsx import XLSX_TYPE, TooManyRows, workbook_of

ROWS_AT_ONCE = 500


class CsvRenderer(BaseRenderer):
    """Names the format for the negotiation; what is sent comes from `cpc.core.sheets`, and a refusal is JSON as everywhere."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"


class XlsxRenderer(BaseRenderer):
    """As CsvRenderer; what is sent comes from `cpc.core.xlsx`."""

    media_type = XLSX_TYPE
    format = "xlsx"
    charset = None
    render_style = "binary"


class FilesMixin:
    """For a view that also answers in files. Stands before ETagMixin."""

    renderer_classes = (JSONRenderer, CsvRenderer, XlsxRenderer)

    @property
    def file_format(self) -> str:
        """ "csv" or "xlsx", or "" where the answer is JSON."""
        asked = self.request.accepted_renderer.format
        return asked if asked in (CsvRenderer.format, XlsxRenderer.format) else ""

    def finalize_response(self, request, response, *args, **kwargs):
        renderer = getattr(request, "accepted_renderer", None)
        if isinstance(response, Response) and isinstance(renderer, CsvRenderer | XlsxRenderer):
            request.accepted_renderer, request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
        return super().finalize_response(request, response, *args, **kwargs)

    def workbook(self, sheet, rows, facts: Facts):
        """The answer to `?format=xlsx`. Raises BadParameter for a list that is too long for it."""
        try:
            return workbook_of(sheet, rows, facts, for_programs=True)
        except TooManyRows as refusal:
            raise BadParameter("format", "too_many_rows", str(refusal)) from None


class SheetMixin(FilesMixin):
    """For a resource with a `sheet`. The file holds the whole list as filtered, in the list's order; it has no pages.

    `facts_of(rows)` says what the file says of itself; a floor that knows partnerships and days gives it.
    """

    sheet = None

    def list(self, request, *args, **kwargs):
        if not self.file_format:
            return super().list(request, *args, **kwargs)
        faults = [
            BadParameter(name, "no_pages", _("A file holds the whole list. Leave this parameter out."))
            for name in ("limit", "cursor")
            if name in request.query_params
        ]
        if faults:
            raise BadParameter.of(faults)
        rows = self.rows_of_file()
        facts = self.facts_of(rows)
        items = rows.iterator(chunk_size=ROWS_AT_ONCE) if isinstance(rows, QuerySet) else rows
        if self.file_format == XlsxRenderer.format:
            return self.workbook(self.sheet, items, facts)
        return self.sheet.for_programs(items, facts)

    def rows_of_file(self):
        """The rows of the list as filtered, in its order: a queryset, or a list."""
        ordering = self.paginator.get_ordering(self.request, self.queryset, self)
        return self.filter_queryset(self.get_queryset()).order_by(*ordering)
