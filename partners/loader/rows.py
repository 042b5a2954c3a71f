"""The sections of a file that belong to `partners`."""

from pydantic import Field

from cpc.reference.models import Country, Region
from partners.ledger import Qualifier
from partners.models import (
    Coverage,
    Document,
    Objective,
    Organization,
    Partnership,
    PartnershipMember,
    Statement,
    TermEvent,
)

from .fields import Code, Currency, Day, Earliest, Key, Latest, Money, Pair, Text, TextPair, Whole, Zone, choice, ref
from .mistakes import RowMistake
from .row import DecidedRow, KnownRow, LedgerFileRow, Row, Section, Shared, SourcedRow


class CountryRow(Shared):
    table, noun = Country, "country"
    key: Code = Field(description="ISO 3166-1 code.", examples=["XA"], pattern="^[A-Z]{2}$")
    name: Pair = Field(description="Its name.", examples=[{"en": "Exampleland", "es": "Ejemplolandia"}])
    currency: Currency = Field(description="Its currency.", examples=["EUR"])
    fiscal_year_starts: Whole = Field(1, ge=1, le=12, description="The month in which its fiscal year starts.", examples=[4])


class RegionRow(Shared):
    table, noun = Region, "region"
    key: Code = Field(description="ISO 3166-2 code.", examples=["XA-N"], pattern="^[A-Z]{2}-[A-Z0-9]{1,3}$")
    name: Pair = Field(description="Its name.", examples=[{"en": "North", "es": "Norte"}])
    ubigeo: Code = Field("", description="The code of the country's statistics office.", examples=["01"])
    geonames_id: Whole | None = Field(None, description="Its GeoNames number.", examples=[1234567])

    def columns(self, loading):
        try:
            loading.known.check("country", self.key[:2])
        except ValueError as error:
            raise RowMistake("key", str(error)) from None
        return super().columns(loading) | {"country": loading.find("country", self.key[:2])}


class OrganizationRow(Shared):
    table, noun = Organization, "organization"
    key: Key = Field(description="Its permanent name.", examples=["example-ngo"])
    name: Pair = Field(description="Its name.", examples=[{"en": "Example Organization", "es": "Organización Ejemplo"}])
    short_name: Text = Field("", description="The name for tight places.", examples=["EXO"])
    organization_class: choice(Organization.Kind) = Field(
        description="Decides which rule book applies to its awards.", examples=["foreign_ngo"]
    )
    country_code: Code = Field("", description="ISO 3166-1 code of its seat.", examples=["XA"], pattern="^([A-Z]{2})?$")
    iati_ref: Code = Field("", description="Its IATI organization identifier.", examples=["XM-DAC-41302"])

    @classmethod
    def fate(cls, existing, loading):
        """A name that other partnerships show too is not changed by the file of one."""
        others = PartnershipMember.objects.filter(organization=existing).exclude(partnership=loading.partnership)
        return "keep" if others.exists() else "change"


class PartnershipRow(SourcedRow):
    table, noun, parent, within = Partnership, "partnership", "", ""
    key: Key = Field(description="Its permanent name, seen in every address.", examples=["example-2020"])
    name: Pair = Field(description="Its name.", examples=[{"en": "Example Partnership", "es": "Alianza Ejemplo"}])
    host_country: ref("country") = Field(description="The host country.", examples=["XA"])
    host_name: Pair = Field(
        description="What pages call the host government.", examples=[{"en": "Exampleland", "es": "Ejemplolandia"}]
    )
    time_zone: Zone = Field(description="Decides what day it is.", examples=["Europe/Madrid"])
    host_currency: Currency = Field(description="The currency of the host's pledge.", examples=["EUR"])
    signed: Day = Field(description="The day it was signed.", examples=["2020-03-01"])

    def columns(self, loading):
        """Without the source: that document belongs to the partnership, so it comes after it."""
        found = super(PartnershipRow, self.model_copy(update={"source": None})).columns(loading)
        return {name: value for name, value in found.items() if name != "source"}


