"""For the deadlines below, which know no report: the report that discharges each, as far as the reader may open it."""

from dataclasses import dataclass
from datetime import date

from .labels import STATE_LABELS
from .models import Report, ReportVersion
from .rules import NOT_STARTED
from .services import triple_of


@dataclass(frozen=True, slots=True)
class Discharge:
    """A report in the words of a list of deadlines. `state` is a label, empty while nobody began it; `back_due_on` the day on
    which a returned one is due again."""

    key: str
    state: str
    back_due_on: date | None
    is_sample: bool


def reports_of_deadlines(user, deadlines) -> dict[tuple[int, int, date, date], Discharge]:
    """By award, recipient and period: the reports that `user` may open among those that `deadlines` ask for. At most one
    query."""
    wanted = {(row.award_id, row.recipient_id, row.period_from, row.period_to) for row in deadlines}
    if not wanted:
        return {}
    places = {"award__in": {one[0] for one in wanted}, "period_to__in": {one[3] for one in wanted}}
    reports = Report.objects.visible_to(user).filter(**places).with_state()
    return {triple_of(report): discharge_of(report) for report in reports if triple_of(report) in wanted}


def discharge_of(report: Report) -> Discharge:
    """`report` from a queryset with `with_state()`."""
    back_due_on = report.due_on if report.state == ReportVersion.State.RETURNED else None
    state = "" if report.state == NOT_STARTED else str(STATE_LABELS[report.state])
    return Discharge(report.key, state, back_due_on, report.is_sample)
