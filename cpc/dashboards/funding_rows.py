"""The rows under the sums of the funding page: award actions for what was awarded and obligated, accepted reports for what was
disbursed and spent. Both know their filters, their page and their file."""

from dataclasses import dataclass

from activities.reporting.counted import COUNTED, CountedFilter, counted, measured_of
from activities.reporting.labels import report_title
from activities.reporting.models import Report
from activities.reporting.spending import LINES, Increment
from cpc.core.decisions import ALLOWED, Decision
from cpc.core.pages import ListPage, paginate
from funding.awards.filters import ActionFilter
from funding.awards.ledger import in_force, with_balance
from funding.awards.models import Award, AwardAction
from funding.awards.sheets import ACTIONS
from partners.asof import Days
from partners.exports import file_of
from partners.models import Partnership
from partners.permissions import may


def rows_of(request, partnership: Partnership, days: Days, measure: str) -> "ActionRows | ReportRows":
    """The rows that the sums of `measure` add up, as far as the address narrows them: of prime awards if it does not say
    otherwise."""
    asked = {**request.GET.dict(), "measure": measure, "level": request.GET.get("level") or Award.Level.PRIME}
    return (ReportRows if measure in LINES else ActionRows)(request, partnership, days, asked)


class ActionRows:
    """Steps of awards with their running total."""

    kind = "actions"
    may_open: Decision = ALLOWED

    def __init__(self, request, partnership: Partnership, days: Days, asked: dict[str, str]):
        self.request, self.partnership, self.days = request, partnership, days
        actions = AwardAction.objects.visible_to(request.user).filter(award__partnership=partnership)
        actions = in_force(actions, as_of=days.as_of, known_on=days.known_on)
        related = actions.select_related("award", "recipient", "source", "decided_by")
        self.filters = ActionFilter(asked, queryset=related, request=request)

    def page(self) -> ListPage:
        return paginate(self.request, with_balance(self.filters.qs))

    def file(self):
        rows = self.filters.qs.order_by("effective_on", "pk")
        return file_of(self.request, ACTIONS, rows, partnership=self.partnership, days=self.days, filters=self.filters)


@dataclass(frozen=True)
class CountedReport:
    """One accepted report with what it adds."""

    increment: Increment
    report: Report
    title: str


class ReportRows:
    """Accepted reports, each with what it adds to the one before it; the newest period first."""

    kind = "reports"

    def __init__(self, request, partnership: Partnership, days: Days, asked: dict[str, str]):
        self.request, self.partnership, self.days, self.asked = request, partnership, days, asked
        self.may_open = may(request.user, "read.reports", partnership.pk)
        reports = Report.objects.visible_to(request.user).filter(partnership=partnership)
        self.filters = CountedFilter(asked, queryset=reports, request=request, partnership=partnership)

    def counted(self) -> list[Increment]:
        asked = {"as_of": self.days.as_of, "known_on": self.days.known_on}
        return counted(self.partnership, self.asked["measure"], self.asked, **asked)

    def page(self) -> ListPage:
        found = sorted(self.counted(), key=lambda one: (one.row.period_to, one.row.award, one.row.partner), reverse=True)
        page = paginate(self.request, found)
        reports = Report.objects.select_related("award", "organization").in_bulk([one.row.report for one in page])
        page.object_list = [CountedReport(one, report := reports[one.row.report], report_title(report)) for one in page]
        return page

    def file(self):
        self.may_open.require()
        found = self.counted()
        return file_of(
            self.request,
            COUNTED,
            found,
            partnership=self.partnership,
            days=self.days,
            filters=self.filters,
            of=measured_of(found),
        )