class DocumentRow(Row):
    table, noun, identity = Document, "document", ("key",)
    key: Key = Field(description="The name by which rows of this file cite it.", examples=["agreement"])
    title: Text = Field(description="Its title.", examples=["Text of the partnership"])
    publisher: Text = Field(description="Who published it.", examples=["U.S. Department of State"])
    published: Latest | None = Field(None, description="When; left out if not known.", examples=["2020-03-01"])
    address: Text = Field("", description="Where to read it.", examples=["https://example.org/text"])
    language: Code = Field("en", description="ISO 639-1 code of its language.", examples=["en"], pattern="^[a-z]{2}$")
    note: Text = Field("", description="What else to know about it.", examples=["Archived copy."])


class ObjectiveRow(SourcedRow):
    table, noun = Objective, "objective"
    key: Key = Field(description="Its name within the partnership.", examples=["prosecute"])
    number: Whole = Field(ge=1, description="Its number.", examples=[1])
    title: TextPair = Field(description="What it says.", examples=[{"en": "Bring traffickers to justice"}])
    short: Pair = Field(description="The one word that heads a column.", examples=[{"en": "Justice", "es": "Justicia"}])


class CoverageRow(KnownRow):
    table, noun, identity = Coverage, "covered region", ("region",)
    region: ref("region") = Field(description="A region of the host country.", examples=["XA-N"])
    since: Day = Field(alias="from", description="Since when it is covered.", examples=["2020-03-01"])

    def columns(self, loading):
        found = super().columns(loading)
        if found["region"].country_id != loading.partnership.host_country_id:
            host = loading.partnership.host_country.key
            raise RowMistake("region", f"{self.region} is not a region of the host country, {host}.")
        return found

    def last_day_that_fits(self, columns):
        return self.since


class MemberRow(SourcedRow):
    table, noun, identity = PartnershipMember, "member", ("organization", "part")
    organization: ref("organization") = Field(description="Who.", examples=["example-ngo"])
    part: choice(PartnershipMember.Part) = Field(description="What it is in the partnership.", examples=["prime"])
    since: Earliest | None = Field(None, alias="from", description="Since when, if known.", examples=["2020-05"])
    to: Latest | None = Field(None, description="Until when, if known.", examples=["2023-12"])
    note: Pair | None = Field(None, description="A remark.", examples=[{"en": "By invitation.", "es": "Por invitación."}])


class TermEventRow(DecidedRow):
    table, noun = TermEvent, "term event"
    kind: choice(TermEvent.Kind) = Field(description="What happened to the term.", examples=["signed"])
    new_end: Latest | None = Field(None, description="The term's end from then on; none for a void.", examples=["2024-02"])
    title: Pair | None = Field(None, description="A heading.", examples=[{"en": "Signed", "es": "Firmada"}])
    voids: ref("term event") | None = Field(None, description="For a void: the event that it takes back.")


class StatementRow(LedgerFileRow):
    table, noun = Statement, "statement"
    measure: choice(Statement.Measure) = Field(description="What it speaks of.", examples=["us_total"])
    qualifier: choice(Qualifier) = Field("exact", description="The word that belongs to the figure.", examples=["more_than"])
    amount: Money | None = Field(None, description="The figure, unless it speaks of a day.", examples=["4000000.00"])
    currency: Currency = Field("", description="Its currency.", examples=["USD"], validate_default=False)
    day: Latest | None = Field(None, description="The day it speaks of, unless it is a figure.")
    award: ref("award") | None = Field(None, description="The award it speaks of, if it is one.")
    words: Pair = Field(
        description="What was said, in own words.", examples=[{"en": "4 million in all", "es": "4 millones en total"}]
    )
    voids: ref("statement") | None = Field(None, description="The statement that it takes back.")

    def columns(self, loading):
        found = super().columns(loading)
        award = found.pop("award")
        return found | {"award_key": award.key if award else ""}


SECTIONS = (
    Section("country", CountryRow, "The host country, where it is not known yet.", is_single=True),
    Section("regions", RegionRow, "Regions of the host country that are not known yet."),
    Section("partnership", PartnershipRow, "The partnership itself, unless the file adds to one.", is_single=True),
    Section("documents", DocumentRow, "The sources that the other rows cite."),
    Section("organizations", OrganizationRow, "Who takes part."),
    Section("members", MemberRow, "What each organization is in the partnership."),
    Section("objectives", ObjectiveRow, "What the partnership is for."),
    Section("coverage", CoverageRow, "The regions and since when."),
    Section("term_events", TermEventRow, "Every step of the term."),
)
STATEMENTS = Section("statements", StatementRow, "What was said in public, kept beside the ledger and compared with it.")
