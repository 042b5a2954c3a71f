"""What a proposal does, in sentences of the reader's language. Everything is made from the plain values when it is read, so that
both languages say the same, and what was decided years ago still reads."""

from decimal import Decimal

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cpc.core.dates import PreciseDate
from cpc.core.labels import precise_label
from cpc.core.money import format_money, parse_amount
from cpc.core.texts import text_in
from cpc.reference.models import Region
from funding.models import Award, AwardAction, AwardRecipient
from partners.ledger import Qualifier
from partners.models import Organization, Partnership, TermEvent

from .terms import terms_sentence


class Names:
    """What keys are called: awards, organizations and regions of a partnership, read once. `new`: the titles of awards that the
    proposal itself would begin."""

    def __init__(self, partnership: Partnership, acts: list[dict] = ()):
        self.partnership = partnership
        self.awards = {row.key: row for row in Award.objects.filter(partnership=partnership)}
        members = Organization.objects.filter(parts__partnership=partnership) | Organization.objects.filter(
            received__award__partnership=partnership
        )
        self.organizations = {row.key: str(text_in(row, "name")) for row in members.distinct()}
        self.regions = {row.key: str(text_in(row, "name")) for row in Region.objects.filter(country=partnership.host_country_id)}
        self.new = {act["key"]: act for act in acts if act.get("act") == "award" and act.get("key")}

    def award(self, key: str) -> str:
        if key in self.awards:
            return str(text_in(self.awards[key], "title"))
        return title_in(self.new[key]) if key in self.new else key

    def currency(self, key: str) -> str:
        return self.awards[key].currency if key in self.awards else self.new.get(key, {}).get("currency", "")

    def recipients(self, key: str) -> list[str]:
        """The names of an award's recipients, asked for only where their split is not known."""
        if key in self.new:
            return [self.organization(one["organization"]) for one in self.new[key].get("recipients", ())]
        rows = AwardRecipient.objects.filter(award__key=key).order_by("pk").values_list("organization__key", flat=True)
        return [self.organization(one) for one in rows]

    def organization(self, key: str) -> str:
        return self.organizations.get(key, key)

    def region(self, key: str) -> str:
        return self.regions.get(key, key)


def title_in(act: dict) -> str:
    """The title of a new award, from the act's own pair."""
    return str(text_in(Award(title_en=act.get("title_en", ""), title_es=act.get("title_es", "")), "title"))


def sentences_of(acts: list[dict], names: Names) -> list[str]:
    """What each act does, in one line."""
    return [SENTENCES[act["act"]](act, names) for act in acts]


def title_of_proposal(sentences: list[str]) -> str:
    """The heading of a proposal: its one act, or how many it holds."""
    if len(sentences) == 1:
        return sentences[0].rstrip(".")
    return ngettext("%(n)s change in one proposal", "%(n)s changes in one proposal", len(sentences)) % {"n": len(sentences)}


def precise_words(text: str | None) -> str:
    """A day, month or year kept as text; as it stands where it is none."""
    if not text:
        return _("not known")
    try:
        return precise_label(PreciseDate.parse(text))
    except ValueError:
        return text


def money_words(text: str | None, currency: str, *, signed: bool = False) -> str:
    """An amount as it was typed."""
    if not text:
        return _("amount not known")
    try:
        return format_money(parse_amount(text, allow_negative=True), currency, signed=signed)
    except ValueError:
        return text


def _term(act, names):
    end = {"end": precise_words(act.get("new_end"))}
    return (
        _("The term ends on %(end)s.") % end if act["kind"] == TermEvent.Kind.ENDED else _("The term goes on to %(end)s.") % end
    )


def _coverage(act, names):
    words = {"region": names.region(act.get("region", "")), "since": precise_words(act.get("since"))}
    return _("%(region)s comes in, from %(since)s on.") % words


def _award(act, names):
    recipients = [names.organization(one["organization"]) for one in act.get("recipients", ())]
    words = {"title": title_in(act), "amount": money_words(act.get("amount"), act.get("currency", ""))}
    words["recipients"] = get_text_list(recipients, _("and"))
    said = _("New award “%(title)s”: %(amount)s, %(recipients)s.")
    if act.get("level") == Award.Level.SUB:
        said = _("New sub-award “%(title)s”: %(amount)s, %(recipients)s.")
    return " ".join([said % words, *elements_of(act, act.get("currency", ""))])


