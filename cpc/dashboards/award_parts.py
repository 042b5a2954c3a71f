"""Parts of an award's page: how complete its sub-awards are, what was spent, the documents it rests on, and its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from activities.reporting.models import Report
from activities.reporting.spending import Increment, accepted_lines, increments_of, sum_of, word_of
from cpc.accounts.models import User
from cpc.core.dates import PreciseDate
from cpc.core.labels import day_label
from cpc.core.money import format_money
from cpc.core.periods import Period
from cpc.core.texts import text_in
from funding.awards.describing import DescribeAwardForm
from funding.awards.elements import Meter, meter_of
from funding.awards.ledger import Line, in_force
from funding.models import Award, AwardAction, AwardRecipient
from partners.models import Document, PartnershipMember, Statement

from .award_edit import changes_of
from .compared import amount_words

AT_ONCE = 8  # reports whose spending is shown at once; the earlier ones open below


@dataclass(frozen=True)
class Sub:
    """A sub-award in the list of its parent."""

    award: Award
    meter: Meter


def subs_of(parent: Award, subs: list[Award], when: dict) -> list[Sub]:
    """Four statements, however many there are."""
    if not subs:
        return []
    actions = in_force(AwardAction.objects.all(), **when).order_by("effective_on", "pk")
    rows = Award.objects.filter(pk__in=[sub.pk for sub in subs]).select_related("parent", "pass_through")
    rows = rows.prefetch_related("recipients__organization", Prefetch("actions", actions, to_attr="standing")).in_bulk()
    federal, agencies = first_day_of(parent, when), agencies_of(parent)
    found = []
    for sub in subs:
        whole = rows[sub.pk]
        meter = meter_of(
            whole, list(whole.recipients.all()), whole.standing, federal_award_on=federal, agencies=agencies
        )  # fmt: skip
        found.append(Sub(sub, meter))
    return found


def meter_of_sub(award: Award, recipients: list[AwardRecipient], actions: Sequence[AwardAction], when: dict) -> Meter:
    federal = first_day_of(award.parent, when) if award.parent else None
    return meter_of(award, recipients, actions, federal_award_on=federal, agencies=agencies_of(award))


def first_day_of(award: Award, when: dict) -> PreciseDate | None:
    """When the award was made."""
    first = in_force(AwardAction.objects.filter(award=award), **when).order_by("effective_on", "pk").first()
    return first.effective if first else None


def agencies_of(award: Award) -> list[str]:
    rows = PartnershipMember.objects.filter(partnership=award.partnership_id, part=PartnershipMember.Part.AGENCY)
    return [str(text_in(row.organization, "name")) for row in rows.select_related("organization").order_by("organization__key")]


@dataclass(frozen=True)
class Spent:
    """What one accepted report adds. `disbursed` and `spent` None: it does not say. `since`: the first day of what is added,
    where a report before it is missing and it speaks of more than its own period; else None."""

    report: Report
    period: Period
    since: date | None
    disbursed: Decimal | None
    spent: Decimal | None


@dataclass(frozen=True)
class Spending:
    """By period, newest first, and in words what the known amounts add up to: "at least", where a report is still silent."""

    rows: list[Spent]
    disbursed: str
    spent: str

    @property
    def newest(self) -> list[Spent]:
        return self.rows[:AT_ONCE]

    @property
    def earlier(self) -> list[Spent]:
        return self.rows[AT_ONCE:]


def spending_of(user, partnership, award: Award, when: dict) -> Spending:
    """From the accepted reports that the reader may see. Two statements."""
    seen = Report.objects.visible_to(user).filter(award=award).select_related("organization").in_bulk()
    lines = list(accepted_lines(partnership, **when).filter(version__report__award=award))
    found = {
        measure: {one.row.report: one for one in increments_of(lines, measure) if one.row.report in seen}
        for measure in ("disbursed", "spent")
    }
    rows = [spent_in(seen[pk], found["disbursed"][pk], found["spent"][pk]) for pk in found["spent"]]
    rows.sort(key=lambda row: (row.period.last, row.report.organization.key), reverse=True)
    return Spending(rows, *(total_words(list(ones.values()), award.currency) for ones in found.values()))


def spent_in(report: Report, disbursed: Increment, spent: Increment) -> Spent:
    period = Period(report.period_from, report.period_to)
    first = min(disbursed.since.first, spent.since.first)
    return Spent(report, period, first if first < period.first else None, disbursed.amount, spent.amount)


def total_words(ones: list[Increment], currency: str) -> str:
    total = sum_of(ones)
    return format_money(total, currency) if total is None else amount_words(total, currency, word_of(ones))


def documents_of(award: Award, recipients: list[AwardRecipient], lines: list[Line], when: dict) -> list[Document]:
    """What the rows of the award rest on, and where something was said of it in public; by day, the newest first."""
    said = Statement.objects.filter(partnership=award.partnership_id, award_key=award.key).in_force(**when)
    rows = [award, *recipients, *(line.action for line in lines), *said.select_related("source")]
    found = {row.source.pk: row.source for row in rows if row.source}
    return sorted(found.values(), key=lambda one: (one.published_on or date.min, one.key), reverse=True)


@dataclass(frozen=True)
class Event:
    """One act in a history: when, what and who; and the particulars."""

    on: date
    sentence: str
    note: str = ""


def history_of(award: Award, lines: list[Line]) -> list[Event]:
    """Steps of the ledger as they became known, and what was changed directly; newest first. Two statements."""
    proposers = User.objects.in_bulk({line.action.proposed_by_id for line in lines if line.action.decided_here})
    events = [of_step(line.action, award, proposers) for line in lines]
    events += [of_description(event) for event in changes_of(award)]
    events.sort(key=lambda event: event.on)
    return events[::-1]


def of_step(action: AwardAction, award: Award, proposers: dict) -> Event:
    words = {"day": day_label(action.known_on), "what": action.get_kind_display()}
    if action.voids:
        words["what"] = _("%(key)s taken back") % {"key": action.voids.key}
    elif action.amount is not None:
        amount = format_money(action.amount, action.currency or award.currency, signed=True)
        words["what"] = _("%(kind)s of %(amount)s") % {"kind": words["what"], "amount": amount}
    if not action.decided_here:
        return Event(action.known_on, _("%(day)s: %(what)s; known, loaded from a file.") % words, action.reason)
    words |= {"proposer": proposers.get(action.proposed_by_id), "decider": action.decided_by}
    return Event(
        action.known_on, _("%(day)s: %(what)s; proposed by %(proposer)s, approved by %(decider)s.") % words, action.reason
    )


def of_description(event) -> Event:
    words = {"day": day_label(event.at.date()), "who": event.actor or _("a program")}
    before, after = event.before or {}, event.after or {}
    changed = [
        _("%(field)s: from “%(old)s” to “%(new)s”.")
        % {"field": label_of(name), "old": told(before.get(name)), "new": told(value)}
        for name, value in after.items()
    ]
    return Event(event.at.date(), _("%(day)s: described anew by %(who)s.") % words, " ".join(changed))


def label_of(name: str) -> str:
    """The name of a described field: "uei ilo" is the identifier of an organization."""
    if name.startswith("uei "):
        return _("UEI of %(name)s") % {"name": name.removeprefix("uei ")}
    return str(DescribeAwardForm.base_fields[name].label)


def told(value) -> str:
    if value in (None, ""):
        return "–"
    return {True: _("yes"), False: _("no")}.get(value, str(value)) if isinstance(value, bool) else str(value)
