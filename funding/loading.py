"""The sections of a partnership's file that belong to money."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from funding.models import Award, AwardAction, AwardRecipient, Contribution, ContributionConfirmation, ExchangeRate, Pledge
from partners.ledger import Qualifier
from partners.loader.fields import (
    BareDay,
    Code,
    Currency,
    Day,
    Earliest,
    Flag,
    Key,
    Kind,
    Latest,
    Money,
    Pair,
    Rate,
    Text,
    Whole,
    choice,
    ref,
)
from partners.loader.mistakes import RowMistake
from partners.loader.row import DecidedRow, KnownRow, LedgerFileRow, Row, Section, SourcedRow


class RateRow(Row):
    table, noun, parent, within, is_ledger = ExchangeRate, "exchange rate", "series", "", True
    identity = ("base", "quote", "kind", "record_date", "effective_date", "source")
    record_date: BareDay = Field(description="The day that the source gives.", examples=["2020-03-31"])
    effective_date: BareDay | None = Field(
        None, description="From when it holds. Left out: the same day.", examples=["2020-03-31"]
    )
    rate: Rate = Field(description="Units of `quote` for one unit of `base`.", examples=["0.9128"])

    def columns(self, loading):
        return super().columns(loading) | {"effective_date": self.effective_date or self.record_date}


class RateSeriesRow(Row):
    table, noun, parent, within = None, "series of rates", "", ""
    identity = ()
    base: Currency = Field(description="One unit of this currency …", examples=["USD"])
    quote: Currency = Field(description="… is so many units of this one.", examples=["EUR"])
    kind: choice(ExchangeRate.Kind) = Field(description="What the rates are.", examples=["end_of_period"])
    source: Code = Field(description="Who published them, as a short code.", examples=["EXAMPLE"])
    citation: Text = Field("", description="Where they were seen.", examples=["Example Bank, monthly bulletin"])
    parts: ClassVar = (Section("rates", RateRow, "The rates of the series.", is_required=True),)


class RecipientRow(SourcedRow):
    table, noun, parent, within = AwardRecipient, "recipient", "award", "award__partnership"
    identity = ("award", "organization")
    organization: ref("organization") = Field(description="Who receives it.", examples=["example-ngo"])
    rule_class: choice(AwardRecipient.RuleClass) = Field(description="Its rule book.", examples=["recipient_2cfr200"])
    start: Earliest | None = Field(None, description="The first day of an own period.", examples=["2020-05"])
    end: Latest | None = Field(None, description="The last day of an own period.", examples=["2023-12"])


class ActionRow(DecidedRow):
    table, noun, parent, within = AwardAction, "award action", "award", "award__partnership"
    kind: choice(AwardAction.Kind) = Field(description="What it does.", examples=["initial"])
    amount: Money | None = Field(
        None, description="The money it adds, negative where it takes. Left out: not known.", examples=["4000000.00"]
    )
    recipient: ref("organization") | None = Field(
        None, description="For whom. Left out: the split between the recipients is not known.", examples=["example-ngo"]
    )
    start: Earliest | None = Field(None, description="The first day of the period of performance.", examples=["2020-05"])
    new_end: Latest | None = Field(None, description="Its last day from now on.", examples=["2023-12"])
    basis: choice(AwardAction.Basis) = Field(description="Whether it was announced or signed.", examples=["announced"])
    guidance_version: choice(AwardAction.Guidance) | None = Field(
        None, description="The version of 2 CFR 200 that holds for it.", examples=["UG-2014"]
    )
    voids: ref("award action") | None = Field(None, description="For a void: the action that it takes back.")

    def columns(self, loading):
        found = super().columns(loading)
        return found | {"guidance_version": self.guidance_version or ""}

    def complete(self, columns):
        """The currency is the award's; money goes to a recipient of it, or to none in particular."""
        recipient, award = columns["recipient"], columns["award"]
        columns["currency"] = "" if self.amount is None else award.currency
        if recipient and not award.recipients.filter(organization=recipient).exists():
            raise RowMistake("recipient", f"{self.recipient} is not among the recipients of {award.key}.")


class AwardRow(KnownRow):
    table, noun = Award, "award"
    key: Key = Field(description="Its permanent name.", examples=["example-2020-initial"])
    level: choice(Award.Level) = Field("prime", description="Given by the United States, or passed on.", examples=["prime"])
    parent_award: ref("award") | None = Field(
        None, alias="parent", description="For a sub-award: the award that it is passed on from."
    )
    pass_through: ref("organization") | None = Field(None, description="For a sub-award: who passes it on.")
    title: Pair = Field(description="Its title.", examples=[{"en": "Initial award", "es": "Subvención inicial"}])
    currency: Currency = Field(description="The currency of its actions.", examples=["USD"])
    listing: Code = Field("", description="Assistance Listing number.", examples=["19.019"])
    fain: Code = Field("", description="Federal award number. Left out: not known.", examples=["SEXAMPLE20CA0001"])
    report_frequency: choice(Award.Frequency) = Field(
        "quarterly", description="How often it is reported on.", examples=["quarterly"]
    )
    final_absorbs_last_interim: Flag = Field(
        True, description="Whether the period in which the award ends has a final report only.", examples=[True]
    )
    parts: ClassVar = (
        Section("recipients", RecipientRow, "Who receives the award, under which rule book.", is_required=True),
        Section("actions", ActionRow, "Every step of the award's life.", is_required=True),
    )


