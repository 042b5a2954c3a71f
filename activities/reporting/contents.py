"""What stands in one version of a report, read at once; and the same frozen as JSON when it is submitted."""

from dataclasses import dataclass, field
from decimal import Decimal

from activities.deadlines.models import Deadline
from activities.deadlines.rulebook import shipped
from partners.models import Coverage

from .grid import Block, lay_out
from .models import REPORT_KINDS, Cell, FinancialReport, Indicator, Report, ReportVersion, ReturnItem, Section
from .rules import EDITABLE, FINANCIAL_PART, PERFORMANCE_PART, task_keys
from .sf425 import TYPED, Lines


@dataclass(frozen=True)
class Contents:
    """A version with everything in it. `parts` is what is owed (`performance`, `financial`); `blocks` the indicators with the
    cells that are asked for, or, once submitted, the cells that were filled in; `previous` the financial part of the last
    report, if any."""

    version: ReportVersion
    parts: frozenset[str]
    blocks: list[Block]
    sections: dict[str, Section] = field(default_factory=dict)
    financial: FinancialReport | None = None
    previous: FinancialReport | None = None
    items: list[ReturnItem] = field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        objectives = dict.fromkeys(block.objective_number for block in self.blocks)
        return task_keys(self.parts, list(objectives))

    @property
    def lines(self) -> Lines:
        return Lines.of(self.financial)

    def blocks_of(self, task: str) -> list[Block]:
        return [block for block in self.blocks if block.task == task]

    def items_of(self, task: str) -> list[ReturnItem]:
        return [item for item in self.items if item.section_key == task]

    @property
    def round(self) -> int:
        """How often this version was returned; 0 before the first time."""
        return max((item.round for item in self.items), default=0)


def read_contents(report: Report, version: ReportVersion) -> Contents:
    """Everything of `version`, in a number of queries that does not depend on how much there is."""
    stored = version.cells.select_related("region", "indicator__objective").defer("region__outline")
    cells = {(c.indicator_id, c.region_id, c.category): c for c in stored}
    return Contents(
        version=version,
        parts=parts_of(report),
        blocks=lay_out(indicators_of(report), regions_of(report), cells, is_frozen=version.state not in EDITABLE),
        sections={section.key: section for section in version.sections.select_related("saved_by")},
        financial=FinancialReport.objects.filter(version=version).first(),
        previous=previous_financial(report),
        items=list(version.return_items.select_related("created_by", "answered_by")),
    )


def parts_of(report: Report) -> frozenset[str]:
    """What this report must hold, told by the rules of its deadlines. A superseded one still tells what a report was begun
    for; without any, a prime owes both parts and a sub-recipient the narrative one."""
    rows = Deadline.objects.filter(
        award=report.award_id,
        recipient=report.organization_id,
        period_from=report.period_from,
        period_to=report.period_to,
        kind__in=REPORT_KINDS,
    ).order_by("rule")
    book = shipped()
    known = {rule.id: rule.report for rule in book.rules}
    parts = {known[rule] for rule in rows.values_list("rule", flat=True).distinct() if known.get(rule)}
    return frozenset(parts or ({PERFORMANCE_PART} if report.award.level == "sub" else {PERFORMANCE_PART, FINANCIAL_PART}))


def indicators_of(report: Report) -> list[Indicator]:
    """What partners report on, by objective; an indicator that another one replaces is asked no more."""
    rows = Indicator.objects.filter(partnership=report.partnership_id, reported_by_partners=True, replaced_by=None)
    return list(rows.select_related("objective").order_by("objective__number", "key"))


def regions_of(report: Report) -> list:
    """The regions of the partnership by the end of the period, in the order in which they came in; [None] (national) without
    any."""
    rows = (
        Coverage.objects.filter(partnership=report.partnership_id, from_on__lte=report.period_to)
        .select_related("region")
        .defer("region__outline")
    )
    return [row.region for row in rows.order_by("from_on", "pk")] or [None]


def earlier_versions(report: Report) -> list[ReportVersion]:
    """The submitted version of each earlier report of the same award and organization, newest period first."""
    rows = (
        ReportVersion.objects.filter(
            report__award=report.award_id, report__organization=report.organization_id, report__period_to__lt=report.period_to
        )
        .exclude(state="draft")
        .select_related("report")
        .order_by("-report__period_to", "report_id", "-number")
        .distinct("report__period_to", "report_id")
    )
    return list(rows)


def previous_financial(report: Report) -> FinancialReport | None:
    """The SF-425 of the last earlier report that was submitted; None where there is none."""
    return (
        FinancialReport.objects.filter(
            version__report__award=report.award_id,
            version__report__organization=report.organization_id,
            version__report__period_to__lt=report.period_to,
        )
        .exclude(version__state="draft")
        .select_related("version__report")
        .order_by("-version__report__period_to", "-version__number")
        .first()
    )


def as_json(contents: Contents) -> dict:
    """The contents as frozen at submission: keys and texts of amounts, nothing that a later change elsewhere could alter."""
    return {
        "cells": {
            cell.field: cell.value if cell.value is not None else cell.empty for block in contents.blocks for cell in block.cells
        },
        "sections": {key: {"text": s.text, "language": s.language} for key, s in contents.sections.items() if s.text},
        "financial": _financial_as_json(contents.financial),
    }


def _financial_as_json(report: FinancialReport | None) -> dict | None:
    if report is None:
        return None
    lines = Lines.of(report)
    return {"basis": report.basis, "remarks": report.remarks, "lines": {line: _text(lines[line]) for line in TYPED}}


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def cells_of(versions: list[ReportVersion]) -> dict[int, dict]:
    """The cells of several versions: by version id, then by indicator, region and category; one query."""
    found: dict[int, dict] = {version.pk: {} for version in versions}
    for cell in Cell.objects.filter(version__in=versions):
        found[cell.version_id][cell.indicator_id, cell.region_id, cell.category] = cell
    return found
