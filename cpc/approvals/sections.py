"""What a proposer fills in: one section for each kind of change."""

import unicodedata

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from activities.deadlines.models import RuleOverride
from cpc.core.money import currency_choices, format_money
from cpc.core.texts import text_in
from cpc.reference.models import Region
from funding.awards.acts import ELEMENTS
from funding.models import Award, AwardAction, AwardRecipient, ExchangeRate, Pledge
from partners.acts import free_key
from partners.ledger import Qualifier
from partners.models import Coverage, Organization, Partnership, TermEvent

from .forms import DECISION_DAY, EMPTY, Section, choice, day, money, text
from .terms import TermsSection

N_RECIPIENTS = 4
KINDS_OF_STEP = [
    (kind.value, kind.label)
    for kind in AwardAction.Kind
    if kind not in (AwardAction.Kind.INITIAL, AwardAction.Kind.ALLOCATION, AwardAction.Kind.VOID)
]
COMMITTED, BUDGET_START, BUDGET_END = _("Committed, total"), _("Budget period, first day"), _("Budget period, last day")


class TermSection(Section):
    act = name = "term"
    heading, rare = _("Extend or end the term"), ("title_en", "title_es", "reason")
    kind = choice(
        _("What happens to the term"), [(k.value, k.label) for k in (TermEvent.Kind.EXTENDED, TermEvent.Kind.ENDED)],
        initial=TermEvent.Kind.EXTENDED,
    )  # fmt: skip
    new_end = day(_("It ends from then on"), required=True)
    effective = day(_("Takes effect on"), DECISION_DAY)
    title_en = text(_("Heading in English"), hint=_("Empty: none."))
    title_es = text(_("Heading in Spanish"), hint=_("Empty: none."))


class RegionsSection(Section):
    act = name = "coverage"
    heading = _("Bring regions in")
    regions = forms.MultipleChoiceField(label=_("Regions"), widget=forms.CheckboxSelectMultiple)
    since = day(_("From when on"), required=True)

    def offer(self):
        covered = Coverage.objects.filter(partnership=self.partnership).values("region")
        rows = Region.objects.filter(country=self.partnership.host_country_id).exclude(pk__in=covered)
        self.choose("regions", sorted((pair_of(row, "name") for row in rows), key=by_label), empty=False)

    def acts(self):
        cleaned = self.cleaned_data
        return [{"act": self.act, "region": key, "since": cleaned["since"]} for key in cleaned["regions"]]

    def place_of(self, name):
        return "regions" if name == "region" else super().place_of(name)


class ActionSection(Section):
    act = name = "action"
    heading, rare = _("Add a step to an award"), ("basis", "guidance_version", *ELEMENTS, "reason")
    award = choice(_("Award"))
    kind = choice(_("Kind"), [*EMPTY, *KINDS_OF_STEP])
    amount = money(
        _("Amount"),
        _("In the award’s currency, for example 250,000.00; with a minus where money is taken back. Empty: not known, or none."),
    )
    recipient = choice(_("For"), required=False, hint=_("Empty: the split between recipients is not known."))
    new_end = day(
        _("Period of performance ends on"), _("Empty where this step does not move it. Otherwise 2020-02-06 or 2020-02.")
    )
    effective = day(_("Takes effect on"), DECISION_DAY)
    basis = choice(_("Basis"), AwardAction.Basis.choices, initial=AwardAction.Basis.SIGNED)
    guidance_version = choice(
        _("Version of 2 CFR 200"), [*EMPTY, *AwardAction.Guidance.choices], required=False,
        hint=_("Empty: the one in force when money was last added."),
    )  # fmt: skip
    committed = money(COMMITTED, _("In the award’s currency, for example 1,700,000.00. Empty: it stays as it is."))
    budget_start = day(BUDGET_START, _("A whole day, for example 2020-02-06. Empty: it stays as it is."))
    budget_end = day(BUDGET_END, _("A whole day, for example 2020-02-06. Empty: it stays as it is."))

    def offer(self):
        awards, recipients = awards_and_recipients(self.partnership)
        self.choose("award", awards)
        self.choose("recipient", recipients)