class RateName(BaseModel):
    """Which row of the table of rates is meant."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    base: Currency = Field(description="The currency shown.", examples=["USD"])
    kind: choice(ExchangeRate.Kind) = Field("end_of_period", description="What the rate is.", examples=["end_of_period"])
    record_date: BareDay = Field(description="Its day.", examples=["2020-03-31"])
    source: Code = Field(description="Who published it.", examples=["EXAMPLE"])


def no_columns(name, value, loading):
    return {}


class PledgeRow(DecidedRow):
    table, noun = Pledge, "pledge"
    amount: Money | None = Field(None, description="The sum promised. Left out: none was named.", examples=["2000000.00"])
    currency: Currency = Field("", description="Its currency.", examples=["EUR"])
    qualifier: choice(Qualifier) = Field("exact", description="The word that belongs to the sum.", examples=["at_least"])
    in_kind: Pair | None = Field(None, description="What was promised beside money.", examples=[{"en": "Posts", "es": "Plazas"}])
    ends: Latest | None = Field(None, description="Until when; an extension of the term does not move it.", examples=["2024-02"])
    rate: Annotated[RateName, Kind("a group that names one rate", no_columns)] | None = Field(
        None,
        description="The rate at which another currency is shown at signature.",
        examples=[{"base": "USD", "kind": "end_of_period", "record_date": "2020-03-31", "source": "EXAMPLE"}],
    )
    voids: ref("pledge") | None = Field(None, description="The pledge that it takes back.")

    def columns(self, loading):
        found = super().columns(loading)
        return found | {"rate": self.rate and self.find_rate()}

    def find_rate(self):
        name = self.rate
        wanted = {
            "base": name.base,
            "quote": self.currency,
            "kind": name.kind,
            "record_date": name.record_date,
            "source": name.source,
        }
        found = ExchangeRate.objects.filter(**wanted).order_by("-effective_date").first()
        if found is None:
            raise RowMistake("rate", f"There is no rate {name.base}/{self.currency} of {name.source} for {name.record_date}.")
        return found


class ConfirmationRow(Row):
    table, noun, parent, within = ContributionConfirmation, "confirmation", "contribution", "contribution__partnership"
    identity, is_ledger = ("contribution", "side", "confirmed_on"), True
    side: choice(ContributionConfirmation.Side) = Field(description="Which government.", examples=["us"])
    agrees: Flag = Field(description="Whether it agrees.", examples=[True])
    amount: Money | None = Field(None, description="For a dispute: the value that this side holds right.", examples=["250000.00"])
    quantity: Whole | None = Field(None, description="For a dispute: the number that this side holds right.", examples=[3])
    reason: Text = Field("", description="For a dispute: what is not right, and why.", examples=["One post is vacant."])
    confirmed: Day = Field(description="When.", examples=["2021-02-15"])


class ContributionRow(LedgerFileRow):
    table, noun = Contribution, "contribution"
    kind: choice(Contribution.Kind) = Field(description="What was given.", examples=["cash"])
    entity: ref("organization") = Field(description="The host entity that gave it.", examples=["example-ngo"])
    region: ref("region") | None = Field(None, description="Where. Left out: not for one region.", examples=["XA-N"])
    amount: Money | None = Field(None, description="Its value, where it has one.", examples=["250000.00"])
    currency: Currency = Field("", description="Its currency.", examples=["EUR"])
    quantity: Whole | None = Field(None, description="How many posts, shelters or projects.", examples=[4])
    valuation: choice(Contribution.Valuation) = Field("none", description="How the value was found.", examples=["budget"])
    words: Pair = Field(description="What it is.", examples=[{"en": "Running costs", "es": "Gastos corrientes"}])
    voids: ref("contribution") | None = Field(None, description="The contribution that it takes back.")
    parts: ClassVar = (Section("confirmations", ConfirmationRow, "What each government says of it."),)


SECTIONS = (
    Section("exchange_rates", RateSeriesRow, "Rates between two currencies, as series."),
    Section("awards", AwardRow, "What the United States gave, prime and sub."),
    Section("pledges", PledgeRow, "What the host government promised."),
    Section("contributions", ContributionRow, "What the host government gave."),
)
