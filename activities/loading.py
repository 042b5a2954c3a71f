"""The sections of a partnership's file that belong to what was done, agreed and measured."""

from typing import Annotated, ClassVar

from pydantic import Field

from activities.models import Activity, Commitment, Dialogue, Indicator, ParticipantCount, Target
from partners.loader.fields import (
    Code,
    Day,
    Earliest,
    Flag,
    Key,
    Kind,
    Latest,
    Money,
    Pair,
    Text,
    TextPair,
    Whole,
    choice,
    ref,
)
from partners.loader.row import KnownRow, Row, Section, SourcedRow

Categories = Annotated[list[Code], Kind("a list of codes", lambda name, value, loading: {name: value})]


class DialogueRow(KnownRow):
    table, noun = Dialogue, "dialogue"
    key: Key = Field(description="Its permanent name.", examples=["example-2020-dialogue-1"])
    ordinal: Whole = Field(ge=1, description="The how manieth it is.", examples=[1])
    starts: Earliest = Field(description="Its first day.", examples=["2021-04-12"])
    ends: Latest = Field(description="Its last day.", examples=["2021-04-13"])
    mode: choice(Dialogue.Mode) = Field("unknown", description="How it was held.", examples=["in_person"])
    place: Pair | None = Field(None, description="Where.", examples=[{"en": "Capital City", "es": "Ciudad Capital"}])
    record: TextPair | None = Field(
        None, description="What came of it.", examples=[{"en": "Both sides agreed on a work plan.", "original": "en"}]
    )

    def last_day_that_fits(self, columns):
        return self.ends.last


class CommitmentRow(SourcedRow):
    table, noun, within = Commitment, "commitment", "dialogue__partnership"
    parent: ClassVar[str] = ""
    key: Key = Field(description="Its permanent name.", examples=["example-2020-c1"])
    dialogue: ref("dialogue") = Field(description="Where it was made.", examples=["example-2020-dialogue-1"])
    side: choice(Commitment.Side) = Field(description="Whose it is.", examples=["host"])
    owner: ref("organization") = Field(description="Who sees to it.", examples=["example-ngo"])
    text: TextPair = Field(description="What was promised.", examples=[{"en": "Open a second shelter.", "original": "en"}])
    test: Pair | None = Field(
        None, description="How one will see that it is done.", examples=[{"en": "It is open.", "es": "Está abierto."}]
    )
    due: Day | None = Field(None, description="By when.", examples=["2021-12-31"])
    state: choice(Commitment.State) = Field("open", description="Where it stands.", examples=["open"])
    state_reason: Text = Field("", description="For a state other than open: why.", examples=["Done."])
    closed_on: Day | None = Field(
        None, alias="state_day", description="For a state other than open: when.", examples=["2021-11-30"]
    )
    evidence: ref("document") | None = Field(None, description="The document that shows it.", examples=["agreement"])
    us_confirmed: Day | None = Field(None, description="When the United States confirmed it.", examples=["2021-04-13"])
    host_confirmed: Day | None = Field(None, description="When the host government confirmed it.", examples=["2021-04-13"])

    def columns(self, loading):
        found = super().columns(loading)
        return found | {"state_on": found.pop("state_day_on")}


class TargetRow(SourcedRow):
    table, noun, parent, within = Target, "target", "indicator", "indicator__partnership"
    identity = ("indicator", "year", "region")
    year: Whole = Field(ge=2000, le=2199, description="The calendar year.", examples=[2021])
    region: ref("region") | None = Field(None, description="For one region. Left out: for all together.", examples=["XA-N"])
    value: Money = Field(description="What should be reached.", examples=["120"])


