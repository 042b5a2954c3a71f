"""What has a day and is not done by it: dates that fall due, reports that are due again, and reports that wait for a reviewer."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial

from django.urls import reverse

from activities.deadlines.explain import title_of
from activities.deadlines.models import Kind as Date
from activities.deadlines.queries import with_status
from activities.deadlines.status import OPEN
from activities.deadlines.sync import REPORT_KINDS
from activities.models import Commitment, Deadline, Report, ReportVersion
from activities.reporting.labels import report_title
from activities.reporting.rules import ACCEPTED, IN_REVIEW, SUBMITTED
from activities.reporting.services import triple_of
from cpc.core.texts import text_in
from partners.models import Partnership
from partners.occasions import Audience, Occasion
from partners.roles import PARTNER_ROLES, Role

from .models import Kind, ladder_of
from .rules import WAITING, Ladder

PARTNER = frozenset(PARTNER_ROLES)
PROGRAM = frozenset({Role.PROGRAM_OFFICER})
OFFICERS = frozenset({Role.PROGRAM_OFFICER, Role.GRANTS_OFFICER})
HOST = frozenset({Role.HOST_DELEGATE})
# Whose date it is. What a partner hands in or asks for is the partner's, what the agency alone decides its officers'; what both
# governments do belongs to both. A commitment is of the side that made it.
OWNERS = {
    Date.PERFORMANCE_REPORT: PARTNER,
    Date.FINANCIAL_REPORT: PARTNER,
    Date.FINAL_REPORT: PARTNER,
    Date.EXTENSION_REQUEST: PARTNER,
    Date.EXTENSION_NOTICE: PARTNER,
    Date.LIQUIDATION: PARTNER,
    Date.RECORDS: PARTNER,
    Date.AWARD_END: PARTNER | OFFICERS,
    Date.CLOSEOUT: OFFICERS,
    Date.TERM_DECISION: OFFICERS | HOST,
    Date.TERM_END: OFFICERS | HOST,
    Date.TARGETS: PROGRAM | HOST,
    Date.DIALOGUE: PROGRAM | HOST,
    Date.DIALOGUE_INDICATORS: PROGRAM | HOST,
    Date.COMMITMENT: PROGRAM | HOST,
    Date.PLEDGE_END: PROGRAM | HOST,
}
SIDES = {Commitment.Side.US: PROGRAM, Commitment.Side.HOST: HOST}


def reminders(partnership: Partnership, today: date) -> Iterable[Occasion]:
    """Every reminder whose step `today` has reached, the newest of each. At most six queries."""
    ladder = ladder_of(partnership)
    yield from of_deadlines(partnership, ladder, today)
    for version in open_versions(partnership):
        if version.submitted_at and version.state in (SUBMITTED, IN_REVIEW):
            yield from waits_for_review(version, partnership.day_of(version.submitted_at), today)
        elif version.due_on:
            yield from due_again(version, ladder, today)


def open_versions(partnership: Partnership):
    """The version of each report that is not accepted. A returned one, and a reopened one, has a due day of its own."""
    rows = ReportVersion.objects.filter(report__partnership=partnership).exclude(state=ACCEPTED).order_by("pk")
    return rows.select_related("report__partnership", "report__award", "report__organization")


def of_deadlines(partnership: Partnership, ladder: Ladder, today: date) -> Iterable[Occasion]:
    rows = with_status(Deadline.objects.open().filter(partnership=partnership), today).filter(status__in=OPEN)
    rows = rows.filter(due_on__lte=today - timedelta(days=min(ladder.days)))
    rows = list(rows.select_related("award", "recipient").prefetch_related("award__recipients"))
    promised = {one.key: one for one in Commitment.objects.filter(dialogue__partnership=partnership)}
    periods = {row.period_to for row in rows}
    reports = Report.objects.filter(partnership=partnership, period_to__in=periods).select_related("partnership")
    found = {triple_of(report): report for report in reports}
    for row in rows:
        step = ladder.step_on(row.due_on, today)
        if step is None:
            continue
        commitment = promised.get(row.subject_key) if row.kind == Date.COMMITMENT else None
        is_report = row.kind in REPORT_KINDS
        report = found.get(place_of(row)) if is_report else None
        yield Occasion(
            kind=Kind.DEADLINE,
            subject_key=row.key,
            words=partial(named, row, commitment),
            path=address_of(report) if report else reverse("deadlines:detail", args=[partnership.key, row.key]),
            audience=Audience(SIDES[commitment.side] if commitment else OWNERS[row.kind], organizations=parties_of(row)),
            on=today,
            due_on=row.due_on,
            step=step,
            is_sample=bool(report and report.is_sample or row.award and row.award.is_sample),
        )


def place_of(row: Deadline) -> tuple:
    return row.award_id, row.recipient_id, row.period_from, row.period_to


def named(row: Deadline, commitment: Commitment | None = None) -> str:
    """What falls due, and of whom, of which award, or which commitment."""
    if commitment:
        return f"{title_of(row)} – {text_in(commitment, 'text')}"
    whose = row.recipient and text_in(row.recipient, "name") or row.award and text_in(row.award, "title")
    return f"{title_of(row)} – {whose}" if whose else title_of(row)


def parties_of(row: Deadline) -> frozenset[int]:
    """The organizations whose staff a date of an award concerns: its recipient, or all of the award's; none without an award."""
    if row.recipient_id:
        return frozenset({row.recipient_id})
    return frozenset(one.organization_id for one in row.award.recipients.all()) if row.award else frozenset()


def due_again(version: ReportVersion, ladder: Ladder, today: date) -> Iterable[Occasion]:
    step = ladder.step_on(version.due_on, today)
    if step is not None:
        audience = Audience(PARTNER, frozenset({version.report.organization_id}))
        yield of_report(version.report, Kind.REPORT_DUE_AGAIN, audience, on=today, due_on=version.due_on, step=step)


def waits_for_review(version: ReportVersion, since: date, today: date) -> Iterable[Occasion]:
    """To whoever reviews: all program officers, or the one who has begun."""
    step = WAITING.step_on(since, today)
    if step is not None:
        audience = Audience(users=frozenset({version.reviewer_id})) if version.reviewer_id else Audience(PROGRAM)
        yield of_report(version.report, Kind.REVIEW_WAITS, audience, on=today, due_on=since, step=step)


def of_report(report: Report, kind: str, audience: Audience, *, on: date, subject_key: str = "", **rest) -> Occasion:
    return Occasion(
        kind=kind,
        subject_key=subject_key or report.key,
        words=partial(name_of, report),
        path=address_of(report),
        audience=audience,
        on=on,
        is_sample=report.is_sample,
        **rest,
    )


def name_of(report: Report) -> str:
    return f"{report_title(report)} – {text_in(report.organization, 'name')}"


def address_of(report: Report) -> str:
    return reverse("reports:detail", args=[report.partnership.key, report.key])
