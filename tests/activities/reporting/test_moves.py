"""The table of moves: every state × move × role, the database's own refusal, and two people at the same instant."""

import threading
from contextlib import contextmanager
from datetime import date
from itertools import product

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, InternalError, connection, transaction

from activities.models import Deadline
from activities.reporting import moves
from activities.reporting.drafts import Overtaken, save_narrative
from activities.reporting.models import Cell, ReportVersion, ReturnItem, Section, Transition
from activities.reporting.permissions import acts_of, may_move
from activities.reporting.rules import ACCEPTED, DRAFT, IN_REVIEW, MOVE_NAMES, MOVES, RETURNED, SUBMITTED, find_move, grant_of
from partners.roles import GRANTS, Role
from tests import factories as make
from tests.factories import lima

from .conftest import SOON, fill_in

VERSION_STATES = (DRAFT, SUBMITTED, IN_REVIEW, RETURNED, ACCEPTED)
ITEM = moves.Item("summary", "Say more.")
# Rows that other connections see. Naming the apps lets the clean-up cascade to the table of the swapped-out token model.
real_commits = pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)


def act(name, version, actor, *, at=SOON, **rest):
    if name == "submit":
        return moves.submit(version.pk, actor=actor, at=at, certified=True, **rest)
    if name == "return":
        return moves.return_report(version.pk, actor=actor, at=at, items=[ITEM], **rest)
    return getattr(moves, name)(version.pk, actor=actor, at=at, **rest)


def bring_to(world, version, state):
    """Walk a completed draft to `state` along the table."""
    path = {
        DRAFT: [],
        SUBMITTED: ["submit"],
        IN_REVIEW: ["submit", "start_review"],
        RETURNED: ["submit", "start_review", "return"],
        ACCEPTED: ["submit", "start_review", "accept"],
    }
    for name in path[state]:
        act(name, version, world.certifier if name == "submit" else world.officer)
    version.refresh_from_db()
    assert version.state == state
    return version


def answer_everything(world, version):
    for item in version.return_items.all():
        section = version.sections.get(key=item.section_key)
        save_narrative(
            version.pk, item.section_key, text="More.", language="en", actor=world.preparer, at=SOON, revision=section.revision,
            done=True, answers={item.pk: "Done."},
        )  # fmt: skip


def test_every_state_move_and_role(world, draft):
    """What a role that does not hold the move is told is a refusal; what comes at the wrong time is not its fault."""
    own = (Role.PARTNER_PREPARER, Role.PARTNER_CERTIFIER)
    people = {r: make.make_user(r, world.partnership, organization=world.ilo if r in own else None) for r in Role}
    for role, name, state in product(Role, MOVE_NAMES, VERSION_STATES):
        draft.state = state
        decision = may_move(people[role], world.report, draft, name)
        holds = role in GRANTS[grant_of(name)]
        fits = find_move(name, state) is not None
        assert bool(decision) == (holds and fits), (role, name, state)
        if not holds:
            assert decision.code in ("role", "organization")
            assert decision.who
        elif not fits:
            assert decision.code == "state"


@pytest.mark.parametrize("move", MOVES, ids=lambda move: f"{move.start}-{move.name}")
def test_each_move_leaves_one_row_and_the_wrong_role_none(world, filled, move):
    version = bring_to(world, filled, move.start)
    answer_everything(world, version)
    right, wrong = (world.certifier, world.officer) if move.grant == "report.certify" else (world.officer, world.certifier)
    before = Transition.objects.count()
    with pytest.raises(PermissionDenied):
        act(move.name, version, wrong)
    act(move.name, version, right)
    row = Transition.objects.last()
    assert Transition.objects.count() == before + 1
    assert (row.move, row.start, row.end, row.actor, row.at) == (move.name, move.start, move.end, right, SOON)
    version.refresh_from_db()
    assert version.state == move.end
    with pytest.raises(Overtaken):
        act(move.name, version, right)


def test_reader_sees_every_act_with_its_reason(world, filled):
    version = bring_to(world, filled, IN_REVIEW)
    officers = {one.name: one.may for one in acts_of(world.officer, world.report, version)}
    partners = {one.name: one.may for one in acts_of(world.certifier, world.report, version)}
    assert {name for name, may in officers.items() if may} == {"return", "accept", "release_review"}
    assert not any(partners.values())
    assert "in review" in partners["withdraw"].message
    assert "Program officer" in partners["accept"].message


def test_certifier_of_a_version_may_not_accept_it(world, filled):
    make.grant(world.certifier, Role.PROGRAM_OFFICER, world.partnership)
    version = bring_to(world, filled, IN_REVIEW)
    with pytest.raises(PermissionDenied, match="certifier of a version"):
        moves.accept(version.pk, actor=world.certifier, at=SOON)
    moves.accept(version.pk, actor=world.other_officer, at=SOON)


