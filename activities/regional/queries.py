"""What is read of activities: rows with their names and sums, defaults for the next entry, what deserves a warning."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from cpc.core.labels import day_label, precise_label
from cpc.core.texts import active_language
from partners.models import Coverage, Partnership
from partners.queries import term_on

from .choices import organization_name
from .models import Activity, ParticipantCount
from .rules import AgeBand, Group

ABOUT_CHILDREN = Q(group=Group.CHILDREN) | Q(age_band=AgeBand.CHILD)


def readable(queryset: QuerySet) -> QuerySet:
    """The rows with what pages and exports show, in the reader's language and in one query: key and name of region (None:
    national), objective, organization and award; the sums of what was recorded (None: nothing) as `n_children`, `n_others`."""
    language = active_language()
    return queryset.annotate(
        region_key=F("region__key"),
        region_name=F(f"region__name_{language}"),
        objective_key=F("objective__key"),
        objective_number=F("objective__number"),
        objective_name=F(f"objective__short_{language}"),
        organization_key=F("organization__key"),
        organization_name=organization_name("organization__"),
        award_key=F("award__key"),
        award_name=F(f"award__title_{language}"),
        n_children=_sum(ABOUT_CHILDREN),
        n_others=_sum(~ABOUT_CHILDREN),
    )


def _sum(which: Q) -> Subquery:
    rows = ParticipantCount.objects.filter(which, activity=OuterRef("pk")).order_by()
    return Subquery(rows.values("activity").annotate(n=Sum("n")).values("n"), output_field=IntegerField())


def counts_of(activity: Activity) -> dict:
    """How many took part, by (group, sex, age band); see `rules.Counts`."""
    return {(row.group, row.sex, row.age_band): row.n for row in activity.counts.all()}


def last_entry_of(user, partnership: Partnership) -> Activity | None:
    """The activity that `user` logged last in the partnership: the next one starts from it."""
    rows = Activity.objects.filter(partnership=partnership, created_by=user).exclude(state=Activity.State.VOID)
    return rows.order_by("-created_at", "-pk").first()


@dataclass(frozen=True)
class Concern:
    """Something that may be wrong but is not refused. `code` is stable."""

    code: str
    text: str

    def __str__(self):
        return self.text


def with_coverage(queryset: QuerySet, *, today: date) -> QuerySet:
    """The rows with `covered_from`: since when their region is in the partnership, as known on `today`; None if it is not."""
    rows = Coverage.objects.filter(partnership=OuterRef("partnership"), region=OuterRef("region"), known_on__lte=today)
    return queryset.annotate(covered_from=Subquery(rows.values("from_on")[:1]))


def warnings_about(
    partnership: Partnership,
    *,
    state: str,
    starts_on: date,
    ends_on: date,
    region_name: str | None,
    covered_from: date | None,
    today: date,
) -> list[Concern]:
    """What looks wrong about an activity of these days, as known on `today`. `region_name` None: national; `covered_from`: since
    when that region is in the partnership, None if it is not."""
    if state not in (Activity.State.PLANNED, Activity.State.HELD):
        return []
    found = [*_about_term(partnership, starts_on, ends_on, today), *_about_coverage(region_name, covered_from, starts_on)]
    if state == Activity.State.PLANNED and ends_on < today:
        text = _("It is still planned, and its last day has passed. Was it held, or cancelled?")
        found.append(Concern("planned_in_the_past", text))
    return found


def stored_warnings(activity: Activity, today: date) -> list[Concern]:
    """The warnings about an activity of `readable` and `with_coverage`."""
    names = ("state", "starts_on", "ends_on", "region_name", "covered_from")
    return warnings_about(activity.partnership, today=today, **{name: getattr(activity, name) for name in names})


def _about_term(partnership, starts_on, ends_on, today):
    if starts_on < partnership.signed_on:
        text = _("It begins before the partnership was signed, on %(day)s.") % {"day": day_label(partnership.signed_on)}
        yield Concern("before_term", text)
    ends = term_on(partnership, as_of=today, known_on=today).ends
    if ends and ends_on > ends.working_day:
        text = _("It ends after the term of the partnership, which ends %(day)s.") % {"day": precise_label(ends)}
        yield Concern("after_term", text)


def _about_coverage(region_name, covered_from, starts_on):
    if region_name is None:
        return
    if covered_from is None:
        yield Concern("not_covered", _("%(region)s is not a region of the partnership.") % {"region": region_name})
    elif starts_on < covered_from:
        words = {"region": region_name, "day": day_label(covered_from)}
        yield Concern("before_coverage", _("It begins before %(region)s came into the partnership, on %(day)s.") % words)
