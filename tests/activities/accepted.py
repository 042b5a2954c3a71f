"""Accepted reports with their SF-425 lines, in a few statements: what sums of disbursements and spending are asked of."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from activities.models import FinancialReport, Report, ReportVersion
from tests.factories import lima


def quarter(text: str) -> tuple[date, date]:
    """First and last day of "2019-Q4"."""
    year, number = int(text[:4]), int(text[-1])
    last = {1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}[number]
    return date(year, 3 * number - 2, 1), date(year, *last)


def owe_reports(award, organization, *quarters: str, **fields) -> list[Report]:
    """Reports that nobody has begun."""
    of = {"partnership": award.partnership, "award": award, "organization": organization, **fields}
    return Report.objects.bulk_create(
        Report(key=f"{award.key}-{organization.key}-{text.lower()}", period_from=first, period_to=last, **of)
        for text in quarters
        for first, last in [quarter(text)]
    )


def accept(report: Report, *, spent=None, disbursed=None, on="2020-01-20") -> ReportVersion:
    """A version with these lines (text, or None: not given), accepted on that day in Lima."""
    return accept_all([(report, disbursed, spent, on)])[0]


def accept_all(rows: list[tuple]) -> list[ReportVersion]:
    """As `accept`, for many at once: (report, disbursed, spent, day). Several rows of one report are its versions, in order."""
    by_report, rounds, made = defaultdict(int), defaultdict(list), []
    for report, *rest in rows:
        by_report[report.pk] += 1
        rounds[by_report[report.pk]].append((report, *rest))
    for number in sorted(rounds):
        made += _accept_round(number, rounds[number])
    return made


def _accept_round(number: int, rows: list[tuple]) -> list[ReportVersion]:
    begun = dict(ReportVersion.objects.filter(report__in=[row[0].pk for row in rows]).values_list("report", "number"))
    versions = ReportVersion.objects.bulk_create(
        ReportVersion(report=report, number=begun.get(report.pk, 0) + 1, accepted_at=lima(f"{day} 12:00"))
        for report, _disbursed, _spent, day in rows
    )
    FinancialReport.objects.bulk_create(
        FinancialReport(version=version, line_10b=money(disbursed), line_10e=money(spent))
        for version, (_report, disbursed, spent, _day) in zip(versions, rows, strict=True)
    )
    for state in ("submitted", "in_review", "accepted"):
        ReportVersion.objects.filter(pk__in=[version.pk for version in versions]).update(state=state)
    return versions


def money(text) -> Decimal | None:
    return None if text is None else Decimal(text)
