"""No date is born overdue from a decision taken here, and what a file brought keeps its days."""

from dataclasses import replace
from datetime import date, timedelta

from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from activities.deadlines.engine import compute
from activities.deadlines.explain import decision_words
from activities.deadlines.facts import AwardFacts, DialogueFacts, PartnershipFacts, RecipientFacts, Stage
from activities.deadlines.rulebook import shipped
from activities.deadlines.status import ENDS
from cpc.core.dates import PreciseDate

day = date.fromisoformat
when = PreciseDate.parse
BEGINS = when("2019-10-01")
NGO = RecipientFacts("ngo", "recipient_2cfr200", "UG-2014")


def award(end, recipient=NGO):
    return AwardFacts("a", "quarterly", BEGINS, when(end) if end else None, (recipient,))


def staged(*steps):
    """The award as it stands after `steps`: day, whether decided here, and the award's end (or the facts) from then on."""
    stages = tuple(Stage(day(on), decided, end if isinstance(end, AwardFacts) else award(end)) for on, decided, end in steps)
    return replace(stages[-1].facts, stages=stages)


def dates(subject):
    facts = subject if isinstance(subject, PartnershipFacts) else PartnershipFacts("p", "PE", awards=(subject,))
    return {one.key: one for one in compute(facts, shipped()).due}


def due(subject):
    return {key: one.due_on.isoformat() for key, one in dates(subject).items()}


def test_award_decided_late_gives_thirty_days_for_what_was_due_already():
    found = dates(staged(("2020-06-01", True, "2020-12-31")))
    late = found["a-ngo-2020-q1-performance"]
    assert (late.raw_on, late.legal_on, late.due_on, late.decided_on) == tuple(
        map(day, ("2020-04-30", "2020-04-30", "2020-07-01", "2020-06-01"))
    )
    later = found["a-ngo-2020-q2-performance"]
    assert (later.due_on, later.legal_on, later.decided_on) == (day("2020-07-30"), None, None)


def test_day_of_the_decision_itself_is_not_overdue():
    assert due(staged(("2020-04-30", True, "2020-12-31")))["a-ngo-2020-q1-performance"] == "2020-04-30"
    assert due(staged(("2020-05-01", True, "2020-12-31")))["a-ngo-2020-q1-performance"] == "2020-05-31"


def test_next_business_day_is_that_of_the_day_that_counts():
    late = dates(staged(("2020-05-01", True, "2020-12-31")))["a-ngo-2020-q1-performance"]
    assert (late.due_on, late.next_business_on) == (day("2020-05-31"), day("2020-06-01"))  # a Sunday


def test_what_a_file_brought_keeps_its_days_beside_what_was_decided():
    loaded, both = ("2019-10-15", False, "2020-12-31"), ("2021-02-05", True, "2022-06-30")
    assert due(staged(loaded)) == due(award("2020-12-31"))
    found = due(staged(loaded, both))
    assert found["a-ngo-2020-q1-performance"] == "2020-04-30"
    assert found["a-ngo-2020-q4-performance"] == "2021-03-07"  # an interim now, that was due on 2021-01-30
    assert found["a-ngo-2022-q2-final-performance"] == "2022-09-28"
    assert due(staged(loaded, ("2021-02-05", False, "2022-06-30"))) == due(award("2022-06-30"))


def test_end_is_no_duty_and_stays_where_it_is():
    assert due(staged(("2021-03-01", True, "2020-12-31")))["a-award-end"] == "2020-12-31"


def test_shortened_award_whose_final_would_be_late():
    found = due(staged(("2019-10-01", True, "2020-12-31"), ("2020-12-01", True, "2020-06-30")))
    assert found["a-ngo-2020-q2-final-performance"] == "2020-12-31"
    assert found["a-ngo-2020-q1-performance"] == "2020-04-30"


def test_extension_never_makes_an_open_date_earlier():
    entered = ("2020-06-01", True, "2020-01-31")  # final by the rule 2020-04-30, so 2020-07-01
    assert due(staged(entered))["a-ngo-2020-q1-final-performance"] == "2020-07-01"
    found = dates(staged(entered, ("2020-06-10", True, "2020-03-20")))["a-ngo-2020-q1-final-performance"]
    assert (found.legal_on, found.due_on, found.decided_on) == tuple(map(day, ("2020-06-18", "2020-07-01", "2020-06-01")))
    with override("en"):
        assert "an extension makes no date earlier" in decision_words(found)


def test_taken_back_on_the_same_day_everything_is_as_before_and_nothing_late_is_excused():
    before = ("2019-10-01", False, "2020-03-31")
    assert due(staged(before, ("2020-09-01", True, "2020-03-31"))) == due(award("2020-03-31"))
    again = staged(before, ("2020-09-01", True, "2022-03-31"), ("2020-09-02", True, "2020-03-31"))
    assert due(again)["a-ngo-2020-q1-final-performance"] == "2020-06-29"  # it was late when the extension came


