"""Words for reports, the same in list, page, export and API."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cpc.core.labels import format_number, period_label
from cpc.core.periods import Period
from cpc.core.texts import text_in

from .adding import NOT_APPLICABLE, NOT_COLLECTED, WITHHELD
from .completeness import title_of
from .contents import Contents
from .grid import CATEGORY_LABELS
from .models import Report
from .queries import Standing
from .rules import ACCEPTED, DRAFT, FINANCIAL, FINANCIAL_PART, IN_REVIEW, NOT_STARTED, PERFORMANCE_PART, RETURNED, SUBMITTED
from .sf425 import LABELS as LINE_LABELS
from .sf425 import TYPED

STATE_LABELS = {
    NOT_STARTED: gettext_lazy("Not yet started"),
    DRAFT: gettext_lazy("Draft"),
    SUBMITTED: gettext_lazy("Submitted"),
    IN_REVIEW: gettext_lazy("In review"),
    RETURNED: gettext_lazy("Returned"),
    ACCEPTED: gettext_lazy("Accepted"),
}
STATE_KINDS = {NOT_STARTED: "none", DRAFT: "half", SUBMITTED: "half", IN_REVIEW: "half", RETURNED: "soon", ACCEPTED: "full"}
EMPTY_LABELS = {
    NOT_COLLECTED: gettext_lazy("not collected"),
    NOT_APPLICABLE: gettext_lazy("not applicable"),
    WITHHELD: gettext_lazy("withheld for safety"),
}
# The same in a cell that is typed in, where there is little room.
CELL_LABELS = EMPTY_LABELS | {WITHHELD: gettext_lazy("withheld")}
PART_LABELS = {PERFORMANCE_PART: gettext_lazy("performance report"), FINANCIAL_PART: gettext_lazy("SF-425")}
KINDS = {
    "quarterly": gettext_lazy("Quarterly report, %(period)s"),
    "semiannual": gettext_lazy("Semi-annual report, %(period)s"),
    "annual": gettext_lazy("Annual report, %(period)s"),
}
# What each text of the narrative should tell; after 2 CFR 200.329(c)(2) and the templates of other bureaus.
NARRATIVE_HINTS = {
    "summary": gettext_lazy("The period in one page: what was done, what changed for children, what is next."),
    "context": gettext_lazy("Political, legal, security or health changes; difficulties and risks, and what you do about them."),
    "progress": gettext_lazy(
        "By objective: planned, done, evidence. Where a goal was not met or costs were higher than planned: the reasons."
    ),
    "coordination": gettext_lazy(
        "Sub-recipients: activity, monitoring visits, money passed on. Coordination with the government and other donors, and"
        " contributions of the host government that you noticed."
    ),
    "sustainability": gettext_lazy("Steps that will last after the award, and the work plan for the next quarter."),
    "lessons": gettext_lazy("Changes of personnel, procurement and approvals you ask for; lessons and success stories."),
}


def report_title(report: Report) -> str:
    """ "Quarterly report, January–March 2021"; a final one says so."""
    words = {"period": period_label(report_period(report))}
    if report.is_final:
        return _("Final report, %(period)s") % words
    return KINDS[report.award.report_frequency] % words


def report_period(report: Report) -> Period:
    return Period(report.period_from, report.period_to)


def name_of(thing, column: str = "name") -> str:
    """The text of a pair that is always there in both languages, such as a name or a title."""
    return str(text_in(thing, column))


def organization_name(organization) -> str:
    return organization.short_name or name_of(organization)


def region_name(region) -> str:
    """The region in the reader's language; None is the whole country."""
    return name_of(region) if region else _("Whole country")


def lateness_label(standing: Standing) -> str:
    """ "12 days late", "due today", "in 5 days"; empty where nothing is due."""
    n = standing.days_late
    if n:
        if standing.is_with_partner:
            return ngettext("%(n)s day late", "%(n)s days late", n) % {"n": n}
        return ngettext("sent %(n)s day late", "sent %(n)s days late", n) % {"n": n}
    if not standing.is_with_partner or standing.days_left is None or standing.is_before_records:
        return ""
    if standing.days_left == 0:
        return _("due today")
    return ngettext("in %(n)s day", "in %(n)s days", standing.days_left) % {"n": format_number(standing.days_left)}


def lateness_kind(standing: Standing) -> str:
    """How `lateness_label` is tagged."""
    if standing.is_overdue:
        return "late"
    return "soon" if standing.is_due_soon else "none"


def parts_label(parts: frozenset[str]) -> str:
    if len(parts) == len(PART_LABELS):
        return _("performance report and SF-425")
    return ", ".join(str(PART_LABELS[part]) for part in sorted(parts))


def where_labels(contents: Contents) -> dict[str, tuple[str, str]]:
    """Every place that a return item can be tied to, in words: label → (task, field)."""
    places: dict[str, tuple[str, str]] = {}
    for key in contents.keys:
        places.setdefault(title_of(key, contents), (key, ""))
    if FINANCIAL in contents.keys:
        for line in TYPED:
            words = {"line": line, "label": LINE_LABELS[line]}
            places.setdefault(_("SF-425, line %(line)s, %(label)s") % words, (FINANCIAL, line))
        places.setdefault(_("SF-425, basis"), (FINANCIAL, "basis"))
        places.setdefault(_("SF-425, line 12, remarks"), (FINANCIAL, "remarks"))
    for block in contents.blocks:
        for row in block.rows:
            for cell in row.cells:
                places.setdefault(cell_label(block.indicator, row.region, cell.category), (block.task, cell.field))
    return places


def cell_label(indicator, region, category: str) -> str:
    """ "CPC-2.5, Cusco, female"."""
    words = {"indicator": indicator.key, "region": region_name(region), "category": CATEGORY_LABELS.get(category, category)}
    return _("%(indicator)s, %(region)s, %(category)s") % words


def place_label(contents: Contents, key: str, field: str, places: dict | None = None) -> str:
    """Where a return item points to, in words."""
    for label, place in (places or where_labels(contents)).items():
        if place == (key, field):
            return label
    return field or key
