"""Writes to the contents of a report: one task at a time, while it is a draft or returned.

Everything runs on the caller's clock: `at` is an aware instant. Saving a task needs the `revision` that its form was filled
in against; `answers` maps ids of return items to what the partner answers. `done` holds only once nothing is missing.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cpc.audit.services import record
from cpc.core.money import MAX_COUNT

from .adding import EMPTIES
from .completeness import task_of
from .contents import Contents, read_contents
from .models import Cell, FinancialReport, ReportVersion, ReturnItem, Section
from .permissions import may_prepare
from .rules import AWARD, FINANCIAL, INDICATORS, NARRATIVES
from .sf425 import TYPED

LONGEST_TEXT = 20_000


class Conflict(Exception):
    """Somebody saved this task after the form was opened. `section` is the row as it is now; nothing was written."""

    def __init__(self, section: Section):
        super().__init__(f"{section.key} is at revision {section.revision}")
        self.section = section


class Overtaken(Exception):
    """The report is no longer where the reader saw it. `version` is as it is now, `last` its newest move (None without any)."""

    def __init__(self, version: ReportVersion):
        super().__init__(f"{version} is {version.state}")
        self.version = version
        self.last = version.transitions.select_related("actor").order_by("pk").last()


def save_award_check(
    version_id: int, *, actor, at: datetime, revision: int, done: bool, answers: Mapping | None = None
) -> Section:
    """Say that award and period are right. Raises as `save_narrative`."""
    return _save_section(version_id, AWARD, actor=actor, at=at, revision=revision, done=done, answers=answers)


def save_indicators(
    version_id: int,
    key: str,
    *,
    cells: Mapping[str, int | str | None],
    actor,
    at: datetime,
    revision: int,
    done: bool,
    answers: Mapping | None = None,
) -> Section:
    """Save cells of one objective's task (`indicators-2`). `cells` maps a cell's field (`CPC-2.5/PE-LMA/female`) to a whole
    number, to a reason (`not_collected`, `not_applicable`, `withheld`) or to None, not reported yet; other cells stay as they
    are.

    Raises as `save_narrative`; ValidationError also for a cell that this task does not have.
    """

    def write(contents: Contents, _section: Section):
        asked = {cell.field: cell for block in contents.blocks_of(key) for cell in block.cells}
        for field, content in cells.items():
            _check_cell(field, content, asked)
        _write_cells(
            contents.version, [(asked[field], content) for field, content in cells.items() if content != asked[field].content]
        )

    if not key.startswith(f"{INDICATORS}-"):
        raise ValidationError(_("This is not a task for indicators."))
    return _save_section(version_id, key, actor=actor, at=at, revision=revision, done=done, answers=answers, write=write)


def save_narrative(
    version_id: int,
    key: str,
    *,
    text: str,
    language: str,
    actor,
    at: datetime,
    revision: int,
    done: bool,
    answers: Mapping | None = None,
) -> Section:
    """Save one text of the narrative, written in `language` ("en" or "es"). `answers` maps ids of return items to what the
    partner answers. `done` holds only once nothing is missing.

    Raises PermissionDenied if `actor` may not, Overtaken if the report is no longer with the partner, Conflict if the task
    was saved after `revision`, ValidationError naming the field.
    """

    def write(_contents: Contents, section: Section):
        section.text, section.language = text.strip(), language

    if key not in NARRATIVES:
        raise ValidationError(_("This report has no such text."))
    if len(text) > LONGEST_TEXT:
        raise ValidationError({"text": _("No more than %(n)s characters.") % {"n": f"{LONGEST_TEXT:,}"}})
    if language not in ("en", "es"):
        raise ValidationError({"language": _("Choose English or Spanish.")})
    return _save_section(version_id, key, actor=actor, at=at, revision=revision, done=done, answers=answers, write=write)


def save_financial(
    version_id: int,
    *,
    basis: str,
    lines: Mapping[str, Decimal | None],
    remarks: str = "",
    actor,
    at: datetime,
    revision: int,
    done: bool,
    answers: Mapping | None = None,
) -> Section:
    """Save the SF-425. `lines` maps typed lines (`10a` …) to amounts in the award's currency, cumulative, or None: not reported.

    A line that contradicts another is saved and shown as a problem, so that nothing typed is lost; it keeps the report from being
    submitted. Raises as `save_narrative`.
    """

    def write(contents: Contents, _section: Section):
        row = contents.financial or FinancialReport(version=contents.version)
        row.basis, row.remarks = basis, remarks.strip()
        for line, amount in lines.items():
            setattr(row, f"line_{line}", amount)
        row.full_clean(exclude=["version"])
        row.save()

    if unknown := set(lines) - set(TYPED):
        raise ValidationError(_("These lines are not typed: %(lines)s.") % {"lines": ", ".join(sorted(unknown))})
    return _save_section(version_id, FINANCIAL, actor=actor, at=at, revision=revision, done=done, answers=answers, write=write)


@transaction.atomic
def _save_section(version_id, key, *, actor, at, revision, done, answers, write=None) -> Section:
    version = (
        ReportVersion.objects.select_for_update(of=("self",))
        .select_related("report__award", "report__organization", "report__partnership")
        .get(pk=version_id)
    )
    report = version.report
    decision = may_prepare(actor, report, version)
    if decision.code == "state":
        raise Overtaken(version)
    decision.require()
    contents = read_contents(report, version)
    if key not in contents.keys:
        raise ValidationError(_("This report has no such task."))
    section, _created = Section.objects.select_related("saved_by").get_or_create(version=version, key=key)
    if section.revision != revision:
        raise Conflict(section)
    if write:
        write(contents, section)
    _answer(contents, key, answers or {}, actor, at)
    section.revision += 1
    section.saved_by, section.saved_at, section.is_done = actor, at, done
    section.full_clean(exclude=["version"])
    section.save()
    if done:
        task = task_of(read_contents(report, version), key, is_final=report.is_final)
        if not task.is_completed:
            section.is_done = False
            section.save(update_fields=["is_done"])
    record(actor, "report.section_saved", report, partnership_key=report.partnership.key, section=key, version=version.number)
    return section


def _answer(contents: Contents, key: str, answers: Mapping, actor, at):
    """Answers to questions of the last return; earlier rounds stay as they were."""
    open_items = {item.pk: item for item in contents.items_of(key) if item.round == contents.round}
    for pk, text in answers.items():
        item = open_items.get(pk)
        if item is None:
            raise ValidationError(_("This question is not part of the last return."))
        if item.answer == text.strip():
            continue
        ReturnItem.objects.filter(pk=pk).update(answer=text.strip(), answered_at=at if text.strip() else None, answered_by=actor)


def _check_cell(field, content, asked):
    if field not in asked:
        raise ValidationError(_("This report has no cell %(field)s.") % {"field": field})
    is_number = isinstance(content, int) and not isinstance(content, bool)
    if content is None or content in EMPTIES or (is_number and 0 <= content <= MAX_COUNT):
        return
    raise ValidationError(_("%(field)s: a cell holds a whole number, or the reason why there is none.") % {"field": field})


def _write_cells(version: ReportVersion, changes: list):
    """Insert, overwrite or remove exactly the cells that changed; two statements."""
    emptied = [cell for cell, content in changes if content is None]
    rows = [
        Cell(
            version=version,
            indicator_id=cell.indicator_id,
            organization_id=version.report.organization_id,
            region_id=cell.region_id,
            category=cell.category,
            value=content if isinstance(content, int) else None,
            empty=content if isinstance(content, str) else "",
        )
        for cell, content in changes
        if content is not None
    ]
    if emptied:
        stored = {(c.indicator_id, c.region_id, c.category): c.pk for c in version.cells.all()}
        pks = [stored[cell.indicator_id, cell.region_id, cell.category] for cell in emptied]
        Cell.objects.filter(pk__in=pks).delete()
    if rows:
        unique = ["version", "indicator", "organization", "region", "category"]
        Cell.objects.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=["value", "empty"])