class AllocationSection(Section):
    act = name = "allocation"
    heading, rare = _("Split an award between its recipients"), ("basis", "reason")
    award = choice(_("Award"))
    effective = day(_("Takes effect on"), DECISION_DAY)
    basis = choice(_("Basis"), AwardAction.Basis.choices, initial=AwardAction.Basis.ANNOUNCED)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number in self.numbers:
            self.fields[f"recipient_{number}"].label = _("Recipient %(n)s") % {"n": number}
            self.fields[f"amount_{number}"].label = _("Amount of recipient %(n)s") % {"n": number}
        self.order_fields(["award", *(f"{name}_{n}" for n in self.numbers for name in ("recipient", "amount"))])

    @property
    def numbers(self):
        return range(1, N_RECIPIENTS + 1)

    def offer(self):
        awards, recipients = awards_and_recipients(self.partnership)
        self.choose("award", awards)
        for number in self.numbers:
            self.fields[f"recipient_{number}"] = choice("", [*EMPTY, *recipients], required=False)
            self.fields[f"amount_{number}"] = money("")

    def acts(self):
        cleaned = self.cleaned_data
        parts = [{"recipient": cleaned[f"recipient_{n}"], "amount": cleaned[f"amount_{n}"]} for n in self.filled]
        rest = {name: cleaned[name] for name in ("award", "effective", "basis", "reason") if cleaned[name]}
        return [{"act": self.act, "parts": parts, **rest}]

    @property
    def filled(self) -> list[int]:
        return [n for n in self.numbers if self.cleaned_data.get(f"recipient_{n}") or self.cleaned_data.get(f"amount_{n}")]

    def place_of(self, name):
        stem, _underscore, number = name.rpartition("_")
        if stem in ("recipient", "amount") and number.isdigit():
            return f"{stem}_{self.filled[int(number) - 1]}"
        return "amount_1" if name == "parts" else super().place_of(name)


class AwardSection(Section):
    act, name = "award", "award"
    heading = _("Begin a new award")
    level = Award.Level.PRIME
    rare = (
        "recipient_2", "rule_1", "rule_2", "currency", "basis", "guidance_version", "report_frequency", "listing", "fain",
        *ELEMENTS, "key", "reason",
    )  # fmt: skip
    title_en = text(_("Title in English"), required=True)
    title_es = text(_("Title in Spanish"), required=True)
    recipient_1 = choice(_("Recipient"))
    amount = money(_("Amount"), _("For example 1,700,000.00. Empty: not known."))
    effective = day(_("Awarded on"), DECISION_DAY)
    start = day(_("Period of performance starts on"), _("Empty: not known. Otherwise 2020-02-06 or 2020-02."))
    new_end = day(_("Period of performance ends on"), _("Empty: not known. Otherwise 2020-02-06 or 2020-02."))
    recipient_2 = choice(_("Second recipient"), required=False, hint=_("The amount then is not told apart between the two."))
    rule_1 = choice(
        _("Rule book of the recipient"), [*EMPTY, *AwardRecipient.RuleClass.choices], required=False,
        hint=_("Empty: the usual one of its kind of organization."),
    )  # fmt: skip
    rule_2 = choice(_("Rule book of the second"), [*EMPTY, *AwardRecipient.RuleClass.choices], required=False)
    currency = choice(_("Currency"), initial="USD")
    basis = choice(_("Basis"), AwardAction.Basis.choices, initial=AwardAction.Basis.SIGNED)
    guidance_version = choice(
        _("Version of 2 CFR 200"), [*EMPTY, *AwardAction.Guidance.choices], required=False,
        hint=_("Empty: the one in force on its day."),
    )  # fmt: skip
    report_frequency = choice(_("Reports"), Award.Frequency.choices, initial=Award.Frequency.QUARTERLY)
    listing = text(_("Assistance Listing number"), hint=_("For example 19.019. Empty: not known."))
    fain = text(_("Federal award number (FAIN)"), hint=_("Empty: not known."))
    committed = money(COMMITTED, _("For example 1,700,000.00. Empty: not known."))
    budget_start = day(BUDGET_START, _("A whole day, for example 2020-02-06. Empty: not known."))
    budget_end = day(BUDGET_END, _("A whole day, for example 2020-02-06. Empty: not known."))
    key = forms.RegexField(
        r"^[a-z0-9]+(-[a-z0-9]+)*$", label=_("Permanent name"), required=False, max_length=60,
        help_text=_("Small letters, digits and hyphens; it stands in addresses. Empty: made from the English title."),
        error_messages={"invalid": _("Small letters, digits and hyphens alone, for example peru-2017-extension.")},
    )  # fmt: skip

    def offer(self):
        members = Organization.objects.filter(parts__partnership=self.partnership).distinct()
        self.organizations = sorted((pair_of(row, "name") for row in members), key=by_label)
        for name in ("recipient_1", "recipient_2"):
            self.choose(name, self.organizations)
        self.choose("currency", currency_choices(), empty=False)

    def acts(self):
        (act,) = super().acts()
        named = [(act.pop(f"recipient_{n}", ""), act.pop(f"rule_{n}", "")) for n in (1, 2)]
        act["recipients"] = [
            {"organization": key, **({"rule_class": rule} if rule else {})} for key, rule in named if key
        ]  # fmt: skip
        if len(act["recipients"]) == 1:
            act["recipient"] = act["recipients"][0]["organization"]
        act["level"] = str(self.level)
        act["key"] = act.get("key") or free_key(Award, self.key_of(act["title_en"]))
        return [act]

    def key_of(self, title: str) -> str:
        return f"{self.partnership.key}-{slugify(title)[:30].strip('-') or self.name}"

    def place_of(self, name):
        return {"recipients": "recipient_1", "organization": "recipient_1", "recipient": "recipient_1"}.get(
            name, super().place_of(name)
        )


