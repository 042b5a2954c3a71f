"""From rows to the engine's facts: what was true on a day, as far as it could be known on a day. Six queries, whatever the
number of rows.

Dialogues come from above and are handed in. Nothing here writes or locks.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from cpc.core.dates import PreciseDate
from cpc.core.workdays import US
from cpc.reference.models import Holiday
from funding.awards.ledger import in_force, period_of
from funding.awards.rules import ADDING_KINDS
from funding.models import Award, AwardAction, AwardRecipient, Pledge
from partners.models import Partnership, TermEvent
from partners.queries import term_on

from .facts import AwardFacts, DialogueFacts, PartnershipFacts, PledgeFacts, RecipientFacts
from .rulebook import RuleBook

LoadedAward = tuple[Award, list[AwardAction], list[AwardRecipient]]


def gather(
    partnership: Partnership,
    *,
    as_of: date,
    known_on: date,
    awards: list[LoadedAward],
    dialogues: Iterable[DialogueFacts],
    book: RuleBook,
) -> PartnershipFacts:
    """The facts of a partnership, with its `awards` as `load_awards` gave them for the same days; `dialogues` are those that were
    held by `as_of`. `partnership.host_country` should be loaded. Three queries."""
    term = term_on(partnership, as_of=as_of, known_on=known_on)
    last = term.events[-1] if term.events else None
    host = partnership.host_country.key
    return PartnershipFacts(
        key=partnership.key,
        host_country=host,
        term_end=term.ends,
        term_closed_on=last.effective_on if last and last.kind == TermEvent.Kind.ENDED else None,
        awards=tuple(award_facts(*one, book) for one in awards),
        pledges=tuple(gather_pledges(partnership, as_of=as_of, known_on=known_on)),
        dialogues=tuple(dialogues),
        closed_days=closed_days_of([US, host]),
    )


def load_awards(awards, *, as_of: date, known_on: date) -> list[LoadedAward]:
    """The awards of a queryset that had begun to exist, those with an action in force, each with these actions, oldest first,
    and its recipients with their organizations. Three queries."""
    awards = awards.known(known_on).order_by("key")
    actions = defaultdict(list)
    rows = in_force(AwardAction.objects.filter(award__in=awards.values("pk")), as_of=as_of, known_on=known_on)
    for action in rows.order_by("effective_on", "pk"):
        actions[action.award_id].append(action)
    recipients = defaultdict(list)
    for recipient in AwardRecipient.objects.filter(award__in=awards.values("pk")).select_related("organization").order_by("pk"):
        recipients[recipient.award_id].append(recipient)
    return [(award, actions[award.pk], recipients[award.pk]) for award in awards if actions[award.pk]]


def award_facts(award: Award, actions: list[AwardAction], recipients: list[AwardRecipient], book: RuleBook) -> AwardFacts:
    """`actions` are those in force, oldest first."""
    period = period_of(actions)
    return AwardFacts(
        key=award.key,
        frequency=award.report_frequency,
        begins=period.start,
        ends=period.end,
        recipients=tuple(recipient_facts(recipient, actions, book) for recipient in recipients),
        final_absorbs_last_interim=award.final_absorbs_last_interim,
    )


def recipient_facts(recipient: AwardRecipient, actions: list[AwardAction], book: RuleBook) -> RecipientFacts:
    return RecipientFacts(
        key=recipient.organization.key,
        rule_class=recipient.rule_class,
        guidance=find_guidance(recipient.organization_id, actions, book),
        begins=PreciseDate.of(recipient.start_on, recipient.start_precision) if recipient.start_on else None,
        ends=PreciseDate.of(recipient.end_on, recipient.end_precision) if recipient.end_on else None,
    )


def find_guidance(organization_id: int, actions: list[AwardAction], book: RuleBook) -> str | None:
    """The guidance version of the last action that added money for this recipient, or for recipients not told apart: the one
    that a grants officer set, else the one in force on its day. A no-cost extension never changes it."""
    for action in reversed(actions):
        if action.kind in ADDING_KINDS and action.recipient_id in (None, organization_id):
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
