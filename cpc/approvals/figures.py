"""The figures of a proposal, now and after: headline, periods, regions and pledges, totals."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from cpc.core.labels import key_label
from cpc.core.money import currency_symbol, format_money
from funding.awards.queries import unallocated_label
from funding.awards.rules import UNALLOCATED
from partners.ledger import Qualifier

from .words import Names, precise_words


@dataclass(frozen=True)
class Shift:
    """One figure now and after, in words. `same`: the proposal leaves it. `name` heads a big figure, `after_name` its other
    half."""

    label: str
    before: str
    after: str
    after_label: str = ""

    @property
    def same(self) -> bool:
        return self.before == self.after


@dataclass(frozen=True)
class Totals:
    """`title` says what becomes of the whole; `groups` pair a heading with its rows. `symbol` is the one currency's, or empty."""

    title: str
    symbol: str
    groups: list[tuple[str, list[Shift]]]


def headline_of(found: dict, names: Names, *, waits: bool) -> list[Shift]:
    """The figures that a decider looks at first: the end that moves, and the money."""
    term, ends = found["term"], _moved_ends(found)
    shifts = []
    if term["from"] != term["to"]:
        labels = _labels(waits, _("The term ends now on"), _("The term ended before on"))
        shifts.append(Shift(labels[0], precise_words(term["from"]), precise_words(term["to"]), labels[1]))
    if len(ends) == 1:
        labels = _labels(waits, _("Period of performance ends now on"), _("Period of performance ended before on"))
        shifts.append(Shift(labels[0], *(precise_words(day) for day in ends[0]), labels[1]))
    return shifts + _money_headline(found, names, waits=waits)


def _labels(waits: bool, now: str, before: str) -> tuple[str, str]:
    return (now, _("and would end on")) if waits else (before, _("and ends since on"))


def _moved_ends(found: dict) -> list[tuple[str | None, str | None]]:
    """Old and new end of each award that had a period and has another one."""
    pairs = [(change["from"], change["to"]) for change in found["awards"].values() if change["from"] and change["to"]]
    return [(old["end"], new["end"]) for old, new in pairs if old["end"] != new["end"]]


def _money_headline(found: dict, names: Names, *, waits: bool) -> list[Shift]:
    """The one award that is touched, or the total of all."""
    single = {key: row for group in ("prime award", "sub award") for key, row in found["sums"][group].items()}
    if len(single) == 1 and next(iter(single.values()))["from"] is not None:
        key, row = next(iter(single.items()))
        currency, pair = key.rpartition(" ")[2], (row["from"], row["to"])
    else:
        totals = found["totals"]["prime"]
        currencies = {key.rpartition(" ")[2] for side in totals.values() for key in side}
        if len(currencies) != 1:
            return []
        currency = currencies.pop()
        pair = tuple(totals[side].get(f"all {currency}") for side in ("from", "to"))
    words = [_sum_words(amount, currency) for amount in pair]
    if pair[0] == pair[1]:
        return [Shift(_("Awarded, unchanged"), words[0], words[1])]
    if waits:
        return [Shift(_("Awarded now"), *words, _("and would be"))]
    return [Shift(_("Awarded before"), *words, _("and is since"))]


def shifts_of(found: dict, names: Names) -> list[Shift]:
    """What would be otherwise beside the headline: new awards, periods where several move, regions, pledges."""
    shifts, in_headline = [], len(_moved_ends(found)) == 1
    for key, change in sorted(found["awards"].items()):
        shifts += _period_shifts(names.award(key), change["from"], change["to"], in_headline=in_headline)
    for key, change in sorted(found["regions"].items()):
        after = _("covered from %(day)s") % {"day": precise_words(change["to"])} if change["to"] else _("not covered")
        shifts.append(Shift(names.region(key), _("not covered"), after))
    for change in found["pledges"].values():
        shifts.append(Shift(_("Pledge"), *(pledge_words(change[side]) for side in ("from", "to"))))
    return shifts