class SubAwardSection(AwardSection):
    name, heading, level = "subaward", _("Begin a new sub-award"), Award.Level.SUB
    parent = choice(_("Passed on from the award"), required=False, hint=_("Empty: not known."))
    pass_through = choice(_("Passed on by"), required=False, hint=_("Empty: not known."))
    field_order = ("title_en", "title_es", "parent", "pass_through", "recipient_1")

    def offer(self):
        super().offer()
        self.choose("pass_through", self.organizations)
        self.choose("parent", awards_and_recipients(self.partnership, level=Award.Level.PRIME)[0])


class PledgeSection(Section):
    act = name = "pledge"
    heading, rare = _("Enter a pledge of the host government"), ("rate", "reason")
    amount = money(_("Amount"), _("In the host’s currency, for example 8,000,000.00. Empty: no sum was named."))
    qualifier = choice(_("The word that belongs to it"), Qualifier.choices, initial=Qualifier.EXACT)
    in_kind_en = text(_("In kind, in English"), hint=_("Empty: nothing beside the sum."))
    in_kind_es = text(_("In kind, in Spanish"), hint=_("Empty: nothing beside the sum."))
    effective = day(_("Promised on"), DECISION_DAY)
    ends = day(_("Until"), _("Empty: not known. Otherwise 2020-02-06 or 2020-02."))
    rate = choice(_("Exchange rate at signature"), required=False, hint=_("Empty: it is not shown in another currency."))

    def offer(self):
        rates = ExchangeRate.objects.filter(quote=self.partnership.host_currency).order_by("-effective_date", "source")[:400]
        self.choose(
            "rate", [(f"{row.pk}", f"{row.record_date.isoformat()} · {row.rate.normalize():f} · {row.source}") for row in rates]
        )


class VoidSection(Section):
    act = name = "void"
    heading, rare = _("Take a row of the ledger back"), ("reason",)
    row = choice(_("Row of the ledger"), hint=_("The row stays to be read; a new one takes it back. Of a split all rows go."))

    def offer(self):
        term = TermEvent.objects.filter(partnership=self.partnership)
        actions = AwardAction.objects.filter(award__partnership=self.partnership)
        pledges = Pledge.objects.filter(partnership=self.partnership)
        terms = RuleOverride.objects.filter(award__partnership=self.partnership)
        ledgers = (
            ("term_void", _("Term"), term), ("action_void", _("Awards"), actions), ("terms_void", _("Terms of awards"), terms),
            ("pledge_void", _("Pledges"), pledges),
        )  # fmt: skip
        self.choose(
            "row",
            [
                (label, [(f"{act}:{row.key}", row_words(row)) for row in rows.filter(voids=None, voided_by=None).order_by("-pk")])
                for act, label, rows in ledgers
            ],
        )

    def acts(self):
        act, _colon, key = self.cleaned_data["row"].partition(":")
        reason = self.cleaned_data["reason"]
        return [{"act": act, "voids": key} | ({"reason": reason} if reason else {})]

    def place_of(self, name):
        return "row" if name in ("voids", "amount") else super().place_of(name)


SECTIONS = {
    section.name: section
    for section in (
        TermSection, RegionsSection, ActionSection, AwardSection, SubAwardSection, AllocationSection, TermsSection,
        PledgeSection, VoidSection,
    )
}  # fmt: skip


def awards_and_recipients(partnership: Partnership, level: str = "") -> tuple[list, list]:
    """The choices of awards, and of all organizations that receive one of them."""
    awards = Award.objects.filter(partnership=partnership, **({"level": level} if level else {})).order_by("level", "key")
    recipients = Organization.objects.filter(received__award__partnership=partnership).distinct().order_by("key")
    return [pair_of(row, "title") for row in awards], [pair_of(row, "name") for row in recipients]


def pair_of(row, name: str) -> tuple[str, str]:
    """A choice: the permanent name, and the text pair in the reader's language."""
    return row.key, str(text_in(row, name))


def by_label(pair: tuple[str, str]) -> str:
    """Names in the order of the alphabet: accents aside, ñ after n."""
    plain = pair[1].casefold().replace("ñ", "n\uffff")
    return "".join(ch for ch in unicodedata.normalize("NFD", plain) if not unicodedata.combining(ch))


def row_words(row) -> str:
    """A row of a ledger in a list: its permanent name, its day and what it carries."""
    kind = row.get_kind_display() if hasattr(row, "kind") else ""
    amount = format_money(row.amount, row.currency) if getattr(row, "amount", None) is not None else ""
    return " · ".join(str(part) for part in (row.key, kind, row.effective.iso, amount) if part)
