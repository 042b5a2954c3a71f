"""From rows to the engine's facts: what was true on a day, as far as it could be known on a day. Eight queries, whatever the
number of rows.

What the floors above know (dialogues, commitments, final reports, targets) is handed in. Nothing here writes or locks.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from cpc.core.dates import PreciseDate
from cpc.core.workdays import US
from cpc.reference.models import Holiday
from funding.awards.ledger import period_of
from funding.awards.rules import ADDING_KINDS
from funding.models import Award, AwardAction, AwardRecipient, Pledge
from partners.ledger import LedgerRow
from partners.models import Partnership, TermEvent
from partners.queries import term_of

from .facts import AwardFacts, FromAbove, Granted, Override, PartnershipFacts, PledgeFacts, RecipientFacts
from .models import DueDateChange, RuleOverride
from .rulebook import RuleBook
from .stages import in_force_among, ledger_of, stages_of

ANYBODY = None
NOTHING_ABOVE = FromAbove()


class LoadedAward(NamedTuple):
    """An award with its actions in force, oldest first, its recipients with their organizations, and its whole `ledger`: what was
    taken back, and what took it back, too, and what its own terms say instead of the rules."""

    award: Award
    actions: list[AwardAction]
    recipients: list[AwardRecipient]
    ledger: list[AwardAction]


def gather(
    partnership: Partnership,
    *,
    as_of: date,
    known_on: date,
    awards: list[LoadedAward],
    book: RuleBook,
    above: FromAbove = NOTHING_ABOVE,
    tried: Iterable[TermEvent] = (),
) -> PartnershipFacts:
    """The facts of a partnership, with its `awards` as `load_awards` gave them for the same days, and with what the floors
    above knew then. `tried`: unsaved steps of the term that count as well. `partnership.host_country` should be loaded. Four
    queries."""
    host = partnership.host_country.key
    closed_days = closed_days_of([US, host])
    events = [*ledger_of(TermEvent.objects.filter(partnership=partnership), as_of=as_of, known_on=known_on), *tried]

    def facts_of(in_force: list[TermEvent]) -> PartnershipFacts:
        return PartnershipFacts(
            partnership.key,
            host,
            **term_facts(in_force, as_of=as_of),
            signed_on=partnership.signed_on,
            dialogues=above.dialogues,
            planned=above.planned,
            target_years=above.target_years,
            closed_days=closed_days,
        )

    return replace(
        facts_of(in_force_among(events)),
        awards=tuple(loaded_facts(one, book) for one in awards),
        pledges=tuple(gather_pledges(partnership, as_of=as_of, known_on=known_on)),
        commitments=above.commitments,
        finals=above.finals,
        granted=granted_days(partnership, known_on=known_on) if awards else {},  # the day of a report alone is put off
        stages=stages_of(events, facts_of),
    )


def granted_days(partnership: Partnership, *, known_on: date) -> dict[str, Granted]:
    """The latest day that was granted for each date, by its key, until the end of `known_on` in the partnership's zone."""
    rows = DueDateChange.objects.filter(deadline__partnership=partnership, granted_on__isnull=False).order_by("granted_on", "pk")
    rows = rows.values_list("deadline__key", "granted_on", "decided_at")
    days = [(key, Granted(day, partnership.day_of(at))) for key, day, at in rows]
    return {key: granted for key, granted in days if granted.on <= known_on}


def term_facts(events: list[TermEvent], *, as_of: date) -> dict:
    """What the steps in force, oldest first, say of the term."""
    closed = events and events[-1].kind == TermEvent.Kind.ENDED
    return {
        "term_end": term_of(tuple(events), as_of=as_of).ends,
        "term_closed_on": events[-1].effective_on if closed else None,
    }


