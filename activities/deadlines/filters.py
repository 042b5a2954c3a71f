"""How deadlines are filtered, on the page, in its file and in the API."""

from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from cpc.core.day_filter import DayFilter
from funding.awards.filters import visible_awards, visible_recipients
from partners.api import in_scope
from partners.models import organizations_of
from partners.permissions import memberships_of
from partners.roles import OFFICERS, Role, roles_that_may

from .models import Deadline, DueDateChange, Kind
from .permissions import ANSWER
from .status import OPEN, Status
from .sync import REPORT_KINDS

GOVERNMENT_KINDS = (Kind.TERM_DECISION, Kind.DIALOGUE, Kind.DIALOGUE_INDICATORS, Kind.TARGETS, Kind.COMMITMENT)
PARTNER_KINDS = (*REPORT_KINDS, Kind.EXTENSION_REQUEST, Kind.EXTENSION_NOTICE, Kind.LIQUIDATION)
STATUS_LABELS = {
    Status.UPCOMING: _("Upcoming"),
    Status.DUE_SOON: _("Due soon"),
    Status.DUE_TODAY: _("Due today"),
    Status.OVERDUE: _("Overdue"),
    Status.MET: _("Met"),
    Status.MET_LATE: _("Met late"),
    Status.WAIVED: _("Waived"),
    Status.SUPERSEDED: _("Superseded"),
    Status.BEFORE_RECORDS: _("Before records"),
}
WAITING = [
    ("me", _("Me")),
    ("partners", _("Partners")),
    ("governments", _("The governments")),
    ("answer", _("An answer to a request")),
]
OPEN_ONES, ALL = "open", "all"


def waiting_on_me(user) -> Q:
    """What waits for this reader: a partner's own acts; for officers and the host's delegates what the governments decide
    together; for program officers the requests for a later day."""
    found = Q(kind__in=PARTNER_KINDS, recipient__in=organizations_of(user))
    roles = {m.role for m in memberships_of(user)}
    if roles & (OFFICERS | {Role.HOST_DELEGATE}):
        found |= Q(kind__in=GOVERNMENT_KINDS)
    if roles & roles_that_may(ANSWER):
        found |= has_request()
    return found


def has_request() -> Exists:
    """Whether somebody asked for a later day and has no answer yet."""
    return Exists(DueDateChange.objects.waiting().filter(deadline=OuterRef("pk")))


class DeadlineFilter(filters.FilterSet):
    """The filters that page and API share. The rows must come from `queries.with_status`. `from` and `to` are the days between
    which they fall due."""

    kind = filters.ChoiceFilter(choices=Kind.choices, label=_("Kind"), empty_label=_("All kinds"))
    status = filters.ChoiceFilter(choices=list(STATUS_LABELS.items()), method="of_status", label=_("Status"))
    # `from` is a word of Python's; the class body's names are an ordinary dict
    locals()["from"] = DayFilter(field_name="due_on", lookup_expr="gte", label=_("From"))
    to = DayFilter(field_name="due_on", lookup_expr="lte", label=_("To"))

    class Meta:
        model = Deadline
        fields = []

    def of_status(self, queryset, name, value):
        return queryset.filter(status=value)


class DeadlineFilterOfPage(DeadlineFilter):
    """On the page the choices are the awards and partners that the reader sees there, and what is still open comes first."""

    waiting = filters.ChoiceFilter(choices=WAITING, method="of_waiting", label=_("Waiting on"), empty_label=_("Anyone"))
    recipient = filters.ChoiceFilter(field_name="recipient__key", label=_("Partner"), empty_label=_("All partners"))
    award = filters.ChoiceFilter(field_name="award__key", label=_("Award"), empty_label=_("All awards"))
    status = filters.ChoiceFilter(
        choices=[(OPEN_ONES, _("Not met yet")), (ALL, _("All")), *STATUS_LABELS.items()],
        method="of_status",
        label=_("Status"),
        empty_label=None,
    )
    in_order = ("waiting", "recipient", "award", "kind", "status", "from", "to")

    def __init__(self, data, *args, awards, recipients, **kwargs):
        """`awards` and `recipients` are the choices: pairs of key and name."""
        data = data.copy()
        data.setdefault("status", OPEN_ONES)
        super().__init__(data, *args, **kwargs)
        self.filters = {name: self.filters[name] for name in self.in_order}
        for name, choices in (("award", awards), ("recipient", recipients)):
            self.filters[name].extra["choices"] = choices
            # nothing to choose from: no field, but an address that asks for one is still refused
            if not choices and not data.get(name):
                del self.filters[name]

    def of_waiting(self, queryset, name, value):
        if value == "me":
            return queryset.filter(waiting_on_me(self.request.user))
        if value == "partners":
            return queryset.filter(kind__in=PARTNER_KINDS)
        if value == "answer":
            return queryset.filter(has_request(), superseded_at=None, met_at=None)
        return queryset.filter(kind__in=GOVERNMENT_KINDS)

    def of_status(self, queryset, name, value):
        if value == ALL:
            return queryset
        return queryset.filter(status__in=OPEN) if value == OPEN_ONES else queryset.filter(status=value)


class DeadlineFilterOfApi(DeadlineFilter):
    partnership = filters.CharFilter(method="of_partnership", label=_("Key of a partnership."))
    award = filters.ModelChoiceFilter(queryset=visible_awards, to_field_name="key", label=_("Award"))
    recipient = filters.ModelChoiceFilter(queryset=visible_recipients, to_field_name="key", label=_("Recipient"))

    def of_partnership(self, queryset, name, value):
        return queryset.filter(partnership=in_scope(self.request, value))

    def holds(self, row) -> bool:
        """The same question to a row that is not stored, after `is_valid()`. Scope is not asked here."""
        asked = self.form.cleaned_data
        first, last = asked["from"] or date.min, asked["to"] or date.max
        return first <= row.due_on <= last and all(
            not asked[name] or asked[name] == value
            for name, value in (
                ("kind", row.kind),
                ("status", row.status),
                ("award", row.award),
                ("recipient", row.recipient),
            )
        )
