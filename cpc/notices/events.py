"""What somebody did that others must know: moves of reports, disputes, requests for a later due date and their answers.

Read from the rows themselves. What asks for an act holds until it is done; a last word is told for `EVENT_DAYS` and then left."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from django.db.models import Q
from django.urls import reverse

from activities.models import DueDateChange, Transition
from activities.reporting.rules import ACCEPTED, DRAFT, RETURNED
from cpc.core.dates import PreciseDate
from cpc.core.labels import precise_label
from cpc.core.texts import text_in
from funding.models import ContributionConfirmation
from partners.models import Partnership
from partners.occasions import Audience, Occasion

from .models import Kind
from .reminders import HOST, PARTNER, PROGRAM, named, of_report
from .rules import EVENT_DAYS

# Moves of which the partner is told, with the state in which they leave a version: as long as it stands there they hold. That a
# report was submitted stands among the reminders, since it waits for somebody.
MOVES = {
    "return": (Kind.REPORT_RETURNED, RETURNED),
    "accept": (Kind.REPORT_ACCEPTED, ACCEPTED),
    "reopen": (Kind.REPORT_REOPENED, DRAFT),
}


def events(partnership: Partnership, today: date) -> Iterable[Occasion]:
    """What was done and asks for something, and the last words of the last `EVENT_DAYS`. Three queries."""
    yield from moves_of_reports(partnership, today)
    yield from disputes(partnership)
    yield from changes_of_dates(partnership, today)


def is_recent(on: date, today: date) -> bool:
    return on >= today - timedelta(days=EVENT_DAYS)


def moves_of_reports(partnership: Partnership, today: date) -> Iterable[Occasion]:
    rows = Transition.objects.filter(version__report__partnership=partnership).select_related(
        "version__report__award", "version__report__organization", "version__report__partnership"
    )
    holds = Q()
    for move, (_kind, state) in MOVES.items():
        holds |= Q(move=move, version__state=state)
    long_ago = Q(move="accept", at__lt=datetime.combine(today - timedelta(days=EVENT_DAYS + 1), time.min, UTC))
    newest = {row.version_id: row for row in rows.filter(holds).exclude(long_ago).defer("contents").order_by("at", "pk")}
    for row in newest.values():
        on, report, kind = partnership.day_of(row.at), row.version.report, MOVES[row.move][0]
        if kind != Kind.REPORT_ACCEPTED or is_recent(on, today):
            audience = Audience(PARTNER, frozenset({report.organization_id}))
            yield of_report(report, kind, audience, on=on, subject_key=f"{report.key}-move-{row.pk}")


def disputes(partnership: Partnership) -> Iterable[Occasion]:
    """To the other government, while the newest word of a side is that the contribution is not right."""
    rows = ContributionConfirmation.objects.filter(contribution__partnership=partnership, contribution__voided_by=None)
    newest = {}
    for row in rows.select_related("contribution__entity").order_by("confirmed_on", "pk"):
        newest[row.contribution_id, row.side] = row
    for row in newest.values():
        if row.agrees:
            continue
        contribution = row.contribution
        yield Occasion(
            kind=Kind.CONTRIBUTION_DISPUTED,
            subject_key=f"{contribution.key}-word-{row.pk}",
            words=partial(name_of_contribution, contribution),
            path=reverse("pledges:contribution", args=[partnership.key, contribution.key]),
            audience=Audience(PROGRAM if row.side == ContributionConfirmation.Side.HOST else HOST),
            on=row.confirmed_on,
            is_sample=row.is_sample or contribution.is_sample,
        )


def name_of_contribution(row) -> str:
    day = precise_label(PreciseDate.of(row.effective_on, row.effective_precision))
    return f"{text_in(row, 'words')} – {text_in(row.entity, 'name')}, {day}"


def changes_of_dates(partnership: Partnership, today: date) -> Iterable[Occasion]:
    """A request to those who answer it, the answer to who asked. A request for several dates of one report is told once, by its
    first row."""
    rows = DueDateChange.objects.filter(deadline__partnership=partnership).select_related(
        "deadline__award", "deadline__recipient"
    )
    first = {}
    for row in rows.order_by("pk"):
        first.setdefault((row.asked_by_id, row.asked_at), row)
    for row in first.values():
        on = partnership.day_of(row.decided_at or row.asked_at)
        if row.decided_at and not is_recent(on, today):
            continue
        answered = Kind.DATE_GRANTED if row.granted_on else Kind.DATE_REFUSED
        asked = Audience(PROGRAM, but_not=frozenset({row.asked_by_id}))
        yield Occasion(
            kind=answered if row.decided_at else Kind.DATE_ASKED,
            subject_key=f"{row.deadline.key}-request-{row.pk}",
            words=partial(named, row.deadline),
            path=reverse("deadlines:detail", args=[partnership.key, row.deadline.key]),
            audience=Audience(users=frozenset({row.asked_by_id})) if row.decided_at else asked,
            on=on,
            is_sample=bool(row.deadline.award and row.deadline.award.is_sample),
        )
