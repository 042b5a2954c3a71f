"""What holds for every proposal: what was previewed is what happens, taking back and entering again is the original, a split
leaves every total, and the order of acts that do not touch each other does not matter."""

from decimal import Decimal

import pytest
from hypothesis import strategies as st

from activities.models import Deadline
from cpc.approvals.acts import FaultyAct
from cpc.approvals.consequences import compare
from cpc.approvals.models import Proposal
from cpc.approvals.picture import take_picture
from cpc.approvals.services import preview
from funding.models import AwardAction
from partners.models import Coverage, TermEvent
from tests import factories as make
from tests.activities.accepted import accept_all, owe_reports

from .ledgers import (
    ANY_ACT,
    AT,
    AWARDS,
    CENTS,
    NEW_AWARD,
    PLEDGE,
    REGION,
    TERM,
    TODAY,
    World,
    award_key,
    cents_awarded,
    for_all,
    money,
    steps,
)

pytestmark = pytest.mark.django_db
EXAMPLES = pytest.mark.parametrize("n", [6, pytest.param(500, marks=pytest.mark.deep)])


def picture(world):
    return take_picture(world.partnership, today=TODAY)


def rows():
    return [model.objects.count() for model in (TermEvent, Coverage, AwardAction, Deadline)]


@EXAMPLES
def test_what_was_previewed_is_what_happens(n):
    @for_all(n, awards=AWARDS, acts=st.lists(ANY_ACT, min_size=1, max_size=4))
    def check(awards, acts):
        world = World(awards)
        untouched = rows()
        try:
            proposal = world.propose(*acts)
        except FaultyAct:
            assert (rows(), Proposal.objects.count()) == (untouched, 0)
            return
        before, seen = picture(world), preview(proposal, at=AT).consequences
        assert (rows(), picture(world)) == (untouched, before), "a preview writes nothing"
        done = world.approve(proposal)
        happened = compare(before, picture(world))
        assert {name: seen[name] for name in happened} == happened
        assert done.consequences == seen
        for currency in ("USD", "EUR"):
            total = seen["totals"]["prime"]["to"].get(f"all {currency}")
            assert (None if total is None else int(Decimal(total) * 100)) == cents_awarded(currency)
        written = [
            *TermEvent.objects.filter(decided_by=world.decider), *AwardAction.objects.filter(decided_by=world.decider),
            *world.partnership.pledges.filter(decided_by=world.decider),
        ]  # fmt: skip
        assert sorted(row.key for row in written) == sorted(seen["rows"])


@EXAMPLES
def test_taking_back_and_entering_again_is_the_original(n):
    @for_all(n, awards=AWARDS, act=st.one_of(TERM, PLEDGE, steps(award_key(0))))
    def check(awards, act):
        world = World(awards)
        try:
            (key,) = world.enact(act).consequences["rows"]
        except FaultyAct:
            return
        original = picture(world)
        kind = {"term": "term_void", "pledge": "pledge_void", "action": "action_void"}[act["act"]]
        try:
            world.enact({"act": kind, "voids": key})
        except FaultyAct as fault:
            if "amount" not in fault.message_dict:
                raise
            return  # what was added cannot go where the award would then hold less than nothing
        world.enact(act)
        assert said(picture(world)) == said(original)


@EXAMPLES
def test_a_row_of_the_file_taken_back_and_entered_again_is_the_original(n):
    @for_all(n, awards=AWARDS, place=st.integers(0, 3))
    def check(awards, place):
        world = World(awards)
        rows = list(world.awards[0].actions.order_by("effective_on"))
        row, original = rows[place % len(rows)], picture(world)
        act = {
            "act": "action", "award": award_key(0), "kind": row.kind, "basis": row.basis, "effective": row.effective.iso,
            "amount": "" if row.amount is None else str(row.amount), "recipient": row.recipient.key if row.recipient else "",
            "start": row.start_on and row.start_on.strftime("%Y-%m") or "",
            "new_end": awards[0]["end"] or "" if row.kind == "initial" else "", "guidance_version": row.guidance_version,
        }  # fmt: skip
        world.enact({"act": "action_void", "voids": row.key})
        world.enact(act)
        assert said(picture(world)) == said(original)


def said(one) -> dict:
    """A picture without the permanent names of pledges: the one entered again has a new one."""
    plain = dict(vars(one))
    plain["pledges"] = sorted(map(str, one.pledges.values()))
    plain["deadlines"] = sorted(
        (row["kind"], row["due_on"], str(row["award"]), str(row["recipient"]), str(row["from"])) for row in one.deadlines.values()
    )
    return plain


