"""What the accepted reports say was disbursed (SF-425 line 10b) and spent (line 10e), by period.

Both lines are cumulative since the award began. What belongs to one period is the difference to the accepted report before it;
where a report between is missing, the difference belongs to all the time since. Null is not reported, never taken for zero.
Source: SF-425 instructions, lines 10a to 10c.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cpc.core.labels import key_label
from cpc.core.periods import Period, quarter_key, us_fiscal_year
from cpc.core.texts import text_in
from funding.awards.answers import Asked, Summary, SumRow, share_in, totals_of
from funding.awards.rules import UNALLOCATED
from partners.ledger import Qualifier
from partners.models import Partnership

from .models import FinancialReport, Report
from .queries import end_of
from .rules import ACCEPTED

LINES = {"disbursed": "line_10b", "spent": "line_10e"}
PERIODS = ("fiscal_year", "calendar_year", "quarter")
GROUPS = ("none", "partner", "award", *PERIODS)


@dataclass(frozen=True)
class Increment:
    """What one accepted report adds to the one before it. `amount` None: the report does not say. `since` begins after the end
    of the last accepted report that said it, or with the first period that the award and recipient report on."""

    report: Report
    since: Period
    amount: Decimal | None


def increments(partnership: Partnership, measure: str, level: str, *, as_of: date, known_on: date) -> list[Increment]:
    """One for each report whose period ends by `as_of`, of the newest version accepted by the end of `known_on` in the
    partnership's zone. One statement."""
    zone = ZoneInfo(partnership.time_zone)
    report = "version__report__"
    begun = Report.objects.filter(award=OuterRef(f"{report}award"), organization=OuterRef(f"{report}organization"))
    rows = (
        FinancialReport.objects.filter(
            version__report__partnership=partnership, version__report__award__level=level, version__state=ACCEPTED,
            version__report__period_to__lte=as_of, version__accepted_at__lt=end_of(known_on, zone),
        )
        .select_related("version__report__award", "version__report__organization")
        .order_by("version__report_id", "-version__number")
        .distinct("version__report_id")
        .annotate(begins=Subquery(begun.order_by("period_from").values("period_from")[:1]))
    )  # fmt: skip
    series = defaultdict(list)
    for row in rows:
        report = row.version.report
        series[report.award_id, report.organization_id, row.begins].append((report, getattr(row, LINES[measure])))
    return [one for (_award, _recipient, begins), reports in series.items() for one in differences(reports, begins)]


def differences(reports: Iterable[tuple[Report, Decimal | None]], begins: date) -> list[Increment]:
    """Reports of one award and recipient with their cumulative amounts since `begins`, to what each adds."""
    found, before, since = [], Decimal(0), begins
    for report, amount in sorted(reports, key=lambda pair: (pair[0].period_to, pair[0].period_from)):
        if amount is None:
            found.append(Increment(report, Period(report.period_from, report.period_to), None))
            continue
        found.append(Increment(report, Period(min(since, report.period_to), report.period_to), amount - before))
        before, since = amount, report.period_to + timedelta(days=1)
    return found


def spending_summary(partnership: Partnership, asked: Asked, *, as_of: date, known_on: date) -> Summary:
    """The sums of `disbursed` or `spent` in the awards' own currency; nothing is converted."""
    found = increments(partnership, asked.measure, asked.level, as_of=as_of, known_on=known_on)
    totals = totals_of((one.report.award.currency, one.amount, Qualifier.EXACT) for one in found)
    asked_with = {
        "partnership": partnership.key, "state": ACCEPTED, "measure": asked.measure, "level": asked.level,
        "as_of": as_of.isoformat(), "known_on": known_on.isoformat(),
    }  # fmt: skip
    groups = defaultdict(list)
    for one in found:
        groups[group_of(one, asked.group_by), one.report.award.currency].append(one)
    rows = [
        sum_row(
            key,
            label,
            allocated,
            currency,
            ones,
            totals,
            asked_with | ({} if asked.group_by == "none" else {asked.group_by: key}),
        )
        for ((key, label, allocated), currency), ones in groups.items()
    ]
    rows.sort(
        key=lambda row: (
            (not row.allocated, row.key) if asked.group_by in PERIODS else (row.amount is None, -(row.amount or 0), row.key)
        )
    )
    result = Summary(partnership.key, asked.measure, asked.level, asked.group_by, as_of, known_on, rows=rows, totals=totals)
    result.messages.extend(messages_of(result))
    return result


def group_of(one: Increment, group_by: str) -> tuple[str, str, bool]:
    """Key, label, and whether it is allocated: an increment that straddles two periods belongs to neither."""
    report = one.report
    if group_by == "partner":
        return report.organization.key, str(text_in(report.organization, "name")), True
    if group_by == "award":
        return report.award.key, str(text_in(report.award, "title")), True
    if group_by == "none":
        return "all", _("All accepted reports"), True
    first, last = (period_key(group_by, day) for day in (one.since.first, one.since.last))
    return (last, key_label(last), True) if first == last else (UNALLOCATED, _("Reported for several periods together"), False)


def period_key(group_by: str, day: date) -> str:
    if group_by == "quarter":
        return quarter_key(day)
    return f"FY{us_fiscal_year(day)}" if group_by == "fiscal_year" else f"CY{day.year}"


def sum_row(key, label, allocated, currency, ones: list[Increment], totals, filters: dict[str, str]) -> SumRow:
    amounts = [one.amount for one in ones if one.amount is not None]
    amount = sum(amounts, Decimal(0)) if amounts else None
    return SumRow(
        key=key, label=label, allocated=allocated, currency=currency, amount=amount, qualifier=Qualifier.EXACT,
        share=share_in(amount, currency, totals), n_rows=len(ones), n_unknown=len(ones) - len(amounts),
        is_sample=any(one.report.is_sample for one in ones), filters=filters, resource="report",
    )  # fmt: skip


def messages_of(result: Summary) -> list[str]:
    said = []
    if n := result.not_reported:
        said.append(
            ngettext(
                "%(n)s accepted report does not say it; it is left out of the totals.",
                "%(n)s accepted reports do not say it; they are left out of the totals.",
                n,
            )
            % {"n": n}
        )
    if result.is_sample:
        said.append(_("This answer rests on sample rows, invented for the demonstration."))
    return said
