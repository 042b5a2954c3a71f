"""What the accepted reports say was disbursed (SF-425 line 10b) and spent (line 10e), by period.

Both lines are cumulative since the award began. What belongs to one period is the difference to the accepted report before it;
where a report between is missing, or does not give the line, the difference belongs to all the time since. Null is not reported,
never taken for zero. Source: SF-425 instructions, lines 10a to 10c.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cpc.core.labels import key_label
from cpc.core.periods import Period, calendar_year_key, fiscal_year_key, quarter_key
from funding.awards.answers import Asked, Summary, SumRow, in_order, share_in, totals_of
from funding.awards.ledger import in_language
from funding.awards.rules import PERIOD_GROUPS, UNALLOCATED, combined
from partners.ledger import Qualifier, sample_message
from partners.models import Partnership

from .models import FinancialReport, Report
from .queries import end_of
from .rules import ACCEPTED

LINES = {"disbursed": "line_10b", "spent": "line_10e"}
GROUPS = ("none", "partner", "award", *PERIOD_GROUPS)
KEY_OF = {"fiscal_year": fiscal_year_key, "calendar_year": calendar_year_key, "quarter": quarter_key}
RESOURCE = "report"


class Accepted(NamedTuple):
    """The lines of one accepted SF-425. `disbursed` and `spent`: cumulative, in `currency`; None is not reported. `begins`: the
    first day on which the award and recipient report. Names are in the reader's language."""

    report: int
    award: str
    award_name: str
    partner: str
    partner_name: str
    level: str
    currency: str
    period_from: date
    period_to: date
    begins: date
    is_sample: bool
    disbursed: Decimal | None
    spent: Decimal | None


@dataclass(frozen=True)
class Increment:
    """What one accepted report adds to the one before it, in the time `since` that one. `total` is the line as reported.
    `amount` None: it does not give the line; `is_open` then says that no later report does either."""

    row: Accepted
    since: Period
    amount: Decimal | None
    total: Decimal | None
    is_open: bool = False

    @property
    def qualifier(self) -> Qualifier:
        """What is not reported yet can only add, so that the sum is a floor; a gap that a later report closed is none."""
        return Qualifier.AT_LEAST if self.is_open else Qualifier.EXACT

    def group(self, group_by: str) -> tuple[str, str, bool]:
        """Key, name, and whether it is allocated: an increment that straddles two periods belongs to neither."""
        if group_by == "partner":
            return self.row.partner, self.row.partner_name, True
        if group_by == "award":
            return self.row.award, self.row.award_name, True
        if group_by == "none":
            return "all", "", True
        first, last = (KEY_OF[group_by](day) for day in (self.since.first, self.since.last))
        return (last, "", True) if first == last else (UNALLOCATED, "", False)


def accepted_lines(partnership: Partnership, *, as_of: date, known_on: date) -> QuerySet:
    """The newest version of each report whose period ends by `as_of`, as accepted by the end of `known_on` in the partnership's
    zone, of awards known by then; as `Accepted`, each award and recipient together, oldest period first."""
    zone, path = ZoneInfo(partnership.time_zone), "version__report__"
    newest = (
        FinancialReport.objects.filter(
            version__report__partnership=partnership, version__report__award__known_on__lte=known_on,
            version__report__period_to__lte=as_of, version__state=ACCEPTED, version__accepted_at__lt=end_of(known_on, zone),
        )
        .order_by("version__report_id", "-version__number")
        .distinct("version__report_id")
        .values("pk")
    )  # fmt: skip
    same = Report.objects.filter(award=OuterRef(f"{path}award"), organization=OuterRef(f"{path}organization"))
    columns = {
        "award": F(f"{path}award__key"), "award_name": in_language(f"{path}award__title"),
        "partner": F(f"{path}organization__key"), "partner_name": in_language(f"{path}organization__name"),
        "level": F(f"{path}award__level"), "currency": F(f"{path}award__currency"),
        "period_from": F(f"{path}period_from"), "period_to": F(f"{path}period_to"),
        "begins": Subquery(same.order_by("period_from").values("period_from")[:1]),
        "is_sample": F(f"{path}is_sample"), **{measure: F(line) for measure, line in LINES.items()},
    }  # fmt: skip
    rows = FinancialReport.objects.filter(pk__in=newest).annotate(report=F(f"{path}pk"), **columns)
    order = ("award", "partner", "period_to", "period_from")
    return rows.order_by(*order).values_list(*Accepted._fields)


