"""What dialogues, commitments, final reports and targets make fall due, from their rows to the rows of deadlines."""

import pytest

from activities.deadlines.looking_back import rows_as_of
from activities.deadlines.models import Deadline
from activities.from_above import find_above
from activities.models import Commitment, Dialogue, FinancialReport, Report, ReportVersion
from activities.tasks import recompute
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = make.day("2020-02-10")


@pytest.fixture
def award(partnership):
    ngo = make.make_organization("ngo")
    award = make.make_award(partnership, key="grant", recipients=[ngo])
    make.make_action(award, start="2019-01", end="2019-12", effective="2019-01-01")
    return award


def hand_in_final(award, *, on="2020-02-03", accepted=None, unliquidated=None):
    """The final report handed in on a day in Lima, and accepted on another."""
    recompute(award.partnership_id, today=TODAY)
    report = Report.objects.get(key="grant-ngo-2019-q4", is_final=True)
    instants = {"submitted_at": make.lima(f"{on} 23:30"), "accepted_at": accepted and make.lima(f"{accepted} 23:30")}
    version = ReportVersion.objects.create(report=report, **instants)
    FinancialReport.objects.create(version=version, line_10f=unliquidated)
    for state in ("submitted", *(("in_review", "accepted") if accepted else ())):
        ReportVersion.objects.filter(pk=version.pk).update(state=state)
    return version


def found(kind):
    rows = Deadline.objects.open().filter(kind=kind).order_by("key")
    return [(row.key, row.due_on.isoformat(), row.met_at and row.met_at.date().isoformat()) for row in rows]


def test_final_report_begins_the_years_of_records_and_its_acceptance_that_of_the_close_out(partnership, award):
    recompute(partnership.pk, today=TODAY)
    assert found("records") == found("closeout") == []
    hand_in_final(award, accepted="2020-02-07", unliquidated=0)
    recompute(partnership.pk, today=TODAY)
    assert found("records") == [("grant-ngo-records", "2023-02-03", None)]
    assert found("closeout") == [("grant-closeout", "2021-02-07", None)]
    assert found("liquidation") == [("grant-ngo-liquidation", "2020-03-30", "2020-02-03")]


def test_final_report_that_waits_or_leaves_obligations_meets_nothing_else(partnership, award):
    hand_in_final(award, unliquidated=5)
    recompute(partnership.pk, today=TODAY)
    assert found("records") == [("grant-ngo-records", "2023-02-03", None)]
    assert found("closeout") == []
    assert found("liquidation") == [("grant-ngo-liquidation", "2020-03-30", None)]


def test_extension_after_the_final_report_asks_for_another_one_first(partnership, award):
    hand_in_final(award, accepted="2020-02-07")
    recompute(partnership.pk, today=TODAY)
    make.make_action(award, kind="no_cost_extension", amount=None, end="2020-12", effective="2020-02-10", guidance_version="")
    changes = recompute(partnership.pk, today=TODAY)
    assert {"grant-ngo-records", "grant-closeout"} <= set(changes.superseded)


def test_commitments_and_targets_are_met_by_their_own_rows(partnership):
    dialogue = make.make_dialogue(partnership, start="2020-02-06")
    first, second, third, _no_day = (make.make_commitment(dialogue, due_on=due) for due in (*map(make.day, DUE), None))
    make.make_target(make.make_indicator(partnership), year=2019)
    recompute(partnership.pk, today=TODAY)
    assert sorted(row[1] for row in found("commitment")) == list(DUE)
    assert [row[1:] for row in found("targets")][:2] == [("2018-06-15", None), ("2019-06-15", "2019-06-15")]
    ended = {"state_reason": "Done.", "state_on": make.day("2020-02-09")}
    Commitment.objects.filter(pk=first.pk).update(state="closed", **ended)
    Commitment.objects.filter(pk=second.pk).update(state="dropped", **ended)
    changes = recompute(partnership.pk, today=TODAY)
    assert (changes.corrected, changes.superseded) == ([f"{first.key}-due"], [f"{second.key}-due"])
    assert {key: met for key, _due, met in found("commitment")} == {f"{first.key}-due": "2020-02-09", f"{third.key}-due": None}


DUE = ("2020-03-31", "2020-06-30", "2020-09-30")


def test_indicators_follow_the_day_for_which_the_next_dialogue_is_planned(partnership):
    make.make_dialogue(partnership, start="2020-02-06")
    recompute(partnership.pk, today=TODAY)
    assert [row[1] for row in found("dialogue_indicators")] == ["2021-01-07"]
    planned = make.make_dialogue(partnership, ordinal=2, start="2021-05-17", end="2021-05-18")
    assert find_above(partnership, as_of=TODAY, known_on=TODAY).planned is None
    Dialogue.objects.filter(pk=planned.pk).update(known_on=TODAY)
    changes = recompute(partnership.pk, today=TODAY)
    ((key, (_before, after)),) = changes.moved.items()
    assert (key, after.isoformat()) == (f"{partnership.key}-dialogue-1-next-indicators", "2021-04-16")


def test_looking_back_finds_what_stood_on_that_day_and_no_more(partnership, award, officer):
    dialogue = make.make_dialogue(partnership, start="2020-02-06")
    make.make_commitment(dialogue, due_on=make.day("2020-03-31"))
    hand_in_final(award, accepted="2020-02-07")
    recompute(partnership.pk, today=TODAY)
    asked = {day: rows_as_of(officer, partnership, as_of=make.day(day), known_on=TODAY) for day in BACK}
    kinds = {day: {row.kind for row in rows} & NEW for day, rows in asked.items()}
    assert kinds == {
        "2020-02-02": set(),
        "2020-02-03": {"records"},
        "2020-02-06": {"records", "commitment", "dialogue_indicators"},
        "2020-02-07": {"records", "commitment", "dialogue_indicators", "closeout"},
    }


BACK = ("2020-02-02", "2020-02-03", "2020-02-06", "2020-02-07")
NEW = {"records", "closeout", "commitment", "dialogue_indicators"}
