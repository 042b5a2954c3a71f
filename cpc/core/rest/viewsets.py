"""The base of the API's resources."""

from rest_framework.mixins import ListModelMixin
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from cpc.core.rest.views import ETagMixin, LanguageMixin, StrictFormat, StrictParameters


class KeyedReadOnlyViewSet(LanguageMixin, StrictParameters, ETagMixin, ReadOnlyModelViewSet):
    """A list and its rows by readable key. `get_queryset` filters by what the user may see, so that the rest is a 404."""

    lookup_field = "key"
    lookup_value_regex = "[A-Za-z0-9-]+"
    content_negotiation_class = StrictFormat


class ListOnlyViewSet(LanguageMixin, StrictParameters, ETagMixin, ListModelMixin, GenericViewSet):
    """A list of rows that have no address of their own."""

    content_negotiation_class = StrictFormat
