"""What can be chosen for an activity, in the form and in the filters: one query for all of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, CharField, DateField, F, Min, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat, LPad, NullIf

from cpc.core.sorting import NameKey
from cpc.core.texts import active_language
from cpc.reference.models import Region
from funding.models import Award, AwardRecipient
from partners.models import Coverage, Objective, Organization, PartnershipMember

OBJECTIVE, REGION, ORGANIZATION, RECIPIENT, AWARD = "objective", "region", "organization", "recipient", "award"
_COLUMNS = ("choice_what", "choice_id", "choice_code", "choice_name", "choice_covered_from", "choice_organization")


@dataclass(frozen=True)
class Choice:
    """One thing to choose. `name` is in the reader's language. `covered_from`: since when a region is covered, None if it is not;
    `organization_id`: for a recipient of an award, who; its `id` and `code` are the award's."""

    what: str
    id: int
    code: str
    name: str
    covered_from: date | None
    organization_id: int | None


@dataclass(frozen=True)
class Choices:
    """Everything that can be chosen, each kind in the order in which it is shown."""

    rows: tuple[Choice, ...]

    def of(self, what: str) -> list[Choice]:
        return [row for row in self.rows if row.what == what]

    def by_id(self, what: str, pk: int | None) -> Choice | None:
        return next((row for row in self.rows if row.what == what and row.id == pk), None)

    def by_code(self, what: str, code: str) -> Choice | None:
        return next((row for row in self.rows if row.what == what and row.code == code), None)

    @property
    def covered(self) -> list[Choice]:
        """The regions of the partnership, in the order in which they came in."""
        return sorted((row for row in self.of(REGION) if row.covered_from), key=lambda row: row.covered_from)

    @property
    def not_covered(self) -> list[Choice]:
        return [row for row in self.of(REGION) if not row.covered_from]

    def pairs(self, what: str) -> list[tuple[str, str]]:
        """Code and name, as a form's choices."""
        return [(row.code, row.name) for row in self.of(what)]


def choices_of(partnerships: QuerySet, user, *, today: date, only_for: Collection[int] | None = None) -> Choices:
    """What `user` can choose in `partnerships`, as known on `today`. With `only_for` no other organizations than these (ids)."""
    rows = _objectives(partnerships).union(
        _regions(partnerships, today),
        _organizations(partnerships, only_for),
        _recipients(partnerships, user, only_for),
        _awards(partnerships, user),
        all=True,
    )
    found = sorted(rows, key=lambda row: row["choice_place"])
    return Choices(tuple(Choice(*(row[name] for name in _COLUMNS)) for row in found))


def _shape(queryset, what, *, pk="pk", code="key", name, place, covered_from=None, organization=None):
    """The columns of the union. `place` sorts within one kind."""
    return queryset.order_by().values(
        choice_what=Value(what, CharField()),
        choice_id=F(pk),
        choice_code=Cast(F(code), TextField()),
        choice_name=Cast(name if not isinstance(name, str) else F(name), TextField()),
        choice_covered_from=covered_from or Cast(Value(None), DateField()),
        choice_place=place,
        choice_organization=F(organization) if organization else Cast(Value(None), BigIntegerField()),
    )


def _objectives(partnerships):
    place = LPad(Cast(F("number"), TextField()), 3, Value("0"))
    name = Concat(Cast(F("number"), TextField()), Value(" "), F(f"short_{active_language()}"))
    return _shape(Objective.objects.filter(partnership__in=partnerships), OBJECTIVE, name=name, place=place)


def _regions(partnerships, today):
    covered = Coverage.objects.filter(region=OuterRef("pk"), partnership__in=partnerships, known_on__lte=today)
    since = covered.order_by().values("region").annotate(since=Min("from_on")).values("since")
    regions = Region.objects.filter(country__in=partnerships.order_by().values("host_country"))
    name = f"name_{active_language()}"
    return _shape(regions, REGION, name=name, place=NameKey(name), covered_from=Subquery(since, output_field=DateField()))


def organization_name(path: str = ""):
    """An organization's short name, or its name in the reader's language, as an expression; `path` like "organization__"."""
    return Coalesce(NullIf(F(f"{path}short_name"), Value("")), F(f"{path}name_{active_language()}"))


def _organizations(partnerships, only_for):
    rows = Organization.objects.filter(pk__in=_members(partnerships))
    if only_for is not None:
        rows = rows.filter(pk__in=only_for)
    return _shape(rows, ORGANIZATION, name=organization_name(), place=NameKey(organization_name()))


def _members(partnerships):
    return PartnershipMember.objects.filter(partnership__in=partnerships).values("organization")


def _recipients(partnerships, user, only_for):
    rows = AwardRecipient.objects.filter(
        award__in=Award.objects.visible_to(user).filter(partnership__in=partnerships).values("pk"),
        organization__in=_members(partnerships),
    )
    if only_for is not None:
        rows = rows.filter(organization__in=only_for)
    title = f"award__title_{active_language()}"
    return _shape(
        rows, RECIPIENT, pk="award_id", code="award__key", name=title, place=F("award__key"), organization="organization_id"
    )


def _awards(partnerships, user):
    rows = Award.objects.visible_to(user).filter(partnership__in=partnerships)
    return _shape(rows, AWARD, name=f"title_{active_language()}", place=F("key"))
