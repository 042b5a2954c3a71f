"""What a list says of itself when it leaves as a file: whose it is, of which day, what it adds up to, and the text by which its
figures can be checked later."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django_filters import FilterSet

from cpc.core import clock
from cpc.core.facts import Facts
from cpc.core.fingerprints import Fingerprint, Measured, counted, measured, seal
from cpc.core.rest.sheets import SheetMixin
from cpc.core.sheets import Sheet
from cpc.core.texts import text_in
from cpc.core.xlsx import workbook_of

from .asof import Days, asked_days_of_api
from .models import Partnership
from .permissions import may

FORMATS = ("csv", "xlsx")
ROWS_AT_ONCE = 500


def asks_for_file(request) -> bool:
    """Whether the address asks for the list as a file. Raises BadRequest for a format that does not exist."""
    asked = request.GET.get("format")
    if asked is not None and asked not in FORMATS:
        raise BadRequest(_("There is no such format here. Formats: %(formats)s.") % {"formats": ", ".join(FORMATS)})
    return asked is not None


def file_of(
    request, sheet: Sheet, rows: QuerySet | Iterable, *, partnership: Partnership | None, days: Days | None = None,
    filters: FilterSet | None = None, of: QuerySet | Measured | None = None, wanted: str = "",
):  # fmt: skip
    """The list as a file for people, in the format that the address asks for (or `wanted`). `days`: those of a list that is asked
    for days.

    `of` is what is measured where `rows` are no queryset of their own: the ledger rows behind them, or the measures themselves.
    Raises BadRequest for more rows than the format holds.
    """
    asked = Question.of(sheet, partnership, days, filters)
    facts = facts_of(request, asked, measure(rows if of is None else of, sheet))
    return written(sheet, rows, facts, wanted or request.GET["format"])


def written(sheet: Sheet, rows: QuerySet | Iterable, facts: Facts, wanted: str):
    """The list as a file for people; `wanted`: csv or xlsx. Raises BadRequest for more rows than the format holds."""
    items = rows.iterator(chunk_size=ROWS_AT_ONCE) if isinstance(rows, QuerySet) else rows
    if wanted == "xlsx":
        return workbook_of(sheet, items, facts)
    return sheet.for_people(items, facts)


@dataclass(frozen=True)
class Question:
    """What an export answers. `partnership` None: of none, or of all that the reader sees. `asked`: the parameters that narrow
    it, as the address gives them; `words`: the same as pairs of label and value."""

    sheet: Sheet
    partnership: Partnership | None
    days: Days | None = None
    asked: dict[str, str] = field(default_factory=dict)
    words: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, sheet, partnership, days, filters: FilterSet | None) -> "Question":
        if filters is None:
            return cls(sheet, partnership, days)
        return cls(sheet, partnership, days, asked_of(filters), words_of(filters))


def facts_of(request, question: Question, found: Measured) -> Facts:
    """What the file says of itself, with the fingerprint where its figures can be checked later."""
    partnership, days = question.partnership, question.days
    zone = partnership.time_zone if partnership else "UTC"
    made_at = clock.now(zone)
    return Facts(
        title=str(question.sheet.title),
        measured=found,
        made_at=made_at,
        zone=zone,
        place=str(text_in(partnership, "name")) if partnership else "",
        filters=question.words,
        as_of=days and days.as_of,
        known_on=days and days.known_on,
        fingerprint=fingerprint_of(request.user, question, found, made_at),
        check_at=request.build_absolute_uri(reverse("exports:check")),
    )


def fingerprint_of(user, question: Question, found: Measured, made_at: datetime) -> str:
    """Only where another reader would see the same rows: of one partnership, for who reads its funding whole. Else empty."""
    partnership, days = question.partnership, question.days
    if not (found.digest and partnership and days and may(user, "read.funding", partnership.pk)):
        return ""
    return seal(
        Fingerprint(
            question.sheet.name, partnership.key, question.asked, days.as_of, days.known_on, made_at, found.measured_at,
            found.n_rows, found.totals, found.digest,
        )
    )  # fmt: skip


def measure(rows: QuerySet | list | Measured, sheet: Sheet) -> Measured:
    """What is counted before the first row is written. Of rows that stand in a list, `is_sample` says which are invented."""
    if isinstance(rows, Measured):
        return rows
    if isinstance(rows, QuerySet):
        return measured(rows, sheet.canon) if sheet.canon else counted(rows)
    is_sample = next((column.read for column in sheet.columns if column.key == "is_sample"), lambda row: False)
    return Measured(len(rows), has_sample=any(is_sample(row) for row in rows))


def asked_of(filters: FilterSet) -> dict[str, str]:
    """The parameters that narrow the list, as the address gives them; without the partnership, which is said besides."""
    names = [name for name in filters.filters if name != "partnership"]
    return {name: filters.data[name] for name in names if filters.data.get(name)}


def words_of(filters: FilterSet) -> tuple[tuple[str, str], ...]:
    """The same as pairs of label and value, in words."""
    fields, given = filters.form.fields, filters.form.cleaned_data
    names = [name for name in asked_of(filters) if given.get(name) not in (None, "")]
    return tuple((str(fields[name].label), value_in_words(fields[name], given[name])) for name in names)


def value_in_words(field, value) -> str:
    """A value as its form calls it: a choice by its label, a row by its name in the reader's language."""
    if hasattr(value, "name_en") or hasattr(value, "title_en"):
        return str(text_in(value, "name" if hasattr(value, "name_en") else "title"))
    if isinstance(value, date):
        return value.isoformat()
    is_list = hasattr(field, "choices") and not hasattr(field, "queryset")
    return str(dict(field.choices).get(value, value)) if is_list else str(value)


class ListFilesMixin(SheetMixin):
    """For a resource of the API whose rows belong to partnerships: its list as CSV or XLSX, with what it says of itself."""

    def facts_of(self, rows) -> Facts:
        key = self.request.query_params.get("partnership")
        partnership = get_object_or_404(Partnership.objects.visible_to(self.request.user), key=key) if key else None
        none = rows.none() if isinstance(rows, QuerySet) else self.queryset.none()
        filters = self.filterset_class(self.request.query_params, queryset=none, request=self.request)
        filters.is_valid()  # the rows were filtered by it already, so it is
        question = Question.of(self.sheet, partnership, self.asked_days(partnership), filters)
        return facts_of(self.request, question, measure(rows, self.sheet))

    def asked_days(self, partnership: Partnership | None) -> Days | None:
        """The days of a list that is asked for them; else None."""
        if "as_of" not in self.query_parameters:
            return None
        return asked_days_of_api(self.request, partnership.time_zone if partnership else None)