def increments(partnership: Partnership, measure: str, *, as_of: date, known_on: date) -> list[Increment]:
    """What each accepted report adds, on every level of awards. One statement."""
    return increments_of(accepted_lines(partnership, as_of=as_of, known_on=known_on), measure)


def increments_of(rows: Iterable[tuple], measure: str) -> list[Increment]:
    """As `increments`, from the rows of `accepted_lines`."""
    series = groupby(map(Accepted._make, rows), attrgetter("award", "partner"))
    return [one for _award_and_partner, reports in series for one in differences(reports, measure)]


def differences(reports: Iterable[Accepted], measure: str) -> Iterator[Increment]:
    """The reports of one award and recipient, oldest first, to what each adds. The amounts add up to the newest line given."""
    reports, line = list(reports), attrgetter(measure)
    last_given = max((number for number, row in enumerate(reports) if line(row) is not None), default=-1)
    before, since = Decimal(0), None
    for number, row in enumerate(reports):
        if (total := line(row)) is None:
            yield Increment(row, Period(row.period_from, row.period_to), None, None, number > last_given)
            continue
        first = row.begins if since is None else since
        yield Increment(row, Period(min(first, row.period_to), row.period_to), total - before, total)
        before, since = total, row.period_to + timedelta(days=1)


def spending_summaries(partnership: Partnership, questions: list[Asked], *, as_of: date, known_on: date) -> list[Summary]:
    """The sums of `disbursed` or `spent` in the awards' own currency, for several questions about the same days; nothing is
    converted. One statement."""
    days = {"as_of": as_of, "known_on": known_on}
    rows = list(accepted_lines(partnership, **days))
    found = {measure: increments_of(rows, measure) for measure in {one.measure for one in questions}}
    return [summary_of(partnership.key, asked, found[asked.measure], **days) for asked in questions]


def summary_of(partnership: str, asked: Asked, found: list[Increment], *, as_of: date, known_on: date) -> Summary:
    groups = defaultdict(list)
    for one in found:
        if one.row.level == asked.level:
            groups[one.group(asked.group_by), one.row.currency].append(one)
    sums = {place: sum_of(ones) for place, ones in groups.items()}
    totals = totals_of((currency, sums[group, currency], word_of(ones)) for (group, currency), ones in groups.items())
    filters = {"partnership": partnership, "measure": asked.measure, "level": asked.level}
    when = {"as_of": as_of.isoformat(), "known_on": known_on.isoformat()}
    rows = [
        SumRow(
            key=key,
            label=name or label_of(key, asked),
            allocated=allocated,
            currency=currency,
            amount=amount,
            qualifier=Qualifier.EXACT if amount is None else word_of(ones),
            share=share_in(amount, currency, totals),
            n_rows=len(ones),
            n_unknown=sum(one.amount is None for one in ones),
            is_sample=any(one.row.is_sample for one in ones),
            filters=filters | filter_of(asked.group_by, key) | {"currency": currency} | when,
            resource=RESOURCE,
        )
        for (((key, name, allocated), currency), ones), amount in zip(groups.items(), sums.values(), strict=True)
    ]
    rows = in_order(rows, asked.group_by)
    days = {"as_of": as_of, "known_on": known_on}
    result = Summary(partnership, asked.measure, asked.level, asked.group_by, **days, rows=rows, totals=totals)
    result.messages.extend(messages_of(result))
    return result


def sum_of(ones: list[Increment]) -> Decimal | None:
    """None where not one of them gives the line."""
    amounts = [one.amount for one in ones if one.amount is not None]
    return sum(amounts, Decimal(0)) if amounts else None


def word_of(ones: list[Increment]) -> Qualifier:
    return combined(one.qualifier for one in ones)


def label_of(key: str, asked: Asked) -> str:
    """What a group without a name of its own is called."""
    if asked.group_by == "none":
        return _("All accepted reports")
    return _("Reported for several periods together") if key == UNALLOCATED else key_label(key)


def filter_of(group_by: str, key: str) -> dict[str, str]:
    """The parameter of the list of reports that shows one group."""
    if group_by == "none":
        return {}
    return {"organization" if group_by == "partner" else group_by: key}


def messages_of(result: Summary) -> list[str]:
    said = []
    if n := result.not_reported:
        said.append(
            ngettext("%(n)s accepted report does not give this figure.", "%(n)s accepted reports do not give this figure.", n)
            % {"n": n}
        )
    if result.is_sample:
        said.append(sample_message())
    return said
