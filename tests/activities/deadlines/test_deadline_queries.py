"""States in SQL equal those in Python; whoever sees a row sees it on every day; another day has its own dates."""

from datetime import date, timedelta
from itertools import product

import pytest

from activities.deadlines.looking_back import rows_as_of, scope_of
from activities.deadlines.models import Deadline
from activities.deadlines.queries import rows_of, with_status
from activities.deadlines.services import mark_met
from activities.deadlines.status import Status, status_on
from activities.tasks import recompute
from cpc.core.periods import Period
from tests import factories as make
from tests.access.world import build_world

TODAY = date(2020, 2, 10)
DUE = date(2020, 1, 30)
day = date.fromisoformat


def make_row(partnership, **fields):
    return make.make_deadline(partnership, subject_key=f"subject-{next(make.numbers)}", **fields)


def test_state_in_sql_is_the_state_in_python(partnership):
    met = (None, "2020-01-30 23:59:59", "2020-01-31 00:00", "2020-03-01 12:00")
    periods = (None, date(2019, 12, 31))
    for kind, met_at, period_to in product(("term_end", "dialogue", "performance_report"), met, periods):
        met_at = met_at and make.lima(met_at)
        make_row(partnership, kind=kind, due_on="2020-01-30", period_to=period_to, met_at=met_at)
    make_row(partnership, superseded_at=make.lima("2020-01-01 00:00"))
    asked = [DUE + timedelta(days=n) for n in (-15, -14, -1, 0, 1, 40)]
    found = set()
    for tracked_from in (None, date(2017, 6, 15), date(2020, 1, 31)):
        partnership.tracked_from = tracked_from
        partnership.save()
        for today in asked:
            for row in with_status(Deadline.objects.all(), today):
                expected = status_on(
                    today,
                    kind=row.kind,
                    due_on=row.due_on,
                    period_to=row.period_to,
                    met_on=row.met_at and row.met_on,
                    superseded=row.superseded_at is not None,
                    tracked_from=tracked_from,
                )
                assert row.status == expected, (row.key, today, tracked_from)
                found.add(row.status)
    assert found == set(Status) - {Status.WAIVED}


def test_report_sent_in_the_last_second_of_the_due_day_in_lima_is_in_time(partnership):
    for instant, status in (("2020-07-30 23:59:59", Status.MET), ("2020-07-31 00:00:00", Status.MET_LATE)):
        row = make_row(partnership, due_on="2020-07-30", period_to=day("2020-06-30"), met_at=make.lima(instant))
        assert with_status(Deadline.objects.filter(pk=row.pk), day("2020-08-15")).get().status == status


def test_day_of_each_zone_decides_in_a_list_of_several(partnership):
    far = make.make_partnership("far", time_zone="Asia/Tokyo")
    for one in (partnership, far):
        make.make_deadline(one, due_on="2020-02-10", period_to=day("2019-12-31"))
    rows = with_status(Deadline.objects.all(), {"America/Lima": TODAY, "Asia/Tokyo": TODAY + timedelta(days=1)})
    assert {row.partnership.key: row.status for row in rows} == {"test-2017": Status.DUE_TODAY, "far": Status.OVERDUE}


def test_reader_sees_the_same_rows_on_every_day(db):
    world = build_world()
    world.deadline.delete()
    recompute(world.partnership.pk, today=TODAY)
    sizes = {}
    for name, user in [*world.actors.items(), ("stranger", world.stranger)]:
        stored = rows_of(user, world.partnership, today=TODAY).filter(superseded_at=None)
        looked_up = rows_as_of(user, world.partnership, as_of=TODAY, known_on=TODAY)
        assert [(row.key, row.status) for row in stored] == [(row.key, row.status) for row in looked_up], name
        scope = scope_of(user, world.partnership)
        assert {row.pk for row in Deadline.objects.all() if scope.sees(row)} == set(
            Deadline.objects.visible_to(user).values_list("pk", flat=True)
        ), name
        sizes[name] = len(looked_up)
    assert sizes["stranger"] == 0
    assert sizes["program_officer"] == sizes["api_client"] > sizes["partner_preparer"] > sizes["other_partner_preparer"]
    assert sizes["host_delegate"] > 0


