"""Any sequence of acts by anybody: the services beside a model of thirty lines that knows nothing of them."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from activities.models import Deadline
from activities.reporting import moves
from activities.reporting.drafts import Overtaken, save_narrative
from activities.reporting.models import ReportVersion, Transition
from activities.reporting.permissions import acts_of

from .conftest import SOON
from .test_moves import act

PARTNER, OFFICER = "partner", "officer"
# Written from the product contract, not from rules.py: act → who may, and from which state to which.
CONTRACT = {
    "submit": (PARTNER, {"draft": "submitted", "returned": "submitted"}),
    "withdraw": (PARTNER, {"submitted": "draft"}),
    "start_review": (OFFICER, {"submitted": "in_review"}),
    "release_review": (OFFICER, {"in_review": "submitted"}),
    "return": (OFFICER, {"in_review": "returned"}),
    "accept": (OFFICER, {"in_review": "accepted"}),
}


def machine_for(world, draft):
    class Workflow(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.mark = transaction.savepoint()
            self.version = ReportVersion.objects.get(pk=draft.pk)
            self.state, self.number, self.n_moves, self.was_returned = "draft", 1, 1, False
            self.people = {PARTNER: world.certifier, OFFICER: world.officer}

        def teardown(self):
            transaction.savepoint_rollback(self.mark)

        def attempt(self, expected, do):
            """`do` raises what the model expects, or nothing; a refused act leaves no trace."""
            if expected is None:
                return do()
            with pytest.raises(expected), transaction.atomic():
                do()
            return None

        @rule(name=st.sampled_from(list(CONTRACT)), who=st.sampled_from([PARTNER, OFFICER]))
        def move(self, name, who):
            holder, ways = CONTRACT[name]
            expected = PermissionDenied if who != holder else None if self.state in ways else Overtaken
            if name == "submit" and expected is None:
                self.answer()
            self.attempt(expected, lambda: act(name, self.version, self.people[who]))
            if expected is None:
                self.state, self.n_moves = ways[self.state], self.n_moves + 1
                self.was_returned = self.was_returned or name == "return"

        def answer(self):
            for item in self.version.return_items.filter(answer=""):
                self.write(PARTNER, {item.pk: "Done."})

        def write(self, who, answers=None):
            section = self.version.sections.get(key="summary")
            return save_narrative(
                self.version.pk, "summary", text="Text.", language="en", actor=self.people[who], at=SOON,
                revision=section.revision, done=True, answers=answers,
            )  # fmt: skip

        @rule(who=st.sampled_from([PARTNER, OFFICER]))
        def edit(self, who):
            frozen = None if self.state in ("draft", "returned") else Overtaken
            self.attempt(PermissionDenied if who == OFFICER else frozen, lambda: self.write(who))

        @rule(who=st.sampled_from([PARTNER, OFFICER]))
        def reopen(self, who):
            expected = PermissionDenied if who == PARTNER else None if self.state == "accepted" else Overtaken
            new = self.attempt(
                expected, lambda: moves.reopen(self.version.pk, actor=self.people[who], at=SOON, reason="Correction.")
            )
            if new is not None:
                self.version, self.state, self.number, self.n_moves = new, "draft", self.number + 1, 1
                self.was_returned = False

        @invariant()
        def the_same_as_the_model(self):
            self.version.refresh_from_db()
            assert (self.version.state, self.version.number) == (self.state, self.number)
            assert Transition.objects.filter(version=self.version).count() == self.n_moves
            open_to = {one.name for one in acts_of(world.officer, world.report, self.version) if one.may}
            wanted = {name for name, (holder, ways) in CONTRACT.items() if holder == OFFICER and self.state in ways}
            assert open_to == wanted | ({"reopen"} if self.state == "accepted" else set())

        @invariant()
        def what_was_handed_in_stays_handed_in(self):
            is_met = not Deadline.objects.filter(met_at=None).exists()
            assert is_met == (self.state not in ("draft", "returned") or self.was_returned or self.number > 1)

    return Workflow


def test_no_sequence_of_acts_leaves_the_contract(world, filled):
    quick = settings(max_examples=6, stateful_step_count=15, deadline=None)
    run_state_machine_as_test(lambda: machine_for(world, filled)(), settings=quick)


@pytest.mark.deep
def test_no_long_sequence_of_acts_leaves_the_contract(world, filled):
    run_state_machine_as_test(
        lambda: machine_for(world, filled)(), settings=settings(max_examples=300, stateful_step_count=50, deadline=None)
    )
