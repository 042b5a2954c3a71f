"""Recomputing: rows follow the facts, what was submitted stays, and nothing is written where nothing changed."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from activities.deadlines.models import Deadline
from activities.deadlines.services import mark_met, mark_unmet
from activities.reporting.models import Report
from activities.tasks import outcome_of, recompute
from cpc.audit.models import AuditEvent
from cpc.core.periods import Period
from tests import factories as make

TODAY = date(2020, 2, 10)
day = date.fromisoformat


@pytest.fixture
def ilo(partnership):
    return make.make_organization("ilo", organization_class="foreign_public_entity")


@pytest.fixture
def award(partnership, ilo):
    award = make.make_award(partnership, key="initial", recipients=[ilo], rule_class="fpe")
    make.make_action(award, start="2017-10", end="2020-12")
    return award


def keys(**wanted):
    return list(Deadline.objects.open().filter(**wanted).values_list("key", flat=True))


def extend(award, end, **fields):
    fields = {"amount": None, "kind": "no_cost_extension", "effective": "2020-02-10"} | fields
    return make.make_action(award, end=end, **fields)


def void(action):
    return make.make_action(
        action.award, amount=None, kind="void", effective="2020-02-10", voids=action, guidance_version="", reason="Entered twice."
    )


def snapshot():
    return list(Deadline.objects.order_by("pk").values())


def test_rows_equal_what_the_engine_says(partnership, award):
    changes = recompute(partnership.pk, today=TODAY)
    due = outcome_of(partnership, as_of=TODAY, known_on=TODAY).due
    assert [(row.key, row.rule, row.due_on) for row in Deadline.objects.all()] == [(one.key, one.rule, one.due_on) for one in due]
    assert changes.created == [one.key for one in due]
    assert len(keys(kind="performance_report")) == 12


def test_second_time_writes_nothing(partnership, award, django_assert_max_num_queries):
    recompute(partnership.pk, today=TODAY)
    before, n_events = snapshot(), AuditEvent.objects.count()
    with django_assert_max_num_queries(20) as queries:
        changes = recompute(partnership.pk, today=TODAY)
    assert changes.n_written == 0
    assert changes.n_kept == len(before)
    assert not [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert snapshot() == before
    assert AuditEvent.objects.count() == n_events


def test_first_time_takes_at_most_twenty_statements(partnership, award, django_assert_max_num_queries):
    for n in range(5):
        other = make.make_award(partnership, recipients=[make.make_organization(), make.make_organization()])
        make.make_action(other, start="2017-10", end=f"202{n}-12")
    with django_assert_max_num_queries(20):
        assert recompute(partnership.pk, today=TODAY).n_written > 300


def test_extension_shortening_and_supplement_at_once_take_at_most_twenty_statements(
    partnership, award, django_assert_max_num_queries
):
    """Every kind of write at once: rows created, moved, corrected and superseded; reports begun, changed, removed."""
    ngo, sub = make.make_organization("ngo"), make.make_organization("sub")
    award.recipients.create(organization=ngo, rule_class="recipient_2cfr200")
    longer = make.make_award(partnership, key="shortened", recipients=[ngo])
    make.make_action(longer, start="2018-10", end="2022-11-15")
    grown = make.make_award(partnership, key="grown", recipients=[sub])
    make.make_action(grown, start="2019-10", end="2021-12", effective="2019-10-01")
    recompute(partnership.pk, today=day("2020-11-11"))
    before = set(Report.objects.values_list("key", flat=True))
    extend(award, "2022-06-30", effective="2020-11-12")
    extend(longer, "2021-11-15", kind="administrative", effective="2020-11-12")
    make.make_action(grown, kind="supplement", effective="2020-11-12", guidance_version="UG-2020")
    with django_assert_max_num_queries(20):
        changes = recompute(partnership.pk, today=day("2020-11-12"))
    assert changes.created
    assert changes.moved
    assert changes.corrected
    assert changes.superseded
    after = set(Report.objects.values_list("key", flat=True))
    assert {"shortened-ngo-2022-q1", "shortened-ngo-2022-q4"} <= before - after
    assert {"initial-ilo-2021-q1", "initial-ngo-2022-q2"} <= after - before
    assert not Report.objects.get(key="initial-ilo-2020-q4").is_final
    assert Report.objects.get(key="shortened-ngo-2021-q4").is_final


def test_no_cost_extension_supersedes_the_final_and_adds_interims(partnership, award):
    recompute(partnership.pk, today=TODAY)
    old = Deadline.objects.get(key="initial-ilo-2020-q4-final-performance")
    extend(award, "2022-06-30")
    changes = recompute(partnership.pk, today=TODAY)
    new = Deadline.objects.get(key="initial-ilo-2022-q2-final-performance")
    old.refresh_from_db()
    assert changes.superseded == [old.key]
    assert old.superseded_by == new
    assert new.due_on == day("2022-09-28")
    assert changes.moved == {
        "initial-award-end": (day("2020-12-31"), day("2022-06-30")),
        "initial-ilo-extension-request": (day("2020-12-01"), day("2022-05-31")),
    }
    assert [key for key in changes.created if key.endswith("-performance") and "final" not in key] == [
        f"initial-ilo-{quarter}-performance" for quarter in ("2020-q4", "2021-q1", "2021-q2", "2021-q3", "2021-q4", "2022-q1")
    ]


def test_extension_that_is_voided_leaves_the_open_rows_of_before(partnership, award):
    recompute(partnership.pk, today=TODAY)
    before = list(Deadline.objects.open().values("pk", "key", "due_on", "rule", "inputs", "met_at"))
    action = extend(award, "2022-06-30")
    recompute(partnership.pk, today=TODAY)
    void(action)
    recompute(partnership.pk, today=TODAY)
    assert list(Deadline.objects.open().values("pk", "key", "due_on", "rule", "inputs", "met_at")) == before
    assert (
        Deadline.objects.get(key="initial-ilo-2022-q2-final-performance").superseded_by.key
        == "initial-ilo-2020-q4-final-performance"
    )


def test_submitted_report_is_never_rewritten(partnership, award, ilo):
    recompute(partnership.pk, today=TODAY)
    final = Period(day("2020-10-01"), day("2020-12-31"))
    assert mark_met(award_id=award.pk, recipient_id=ilo.pk, period=final, met_at=make.lima("2021-03-31 23:59")) == 1
    before = Deadline.objects.filter(key="initial-ilo-2020-q4-final-performance").values().get()
    extend(award, "2022-06-30")
    recompute(partnership.pk, today=TODAY)
    assert Deadline.objects.filter(key="initial-ilo-2020-q4-final-performance").values().get() == before
    # the report of that quarter is in: the interim that the extension asks for is met by it
    assert Deadline.objects.get(key="initial-ilo-2020-q4-performance").met_at == make.lima("2021-03-31 23:59")


def test_report_meets_every_deadline_of_its_triple_once(partnership, award, ilo):
    other = make.make_organization("other")
    award.recipients.create(organization=other, rule_class="recipient_2cfr200")
    recompute(partnership.pk, today=TODAY)
    triple = {"award_id": award.pk, "recipient_id": ilo.pk, "period": Period(day("2019-10-01"), day("2019-12-31"))}
    first, second = make.lima("2020-01-30 23:59:59"), make.lima("2020-02-03 10:00")
    assert mark_met(**triple, met_at=first) == 2
    assert mark_met(**triple, met_at=second) == 0
    assert set(Deadline.objects.exclude(met_at=None).values_list("key", "met_at")) == {
        ("initial-ilo-2019-q4-performance", first),
        ("initial-ilo-2019-q4-financial", first),
    }
    assert mark_unmet(**triple) == 2
    assert not Deadline.objects.exclude(met_at=None).exists()


def test_extension_of_the_term_moves_the_term_alone(partnership, award):
    make.make_pledge(partnership, key="pledge", ends="2021-06")
    recompute(partnership.pk, today=day("2020-02-05"))
    make.make_term_event(partnership, new_end="2022-06", effective="2020-02-06")
    changes = recompute(partnership.pk, today=day("2020-02-06"))
    assert changes.moved == {
        f"{partnership.key}-term-decision": (day("2021-01-01"), day("2022-01-01")),
        f"{partnership.key}-term-end": (day("2021-06-30"), day("2022-06-30")),
    }
    assert changes.created == [f"{partnership.key}-targets-2022"]
    assert changes.n_written == 3
    assert Deadline.objects.get(key="pledge-end").due_on == day("2021-06-30")


def test_fact_that_is_not_in_force_yet_changes_nothing(partnership, award):
    make.make_term_event(partnership, new_end="2024-06", effective="2022", known="2022-12-31")
    make.make_dialogue(partnership, ordinal=2, start="2021-05-17", end="2021-05-18")
    recompute(partnership.pk, today=TODAY)
    assert Deadline.objects.get(kind="term_end").due_on == day("2021-06-30")
    assert keys(kind="dialogue") == []


def test_next_dialogue_meets_the_deadline_after_the_last_one(partnership):
    make.make_term_event(partnership, new_end="2024-06", effective="2020-02-06")
    make.make_dialogue(partnership, start="2020-02-06")
    recompute(partnership.pk, today=TODAY)
    first = Deadline.objects.get(kind="dialogue")
    assert (first.due_on, first.met_at) == (day("2021-02-06"), None)
    make.make_dialogue(partnership, ordinal=2, start="2021-05-17", end="2021-05-18")
    changes = recompute(partnership.pk, today=day("2021-05-18"))
    first.refresh_from_db()
    assert first.met_at == make.lima("2021-05-18 00:00")
    assert changes.corrected == [first.key]
    assert changes.created == [f"{partnership.key}-dialogue-2-next-indicators", f"{partnership.key}-dialogue-2-next"]
    assert changes.superseded == [f"{partnership.key}-dialogue-1-next-indicators"]


def test_supplement_under_the_new_text_changes_the_class_of_the_final_and_a_no_cost_extension_does_not(partnership):
    ngo = make.make_organization("ngo")
    award = make.make_award(partnership, key="grant", recipients=[ngo])
    make.make_action(award, start="2019-10", end="2021-12", effective="2019-10-01")
    extend(award, "2022-03-31", effective="2020-11-12", guidance_version="")
    recompute(partnership.pk, today=day("2020-11-12"))
    assert {row.rule for row in Deadline.objects.filter(kind="final_report")} == {"R-PPR-FIN-90", "R-FFR-FIN-90"}
    make.make_action(award, kind="supplement", effective="2020-11-12", guidance_version="")
    changes = recompute(partnership.pk, today=day("2020-11-12"))
    assert {row.rule for row in Deadline.objects.open().filter(kind="final_report")} == {"R-PPR-FIN-120", "R-FFR-FIN-120"}
    assert {row.due_on for row in Deadline.objects.filter(kind="final_report")} == {day("2022-07-29")}
    assert set(changes.moved) == {
        "grant-ngo-2022-q1-final-performance",
        "grant-ngo-2022-q1-final-financial",
        "grant-ngo-liquidation",
    }
    assert changes.superseded == []


def test_supplement_for_one_recipient_leaves_the_other_under_the_old_text(partnership):
    one, other = make.make_organization("one"), make.make_organization("other")
    award = make.make_award(partnership, key="grant", recipients=[one, other])
    make.make_action(award, start="2019-10", end="2021-12", effective="2019-10-01")
    make.make_action(award, kind="supplement", effective="2020-11-12", guidance_version="UG-2020", recipient=one)
    recompute(partnership.pk, today=day("2020-11-12"))
    rules = dict(Deadline.objects.filter(key__endswith="final-performance").values_list("recipient__key", "rule"))
    assert rules == {"one": "R-PPR-FIN-120", "other": "R-PPR-FIN-90"}


def test_shortened_award_supersedes_what_lies_after_it(partnership, award):
    recompute(partnership.pk, today=TODAY)
    make.make_action(award, amount="-10.00", kind="deobligation", effective="2020-02-10", end="2020-06-30")
    changes = recompute(partnership.pk, today=TODAY)
    assert set(changes.superseded) == {
        "initial-ilo-2020-q2-performance",
        "initial-ilo-2020-q2-financial",
        "initial-ilo-2020-q3-performance",
        "initial-ilo-2020-q3-financial",
        "initial-ilo-2020-q4-final-performance",
    }
    final = Deadline.objects.get(key="initial-ilo-2020-q2-final-performance")
    places = dict(Deadline.objects.exclude(superseded_at=None).values_list("key", "superseded_by"))
    assert {places[key] for key in places if key.endswith("performance")} == {final.pk}
    assert {places[key] for key in places if key.endswith("financial")} == {None}


def test_change_is_recorded_with_who_and_what(partnership, award, officer):
    recompute(partnership.pk, today=TODAY, actor=officer)
    event = AuditEvent.objects.get(act="deadlines.recomputed")
    assert (event.actor, event.subject_key) == (officer, partnership.key)
    assert "initial-ilo-2020-q1-performance" in event.details["created"]


def test_day_closed_by_decree_counts(partnership):
    from cpc.reference.models import Holiday

    sub = make.make_organization("chs")
    award = make.make_award(partnership, key="sub", level="sub", recipients=[sub], rule_class="subrecipient_2cfr200")
    make.make_action(award, amount=None, start="2019-10", end="2020-12")
    Holiday.objects.create(country_code="XA", day=day("2020-04-15"), name_en="Decree", name_es="Decreto", source="Gazette")
    recompute(partnership.pk, today=TODAY)
    row = Deadline.objects.get(key="sub-chs-2020-q1-performance")
    assert (row.raw_on, row.due_on) == (day("2020-04-15"), day("2020-04-14"))


def test_award_that_was_not_known_yet_has_no_row(partnership, ilo):
    award = make.make_award(partnership, key="late", recipients=[ilo], known_on=day("2020-02-11"))
    make.make_action(award, start="2017-10", end="2020-12")
    recompute(partnership.pk, today=TODAY)
    assert keys(award=award) == []
    recompute(partnership.pk, today=day("2020-02-11"))
    assert len(keys(award=award, kind="performance_report")) == 12


def test_answer_is_the_same_under_any_time_zone_of_the_server(partnership, award):
    make.make_dialogue(partnership)
    due = []
    for zone in ("UTC", "Asia/Tokyo", "America/Adak"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('TimeZone', %s, true)", [zone])
        recompute(partnership.pk, today=TODAY)
        due.append(list(Deadline.objects.values_list("key", "due_on", "raw_on")))
    assert due[0] == due[1] == due[2]


def test_instant_of_submission_is_kept_as_given(partnership, award, ilo):
    recompute(partnership.pk, today=TODAY)
    instant = datetime(2020, 7, 31, 4, 59, 59, tzinfo=UTC)
    mark_met(award_id=award.pk, recipient_id=ilo.pk, period=Period(day("2020-04-01"), day("2020-06-30")), met_at=instant)
    assert Deadline.objects.get(key="initial-ilo-2020-q2-performance").met_at == instant
