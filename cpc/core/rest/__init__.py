"""What every answer of the API shares: the shape of errors, cursors, ETags, strict parameters, language."""

from cpc.core.rest.errors import BadParameter, exception_handler, iso_day
from cpc.core.rest.pagination import CursorPagination
from cpc.core.rest.views import ETagMixin, LanguageMixin, StrictFormat, StrictParameters, UnknownAddress

__all__ = [
    "BadParameter", "CursorPagination", "ETagMixin", "KeyedReadOnlyViewSet", "LanguageMixin", "StrictFormat", "StrictParameters",
    "UnknownAddress", "exception_handler", "iso_day",
]  # fmt: skip


def __getattr__(name):
    """The base viewset comes late: DRF's own viewsets read CursorPagination from here while they are being imported."""
    if name == "KeyedReadOnlyViewSet":
        from cpc.core.rest.viewsets import KeyedReadOnlyViewSet

        return KeyedReadOnlyViewSet
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
