"""Invented ledgers and proposals for the properties: plain values that hypothesis shrinks well, and the rows they stand for."""

from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from activities.tasks import recompute
from cpc.approvals.services import approve, preview, propose
from tests import factories as make

TODAY = make.day("2020-02-06")
AT = datetime(2020, 2, 6, 12, tzinfo=make.LIMA)
ORGANIZATIONS = ("org-a", "org-b")
# Ends and starts whose dates all lie ahead: what a decision brings about too late has a rule of its own.
ENDS = st.sampled_from(["2020-06", "2020-12-31", "2021", "2021-03-15", "2022-06"])
CENTS = st.integers(1, 10**9)
KINDS = ("supplement", "extension_with_cost", "no_cost_extension", "deobligation", "administrative", "closeout")

AWARDS = st.lists(
    st.fixed_dictionaries(
        {
            "cents": st.none() | CENTS,
            "recipient": st.sampled_from([None, 0, 1]),
            "end": st.none() | ENDS,
            "more": st.lists(st.tuples(CENTS, st.sampled_from([None, 0, 1])), max_size=3),
        }
    ),
    min_size=1,
    max_size=3,
)


def money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}" if cents >= 0 else f"-{money(-cents)}"


def award_key(number: int) -> str:
    return f"award-{number}"


TERM = st.fixed_dictionaries(
    {
        "act": st.just("term"),
        "kind": st.sampled_from(["extended", "ended"]),
        "new_end": st.sampled_from(["2020-12", "2021", "2023-06"]),
    }
)
REGION = st.just({"act": "coverage", "region": "XA-TWO", "since": "2020-01"})
PLEDGE = st.fixed_dictionaries(
    {"act": st.just("pledge"), "amount": CENTS.map(money), "qualifier": st.sampled_from(["exact", "at_least"]), "ends": ENDS}
)
NEW_AWARD = st.fixed_dictionaries(
    {
        "act": st.just("award"), "key": st.just("new-award"), "level": st.just("prime"), "title_en": st.just("New"),
        "title_es": st.just("Nueva"), "currency": st.sampled_from(["USD", "EUR"]), "amount": st.just("") | CENTS.map(money),
        "recipients": st.just([{"organization": "org-a"}]), "recipient": st.just("org-a"), "basis": st.just("signed"),
        "start": st.just("2020-01"), "new_end": st.just("") | ENDS,
    }
)  # fmt: skip


def steps(award: str):
    return st.fixed_dictionaries(
        {
            "act": st.just("action"), "award": st.just(award), "kind": st.sampled_from(KINDS), "basis": st.just("signed"),
            "amount": st.just("") | CENTS.map(money) | CENTS.map(lambda cents: money(-cents)),
            "recipient": st.sampled_from(["", *ORGANIZATIONS]), "new_end": st.just("") | ENDS,
        }
    )  # fmt: skip


def splits(award: str):
    part = st.fixed_dictionaries({"recipient": st.sampled_from(ORGANIZATIONS), "amount": CENTS.map(money)})
    return st.fixed_dictionaries(
        {
            "act": st.just("allocation"), "award": st.just(award), "basis": st.just("announced"),
            "parts": st.lists(part, min_size=1, max_size=2),
        }
    )  # fmt: skip


ANY_ACT = st.one_of(TERM, REGION, PLEDGE, NEW_AWARD, steps(award_key(0)), steps(award_key(1)), splits(award_key(0)))


class World:
    """A partnership with the awards of a spec; `officer` proposes, `decider` decides."""

    def __init__(self, awards: list[dict]):
        self.partnership = make.make_partnership("test-2017", regions=("XA-ONE",))
        make.make_region("XA-TWO")
        self.organizations = [make.make_organization(key) for key in ORGANIZATIONS]
        for one in self.organizations:
            make.make_member(self.partnership, one)
        self.officer, self.decider = (make.make_user(role, self.partnership) for role in ("program_officer", "grants_officer"))
        self.awards = [self.build(number, spec) for number, spec in enumerate(awards)]
        recompute(self.partnership.pk, today=TODAY)

    def build(self, number: int, spec: dict):
        award = make.make_award(self.partnership, recipients=self.organizations, key=award_key(number))
        rows = [("initial", spec["cents"], spec["recipient"]), *(("supplement", *more) for more in spec["more"])]
        for place, (kind, cents, recipient) in enumerate(rows):
            first = {"start": "2020-01", "end": spec["end"]} if kind == "initial" else {}
            make.make_action(
                award, kind=kind, amount=None if cents is None else money(cents), effective=f"2020-01-{place + 1:02}",
                recipient=None if recipient is None else self.organizations[recipient], key=f"{award.key}-{place}", **first,
            )  # fmt: skip
        return award

    def propose(self, *acts, reason="Invented."):
        return propose(self.partnership.pk, list(acts), actor=self.officer, at=AT, reason=reason)

    def approve(self, proposal):
        return approve(proposal.pk, actor=self.decider, at=AT, seen=preview(proposal, at=AT).fingerprint)

    def enact(self, *acts):
        return self.approve(self.propose(*acts))


@contextmanager
def taken_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def for_all(n: int, **strategies):
    """Runs the decorated check on `n` examples, each on a database that is as it was."""

    def run(check):
        def one(**values):
            with taken_back():
                check(**values)

        # Each example writes to a database: what fails is shown as it was found, since making it small would take minutes.
        how = {"phases": [Phase.explicit, Phase.generate], "database": None, "deadline": None}
        slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
        settings(max_examples=n, suppress_health_check=slow, **how)(given(**strategies)(one))()

    return run


def cents_awarded(currency: str) -> int | None:
    """The total of the prime awards in whole cents, by a statement of its own. None where no known amount counts."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT sum((a.amount * 100)::bigint)::bigint FROM funding_awardaction a JOIN funding_award w ON w.id = a.award_id
            WHERE w.level = 'prime' AND a.currency = %s AND a.voids_id IS NULL AND a.effective_on <= '2020-02-06'
            AND NOT EXISTS (SELECT 1 FROM funding_awardaction v WHERE v.voids_id = a.id)""",
            [currency],
        )
        return cursor.fetchone()[0]