@EXAMPLES
def test_a_split_leaves_every_total_and_comes_back_whole(n):
    @for_all(n, cents=st.lists(CENTS, min_size=2, max_size=2), left=st.integers(0, 10**6))
    def check(cents, left):
        world = World([{"cents": sum(cents) + left, "recipient": None, "end": None, "more": []}])
        parts = [{"recipient": key, "amount": money(one)} for key, one in zip(("org-a", "org-b"), cents, strict=True)]
        before = picture(world)
        done = world.enact({"act": "allocation", "award": award_key(0), "basis": "announced", "parts": parts})
        after = picture(world)
        for group in ("prime none", "prime award", "prime fiscal_year"):
            assert {key: one for key, one in after.sums[group].items() if one != "0.00"} == before.sums[group]
        expected = {f"org-{letter} USD": money(one) for letter, one in zip("ab", cents, strict=True)}
        rest = {f"unallocated-{award_key(0)} USD": money(left)} if left else {}
        assert after.sums["prime partner"] == expected | rest
        world.enact({"act": "action_void", "voids": done.consequences["rows"][1]})
        assert picture(world) == before


@EXAMPLES
def test_money_never_goes_below_what_is_spent_without_a_caution_that_names_it(n):
    recipients = st.sampled_from(["", "org-a", "org-b"])
    split = st.tuples(st.integers(0, 1000), st.integers(0, 1000))

    @for_all(n, held=st.integers(1, 1000), split=split, spent=split, taken=st.integers(1, 1000), recipient=recipients)
    def check(held, split, spent, taken, recipient):
        world = World([{"cents": held, "recipient": None, "end": None, "more": []}])
        award = world.awards[0]
        for place, cents in enumerate(split):
            if cents:
                make.make_action(
                    award, kind="supplement", amount=money(cents), recipient=world.organizations[place], effective="2020-01-20"
                )
        reports = [owe_reports(award, one, "2019-Q4")[0] for one in world.organizations]
        accept_all([(report, None, money(cents), "2020-01-31") for report, cents in zip(reports, spent, strict=True)])
        act = {"act": "action", "award": award.key, "kind": "deobligation", "basis": "signed", "amount": money(-taken)}
        try:
            proposal = world.propose(act | {"recipient": recipient})
        except FaultyAct:
            return
        # in whole cents, and by hand: what each would hold, the part that is not told apart with both
        gone = {name: taken * (name == recipient) for name in ("", "org-a", "org-b")}
        shared = held - gone[""]
        left = [split[place] - gone[name] + shared for place, name in enumerate(("org-a", "org-b"))]
        whole = held + sum(split) - taken
        found = preview(proposal, at=AT).consequences["cautions"]
        short = [one for one in range(2) if spent[one] > left[one]]
        if sum(spent) > whole:
            assert [(one["recipient"], one["left"], one["spent"]) for one in found] == [(None, money(whole), money(sum(spent)))]
        elif short:
            worst = min(short, key=lambda one: (left[one] - spent[one], one))
            assert [(one["recipient"], one["left"], one["spent"]) for one in found] == [
                (f"org-{'ab'[worst]}", money(left[worst]), money(spent[worst]))
            ]
        else:
            assert found == []


@EXAMPLES
def test_the_order_of_acts_that_do_not_touch_each_other_does_not_matter(n):
    apart = st.tuples(TERM, REGION, PLEDGE, NEW_AWARD, steps(award_key(0)), steps(award_key(1))).flatmap(
        lambda acts: st.tuples(st.permutations(acts), st.permutations(acts))
    )

    @for_all(n, awards=AWARDS, orders=apart, wanted=st.sets(st.integers(0, 5), min_size=2))
    def check(awards, orders, wanted):
        world = World(awards)
        first, second = ([act for number, act in enumerate(order)] for order in orders)
        kept = [act for number, act in enumerate(first) if number in wanted]
        found = [outcome(world, [act for act in order if act in kept]) for order in (first, second)]
        assert found[0] == found[1]


def outcome(world, acts) -> dict | str:
    """What a proposal would do, its rows in no order; or that it cannot be."""
    seen = preview(
        Proposal(partnership=world.partnership, acts=acts, reason="Invented.", proposed_by=world.officer), at=AT
    )  # fmt: skip
    if seen.fault:
        return "cannot be"
    return seen.consequences | {"rows": sorted(seen.consequences["rows"])}