def elements_of(act: dict, currency: str) -> list[str]:
    """A sentence for each data element that the act sets."""
    said = []
    if act.get("committed"):
        said.append(_("Committed in all: %(amount)s.") % {"amount": money_words(act["committed"], currency)})
    if act.get("budget_start"):
        said.append(_("The budget period begins on %(day)s.") % {"day": precise_words(act["budget_start"])})
    if act.get("budget_end"):
        said.append(_("The budget period ends on %(day)s.") % {"day": precise_words(act["budget_end"])})
    return said


def _action(act, names):
    key = act.get("award", "")
    words = {"award": names.award(key), "kind": AwardAction.Kind(act["kind"]).label, "end": precise_words(act.get("new_end"))}
    words["amount"] = money_words(act.get("amount"), names.currency(key), signed=True)
    return " ".join([_step(act) % words, *elements_of(act, names.currency(key))])


def _step(act: dict) -> str:
    if act.get("amount") and act.get("new_end"):
        return _("%(kind)s: %(amount)s, to %(end)s, for “%(award)s”.")
    if act.get("amount"):
        return _("%(kind)s: %(amount)s for “%(award)s”.")
    return _("%(kind)s to %(end)s of “%(award)s”.") if act.get("new_end") else _("%(kind)s of “%(award)s”.")


def _allocation(act, names):
    key = act.get("award", "")
    parts = [
        _("%(amount)s to %(recipient)s")
        % {"amount": money_words(one.get("amount"), names.currency(key)), "recipient": names.organization(one.get("recipient"))}
        for one in act.get("parts", ())
    ]
    return _("Split of “%(award)s”: %(parts)s.") % {"award": names.award(key), "parts": get_text_list(parts, _("and"))}


def _pledge(act, names):
    words = {"amount": money_words(act.get("amount"), names.partnership.host_currency), "in_kind": in_kind_of(act)}
    words["qualifier"] = Qualifier(act.get("qualifier", Qualifier.EXACT)).label
    if not act.get("amount"):
        return _("Pledge in kind: %(in_kind)s.") % words
    return _("Pledge: %(qualifier)s %(amount)s.") % words


def in_kind_of(act: dict) -> str:
    pair = {"title_en": act.get("in_kind_en", ""), "title_es": act.get("in_kind_es", "")}
    return title_in(pair)


def _void(act, names):
    return _("Takes back the row %(key)s of the ledger.") % {"key": act["voids"]}


SENTENCES = {
    "term": _term,
    "term_void": _void,
    "coverage": _coverage,
    "award": _award,
    "action": _action,
    "allocation": _allocation,
    "action_void": _void,
    "terms": terms_sentence,
    "terms_void": _void,
    "pledge": _pledge,
    "pledge_void": _void,
}


def caution_words(caution: dict, names: Names) -> str:
    """What the decider should stop at, in one sentence."""
    return CAUTIONS[caution["caution"]](caution, names)


def _below_spent(one, names):
    words = {name: format_money(Decimal(one[name]), one["currency"]) for name in ("left", "spent")}
    words |= {"award": names.award(one["award"]), "recipient": one["recipient"] and names.organization(one["recipient"])}
    if one["recipient"]:
        return (
            _("%(recipient)s would be left with %(left)s of “%(award)s”, less than the %(spent)s that it reported as spent.")
            % words
        )
    return _("“%(award)s” would hold %(left)s, less than the %(spent)s that its accepted reports say was spent.") % words


def _ended(one, names):
    words = {"ended": precise_words(one["ended"]), "n": one["days"], "award": names.award(one.get("award", ""))}
    if one["caution"] == "term_ended":
        return (
            ngettext(
                "The term ended %(n)s day ago (%(ended)s); this extends it after its end.",
                "The term ended %(n)s days ago (%(ended)s); this extends it after its end.",
                one["days"],
            )
            % words
        )
    return (
        ngettext(
            "The period of “%(award)s” ended %(n)s day ago (%(ended)s); this extends it after its end.",
            "The period of “%(award)s” ended %(n)s days ago (%(ended)s); this extends it after its end.",
            one["days"],
        )
        % words
    )


CAUTIONS = {
    "below_spent": _below_spent,
    "period_ended": _ended,
    "term_ended": _ended,
    "parent_unknown": lambda one, names: (
        _("Nobody can say whether “%(award)s” stays within the award that it is passed on from: which one that is, is not known.")
        % {"award": names.award(one["award"])}
    ),
    "parent_amount_unknown": lambda one, names: (
        _("Nobody can say whether “%(award)s” stays within “%(parent)s”: the amount of that award is not known.")
        % {"award": names.award(one["award"]), "parent": names.award(one["parent"])}
    ),
}