def _period_shifts(award: str, before: dict | None, after: dict | None, *, in_headline: bool):
    words = {"award": award}
    if before is None or after is None:
        sides = (_period_words(side) if side else _("no such award") for side in (before, after))
        yield Shift(_("Period of performance: %(award)s") % words, *sides)
        return
    if before["start"] != after["start"]:
        days = (precise_words(side["start"]) for side in (before, after))
        yield Shift(_("Period of performance starts: %(award)s") % words, *days)
    if before["end"] != after["end"] and not in_headline:
        days = (precise_words(side["end"]) for side in (before, after))
        yield Shift(_("Period of performance ends: %(award)s") % words, *days)


def _period_words(period: dict) -> str:
    if not period["start"] and not period["end"]:
        return _("no period is published")
    return f"{precise_words(period['start'])} – {precise_words(period['end'])}"


def pledge_words(pledge: dict | None) -> str:
    if pledge is None:
        return _("none")
    if pledge["amount"] is None:
        return _("in kind, no sum")
    amount = format_money(Decimal(pledge["amount"]), pledge["currency"])
    return amount if pledge["qualifier"] == Qualifier.EXACT else f"{Qualifier(pledge['qualifier']).label} {amount}"


def totals_of_proposal(found: dict, names: Names) -> Totals:
    """The whole, changed or not, and each sum by award, partner and year that changes or whose award is touched."""
    totals = found["totals"]["prime"]
    currencies = sorted({key.rpartition(" ")[2] for side in totals.values() for key in side})
    sums = found["sums"].values()
    currencies = sorted({*currencies, *(key.rpartition(" ")[2] for rows in sums for key in rows)})
    single = currencies[0] if len(currencies) == 1 else ""
    whole = [
        Shift(_whole_label(one, single), *(_cell(totals[side].get(f"all {one}"), one, single) for side in ("from", "to")))
        for one in currencies
    ]
    groups = [(_("Partnership"), whole)] if whole else []
    for (level, by), head in GROUP_HEADS.items():
        shifts = []
        for key, change in sorted(found["sums"][f"{level} {by}"].items()):
            name, _space, currency = key.rpartition(" ")
            cells = (_cell(change[side], currency, single) for side in ("from", "to"))
            shifts.append(Shift(_group_label(by, name, names), *cells))
        if shifts:
            groups.append((head(), shifts))
    return Totals(_totals_title(totals), currency_symbol(single) if single else "", groups)


GROUP_HEADS = {
    ("prime", "award"): lambda: _("By award"),
    ("prime", "partner"): lambda: _("By partner"),
    ("prime", "fiscal_year"): lambda: _("By U.S. fiscal year"),
    ("sub", "award"): lambda: _("Sub-awards, a part of the above"),
    ("sub", "partner"): lambda: _("Sub-awards by partner"),
    ("sub", "fiscal_year"): lambda: _("Sub-awards by U.S. fiscal year"),
}


def _whole_label(currency: str, single: str) -> str:
    return _("U.S. funds awarded") if single else _("U.S. funds awarded, %(currency)s") % {"currency": currency}


def _totals_title(totals: dict) -> str:
    """ "US$ 1,700,000 more in total"."""
    if totals["from"] == totals["to"]:
        return _("Totals stay the same")
    keys = [key for key in {**totals["from"], **totals["to"]} if totals["from"].get(key) != totals["to"].get(key)]
    if len(keys) > 1:
        return _("Totals change")
    change = sum(sign * Decimal(totals[side].get(keys[0]) or 0) for side, sign in (("to", 1), ("from", -1)))
    words = {"amount": format_money(abs(change), keys[0].rpartition(" ")[2])}
    return _("%(amount)s more in total") % words if change > 0 else _("%(amount)s less in total") % words


def _sum_words(amount: str | None, currency: str) -> str:
    return format_money(Decimal(amount), currency) if amount is not None else _("nothing")


def _cell(amount: str | None, currency: str, single: str) -> str:
    """With cents, and with its currency where the table has several."""
    if amount is None:
        return _("nothing")
    figure = f"{Decimal(amount):,.2f}".replace("-", "−")
    return figure if single else f"{currency_symbol(currency)}\u00a0{figure}"


def _group_label(by: str, key: str, names: Names) -> str:
    if by == "partner":
        if not key.startswith(UNALLOCATED):
            return names.organization(key)
        return unallocated_label(names.recipients(key.removeprefix(f"{UNALLOCATED}-")))
    if by == "award":
        return names.award(key)
    return _("Known by year only") if key == UNALLOCATED else key_label(key)
