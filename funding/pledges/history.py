"""What happened to a contribution, in sentences, from the rows of the ledger themselves."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from cpc.core.labels import day_label, format_number
from cpc.core.money import format_money
from cpc.core.texts import text_in
from partners.models import Partnership

from .models import Contribution, ContributionConfirmation


@dataclass(frozen=True)
class Event:
    """One act: `sentence` says when, who and what, `note` the reason; `url` leads to the row that is told of."""

    sentence: str
    note: str = ""
    url: str = ""
    link: str = ""


def history_of(row: Contribution, words: list[ContributionConfirmation], today: date) -> list[Event]:
    """The acts on `row` as known on `today`, newest first. `row` is one of `with_life`; no statement is made."""
    events = [entered(row), *(said(row, word) for word in words if word.confirmed_on <= today)]
    void = getattr(row, "voided_by", None)
    if void and void.known_on <= today:
        events.append(voided(row, void))
    return events[::-1]


def entered(row: Contribution) -> Event:
    by = {"when": day_label(row.known_on), "who": row.entered_by}
    if row.entered_by is None:
        return Event(_("%(when)s: known from a file that was loaded.") % by)
    if row.replaces is None:
        return Event(_("%(when)s: entered by %(who)s.") % by)
    return Event(
        _("%(when)s: entered by %(who)s in the place of another row.") % by,
        url=address_of(row, row.replaces), link=_("The row before: %(key)s") % {"key": row.replaces.key},
    )  # fmt: skip


def said(row: Contribution, word: ContributionConfirmation) -> Event:
    who = {
        "when": day_label(word.confirmed_on),
        "side": side_name(row.partnership, word.side),
        "who": word.confirmed_by or _("loaded from a file"),
    }
    if word.agrees:
        return Event(_("%(when)s: confirmed for %(side)s (%(who)s).") % who)
    if word.amount is not None:
        value = format_money(word.amount, row.currency)
        sentence = _("%(when)s: disputed for %(side)s (%(who)s), which holds %(value)s right.") % {**who, "value": value}
    elif word.quantity is not None:
        value = format_number(word.quantity)
        sentence = _("%(when)s: disputed for %(side)s (%(who)s), which holds %(value)s right.") % {**who, "value": value}
    else:
        sentence = _("%(when)s: disputed for %(side)s (%(who)s).") % who
    return Event(sentence, word.reason)


def voided(row: Contribution, void: Contribution) -> Event:
    by = {"when": day_label(void.known_on), "who": void.entered_by or _("loaded from a file")}
    new = getattr(row, "replaced_by", None)
    if new is None:
        return Event(_("%(when)s: voided by %(who)s.") % by, void.reason)
    return Event(
        _("%(when)s: voided by %(who)s and replaced.") % by, void.reason,
        url=address_of(row, new), link=_("The row in its place: %(key)s") % {"key": new.key},
    )  # fmt: skip


def side_name(partnership: Partnership, side: str) -> str:
    """The government, as sentences name it."""
    if side == ContributionConfirmation.Side.HOST:
        return str(text_in(partnership, "host_name"))
    return _("the United States")


def address_of(row: Contribution, other: Contribution) -> str:
    return reverse("pledges:contribution", args=[row.partnership.key, other.key])
