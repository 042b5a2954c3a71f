"""Begin a report, fill it in, and keep the owed rows in step with the deadlines."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from activities.models import Deadline
from activities.reporting import moves
from activities.reporting.completeness import tasks_of
from activities.reporting.contents import read_contents
from activities.reporting.drafts import Conflict, Overtaken, save_financial, save_indicators, save_narrative
from activities.reporting.models import Report, ReportVersion
from activities.reporting.services import open_report, sync_reports
from cpc.audit.models import AuditEvent
from cpc.core.periods import Period
from partners.roles import Role
from tests import factories as make
from tests.factories import lima

from .conftest import Q3, Q4, SOON, amounts, fill_in, owe


def test_each_triple_of_deadlines_is_one_owed_report(world):
    report = Report.objects.with_state().get()
    assert (report.key, report.state, report.due_on) == ("test-award-ilo-2019-q4", "not_started", date(2020, 1, 30))
    assert not report.is_final


def test_sync_writes_nothing_twice(world, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert sync_reports(world.partnership) == 0


def test_owed_report_goes_with_its_deadlines_unless_it_was_begun(world):
    owe(world.award, world.ilo, Q3, due_on="2019-10-30")
    assert sync_reports(world.partnership) == 1
    open_report(world.award, world.ilo, Q4, actor=world.preparer, at=SOON)
    Deadline.objects.update(superseded_at=SOON)
    assert sync_reports(world.partnership) == 1
    assert [r.key for r in Report.objects.all()] == ["test-award-ilo-2019-q4"]


def test_last_period_becomes_interim_when_the_award_is_extended(world, draft):
    Report.objects.update(is_final=True)
    assert sync_reports(world.partnership) == 1
    assert not Report.objects.get().is_final


def test_period_of_a_changed_award_gets_a_key_of_its_own(world, draft):
    cut = Period(date(2019, 10, 15), date(2019, 12, 31))
    owe(world.award, world.ilo, cut)
    sync_reports(world.partnership)
    assert set(Report.objects.values_list("key", flat=True)) == {
        "test-award-ilo-2019-q4",
        "test-award-ilo-2019-10-15-2019-12-31",
    }


def test_opening_twice_gives_the_same_version(world, draft):
    again = open_report(world.award, world.ilo, Q4, actor=world.certifier, at=SOON)
    assert again == draft
    assert draft.transitions.get().move == "open"


def test_opening_works_before_the_rows_are_synced(world):
    Report.objects.all().delete()
    version = open_report(world.award, world.ilo, Q4, actor=world.preparer, at=SOON, is_sample=True)
    assert version.report.key == "test-award-ilo-2019-q4"
    assert version.report.is_sample


def test_nothing_can_be_reported_for_a_period_that_is_not_owed(world):
    with pytest.raises(ValidationError, match="No report is owed"):
        open_report(world.award, world.ilo, Q3, actor=world.preparer, at=SOON)


@pytest.mark.parametrize("role", [Role.PROGRAM_OFFICER, Role.EMBASSY_VIEWER, Role.HOST_DELEGATE, Role.ADMINISTRATOR])
def test_only_its_organization_opens_a_report(world, role):
    with pytest.raises(PermissionDenied):
        open_report(world.award, world.ilo, Q4, actor=make.make_user(role, world.partnership), at=SOON)
    assert not ReportVersion.objects.exists()


def test_another_partner_may_not_save(world, draft):
    other = make.make_user(Role.PARTNER_PREPARER, world.partnership)
    with pytest.raises(PermissionDenied):
        save_narrative(draft.pk, "summary", text="x", language="en", actor=other, at=SOON, revision=0, done=False)
    assert not draft.sections.exists()


def test_the_second_tab_is_told_and_overwrites_nothing(world, draft):
    save = {"actor": world.preparer, "at": SOON, "done": False, "language": "en"}
    save_narrative(draft.pk, "summary", text="First", revision=0, **save)
    with pytest.raises(Conflict) as told:
        save_narrative(draft.pk, "summary", text="Second", revision=0, **save)
    assert (told.value.section.text, told.value.section.saved_by) == ("First", world.preparer)
    assert draft.sections.get().text == "First"
    assert save_narrative(draft.pk, "summary", text="Second", revision=1, **save).revision == 2


def test_cells_hold_numbers_reasons_and_zero_apart_from_blank(world, draft):
    cells = {"I-1/XA-ONE/female": 0, "I-1/XA-ONE/male": "not_collected", "I-1/XA-TWO/female": 1234}
    save_indicators(draft.pk, "indicators-1", cells=cells, actor=world.preparer, at=SOON, revision=0, done=True)
    stored = {(c.region.key, c.category): (c.value, c.empty) for c in draft.cells.all()}
    assert stored == {
        ("XA-ONE", "female"): (0, ""),
        ("XA-ONE", "male"): (None, "not_collected"),
        ("XA-TWO", "female"): (1234, ""),
    }
    assert not draft.sections.get().is_done  # one cell is still blank
    cells = {"I-1/XA-ONE/female": None, "I-1/XA-ONE/male": 7, "I-1/XA-TWO/male": "withheld"}
    save_indicators(draft.pk, "indicators-1", cells=cells, actor=world.preparer, at=SOON, revision=1, done=False)
    stored = {(c.region.key, c.category): (c.value, c.empty) for c in draft.cells.all()}
    assert stored[("XA-ONE", "male")] == (7, "")
    assert ("XA-ONE", "female") not in stored


@pytest.mark.parametrize("content", [-1, 1_000_000_000, "many", True, 1.5, ""])
def test_a_cell_refuses_what_is_neither_number_nor_reason(world, draft, content):
    with pytest.raises(ValidationError):
        save_indicators(
            draft.pk, "indicators-1", cells={"I-1/XA-ONE/female": content}, actor=world.preparer, at=SOON, revision=0, done=False
        )
    assert not draft.cells.exists()
    assert not draft.sections.exists()


def test_a_cell_of_another_task_is_refused(world, draft):
    with pytest.raises(ValidationError, match="no cell"):
        save_indicators(
            draft.pk, "indicators-1", cells={"I-2/XA-ONE/female": 1}, actor=world.preparer, at=SOON, revision=0, done=False
        )


def test_regions_are_those_of_the_end_of_the_period(world, draft):
    make.make_coverage(world.partnership, make.make_region("XA-LAT"), from_on=date(2020, 2, 6))
    make.make_coverage(world.partnership, make.make_region("XA-LAS"), from_on=date(2019, 12, 31))
    block = read_contents(world.report, draft).blocks[0]
    assert [row.region.key for row in block.rows] == ["XA-ONE", "XA-TWO", "XA-LAS"]


def test_contradicting_lines_are_saved_and_keep_the_task_open(world, draft):
    save_financial(
        draft.pk, basis="cash", lines=amounts(**{"10e": "490.00"}), actor=world.preparer, at=SOON, revision=0, done=True
    )
    contents = read_contents(world.report, draft)
    task = tasks_of(contents, is_final=False)[-1]
    assert contents.financial.line_10e == Decimal("490.00")
    assert (task.progress, [p.code for p in task.problems]) == ("problem", ["over_authorized"])
    assert not contents.sections["financial"].is_done


def test_a_sub_recipient_owes_no_financial_report(world):
    sub = make.make_organization("sub")
    award = make.make_award(world.partnership, recipients=[sub], level="sub", pass_through=world.ilo, parent=world.award)
    make.make_deadline(world.partnership, rule="R-SUB-Q", award=award, recipient=sub, period_from=Q4.first, period_to=Q4.last)
    person = make.make_user(Role.PARTNER_PREPARER, world.partnership, organization=sub)
    version = open_report(award, sub, Q4, actor=person, at=SOON)
    assert "financial" not in read_contents(version.report, version).keys
    assert set(Report.objects.visible_to(person)) == {version.report}
    assert version.report in Report.objects.visible_to(world.preparer)


def test_saving_is_recorded_and_only_the_own_revision_rises(world, draft):
    filled = fill_in(draft, world.preparer)
    assert set(filled.sections.values_list("revision", "is_done")) == {(1, True)}
    assert AuditEvent.objects.filter(act="report.section_saved").count() == filled.sections.count() == 11
    assert all(task.is_completed for task in tasks_of(read_contents(world.report, filled), is_final=False))


def test_submitted_contents_can_no_longer_be_saved(world, filled):
    moves.submit(filled.pk, actor=world.certifier, at=SOON, certified=True)
    with pytest.raises(Overtaken) as told:
        save_narrative(filled.pk, "summary", text="late", language="en", actor=world.preparer, at=SOON, revision=1, done=True)
    assert (told.value.last.move, told.value.last.actor) == ("submit", world.certifier)


def test_a_report_is_replayed_on_past_days(world, filled):
    at = lima("2020-01-30 23:59")
    moves.submit(filled.pk, actor=world.certifier, at=at, certified=True)
    moves.start_review(filled.pk, actor=world.officer, at=lima("2020-02-03 09:00"))
    item = moves.Item("financial", "Which basis?", "10e")
    moves.return_report(filled.pk, actor=world.officer, at=lima("2020-02-05 09:00"), items=[item])
    filled.refresh_from_db()
    assert (filled.state, filled.due_on) == ("returned", date(2020, 2, 19))
    with pytest.raises(ValidationError, match="Not completed"):
        moves.submit(filled.pk, actor=world.certifier, at=lima("2020-02-06 09:00"), certified=True)
    question = filled.return_items.get()
    save_financial(
        filled.pk, basis="cash", lines=amounts(), actor=world.preparer, at=lima("2020-02-06 09:00"), revision=1, done=True,
        answers={question.pk: "Cash."},
    )  # fmt: skip
    moves.submit(filled.pk, actor=world.certifier, at=lima("2020-02-07 09:00"), certified=True)
    moves.start_review(filled.pk, actor=world.officer, at=lima("2020-02-08 09:00"))
    moves.accept(filled.pk, actor=world.officer, at=lima("2020-02-09 09:00"))
    assert [t.at.day for t in filled.transitions.exclude(move="open")] == [31, 3, 5, 7, 8, 9]
    assert set(Deadline.objects.values_list("met_at", flat=True)) == {at}


def test_a_reopened_report_keeps_the_accepted_version(world, filled):
    moves.submit(filled.pk, actor=world.certifier, at=SOON, certified=True)
    moves.start_review(filled.pk, actor=world.officer, at=SOON)
    moves.accept(filled.pk, actor=world.officer, at=SOON)
    with pytest.raises(ValidationError, match="why"):
        moves.reopen(filled.pk, actor=world.officer, at=SOON, reason=" ")
    new = moves.reopen(filled.pk, actor=world.officer, at=SOON, reason="Counts of Loreto were sent late.")
    assert (new.number, new.state, new.due_on) == (2, "draft", date(2020, 2, 3))
    assert (new.cells.count(), new.sections.count()) == (filled.cells.count(), filled.sections.count())
    fill_in(new, world.preparer, cells={"I-1/XA-ONE/female": 9})
    assert set(filled.cells.values_list("value", flat=True)) == {5}
    moves.submit(new.pk, actor=world.certifier, at=SOON, certified=True)
    moves.withdraw(new.pk, actor=world.certifier, at=SOON)
    assert not Deadline.objects.filter(met_at=None).exists()  # the accepted version still discharges them
    with pytest.raises(Overtaken):
        moves.reopen(filled.pk, actor=world.officer, at=SOON, reason="Twice.")