class IndicatorRow(SourcedRow):
    table, noun = Indicator, "indicator"
    key: Code = Field(description="Its code within the partnership.", examples=["EX-1.1"], pattern="^[A-Za-z0-9.-]{1,30}$")
    objective: ref("objective") | None = Field(None, description="What it serves. Left out: all of them.", examples=["prosecute"])
    name: Pair = Field(description="What is counted.", examples=[{"en": "Officials trained", "es": "Funcionarios capacitados"}])
    definition: Pair | None = Field(
        None,
        description="How it is counted.",
        examples=[{"en": "Each person once a year.", "es": "Cada persona una vez al año."}],
    )
    unit: choice(Indicator.Unit) = Field(description="The unit.", examples=["persons"])
    flow: choice(Indicator.Flow) = Field("flow", description="In the period, or at its end.", examples=["flow"])
    categories: Categories = Field(
        [], description="The columns of its own grid; one column where left out.", examples=["[female, male]"]
    )
    adds_over_periods: Flag = Field(False, description="Whether periods may be added.", examples=[False])
    adds_over_regions: Flag = Field(False, description="Whether regions may be added.", examples=[True])
    adds_over_organizations: Flag = Field(False, description="Whether organizations may be added.", examples=[False])
    protected: Flag = Field(
        False, description="Whether it counts children, who are shown to the outside as sums only.", examples=[False]
    )
    reported_by_partners: Flag = Field(True, description="Whether partners report it.", examples=[True])
    standard_ref: Code = Field("", description="The standard indicator that it answers to.", examples=["PS.5.1-28"])
    parts: ClassVar = (Section("targets", TargetRow, "What it should reach."),)


class CountRow(Row):
    table, noun, parent, within = ParticipantCount, "count", "activity", "activity__partnership"
    identity, fits_a_sample = ("activity", "group", "sex", "age_band"), True
    group: choice(ParticipantCount.Group) = Field(description="Who.", examples=["officials"])
    sex: choice(ParticipantCount.Sex) = Field("not_recorded", description="Sex.", examples=["female"])
    age_band: choice(ParticipantCount.AgeBand) = Field("unknown", alias="age", description="Age.", examples=["adult"])
    n: Whole = Field(description="How many; 0 is none.", examples=[14])

    def columns(self, loading):
        found = super().columns(loading)
        return found | {"age_band": found.pop("age")}


class ActivityRow(Row):
    table, noun = Activity, "activity"
    key: Key = Field(description="Its permanent name.", examples=["example-2020-a1"])
    kind: choice(Activity.Kind) = Field(description="What it was.", examples=["training"])
    state: choice(Activity.State) = Field("held", description="Whether it was held.", examples=["held"])
    objective: ref("objective") = Field(description="What it served.", examples=["prosecute"])
    region: ref("region") | None = Field(None, description="Where. Left out: national.", examples=["XA-N"])
    organization: ref("organization") = Field(description="Who held it.", examples=["example-ngo"])
    award: ref("award") | None = Field(None, description="Out of which award.", examples=["example-2020-initial"])
    starts: Day = Field(description="Its first day.", examples=["2020-09-14"])
    ends: Day | None = Field(None, description="Its last day. Left out: the first.", examples=["2020-09-15"])
    title: Text = Field(description="A title, without names of people.", examples=["Workshop for prosecutors"])
    notes: Text = Field("", description="Anything else, without names of people.", examples=["Second of three."])
    reason: Text = Field("", description="For a void or a cancelled one: why.", examples=["Postponed by the host."])
    parts: ClassVar = (Section("counts", CountRow, "How many took part."),)

    def columns(self, loading):
        found = super().columns(loading)
        return found | {"ends_on": self.ends or self.starts}

    @classmethod
    def only_once(cls, loading):
        return {"created_by": loading.operator}


SECTIONS = (
    Section("dialogues", DialogueRow, "Bilateral dialogues."),
    Section("commitments", CommitmentRow, "What each side promised in a dialogue."),
    Section("indicators", IndicatorRow, "What is counted, and what it should reach."),
    Section("activities", ActivityRow, "What was done, where and for what."),
)
