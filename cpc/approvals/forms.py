"""What a proposer fills in: one section for each kind of act; those that are left alone are no part of the proposal.

The sections only collect. What an act may be is checked in one place, `acts.py` of each slice, and comes back to the field."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cpc.core.money import currency_choices
from cpc.core.texts import text_in
from cpc.reference.models import Region
from funding.models import Award, AwardAction, AwardRecipient, ExchangeRate, Pledge
from partners.ledger import Certainty, Qualifier
from partners.models import Coverage, Document, Organization, Partnership, TermEvent

EXAMPLE = _("Write 2020-02-06, or 2020-02 or 2020 if no more is known.")
EMPTY = [("", "–")]
N_RECIPIENTS = 4
RULE = AwardRecipient.RuleClass.RECIPIENT
KINDS_OF_STEP = [
    (kind.value, kind.label)
    for kind in AwardAction.Kind
    if kind not in (AwardAction.Kind.INITIAL, AwardAction.Kind.ALLOCATION, AwardAction.Kind.VOID)
]


def text(label, *, required=False, hint="", **attributes) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=hint,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", **attributes}),
    )


def day(label, hint=EXAMPLE, **kwargs) -> forms.CharField:
    return text(label, hint=hint, **kwargs)


def money(label, hint="") -> forms.CharField:
    return text(label, hint=hint, inputmode="decimal")


class Section(forms.Form):
    """One kind of act. `heading` and `act`; the choices come from the partnership."""

    act = ""
    heading = ""
    use_required_attribute = False

    def __init__(self, data=None, *, partnership: Partnership, **kwargs):
        super().__init__(data, prefix=self.act, empty_permitted=True, **kwargs)
        self.partnership = partnership
        self.offer()

    def offer(self) -> None:
        """Fill the choices."""

    def has_changed(self) -> bool:
        """Whether anything was filled in; an answer that is there from the start, such as a kind, does not count."""
        return any(not self.fields[name].initial for name in self.changed_data)

    def acts(self) -> list[dict]:
        """The acts that the section asks for: none where nothing was filled in."""
        if not self.has_changed():
            return []
        return [{"act": self.act, **{name: value for name, value in self.cleaned_data.items() if value not in ("", None)}}]

    def choose(self, name: str, choices, *, empty=True) -> None:
        self.fields[name].choices = [*(EMPTY if empty else []), *choices]


class TermSection(Section):
    act, heading = "term", _("The term of the partnership")
    kind = forms.ChoiceField(
        label=_("What happens to it"), choices=[(k.value, k.label) for k in (TermEvent.Kind.EXTENDED, TermEvent.Kind.ENDED)],
        initial=TermEvent.Kind.EXTENDED,
    )  # fmt: skip
    new_end = day(_("It ends from then on"))
    effective = day(_("Takes effect on"), _("Empty: the day of the decision."))
    title_en = text(_("Heading in English"))
    title_es = text(_("Heading in Spanish"))


class RegionsSection(Section):
    act, heading = "coverage", _("Regions that come in")
    regions = forms.MultipleChoiceField(label=_("Regions"), required=False, widget=forms.CheckboxSelectMultiple)
    since = day(_("From when on"))

    def offer(self):
        covered = Coverage.objects.filter(partnership=self.partnership).values("region")
        rows = Region.objects.filter(country=self.partnership.host_country_id).exclude(pk__in=covered)
        self.choose(
            "regions", sorted(((row.key, str(text_in(row, "name"))) for row in rows), key=lambda pair: pair[1]), empty=False
        )

    def acts(self):
        if not self.has_changed():
            return []
        cleaned = self.cleaned_data
        return [{"act": self.act, "region": key, "since": cleaned["since"]} for key in cleaned["regions"] or [""]]


class ActionSection(Section):
    act, heading = "action", _("A step of an award")
    award = forms.ChoiceField(label=_("Award"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[*EMPTY, *KINDS_OF_STEP])
    amount = money(_("Amount"), _("In the award’s currency; with a minus where money is taken back. Empty: not known, or none."))
    recipient = forms.ChoiceField(
        label=_("For"), required=False, help_text=_("Empty: the split between recipients is not known.")
    )
    new_end = day(_("Period of performance ends on"), _("Only where this step moves it."))
    effective = day(_("Takes effect on"), _("Empty: the day of the decision."))
    basis = forms.ChoiceField(label=_("Basis"), choices=AwardAction.Basis.choices, initial=AwardAction.Basis.SIGNED)
    guidance_version = forms.ChoiceField(
        label=_("Version of 2 CFR 200"), required=False, choices=[*EMPTY, *AwardAction.Guidance.choices],
        help_text=_("Empty: the one in force when money was last added."),
    )  # fmt: skip

    def offer(self):
        awards, recipients = awards_and_recipients(self.partnership)
        self.choose("award", awards)
        self.choose("recipient", recipients)


class AllocationSection(Section):
    act, heading = "allocation", _("The split of an award, learnt later")
    award = forms.ChoiceField(label=_("Award"), required=False)
    effective = day(_("Takes effect on"), _("Empty: the day of the decision."))
    basis = forms.ChoiceField(label=_("Basis"), choices=AwardAction.Basis.choices, initial=AwardAction.Basis.ANNOUNCED)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _awards, recipients = awards_and_recipients(self.partnership)
        for number in range(1, N_RECIPIENTS + 1):
            self.fields[f"recipient_{number}"] = forms.ChoiceField(
                label=_("Recipient %(n)s") % {"n": number}, required=False, choices=[*EMPTY, *recipients]
            )
            self.fields[f"amount_{number}"] = money(_("Amount of recipient %(n)s") % {"n": number})

    def offer(self):
        self.choose("award", awards_and_recipients(self.partnership)[0])

    def acts(self):
        if not self.has_changed():
            return []
        cleaned = self.cleaned_data
        numbers = range(1, N_RECIPIENTS + 1)
        filled = [n for n in numbers if cleaned[f"recipient_{n}"] or cleaned[f"amount_{n}"]]
        parts = [{"recipient": cleaned[f"recipient_{n}"], "amount": cleaned[f"amount_{n}"]} for n in filled]
        return [{"act": self.act, "parts": parts, **{name: cleaned[name] for name in ("award", "effective", "basis")}}]


class AwardSection(Section):
    act, heading = "award", _("A new award or sub-award")
    key = forms.SlugField(
        label=_("Permanent name"), required=False, max_length=60, help_text=_("Small letters, digits and hyphens.")
    )
    level = forms.ChoiceField(label=_("Level"), choices=Award.Level.choices, initial=Award.Level.PRIME)
    title_en = text(_("Title in English"))
    title_es = text(_("Title in Spanish"))
    parent = forms.ChoiceField(
        label=_("Passed on from the award"), required=False, help_text=_("Sub-awards only; empty: not known.")
    )
    pass_through = forms.ChoiceField(label=_("Passed on by"), required=False, help_text=_("Sub-awards only; empty: not known."))
    recipient_1 = forms.ChoiceField(label=_("Recipient"), required=False)
    rule_1 = forms.ChoiceField(label=_("Its rule book"), choices=AwardRecipient.RuleClass.choices, initial=RULE)
    recipient_2 = forms.ChoiceField(label=_("Second recipient"), required=False)
    rule_2 = forms.ChoiceField(label=_("Rule book of the second"), choices=AwardRecipient.RuleClass.choices, initial=RULE)
    amount = money(_("Amount"), _("Empty: not known."))
    currency = forms.ChoiceField(label=_("Currency"), initial="USD")
    effective = day(_("Awarded on"), _("Empty: the day of the decision."))
    start = day(_("Period of performance starts on"))
    new_end = day(_("Period of performance ends on"))
    basis = forms.ChoiceField(label=_("Basis"), choices=AwardAction.Basis.choices, initial=AwardAction.Basis.SIGNED)
    guidance_version = forms.ChoiceField(
        label=_("Version of 2 CFR 200"), required=False, choices=[*EMPTY, *AwardAction.Guidance.choices]
    )
    listing = text(_("Assistance Listing number"))
    fain = text(_("Federal award number"))

    def offer(self):
        members = Organization.objects.filter(parts__partnership=self.partnership).distinct()
        organizations = sorted(((row.key, str(text_in(row, "name"))) for row in members), key=lambda pair: pair[1])
        for name in ("pass_through", "recipient_1", "recipient_2"):
            self.choose(name, organizations)
        self.choose("parent", awards_and_recipients(self.partnership, level=Award.Level.PRIME)[0])
        self.choose("currency", currency_choices(), empty=False)

    def acts(self):
        found = super().acts()
        for act in found:
            named = [(act.pop(f"recipient_{n}", ""), act.pop(f"rule_{n}", "")) for n in (1, 2)]
            act["recipients"] = [{"organization": key, "rule_class": rule} for key, rule in named if key]
            if len(act["recipients"]) == 1:
                act["recipient"] = act["recipients"][0]["organization"]
        return found


class PledgeSection(Section):
    act, heading = "pledge", _("A pledge of the host government")
    amount = money(_("Amount"), _("In the host’s currency. Empty: no sum was named."))
    qualifier = forms.ChoiceField(label=_("The word that belongs to it"), choices=Qualifier.choices, initial=Qualifier.EXACT)
    in_kind_en = text(_("In kind, in English"))
    in_kind_es = text(_("In kind, in Spanish"))
    effective = day(_("Promised on"), _("Empty: the day of the decision."))
    ends = day(_("Until"))
    rate = forms.ChoiceField(
        label=_("Exchange rate at signature"), required=False, help_text=_("Empty: it is not shown in another currency.")
    )

    def offer(self):
        rates = ExchangeRate.objects.filter(quote=self.partnership.host_currency).order_by("-effective_date", "source")[:400]
        self.choose(
            "rate", [(f"{row.pk}", f"{row.record_date.isoformat()} · {row.rate.normalize():f} · {row.source}") for row in rates]
        )


class VoidSection(Section):
    act, heading = "void", _("Take a row back")
    row = forms.ChoiceField(label=_("Row of the ledger"), required=False)

    def offer(self):
        ledgers = (
            ("term_void", _("Term"), TermEvent.objects.filter(partnership=self.partnership)),
            ("action_void", _("Awards"), AwardAction.objects.filter(award__partnership=self.partnership)),
            ("pledge_void", _("Pledges"), Pledge.objects.filter(partnership=self.partnership)),
        )
        standing = [
            (act, label, rows.filter(voids=None, voided_by=None).order_by("-effective_on")) for act, label, rows in ledgers
        ]
        self.choose("row", [(label, [(f"{act}:{row.key}", row.key) for row in rows]) for act, label, rows in standing])

    def acts(self):
        act, _colon, key = self.cleaned_data.get("row", "").partition(":")
        return [{"act": act, "voids": key}] if key else []


SECTIONS = (TermSection, RegionsSection, ActionSection, AwardSection, AllocationSection, PledgeSection, VoidSection)


class ReasonSection(forms.Form):
    """Why, and on whose word."""

    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What a grants officer needs to know to decide. It stays in the ledger."),
    )  # fmt: skip
    source = forms.ChoiceField(label=_("Source"), required=False, help_text=_("The document that says so."))
    certainty = forms.ChoiceField(label=_("Certainty"), choices=Certainty.choices, initial=Certainty.PRIMARY)

    def __init__(self, data=None, *, partnership: Partnership, **kwargs):
        super().__init__(data, **kwargs)
        self.documents = {
            row.key: row for row in Document.objects.filter(partnership=partnership).order_by("-published_on", "key")
        }
        self.fields["source"].choices = [
            *EMPTY,
            *((key, f"{row.title} ({row.publisher})") for key, row in self.documents.items()),
        ]

    @property
    def document(self) -> Document | None:
        return self.documents.get(self.cleaned_data["source"])


class DecisionForm(forms.Form):
    """`seen`: the fingerprint of the preview that stands beside the button."""

    act = forms.ChoiceField(choices=[("approve", ""), ("refuse", ""), ("withdraw", "")], widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason, if you refuse"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "al-textarea--short"}),
    )  # fmt: skip


def awards_and_recipients(partnership: Partnership, level: str = "") -> tuple[list, list]:
    """The choices of awards, and of all organizations that receive one of them."""
    awards = Award.objects.filter(partnership=partnership, **({"level": level} if level else {})).order_by("level", "key")
    recipients = Organization.objects.filter(received__award__partnership=partnership).distinct().order_by("key")
    return [(row.key, str(text_in(row, "title"))) for row in awards], [(row.key, str(text_in(row, "name"))) for row in recipients]
