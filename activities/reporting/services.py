"""Begin a report, and keep the rows of owed reports in step with the deadlines. Its contents are saved in drafts.py, its
moves stand in moves.py. `at` is an aware instant of the caller's clock; the day it falls on in the partnership's zone
decides."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from activities.deadlines.engine import period_key
from activities.deadlines.models import Deadline, Kind
from cpc.audit.services import record
from cpc.core.periods import Period
from funding.models import Award
from partners.models import Organization, Partnership

from .models import REPORT_KINDS, Report, ReportVersion, Transition
from .permissions import may_prepare
from .rules import EDITABLE


def sync_reports(partnership: Partnership) -> int:
    """Bring the rows of reports that are owed and not started in line with the open deadlines; returns how many were written
    or removed.

    Belongs to the recomputation of deadlines, inside its transaction and lock. A report that was begun stays, whatever its
    deadlines do; `is_final` follows them until the report is submitted. Seven statements at most, two when nothing changed.
    """
    owed = owed_triples(Deadline.objects.filter(partnership=partnership))
    reports = list(Report.objects.filter(partnership=partnership).with_state())
    gone = [r.pk for r in reports if r.number is None and triple_of(r) not in owed]
    stale = [r for r in reports if (r.number is None or r.state in EDITABLE) and owed.get(triple_of(r), r.is_final) != r.is_final]
    known = {triple_of(r) for r in reports}
    new = {triple: is_final for triple, is_final in owed.items() if triple not in known}
    if gone:
        Report.objects.filter(pk__in=gone).delete()
    for report in stale:
        report.is_final = owed[triple_of(report)]
    if stale:
        Report.objects.bulk_update(stale, ["is_final"])
    if new:
        awards = Award.objects.in_bulk({triple[0] for triple in new})
        organizations = Organization.objects.in_bulk({triple[1] for triple in new})
        taken = {r.key for r in reports if r.pk not in gone}
        rows = []
        for (award, organization, *days), is_final in new.items():
            rows.append(new_report(awards[award], organizations[organization], Period(*days), is_final=is_final, taken=taken))
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
    return new_report(award, organization, period, is_final=owed[triple], taken=set(rows.values_list("key", flat=True)))


def new_report(award: Award, organization: Organization, period: Period, *, is_final: bool, taken: set[str]) -> Report:
    """An unsaved report with a readable key. A quarter whose key is taken (by a report begun for other days of it, before the
    award's period was changed) is named by its days."""
    key = f"{award.key}-{organization.key}-{period_key(period)}"
    if key in taken:
        key = f"{award.key}-{organization.key}-{period.first}-{period.last}"
    return Report(
        key=key,
        partnership_id=award.partnership_id,
        award=award,
        organization=organization,
        period_from=period.first,
        period_to=period.last,
        is_final=is_final,
    )


def owed_triples(deadlines) -> dict[tuple[int, int, date, date], bool]:
    """What the open report deadlines of a queryset ask for: award, organization and period, and whether it is a final report."""
    rows = deadlines.open().filter(kind__in=REPORT_KINDS, award__isnull=False, recipient__isnull=False, period_to__isnull=False)
    owed: dict = {}
    for *triple, kind in rows.values_list("award", "recipient", "period_from", "period_to", "kind"):
        owed[tuple(triple)] = owed.get(tuple(triple), False) or kind == Kind.FINAL_REPORT
    return owed


def triple_of(report: Report) -> tuple[int, int, date, date]:
    return report.award_id, report.organization_id, report.period_from, report.period_to
