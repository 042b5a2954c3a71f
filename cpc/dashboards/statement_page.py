"""One statement: what was said, beside the ledger of its day, and what became of it."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cpc.core.labels import day_label, precise_label
from cpc.core.texts import text_in
from partners.asof import asked_days
from partners.models import Statement
from partners.pages import partnership_page
from partners.permissions import may
from partners.statements.permissions import may_change, may_register
from partners.statements.services import Said, standing_after

from .compared import amount_words
from .comparing import Compared, compare, gather, pairs_of


@dataclass(frozen=True)
class Event:
    """One act in a history, newest first: when, who and what, and the particulars."""

    sentence: str
    note: str = ""


def statement_in_scope(partnership, key: str, known_on=None) -> Statement:
    """A statement of the partnership, also one that was taken back. Raises Http404 for another key, or one not known by then."""
    rows = Statement.objects.filter(partnership=partnership, voids=None, key=key)
    if known_on:
        rows = rows.filter(known_on__lte=known_on)
    found = rows.select_related("source", "entered_by", "voided_by__entered_by", "replaced_by", "replaces").first()
    if found is None:
        raise Http404
    return found


@require_safe
@partnership_page("read.statements")
def statement_detail(request, partnership, key):
    days, asof = asked_days(request, partnership)
    statement = statement_in_scope(partnership, key, days.known_on)
    statements = list(
        Statement.objects.filter(partnership=partnership)
        .in_force(as_of=days.as_of, known_on=days.known_on)
        .select_related("source")
    )
    facts = gather(request.user, partnership, days, [*statements, statement])
    one, void = compare(statement, facts), void_of(statement, days.known_on)
    context = {
        "partnership": partnership,
        "days": days,
        "asof": asof,
        "form": asof,
        "one": one,
        "statement": statement,
        "against": against(one, [compare(row, facts) for row in statements if row.amount is not None]),
        "history": history_of(statement, void),
        "void": void,
        "standing": standing_after(statement) if void else None,
        "may_change": may_change(request.user, statement),
        "may_keep": may_register(request.user, partnership),
        "bases_url": bases_url(request.user, partnership, statement),
        "crumbs": crumbs(partnership),
    }
    return render(request, "dashboards/statement_detail.html", context, status=200 if asof.is_valid() else 400)


def bases_url(user, partnership, statement: Statement) -> str:
    """Where a statement of the pledge is held against the pledge at every rate; "" for another one, and for who may not."""
    if statement.measure != Statement.Measure.PLEDGED or statement.amount is None:
        return ""
    if not may(user, "read.pledges", partnership.pk):
        return ""
    address = reverse("rates:bases", args=[partnership.key])
    return f"{address}?stated={statement.amount}" if statement.currency == "USD" else address


def crumbs(partnership, statement: Statement | None = None) -> list[dict]:
    trail = [{"label": _("Statements"), "url": reverse("dashboards:statements", args=[partnership.key])}]
    if statement is not None:
        address = reverse("dashboards:statement", args=[partnership.key, statement.key])
        trail.append({"label": str(text_in(statement, "words")), "url": address})
    return trail


def against(one: Compared, others: list[Compared]) -> list[Compared]:
    """The statements in force with which `one` cannot hold together."""
    if one.statement.amount is None:
        return []
    found = pairs_of([one, *(other for other in others if other.statement.pk != one.statement.pk)])
    return [other for first, other in found if first is one]


def void_of(statement: Statement, known_on: date) -> Statement | None:
    """The row that took it back, if that was known by then."""
    void = getattr(statement, "voided_by", None)
    return void if void and void.known_on <= known_on else None


def history_of(statement: Statement, void: Statement | None) -> list[Event]:
    """What happened to it and to those in whose place it stands, newest first. A query for each of these."""
    events = []
    if void:
        words = {"day": day_label(void.known_on), "who": void.entered_by or _("a file")}
        is_replaced = hasattr(statement, "replaced_by")
        sentence = _("%(day)s: replaced by %(who)s.") if is_replaced else _("%(day)s: taken back by %(who)s.")
        events.append(Event(sentence % words, void.reason))
    row = statement
    while row is not None:
        events += own_events(row)
        row = row.replaces
    return events


def own_events(row: Statement) -> list[Event]:
    """How a row came onto the record, and in what it differs from the one in whose place it stands."""
    words = {"day": day_label(row.known_on), "who": row.entered_by}
    if row.replaces is None:
        sentence = _("%(day)s: put on record by %(who)s.") if row.entered_by else _("%(day)s: known; loaded from a file.")
        return [Event(sentence % words)]
    before, after = told(row.replaces), told(row)
    changed = [
        _("%(field)s: from “%(old)s” to “%(new)s”.") % {"field": name, "old": before[name] or "–", "new": after[name] or "–"}
        for name in after
        if before[name] != after[name]
    ]
    why = _("Why: %(reason)s") % {"reason": row.replaces.voided_by.reason}
    return [Event(_("%(day)s: corrected by %(who)s.") % words, " ".join([*changed, why]))]


def told(row: Statement) -> dict[str, str]:
    """What a statement says, field by field, in words."""
    said = Said.of(row)
    amount = "" if said.amount is None else amount_words(said.amount, said.currency, said.qualifier)
    return {
        _("What it speaks of"): row.get_measure_display(),
        _("Award"): said.award_key,
        _("Amount"): amount,
        _("End that it names"): precise_label(said.day) if said.day else "",
        _("The day of which it speaks"): precise_label(said.as_of),
        _("What was said, in English"): said.words_en,
        _("What was said, in Spanish"): said.words_es,
        _("Source document"): said.source.title if said.source else "",
        _("Certainty"): row.get_certainty_display(),
        _("Note"): said.note,
    }