def load_awards(awards, *, as_of: date, known_on: date, tried: Iterable[AwardAction] = ()) -> list[LoadedAward]:
    """The awards of a queryset that had begun to exist: those with an action in force. `tried`: unsaved actions that count as
    well. Four queries."""
    awards = awards.known(known_on).order_by("key")
    ledgers, recipients = defaultdict(list), defaultdict(list)
    for action in ledger_of(AwardAction.objects.filter(award__in=awards.values("pk")), as_of=as_of, known_on=known_on):
        ledgers[action.award_id].append(action)
    terms = RuleOverride.objects.filter(award__in=awards.values("pk")).select_related("source")
    for override in ledger_of(terms, as_of=as_of, known_on=known_on):
        ledgers[override.award_id].append(override)
    for action in tried:
        ledgers[action.award_id].append(action)
    for recipient in AwardRecipient.objects.filter(award__in=awards.values("pk")).select_related("organization").order_by("pk"):
        recipients[recipient.award_id].append(recipient)
    loaded = [LoadedAward(award, actions_among(ledgers[award.pk]), recipients[award.pk], ledgers[award.pk]) for award in awards]
    return [one for one in loaded if one.actions]


def actions_among(ledger: list[LedgerRow]) -> list[AwardAction]:
    return [row for row in in_force_among(ledger) if isinstance(row, AwardAction)]


def loaded_facts(one: LoadedAward, book: RuleBook) -> AwardFacts:
    """The facts of an award, with the stages that led to them."""

    def facts_of(in_force: list[LedgerRow]) -> AwardFacts:
        return award_facts(one.award, in_force, one.recipients, book)

    return replace(facts_of(in_force_among(one.ledger)), stages=stages_of(one.ledger, facts_of, not_before=one.award.known_on))


def award_facts(award: Award, rows: list[LedgerRow], recipients: list[AwardRecipient], book: RuleBook) -> AwardFacts:
    """`rows` are the actions in force, oldest first, and what in force the award's own terms say instead of the rules."""
    actions = [row for row in rows if isinstance(row, AwardAction)]
    period = period_of(actions)
    closed = [action.effective_on for action in actions if action.kind == AwardAction.Kind.CLOSEOUT]
    return AwardFacts(
        key=award.key,
        frequency=award.report_frequency,
        report_year=award.report_year,
        is_prime=award.level == Award.Level.PRIME,
        begins=period.start,
        ends=period.end,
        recipients=tuple(recipient_facts(recipient, actions, book) for recipient in recipients),
        final_absorbs_last_interim=award.final_absorbs_last_interim,
        guidance=find_guidance(ANYBODY, actions, book),
        closed_on=closed[-1] if closed else None,
        overrides=tuple({row.rule: override_facts(row) for row in rows if isinstance(row, RuleOverride)}.values()),
    )


def override_facts(row: RuleOverride) -> Override:
    source = f"{row.source.title} ({row.source.publisher})" if row.source else ""
    return Override(row.key, row.rule, row.offset, row.shift, row.is_suppressed, row.reason, source)


def recipient_facts(recipient: AwardRecipient, actions: list[AwardAction], book: RuleBook) -> RecipientFacts:
    return RecipientFacts(
        key=recipient.organization.key,
        rule_class=recipient.rule_class,
        guidance=find_guidance(recipient.organization_id, actions, book),
        begins=PreciseDate.of(recipient.start_on, recipient.start_precision) if recipient.start_on else None,
        ends=PreciseDate.of(recipient.end_on, recipient.end_precision) if recipient.end_on else None,
    )


def find_guidance(organization_id: int | None, actions: list[AwardAction], book: RuleBook) -> str | None:
    """The guidance version of the last action that added money for this recipient, or for recipients not told apart (for
    `ANYBODY`: for any of them): the one that a grants officer set, else the one in force on its day. A no-cost extension never
    changes it."""
    for action in reversed(actions):
        is_for_them = organization_id is ANYBODY or action.recipient_id in (None, organization_id)
        if action.kind in ADDING_KINDS and is_for_them:
            return action.guidance_version or book.guidance_on(action.effective_on)
    return None


def gather_pledges(partnership: Partnership, *, as_of: date, known_on: date) -> list[PledgeFacts]:
    rows = Pledge.objects.filter(partnership=partnership).in_force(as_of=as_of, known_on=known_on).order_by("key")
    return [
        PledgeFacts(pledge.key, PreciseDate.of(pledge.ends_on, pledge.ends_precision) if pledge.ends_on else None)
        for pledge in rows
    ]


def closed_days_of(countries: list[str]) -> dict[str, set[date]]:
    """Days without work that the holiday package does not know, by country code."""
    days = defaultdict(set)
    for country, day in Holiday.objects.filter(country_code__in=countries).values_list("country_code", "day"):
        days[country].add(day)
    return dict(days)