def test_submitting_needs_the_certification_and_every_task(world, draft):
    with pytest.raises(ValidationError) as refused:
        moves.submit(draft.pk, actor=world.certifier, at=SOON, certified=True)
    assert len(refused.value.messages) == 11
    fill_in(draft, world.preparer)
    with pytest.raises(ValidationError, match="certification"):
        moves.submit(draft.pk, actor=world.certifier, at=SOON, certified=False)
    assert not Deadline.objects.exclude(met_at=None).exists()


def test_submission_freezes_what_was_sent(world, filled):
    row = moves.submit(filled.pk, actor=world.certifier, at=SOON, certified=True)
    assert row.contents["cells"]["I-1/XA-ONE/female"] == 5
    assert row.contents["financial"]["lines"]["10b"] == "90.00"
    assert row.contents["financial"]["lines"]["10i"] is None
    assert row.contents["sections"]["summary"] == {"text": "Text of summary.", "language": "en"}


def test_withdrawing_opens_the_deadlines_again(world, filled):
    bring_to(world, filled, SUBMITTED)
    assert set(Deadline.objects.values_list("met_at", flat=True)) == {SOON}
    moves.withdraw(filled.pk, actor=world.certifier, at=SOON)
    assert set(Deadline.objects.values_list("met_at", flat=True)) == {None}
    filled.refresh_from_db()
    assert (filled.submitted_at, filled.certified_by) == (None, None)


def test_withdrawing_after_a_return_leaves_the_first_submission(world, filled):
    bring_to(world, filled, RETURNED)
    answer_everything(world, filled)
    moves.submit(filled.pk, actor=world.certifier, at=lima("2020-02-01 09:00"), certified=True)
    moves.withdraw(filled.pk, actor=world.certifier, at=lima("2020-02-01 10:00"))
    assert set(Deadline.objects.values_list("met_at", flat=True)) == {SOON}


@pytest.mark.parametrize(
    ("items", "due_on", "named"),
    [
        ([], None, "items"),
        ([moves.Item("summary", "  ")], None, "items"),
        ([moves.Item("nowhere", "x")], None, "items"),
        ([moves.Item("financial", "x", "10c")], None, "items"),
        ([ITEM], date(2020, 1, 20), "due_on"),
    ],
)
def test_returning_needs_an_item_in_its_place_and_a_later_day(world, filled, items, due_on, named):
    version = bring_to(world, filled, IN_REVIEW)
    with pytest.raises(ValidationError) as refused:
        moves.return_report(version.pk, actor=world.officer, at=SOON, items=items, due_on=due_on)
    assert named in refused.value.message_dict
    assert not version.return_items.exists()


def test_a_page_that_shows_an_older_state_moves_nothing(world, filled):
    """Returned, answered, sent and taken up again meanwhile: the state is the same, what is reviewed is not."""
    version = bring_to(world, filled, IN_REVIEW)
    seen = version.transitions.count()
    act("return", version, world.other_officer)
    answer_everything(world, version)
    act("submit", version, world.certifier)
    act("start_review", version, world.other_officer)
    with pytest.raises(Overtaken):
        moves.accept(version.pk, actor=world.officer, at=SOON, seen=seen)
    moves.accept(version.pk, actor=world.officer, at=SOON, seen=version.transitions.count())


# The database's own word


@pytest.mark.parametrize("start", VERSION_STATES)
def test_sql_moves_along_the_table_only(world, filled, start):
    version = bring_to(world, filled, start)
    rows = ReportVersion.objects.filter(pk=version.pk)
    refused = set()
    for end in VERSION_STATES:
        mark = transaction.savepoint()
        try:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE activities_reportversion SET state = %s WHERE id = %s", [end, version.pk])
            assert rows.get().state == end
        except InternalError:
            refused.add(end)
        transaction.savepoint_rollback(mark)
    along = {move.end for move in MOVES if move.start == start} | ({start} - {ACCEPTED})
    assert refused == set(VERSION_STATES) - along


def test_no_version_is_born_accepted(world):
    with pytest.raises(InternalError), transaction.atomic():
        ReportVersion.objects.create(report=world.report, state=ACCEPTED)


