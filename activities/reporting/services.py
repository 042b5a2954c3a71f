"""Begin a report, and keep the rows of owed reports in step with the deadlines. Its contents are saved in drafts.py, its
moves stand in moves.py. `at` is an aware instant of the caller's clock; the day it falls on in the partnership's zone
decides."""

from datetime import date, datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from activities.deadlines.award_dates import period_key
from activities.deadlines.models import Deadline, Kind
from cpc.audit.services import record
from cpc.core.periods import Period
from funding.models import Award
from partners.models import Organization, Partnership

from .models import REPORT_KINDS, Report, ReportVersion, Transition
from .permissions import may_prepare
from .rules import EDITABLE


class Owed(NamedTuple):
    """What the deadlines of one award, organization and period ask for."""

    award_key: str
    organization_key: str
    is_final: bool


def sync_reports(partnership: Partnership) -> int:
    """Bring the rows of reports that are owed and not started in line with the open deadlines; returns how many were written
    or removed.

    Belongs to the recomputation of deadlines, inside its transaction and lock. A report that was begun stays, whatever its
    deadlines do; `is_final` follows them until the report is submitted. Five statements at most, two when nothing changed.
    """
    owed = owed_triples(Deadline.objects.filter(partnership=partnership))
    reports = list(Report.objects.filter(partnership=partnership).with_state())
    gone = [r.pk for r in reports if r.number is None and triple_of(r) not in owed]
    stale = [r for r in reports if (r.number is None or r.state in EDITABLE) and is_otherwise(r, owed.get(triple_of(r)))]
    known = {triple_of(r) for r in reports}
    new = {triple: one for triple, one in owed.items() if triple not in known}
    if gone:
        # Without the search for dependants of `delete()`: a row without a version has none, and the database refuses any other.
        rows = Report.objects.filter(pk__in=gone)
        rows._raw_delete(rows.db)
    for report in stale:
        report.is_final = owed[triple_of(report)].is_final
    if stale:
        Report.objects.bulk_update(stale, ["is_final"])
    if new:
        taken = {r.key for r in reports if r.pk not in gone}
        rows = []
        for (award_id, organization_id, *days), one in new.items():
            ids = {"partnership_id": partnership.pk, "award_id": award_id, "organization_id": organization_id}
            rows.append(new_report(one, Period(*days), taken=taken, **ids))
            taken.add(rows[-1].key)
        Report.objects.bulk_create(rows)
    return len(gone) + len(stale) + len(new)


@transaction.atomic
def open_report(
    award: Award, organization: Organization, period: Period, *, actor, at: datetime, is_sample: bool = False
) -> ReportVersion:
    """Begin the report that `organization` owes for `award` and `period`; gives the newest version, the first one made here
    if there was none. Safe to run twice. Raises PermissionDenied if `actor` may not, ValidationError where nothing is owed
    for that period.
    """
    award = Award.objects.select_for_update(no_key=True, of=["self"]).select_related("partnership").get(pk=award.pk)
    report = find_or_make(award, organization, period)
    may_prepare(actor, report, None).require()
    if report.pk and (newest := report.versions.first()):
        return newest
    report.is_sample = report.is_sample or is_sample
    report.full_clean()
    report.save()
    version = ReportVersion.objects.create(report=report)
    Transition.objects.create(version=version, move="open", end=version.state, actor=actor, at=at)
    record(actor, "report.opened", report, partnership_key=award.partnership.key)
    return version


def find_or_make(award: Award, organization: Organization, period: Period) -> Report:
    """The stored report, or an unsaved one that a deadline asks for."""
    rows = Report.objects.filter(award=award, organization=organization)
    if found := rows.filter(period_from=period.first, period_to=period.last).first():
        return found
    owed = owed_triples(Deadline.objects.filter(award=award, recipient=organization))
    triple = (award.pk, organization.pk, period.first, period.last)
    if triple not in owed:
        raise ValidationError(_("No report is owed for this award, organization and period."))
    taken = set(rows.values_list("key", flat=True))
    return new_report(
        owed[triple], period, taken=taken, partnership_id=award.partnership_id, award=award, organization=organization
    )


def new_report(owed: Owed, period: Period, *, taken: set[str], **places) -> Report:
    """An unsaved report with a readable key. A quarter whose key is taken (by a report begun for other days of it, before the
    award's period was changed) is named by its days. `places`: partnership, award and organization, or their ids."""
    key = f"{owed.award_key}-{owed.organization_key}-{period_key(period)}"
    if key in taken:
        key = f"{owed.award_key}-{owed.organization_key}-{period.first}-{period.last}"
    return Report(key=key, period_from=period.first, period_to=period.last, is_final=owed.is_final, **places)


def owed_triples(deadlines) -> dict[tuple[int, int, date, date], Owed]:
    """What the open report deadlines of a queryset ask for, by award, organization and period."""
    rows = deadlines.open().filter(kind__in=REPORT_KINDS, award__isnull=False, recipient__isnull=False, period_to__isnull=False)
    owed: dict = {}
    fields = ("award", "recipient", "period_from", "period_to", "kind", "award__key", "recipient__key")
    for *triple, kind, award_key, organization_key in rows.values_list(*fields):
        before = owed.get(tuple(triple))
        is_final = kind == Kind.FINAL_REPORT or (before is not None and before.is_final)
        owed[tuple(triple)] = Owed(award_key, organization_key, is_final)
    return owed


def is_otherwise(report: Report, owed: Owed | None) -> bool:
    """Whether the deadlines ask for a final report where the row says interim, or the other way round."""
    return owed is not None and owed.is_final != report.is_final


def triple_of(report: Report) -> tuple[int, int, date, date]:
    return report.award_id, report.organization_id, report.period_from, report.period_to
