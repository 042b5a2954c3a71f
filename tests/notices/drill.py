"""The drill in which workers are killed: rows for it, and what must hold of them afterwards. Run as a program it works on the
database of its environment: `python -m tests.notices.drill seed 2000`, `python -m tests.notices.drill state`."""

import json
import sys
from datetime import UTC, date, datetime

FIRST_DAY, LATER_DAY = date(2020, 2, 10), date(2020, 2, 13)
N_REPORTS = 4
EACH = N_REPORTS + 1  # notices of one person: a return of each report, at once, and one digest


def seed(n_people: int) -> None:
    """One partner with `n_people` staff, `N_REPORTS` reports that came back yesterday, and a date that is eleven days late: three
    days later its next step is due."""
    from activities.models import ReportVersion, Transition
    from cpc.accounts.models import User
    from partners.models import Membership
    from tests import factories as make

    partnership, partner = make.make_partnership("drill"), make.make_organization("drill")
    make.make_member(partnership, partner)
    award = make.make_award(partnership, recipients=[partner], key="drill")
    people = User.objects.bulk_create(
        User(email=f"drill-{n}@example.org", name=f"Person {n}", password="!") for n in range(n_people)
    )
    Membership.objects.bulk_create(
        Membership(user=one, partnership=partnership, role="partner_preparer", organization=partner) for one in people
    )
    at = datetime(2020, 2, 9, 15, tzinfo=UTC)
    for n in range(N_REPORTS):
        report = make.make_report(award, partner, period=(f"2018-{3 * n + 1:02}-01", f"2018-{3 * n + 3:02}-28"))
        for state in ("submitted", "in_review", "returned"):
            ReportVersion.objects.filter(report=report).update(state=state)
        Transition.objects.create(version=report.versions.get(), move="return", start="in_review", end="returned", at=at)
    period = {"period_from": date(2019, 10, 1), "period_to": date(2019, 12, 31)}
    make.make_deadline(partnership, award=award, recipient=partner, due_on="2020-01-30", **period)


def state() -> dict:
    """What the outbox says: Message-IDs of letters sent and of void ones, how many wait, and by kind and step the notices that
    went in a sent letter, and those that are over."""
    from django.db.models import Count, Q

    from cpc.notices.mails import message_id_of
    from cpc.notices.models import Letter, Notice

    told = Notice.objects.values("kind", "step").annotate(
        sent=Count("pk", filter=Q(letter__sent_at__isnull=False, letter__is_void=False)),
        over=Count("pk", filter=Q(over_at__isnull=False) & (Q(letter=None) | Q(letter__is_void=True))),
        n=Count("pk"),
    )
    return {
        "sent": [message_id_of(one) for one in Letter.objects.filter(sent_at__isnull=False, is_void=False)],
        "void": [message_id_of(one) for one in Letter.objects.filter(is_void=True)],
        "n_waiting": Letter.objects.waiting().count() + Notice.objects.holding().filter(letter=None).count(),
        "told": {f"{row['kind']} {row['step']}": [row["sent"], row["over"], row["n"]] for row in told},
    }


def is_done(found: dict, n_people: int) -> bool:
    """Whether the later day's work is done: its step is sent to everybody and nothing waits."""
    return found["n_waiting"] == 0 and found["told"].get("deadline 14", [0])[0] == n_people


def check(found: dict, office, *, n_people: int, n_kills: int) -> None:
    """Nothing lost, nothing twice but what fell into the gap between "250 OK" and commit, and that under the same name."""
    sent, void, arrived = set(found["sent"]), set(found["void"]), set(office.arrived)
    assert found["told"]["report_returned 0"] == [N_REPORTS * n_people, 0, N_REPORTS * n_people]
    assert found["told"]["deadline 14"] == [n_people, 0, n_people], "the later step, to everybody"
    n_sent, n_over, n = found["told"]["deadline 7"]
    assert n_sent + n_over == n == n_people, "the earlier step was sent, or swallowed by the later one"
    assert len(sent) == len(found["sent"])
    assert sent <= arrived, "what we hold for sent has arrived"
    assert arrived - sent <= void, "what arrived is one of our letters"
    assert len(arrived - sent) + office.n_doubles <= n_kills, "a double only where a worker died in the gap"


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(seed(int(sys.argv[2])) if sys.argv[1] == "seed" else state()))