@pytest.mark.parametrize("state", [SUBMITTED, IN_REVIEW, ACCEPTED])
def test_sql_cannot_touch_frozen_contents(world, filled, state):
    bring_to(world, filled, state)
    for sql in (
        "UPDATE activities_cell SET value = 99",
        "UPDATE activities_section SET text = 'x'",
        "UPDATE activities_financialreport SET line_10b = 1",
        "DELETE FROM activities_cell",
        "DELETE FROM activities_section",
        "INSERT INTO activities_section (version_id, key, text, language, is_done, revision) "
        "SELECT id, 'x', '', 'en', true, 1 FROM activities_reportversion",
    ):
        with pytest.raises(InternalError, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_contents_cannot_be_moved_out_of_an_accepted_version(world, filled):
    bring_to(world, filled, ACCEPTED)
    new = moves.reopen(filled.pk, actor=world.officer, at=SOON, reason="Correction.")
    Cell.objects.filter(version=new).delete()
    with pytest.raises(InternalError, match="frozen"), transaction.atomic():
        Cell.objects.filter(version=filled).update(version=new)


def test_history_and_questions_are_append_only(world, filled):
    version = bring_to(world, filled, RETURNED)
    for attempt in (
        lambda: Transition.objects.update(comment="x"),
        lambda: Transition.objects.all().delete(),
        lambda: version.return_items.update(text="x"),
        lambda: version.return_items.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


# Two at once


@contextmanager
def without_triggers(*models):
    def switch(word):
        with connection.cursor() as cursor:
            for model in models:
                cursor.execute(f"ALTER TABLE {model._meta.db_table} {word} TRIGGER USER")

    switch("DISABLE")
    try:
        yield
    finally:
        switch("ENABLE")


def race(*acts):
    """Run the acts in threads with connections of their own, let go together; what each gave or raised, in order."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(n, one):
        try:
            barrier.wait(timeout=10)
            results[n] = one()
        except Exception as error:
            results[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, one)) for n, one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return results


@real_commits
@pytest.mark.parametrize("_attempt", range(3))
def test_of_two_reviewers_one_wins_and_the_other_is_told(world, filled, _attempt):
    version = bring_to(world, filled, IN_REVIEW)
    results = race(
        lambda: moves.accept(version.pk, actor=world.officer, at=SOON),
        lambda: moves.return_report(version.pk, actor=world.other_officer, at=SOON, items=[ITEM]),
    )
    winners = [one for one in results if isinstance(one, Transition)]
    losers = [one for one in results if isinstance(one, Overtaken)]
    assert (len(winners), len(losers)) == (1, 1), results
    assert losers[0].last.actor == winners[0].actor
    version.refresh_from_db()
    assert version.state == winners[0].end
    assert version.return_items.count() == (winners[0].move == "return")


@real_commits
def test_of_a_withdrawal_and_a_review_that_begins_one_wins(world, filled):
    version = bring_to(world, filled, SUBMITTED)
    results = race(
        lambda: moves.withdraw(version.pk, actor=world.certifier, at=SOON),
        lambda: moves.start_review(version.pk, actor=world.officer, at=SOON),
    )
    winners = [one for one in results if isinstance(one, Transition)]
    assert (len(winners), sum(isinstance(one, Overtaken) for one in results)) == (1, 1), results
    version.refresh_from_db()
    assert version.state == winners[0].end
    assert (version.reviewer is None) == (winners[0].move == "withdraw")


@real_commits
def test_without_lock_condition_and_trigger_both_would_win(world, filled, monkeypatch):
    """The negative control: the same race with the guards off, so that the test above is known to be able to fail."""
    version = bring_to(world, filled, IN_REVIEW)
    both_have_read = threading.Barrier(2)

    def read_only(pk):
        found = ReportVersion.objects.select_related("report__award", "report__organization", "report__partnership").get(pk=pk)
        both_have_read.wait(timeout=10)
        return found

    def check_then_write(version, move, **columns):
        ReportVersion.objects.filter(pk=version.pk).update(state=move.end, **columns)

    monkeypatch.setattr(moves, "lock", read_only)
    monkeypatch.setattr(moves, "claim", check_then_write)
    with without_triggers(ReportVersion, ReturnItem, Section):
        results = race(
            lambda: moves.accept(version.pk, actor=world.officer, at=SOON),
            lambda: moves.return_report(version.pk, actor=world.other_officer, at=SOON, items=[ITEM]),
        )
    assert sum(isinstance(one, Transition) for one in results) == 2, results


@real_commits
def test_submitting_while_a_co_author_saves_sends_one_whole_version(world, filled):
    def save():
        return save_narrative(
            filled.pk, "summary", text="Newer", language="en", actor=world.preparer, at=SOON, revision=1, done=True
        )

    saved, sent = race(save, lambda: moves.submit(filled.pk, actor=world.certifier, at=SOON, certified=True))
    assert isinstance(sent, Transition), sent
    text = Section.objects.get(version=filled, key="summary").text
    assert sent.contents["sections"]["summary"]["text"] == text
    assert text == ("Newer" if isinstance(saved, Section) else "Text of summary.")


@real_commits
def test_two_clicks_submit_once(world, filled):
    results = race(*[lambda: moves.submit(filled.pk, actor=world.certifier, at=SOON, certified=True)] * 2)
    assert sorted(type(one).__name__ for one in results) == ["Overtaken", "Transition"]
