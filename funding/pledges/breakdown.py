"""What was contributed by kind, entity, region and year: the sums of `sums.py` as the lines of a table."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from funding.awards.answers import Asked, Summary, SumRow
from funding.awards.labels import percent_of, width_of
from partners.models import Partnership

from .sums import host_summary

GROUPS = (
    ("kind", _("By kind")),
    ("entity", _("By entity")),
    ("region", _("By region")),
    ("fiscal_year", _("By fiscal year of the host")),
)


@dataclass(frozen=True)
class Line:
    """One group: what was priced, by currency, its share of the main currency, and how many entries have no price.

    `name` and `key` are the filter of the list that shows its rows.
    """

    name: str
    key: str
    label: str
    amounts: list[tuple[Decimal, str]]
    share: Decimal | None
    n_unpriced: int
    is_sample: bool

    @property
    def query(self) -> str:
        return urlencode({self.name: self.key})

    @property
    def width(self) -> str:
        return width_of(self.share)

    @property
    def percent(self) -> str:
        return "" if self.share is None else percent_of(self.share)


@dataclass(frozen=True)
class Breakdown:
    name: str
    heading: str
    lines: list[Line]


def breakdowns(partnership: Partnership, *, as_of: date, known_on: date) -> list[Breakdown]:
    """What was contributed, broken down in each way that the page shows; one statement each."""
    days = {"as_of": as_of, "known_on": known_on}
    answers = (
        (name, heading, host_summary(partnership, Asked("contributed", group_by=name), **days)) for name, heading in GROUPS
    )
    return [Breakdown(name, heading, lines_of(name, answer, partnership.host_currency)) for name, heading, answer in answers]


def lines_of(name: str, answer: Summary, currency: str) -> list[Line]:
    """The rows of the answer, those of one group in several currencies on one line."""
    groups: dict[str, list[SumRow]] = {}
    for row in answer.rows:
        groups.setdefault(row.key, []).append(row)
    return [line_of(name, rows, currency) for rows in groups.values()]


def line_of(name: str, rows: list[SumRow], currency: str) -> Line:
    return Line(
        name=name,
        key=rows[0].key,
        label=rows[0].label,
        amounts=[(row.amount, row.currency) for row in rows if row.amount is not None],
        share=next((row.share for row in rows if row.currency == currency), None),
        n_unpriced=sum(row.n_unknown for row in rows),
        is_sample=any(row.is_sample for row in rows),
    )
