"""What can be chosen when a contribution is entered: the host's entities, the regions, the documents of the partnership."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from cpc.core.texts import text_in
from cpc.reference.models import Region
from partners.models import Document, Organization, Partnership, PartnershipMember
from partners.queries import coverage_on

from .models import Contribution

NATIONAL = "national"
NOTHING = ("", "–")


@dataclass(frozen=True)
class Choices:
    """Keys with their rows. `covered`: the keys of the regions that belong to the partnership today."""

    entities: dict[str, Organization]
    regions: dict[str, Region]
    covered: tuple[str, ...]
    documents: dict[str, Document]

    @property
    def of_entities(self) -> list:
        return [("", _("Choose")), *named(self.entities)]

    @property
    def of_regions(self) -> list:
        """National first, then the regions of the partnership, then the others of the country."""
        covered = {key: self.regions[key] for key in self.covered if key in self.regions}
        others = {key: region for key, region in self.regions.items() if key not in covered}
        found = [(NATIONAL, _("National")), (_("Regions of the partnership"), named(covered))]
        return found + ([(_("Other regions"), named(others))] if others else [])

    @property
    def of_documents(self) -> list:
        return [NOTHING, *((key, f"{row.title} ({row.publisher})") for key, row in self.documents.items())]


def named(rows: dict) -> list[tuple[str, str]]:
    """The rows as choices, by name."""
    return sorted(((key, str(text_in(row, "name"))) for key, row in rows.items()), key=lambda pair: pair[1].casefold())


def choices_of(partnership: Partnership, today: date, *, also: Contribution | None = None) -> Choices:
    """Everything on offer, and what `also` has already. Four statements."""
    part = PartnershipMember.Part.HOST_ENTITY
    entities = Organization.objects.filter(parts__partnership=partnership, parts__part=part).distinct()
    regions = Region.objects.filter(country=partnership.host_country_id)
    documents = Document.objects.filter(partnership=partnership).order_by("-published_on", "key")
    return Choices(
        entities={row.key: row for row in (*entities, *([also.entity] if also else ()))},
        regions={row.key: row for row in regions},
        covered=tuple(row.region.key for row in coverage_on(partnership, as_of=today, known_on=today)),
        documents={row.key: row for row in documents},
    )
