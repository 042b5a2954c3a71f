"""A proposal and its consequences in the reader's words. Everything is made from the plain values when it is read, so that both
languages say the same, and what was decided years ago still reads."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.deadlines.explain import rule_words, title_of
from activities.deadlines.rulebook import shipped
from activities.models import Deadline
from cpc.core.dates import PreciseDate
from cpc.core.labels import key_label, period_label, precise_label
from cpc.core.money import format_money
from cpc.core.periods import Period
from cpc.core.texts import text_in
from cpc.reference.models import Region
from funding.awards.queries import unallocated_label
from funding.awards.rules import UNALLOCATED
from funding.models import Award, AwardAction
from partners.ledger import Qualifier
from partners.models import Organization, Partnership, TermEvent


class Names:
    """What keys are called: awards, organizations and regions of a partnership, read once."""

    def __init__(self, partnership: Partnership):
        self.partnership = partnership
        self.awards = {row.key: str(text_in(row, "title")) for row in Award.objects.filter(partnership=partnership)}
        members = Organization.objects.filter(parts__partnership=partnership) | Organization.objects.filter(
            received__award__partnership=partnership
        )
        self.organizations = {row.key: str(text_in(row, "name")) for row in members.distinct()}
        self.regions = {row.key: str(text_in(row, "name")) for row in Region.objects.filter(country=partnership.host_country_id)}

    def award(self, key: str) -> str:
        return self.awards.get(key, key)

    def organization(self, key: str) -> str:
        return self.organizations.get(key, key)

    def region(self, key: str) -> str:
        return self.regions.get(key, key)


def sentence_of(act: dict, names: Names) -> str:
    """What an act does, in one line."""
    return SENTENCES[act["act"]](act, names)


def sentences_of(acts: list[dict], names: Names) -> list[str]:
    return [sentence_of(act, names) for act in acts]


def precise_words(text: str | None) -> str:
    """A day, month or year kept as text; as it stands where it is none (a refused proposal may hold one)."""
    if not text:
        return _("not known")
    try:
        return precise_label(PreciseDate.parse(text))
    except ValueError:
        return text


def money_words(text: str | None, currency: str) -> str:
    return format_money(Decimal(text), currency, unknown=_("not known")) if text else _("amount not known")


def _term(act, names):
    end = {"end": precise_words(act.get("new_end"))}
    return (
        _("The term ends on %(end)s.") % end
        if act["kind"] == TermEvent.Kind.ENDED
        else _("The term is extended to %(end)s.") % end
    )


def _award(act, names):
    words = {
        "title": act.get("title_en") or act.get("key", ""),
        "amount": money_words(_plain(act.get("amount")), act.get("currency", "")),
    }
    words["recipients"] = ", ".join(names.organization(one["organization"]) for one in act.get("recipients", ()))
    return _("New award “%(title)s”: %(amount)s, %(recipients)s.") % words


def _action(act, names):
    words = {"award": names.award(act.get("award", "")), "kind": AwardAction.Kind(act["kind"]).label}
    if act.get("amount"):
        return _("%(kind)s, “%(award)s”: %(amount)s.") % (words | {"amount": act["amount"]})
    if act.get("new_end"):
        return _("%(kind)s, “%(award)s”: to %(end)s.") % (words | {"end": precise_words(act["new_end"])})
    return _("%(kind)s, “%(award)s”.") % words


def _plain(amount: str | None) -> str | None:
    return amount.replace(",", "").replace("−", "-") if amount else amount


SENTENCES = {
    "term": _term,
    "award": _award,
    "action": _action,
    "coverage": lambda act, names: (
        _("%(region)s comes in, from %(since)s on.")
        % {"region": names.region(act.get("region", "")), "since": precise_words(act.get("since"))}
    ),
    "allocation": lambda act, names: (
        _("Split of “%(award)s”: %(parts)s.")
        % {
            "award": names.award(act.get("award", "")),
            "parts": "; ".join(f"{names.organization(one['recipient'])} {one['amount']}" for one in act.get("parts", ())),
        }
    ),
    "pledge": lambda act, names: (
        _("Pledge: %(qualifier)s %(amount)s.")
        % {
            "qualifier": Qualifier(act.get("qualifier", "exact")).label,
            "amount": money_words(_plain(act.get("amount")), names.partnership.host_currency),
        }
    ),
    "term_void": lambda act, names: _("Takes back %(key)s.") % {"key": act["voids"]},
    "action_void": lambda act, names: _("Takes back %(key)s.") % {"key": act["voids"]},
    "pledge_void": lambda act, names: _("Takes back %(key)s.") % {"key": act["voids"]},
}


@dataclass(frozen=True)
class Shift:
    """One figure now and after. `same`: the proposal leaves it."""

    label: str
    before: str
    after: str

    @property
    def same(self) -> bool:
        return self.before == self.after


@dataclass(frozen=True)
class Line:
    """A deadline or report: what it is, its day now and after, what becomes of it, and by which rule."""

    title: str
    place: str
    before: date | None
    after: date | None
    effect: str
    rule: str = ""
    detail: str = ""


def shifts_of(consequences: dict, names: Names) -> list[Shift]:
    """Term, periods, regions, pledges: what would be otherwise."""
    term = consequences["term"]
    found = (
        [Shift(_("The term ends"), precise_words(term["from"]), precise_words(term["to"]))] if term["from"] != term["to"] else []
    )
    for key, change in consequences["awards"].items():
        ends = [precise_words(side and side["end"]) for side in (change["from"], change["to"])]
        if change["from"] is None:
            ends[0] = _("no such award")
        found.append(Shift(_("Period of performance ends: %(award)s") % {"award": names.award(key)}, *ends))
    for key, change in consequences["regions"].items():
        after = _("covered from %(day)s") % {"day": precise_words(change["to"])} if change["to"] else _("not covered")
        found.append(Shift(names.region(key), _("not covered"), after))
    for change in consequences["pledges"].values():
        found.append(Shift(_("Pledge"), *(pledge_words(change[side]) for side in ("from", "to"))))
    return found


def pledge_words(pledge: dict | None) -> str:
    if pledge is None:
        return _("none")
    amount = money_words(pledge["amount"], pledge["currency"])
    return amount if pledge["qualifier"] == Qualifier.EXACT else f"{Qualifier(pledge['qualifier']).label} {amount}"


def deadline_lines(consequences: dict, names: Names) -> list[Line]:
    """Those that move, come and go, in the order of the day after; what is kept is only counted."""
    found = consequences["deadlines"]
    lines = [_deadline_line(change["from"], change["to"], names) for change in found["changed"].values()]
    lines += [_deadline_line(None, row, names) for row in found["created"].values()]
    lines += [_deadline_line(row, None, names) for row in found["superseded"].values()]
    return sorted(lines, key=lambda line: (line.after or line.before, line.title))


def _deadline_line(before: dict | None, after: dict | None, names: Names) -> Line:
    row = after or before
    days = [side and date.fromisoformat(side["due_on"]) for side in (before, after)]
    rule = shipped().rule(row["rule"])
    place = ", ".join(
        filter(None, [row["award"] and names.award(row["award"]), row["recipient"] and names.organization(row["recipient"])])
    )
    effect = (
        _("Superseded")
        if after is None
        else _("Created")
        if before is None
        else _("Moved")
        if days[0] != days[1]
        else _("Changed")
    )
    period = {"period_from": _iso(row["from"]), "period_to": _iso(row["to"])}
    return Line(title_of(Deadline(rule=row["rule"], **period)), place, *days, effect, rule_words(rule))


def report_lines(consequences: dict, names: Names) -> list[Line]:
    found = consequences["reports"]
    effects = [(found["created"], _("Created")), (found["superseded"], _("Superseded"))]
    lines = [_report_line(row, effect, names) for rows, effect in effects for row in rows.values()]
    lines += [_report_line(change["to"], _("Changed"), names) for change in found["changed"].values()]
    return lines + [_report_line(row, _("Kept"), names) for row in found["kept"].values() if row["state"] != "not_started"]


def _report_line(row: dict, effect: str, names: Names) -> Line:
    title = _("Final report") if row["is_final"] else _("Report")
    place = ", ".join([names.award(row["award"]), names.organization(row["organization"])])
    return Line(title, place, None, None, effect, detail=period_label(Period(_iso(row["from"]), _iso(row["to"]))))


def _iso(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def total_shifts(consequences: dict, names: Names) -> list[Shift]:
    """The totals, changed or not, and each sum by partner and year that changes."""
    totals = consequences["totals"]["prime"]
    currencies = sorted({key.rpartition(" ")[2] for side in totals.values() for key in side})
    found = [
        Shift(_("U.S. funds awarded, total"), *(_sum_words(totals[side].get(f"all {one}"), one) for side in ("from", "to")))
        for one in currencies
    ]
    for group, rows in consequences["sums"].items():
        level, _space, by = group.partition(" ")
        for key, change in rows.items():
            name, _space, currency = key.rpartition(" ")
            label = _group_label(by, name, names)
            label = label if level == "prime" else _("Sub-awards: %(label)s") % {"label": label}
            found.append(Shift(label, _sum_words(change["from"], currency), _sum_words(change["to"], currency)))
    return found


def _sum_words(amount: str | None, currency: str) -> str:
    return format_money(Decimal(amount), currency) if amount is not None else _("nothing")


def _group_label(by: str, key: str, names: Names) -> str:
    if by == "partner":
        return unallocated_label([]) if key.startswith(UNALLOCATED) else names.organization(key)
    if by == "award":
        return names.award(key)
    return _("Known by year only") if key == UNALLOCATED else key_label(key)


def deadlines_headline(consequences: dict) -> str:
    """ "3 deadlines move, 2 are created, 1 is superseded; 61 stay."""
    found = consequences["deadlines"]
    n = {name: len(found[name]) for name in ("changed", "created", "superseded", "kept")}
    parts = [
        ngettext("%(n)s deadline moves", "%(n)s deadlines move", n["changed"]) % {"n": n["changed"]},
        ngettext("%(n)s is created", "%(n)s are created", n["created"]) % {"n": n["created"]},
        ngettext("%(n)s is superseded", "%(n)s are superseded", n["superseded"]) % {"n": n["superseded"]},
        ngettext("%(n)s stays", "%(n)s stay", n["kept"]) % {"n": n["kept"]},
    ]
    return _("%(moved)s, %(created)s, %(superseded)s, %(kept)s") % dict(
        zip(("moved", "created", "superseded", "kept"), parts, strict=True)
    )
