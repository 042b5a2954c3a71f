"""Pages of a list, and the answer to an edit that somebody else overtook."""

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class ListPage(Page):
    """One page of a list. Besides Django's own: `count` (rows on all pages) and the addresses of the neighbours, which keep
    the filters of the present address; None where there is no neighbour."""

    others = ""

    @property
    def count(self) -> int:
        return self.paginator.count

    def query_of(self, number: int) -> str:
        """The query string of page `number`, with its question mark."""
        return f"?{self.others}&page={number}" if self.others else f"?page={number}"

    @property
    def next_query(self) -> str | None:
        return self.query_of(self.number + 1) if self.has_next() else None

    @property
    def previous_query(self) -> str | None:
        return self.query_of(self.number - 1) if self.has_previous() else None


class _ListPaginator(Paginator):
    def _get_page(self, *args, **kwargs):
        return ListPage(*args, **kwargs)


def paginate(request: HttpRequest, queryset: QuerySet, per_page: int = 50) -> ListPage:
    """The page that `?page=` names, in two queries. A number that is no page of the list shows the last one, not an error."""
    paginator = _ListPaginator(queryset, per_page)
    try:
        page = paginator.page(request.GET.get("page", 1))
    except (PageNotAnInteger, EmptyPage):
        page = paginator.page(paginator.num_pages)
    page.others = querystring_without(request, "page")
    return page


def querystring_without(request: HttpRequest, *names: str) -> str:
    """The present GET parameters, encoded, but for `names`; without a question mark."""
    parameters = request.GET.copy()
    for name in names:
        parameters.pop(name, None)
    return parameters.urlencode()


def posted_version(request: HttpRequest) -> int | None:
    """The row's version that the form was filled in against; None if it is absent or no number, which equals no version."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def conflict(request: HttpRequest, template: str, context: dict | None = None) -> HttpResponse:
    """409: the row changed since the form was opened. The template shows both versions; what was typed stays in the form."""
    return render(request, template, context, status=409)