def test_partner_sees_the_end_of_its_award_and_its_sub_recipients_reports_but_no_other_partner_s(partnership):
    prime, sub, other = (make.make_organization(key) for key in ("prime", "sub", "other"))
    award = make.make_award(partnership, key="one", recipients=[prime])
    passed_on = make.make_award(
        partnership,
        key="sub-one",
        level="sub",
        recipients=[sub],
        rule_class="subrecipient_2cfr200",
        parent=award,
        pass_through=prime,
    )
    others = make.make_award(partnership, key="two", recipients=[other])
    for one in (award, passed_on, others):
        make.make_action(one, start="2019-10", end="2019-12")
    recompute(partnership.pk, today=TODAY)

    def seen_by(organization):
        user = make.make_user("partner_preparer", partnership, organization=organization)
        return set(rows_of(user, partnership, today=TODAY).values_list("key", flat=True))

    once = {"liquidation", "extension-request", "extension-notice"}
    own = {"one-award-end", "one-prime-2019-q4-final-performance", "one-prime-2019-q4-final-financial"}
    own |= {f"one-prime-{name}" for name in once}
    subs = {"sub-one-award-end", "sub-one-sub-2019-q4-final-performance", "sub-one-sub-2019-q4-final-financial"}
    subs |= {"sub-one-sub-liquidation"}
    others_own = {"two-award-end", "two-other-2019-q4-final-performance", "two-other-2019-q4-final-financial"}
    assert seen_by(prime) == own | subs
    assert seen_by(sub) == subs
    assert seen_by(other) == others_own | {f"two-other-{name}" for name in once}


class TestAnotherDay:
    @pytest.fixture
    def award(self, partnership):
        ngo = make.make_organization("ngo")
        award = make.make_award(partnership, key="grant", recipients=[ngo])
        make.make_action(award, start="2019-01", end="2019-12", effective="2019-01-01")
        make.make_action(award, amount=None, kind="no_cost_extension", end="2020-12", effective="2019-12-01")
        make.make_term_event(partnership, new_end="2022-06", effective="2020-02-06")
        make.make_dialogue(partnership, start="2019-02-06")
        make.make_dialogue(partnership, ordinal=2, start="2020-02-06")
        recompute(partnership.pk, today=TODAY)
        return award

    def rows(self, partnership, officer, as_of, **wanted):
        found = rows_as_of(officer, partnership, as_of=day(as_of), known_on=TODAY)
        return [row for row in found if all(getattr(row, name) == value for name, value in wanted.items())]

    def test_has_the_term_and_the_period_of_then(self, partnership, officer, award):
        assert [row.due_on for row in self.rows(partnership, officer, "2020-02-05", kind="term_end")] == [day("2021-06-30")]
        assert [row.due_on for row in self.rows(partnership, officer, "2020-02-06", kind="term_end")] == [day("2022-06-30")]
        assert {row.due_on for row in self.rows(partnership, officer, "2019-11-30", kind="final_report")} == {day("2020-03-30")}
        assert self.rows(partnership, officer, "2018-12-31", award=award) == []

    def test_knows_the_dialogues_held_by_then(self, partnership, officer, award):
        assert self.rows(partnership, officer, "2019-02-05", kind="dialogue") == []
        before = self.rows(partnership, officer, "2020-02-05", kind="dialogue")
        assert [(row.subject_key, row.status) for row in before] == [("test-2017-dialogue-1", Status.DUE_SOON)]
        after = self.rows(partnership, officer, "2020-02-06", kind="dialogue")
        assert [(row.subject_key, row.status) for row in after] == [
            ("test-2017-dialogue-1", Status.MET),
            ("test-2017-dialogue-2", Status.UPCOMING),
        ]

    def test_shows_a_report_as_overdue_that_came_later(self, partnership, officer, award):
        quarter = Period(day("2019-04-01"), day("2019-06-30"))
        mark_met(
            award_id=award.pk,
            recipient_id=award.recipients.get().organization_id,
            period=quarter,
            met_at=make.lima("2019-08-15 10:00"),
        )
        seen = {
            as_of: {row.status for row in self.rows(partnership, officer, as_of, period_to=quarter.last)}
            for as_of in ("2019-07-30", "2019-07-31", "2019-08-15")
        }
        assert seen == {"2019-07-30": {Status.DUE_TODAY}, "2019-07-31": {Status.OVERDUE}, "2019-08-15": {Status.MET_LATE}}

    def test_writes_nothing(self, partnership, officer, award):
        before = list(Deadline.objects.order_by("pk").values())
        self.rows(partnership, officer, "2019-11-30")
        assert list(Deadline.objects.order_by("pk").values()) == before


def test_with_nothing_tracked_nothing_is_overdue_from_before_records(officer, partnership):
    partnership.tracked_from = None
    partnership.save()
    award = make.make_award(partnership, recipients=[make.make_organization()])
    make.make_action(award, start="2017-10", end="2020-12")
    make.make_pledge(partnership)
    make.make_dialogue(partnership)
    today = date(2026, 11, 24)
    recompute(partnership.pk, today=today)
    rows = list(rows_of(officer, partnership, today=today))
    assert {row.status for row in rows} == {Status.BEFORE_RECORDS, Status.MET}
    assert {row.kind for row in rows if row.status == Status.MET} == {"term_end", "award_end", "pledge_end"}