def test_what_fell_due_while_an_extension_hid_it_is_not_late_when_that_is_taken_back():
    before = ("2019-10-01", False, "2020-03-31")
    again = staged(before, ("2020-06-01", True, "2022-03-31"), ("2020-09-01", True, "2020-03-31"))
    assert due(again)["a-ngo-2020-q1-final-performance"] == "2020-10-01"
    in_time = staged(before, ("2020-06-01", True, "2022-03-31"), ("2020-06-20", True, "2020-03-31"))
    assert due(in_time)["a-ngo-2020-q1-final-performance"] == "2020-06-29"


def test_late_decision_on_the_term_leaves_time_to_decide_on_the_next():
    def own(end, **more):
        return PartnershipFacts("p", "PE", term_end=when(end), **more)

    stages = (Stage(day("2017-06-15"), False, own("2020-03")), Stage(day("2020-02-06"), True, own("2020-06")))
    found = dates(own("2020-06", stages=stages))
    assert (found["p-term-decision"].legal_on, found["p-term-decision"].due_on) == (day("2020-01-02"), day("2020-03-07"))
    assert found["p-term-end"].due_on == day("2020-06-30")


def test_dialogue_that_an_extension_asks_for_again_is_not_late():
    held = (DialogueFacts("d", when("2019-01-15")),)

    def own(end, **more):
        return PartnershipFacts("p", "PE", term_end=when(end), dialogues=held, **more)

    stages = (Stage(day("2017-06-15"), False, own("2019-12")), Stage(day("2020-02-06"), True, own("2022-06")))
    assert "d-next" not in dates(own("2019-12"))
    assert dates(own("2022-06", stages=stages))["d-next"].due_on == day("2020-03-07")


def test_reason_names_both_days_in_both_languages():
    late = dates(staged(("2020-06-01", True, "2020-12-31")))["a-ngo-2020-q1-performance"]
    with override("en"):
        told = decision_words(late).replace("\u00a0", " ")
    assert told == "Computed day 30 Apr 2020, before the decision of 1 Jun 2020; 30 days from the decision."
    with override("es"):
        assert "2020" in decision_words(late)


steps = st.lists(
    st.tuples(
        st.dates(date(2019, 10, 1), date(2023, 12, 31)),
        st.booleans(),
        st.dates(date(2019, 12, 1), date(2023, 12, 31)).map(date.isoformat),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda step: step[0],
).map(lambda found: [(on.isoformat(), decided, end) for on, decided, end in sorted(found)])


def by_rule(end):
    return dates(award(end))


@given(steps)
def test_nothing_is_late_on_the_day_on_which_a_decision_brings_it(ledger):
    """After each decision: a date that did not stand the day before is due on that day or later, unless it was late already when
    it went."""
    standing, gone = set(), {}  # by key and day of the rule; of those gone, since when
    for n, (on, decided, _end) in enumerate(ledger):
        now = dates(staged(*ledger[: n + 1]))
        marks = {(key, one.day_by_rule): one for key, one in now.items() if one.kind not in ENDS}
        for mark in marks.keys() - standing if decided else ():
            was_late = mark in gone and marks[mark].due_on < gone[mark]
            assert was_late or marks[mark].due_on >= day(on), (mark, ledger)
        gone |= dict.fromkeys(standing - marks.keys(), day(on))
        standing = set(marks)


@given(steps)
def test_days_by_the_rule_are_those_of_the_award_as_it_stands(ledger):
    found = dates(staged(*ledger))
    assert {key: one.day_by_rule for key, one in found.items()} == {
        key: one.due_on for key, one in by_rule(ledger[-1][2]).items()
    }
    decisions = {day(on) for on, decided, _end in ledger if decided}
    for one in found.values():
        assert one.due_on >= one.day_by_rule
        assert one.decided_on is None or (one.decided_on in decisions and one.due_on == one.decided_on + timedelta(days=30))


@given(steps)
def test_history_that_a_file_brought_keeps_every_day(ledger):
    loaded = [(on, False, end) for on, _decided, end in ledger]
    assert dates(staged(*loaded)) == by_rule(ledger[-1][2])


@given(steps, st.dates(date(2019, 12, 1), date(2023, 12, 31)))
def test_decision_taken_back_before_anything_fell_due_leaves_every_date_of_before(ledger, end):
    """A decision and its void on one day are no stage at all; a day later no date may have passed between."""
    before = dates(staged(*ledger))
    on = day(ledger[-1][0]) + timedelta(days=1)
    if any(one.due_on == on for one in before.values()):
        return
    taken_back = [*ledger, (on.isoformat(), True, end.isoformat()), ((on + timedelta(days=1)).isoformat(), True, ledger[-1][2])]
    assert dates(staged(*taken_back)) == before


@given(steps, st.integers(1, 900), st.integers(1, 400))
def test_extension_decided_here_makes_no_final_earlier(ledger, n_later, n_longer):
    def finals(subject):
        return {one.key.rpartition("-")[2]: one.due_on for one in dates(subject).values() if one.kind == "final_report"}

    on = (day(ledger[-1][0]) + timedelta(days=n_later)).isoformat()
    longer = (day(ledger[-1][2]) + timedelta(days=n_longer)).isoformat()
    if longer in [end for *_rest, end in ledger]:
        return  # no extension: it comes back to a day that it had
    before, after = finals(staged(*ledger)), finals(staged(*ledger, (on, True, longer)))
    assert all(after[half] >= before[half] for half in before)
