"""Would the figures of an export be the same today? Asked of the list again for the same days, and as it is known today.

Ledger rows are only added, so what the list held when it was exported can be rebuilt: what was written by then. Where the rebuilt
rows have the digest of the fingerprint, every difference can be named; where they have not, no row is named.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from activities.exports import measured_of, questions_of
from activities.exports import words_of as words_of_sums
from activities.reporting.spending import LINES
from activities.sums import OFFER, answers
from cpc.core.fingerprints import Fingerprint, Measured, measured
from funding.awards.answers import Asked
from funding.awards.sheets import ACTIONS
from funding.awards.sums_sheet import SUMS
from funding.pledges.sums import HOST_MEASURES, RESOURCE_OF
from partners.exports import words_of
from partners.models import Partnership

from .accepted import accepted_since
from .changes import MOST_CHANGES, Change
from .ledgers import LEDGERS, Ledger

ACT = "read.funding"


@dataclass(frozen=True)
class Comparison:
    """The question asked now, for `known_on`. `changes` are named only where `is_told`."""

    known_on: date
    found: Measured
    is_same: bool
    changes: list[Change] = field(default_factory=list)
    n_changes: int = 0
    is_told: bool = True


@dataclass(frozen=True)
class Verdict:
    """`comparisons`: for the same days, and, where that is another question, as known today. `title` and `words` say what was
    asked. Empty `comparisons`: the question can no longer be asked."""

    fingerprint: Fingerprint
    partnership: Partnership
    title: str
    words: tuple[tuple[str, str], ...]
    comparisons: list[Comparison]

    @property
    def is_same(self) -> bool:
        return bool(self.comparisons) and all(one.is_same for one in self.comparisons)


def check(fingerprint: Fingerprint, partnership: Partnership, request, *, today: date) -> Verdict:
    """The caller has asked whether the reader may. Raises KeyError for a list that does not exist (any more)."""
    if fingerprint.of == SUMS.name:
        return check_sums(fingerprint, partnership, request, today=today)
    ledger = LEDGERS[fingerprint.of]
    asked = Again(ledger, fingerprint.asked, partnership, request, fingerprint)
    title = str(ledger.sheet.title)
    filters = asked.filters(asked.rows(fingerprint.known_on))
    if not filters.is_valid():
        return Verdict(fingerprint, partnership, title, (), [])
    comparisons = [asked.compare(known_on) for known_on in days_to_ask(fingerprint, today)]
    return Verdict(fingerprint, partnership, title, words_of(filters), comparisons)


def act_of(fingerprint: Fingerprint) -> str:
    """The row of the table of grants that its reader needs. Raises KeyError for a list that does not exist (any more)."""
    if fingerprint.of != SUMS.name:
        return LEDGERS[fingerprint.of].act
    return "read.pledges" if fingerprint.asked.get("measure") in HOST_MEASURES else ACT


def days_to_ask(fingerprint: Fingerprint, today: date) -> list[date]:
    return list(dict.fromkeys([fingerprint.known_on, max(today, fingerprint.known_on)]))


class Again:
    """One list, asked again by who holds its fingerprint."""

    def __init__(self, ledger: Ledger, asked: dict[str, str], partnership: Partnership, request, fingerprint: Fingerprint):
        self.ledger, self.asked, self.partnership, self.request = ledger, asked, partnership, request
        self.fingerprint = fingerprint

    def rows(self, known_on: date, **written) -> QuerySet:
        return self.ledger.rows(self.request.user, self.partnership, as_of=self.fingerprint.as_of, known_on=known_on, **written)

    def filters(self, rows: QuerySet):
        return self.ledger.narrowed(rows, self.asked, self.request)

    def then(self) -> QuerySet:
        """The rows as they were when the export was made."""
        return self.filters(self.rows(self.fingerprint.known_on, written_until=self.fingerprint.written_until)).qs

    def compare(self, known_on: date) -> Comparison:
        now = self.filters(self.rows(known_on)).qs
        found = measured(now, self.ledger.sheet.canon)
        if found.digest == self.fingerprint.digest:
            return Comparison(known_on, found, is_same=True)
        then = self.then()
        if measured(then, self.ledger.sheet.canon).digest != self.fingerprint.digest:
            return Comparison(known_on, found, is_same=False, is_told=False)
        changes, n_changes = self.changes(then, now)
        return Comparison(known_on, found, False, changes, n_changes)

    def changes(self, then: QuerySet, now: QuerySet) -> tuple[list[Change], int]:
        """What stands in one of the two and not in the other, the oldest first, and how many there are."""
        new = self.ledger.shown(now.exclude(pk__in=then.order_by().values("pk")))
        gone = self.ledger.shown(then.exclude(pk__in=now.order_by().values("pk")))
        found = [self.change(row, is_new=True) for row in new[:MOST_CHANGES]]
        found += [self.change(row, is_new=False) for row in gone[: MOST_CHANGES - len(found)]]
        n_changes = len(found) if len(found) < MOST_CHANGES else new.count() + gone.count()
        return found, n_changes

    def change(self, row, *, is_new: bool) -> Change:
        void = None if is_new else getattr(row, "voided_by", None)
        canon = self.ledger.sheet.canon
        return Change(
            is_new=is_new,
            is_void=void is not None,
            key=row.key,
            words=self.ledger.words(row),
            on=row.effective,
            since=(void or row).known_on,
            amount=getattr(row, "amount", None),
            currency=getattr(row, canon.currency or "currency", ""),
            reason=void.reason if void else row.reason if is_new else "",
            where=self.ledger.where(row, self.partnership, self.request.user),
            is_sample=row.is_sample,
        )


def check_sums(fingerprint: Fingerprint, partnership: Partnership, request, *, today: date) -> Verdict:
    """Sums are asked of the one door again; the rows named are those of the ledger behind it."""
    questions = questions_of(fingerprint.asked)
    title = str(SUMS.title)
    if any(asked.group_by not in OFFER.get(asked.measure, ()) for asked in questions):
        return Verdict(fingerprint, partnership, title, (), [])
    sums = SumsAgain(questions, partnership, request, fingerprint)
    comparisons = [sums.compare(day) for day in days_to_ask(fingerprint, today)]
    return Verdict(fingerprint, partnership, title, words_of_sums(questions), comparisons)


class SumsAgain:
    """The sums of one measure, asked again by who holds their fingerprint. The control totals are those of the first question."""

    def __init__(self, questions: list[Asked], partnership: Partnership, request, fingerprint: Fingerprint):
        self.questions, self.first = questions, questions[0]
        self.partnership, self.request, self.fingerprint = partnership, request, fingerprint

    def compare(self, known_on: date) -> Comparison:
        found = measured_of(answers(self.partnership, self.questions, as_of=self.fingerprint.as_of, known_on=known_on))
        if found.digest == self.fingerprint.digest:
            return Comparison(known_on, found, is_same=True)
        changes, n_changes = self.changes(known_on)
        return Comparison(known_on, found, False, changes, n_changes, is_told=n_changes > 0)

    def changes(self, known_on: date) -> tuple[list[Change], int]:
        """The rows behind the sums that make the difference: of its ledger, or the reports that say what was spent. None where
        it was not these rows that were added up, as after the data were loaded anew."""
        levels = list(dict.fromkeys(asked.level for asked in self.questions))
        if self.first.measure in LINES:
            return accepted_since(self.request.user, self.fingerprint, self.partnership, levels, known_on=known_on)
        added_up = self.ledger(self.first.level)
        if not self.first.currency and measured(added_up.then(), added_up.ledger.sheet.canon).totals != self.fingerprint.totals:
            return [], 0
        behind = self.ledger(*levels)
        return behind.changes(behind.then(), behind.filters(behind.rows(known_on)).qs)

    def ledger(self, *levels: str) -> Again:
        """The rows of the ledger that the measure adds up on these levels."""
        measure = self.first.measure
        if measure in HOST_MEASURES:
            ledger, asked = LEDGERS[f"{RESOURCE_OF[measure]}s"], {}
        else:
            ledger, asked = LEDGERS[ACTIONS.name], {"measure": measure} | ({"level": levels[0]} if len(levels) == 1 else {})
        return Again(ledger, asked, self.partnership, self.request, self.fingerprint)
