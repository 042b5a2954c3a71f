"""Logging, editing and voiding: who may, what is checked, what is written and recorded."""

from threading import Barrier, Thread

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from activities.models import Activity
from activities.regional.queries import counts_of
from activities.regional.services import Conflict, edit_activity, log_activity, void_activity
from cpc.audit.models import AuditEvent
from partners.roles import Role
from tests import factories as make

from .conftest import add_counts

WOMEN = ("officials", "female", "adult")
MEN = ("officials", "male", "adult")
GIRLS = ("children", "female", "child")


def log(partnership, officer, today, values, **more):
    return log_activity(partnership.pk, actor=officer, today=today, **(values | more))


def test_keys_name_the_month_and_count_up_within_it(partnership, officer, today, values):
    keys = [log(partnership, officer, today, values).key for _ in range(2)]
    january = log(partnership, officer, today, values, starts_on=make.day("2020-01-31"))
    assert [*keys, january.key] == ["test-2017-2020-02-0001", "test-2017-2020-02-0002", "test-2017-2020-01-0001"]


def test_keys_go_on_after_the_highest_and_overlook_keys_of_another_form(partnership, officer, today, values):
    for key in ("test-2017-2020-02-0041", "test-2017-2020-02-sample-99", "test-2017-2020-02-9"):
        make.make_activity(partnership, key=key)
    assert log(partnership, officer, today, values).key == "test-2017-2020-02-0042"


def test_the_act_is_recorded_without_a_figure(partnership, officer, today, values):
    activity = log(partnership, officer, today, values, counts={GIRLS: 7919}, once="abc")
    event = AuditEvent.objects.get(act="activity.logged")
    assert (event.actor, event.subject_key, event.partnership_key, event.details) == (
        officer,
        activity.key,
        "test-2017",
        {"once": "abc"},
    )


@pytest.mark.parametrize(
    "role", [Role.GRANTS_OFFICER, Role.EMBASSY_VIEWER, Role.HOST_DELEGATE, Role.ADMINISTRATOR, Role.API_CLIENT]
)
def test_only_program_officers_and_partners_may_log(partnership, person, today, values, role):
    with pytest.raises(PermissionDenied, match="Who may: Program officer"):
        log(partnership, person(role), today, values)
    assert not Activity.objects.exists()


def test_a_partner_may_log_edit_and_void_for_itself_only(partnership, preparer, today, values):
    other = make.make_organization("chs")
    make.make_member(partnership, other)
    own = log(partnership, preparer, today, values)
    theirs = make.make_activity(partnership, organization=other)
    for_theirs = values | {"organization_id": other.pk, "award_id": None}
    with pytest.raises(PermissionDenied):
        log(partnership, preparer, today, for_theirs)
    with pytest.raises(PermissionDenied):
        edit_activity(own.pk, actor=preparer, today=today, version=1, counts={}, **for_theirs)
    with pytest.raises(PermissionDenied):
        edit_activity(theirs.pk, actor=preparer, today=today, version=1, counts={}, **values)
    with pytest.raises(PermissionDenied):
        void_activity(theirs.pk, actor=preparer, reason="Not ours")
    void_activity(own.pk, actor=preparer, reason="Logged twice")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("objective_id", "foreign_objective"),
        ("region_id", "foreign_region"),
        ("organization_id", "foreign"),
        ("award_id", "foreign_award"),
    ],
)
def test_what_belongs_elsewhere_is_refused_at_its_field(partnership, officer, today, values, field, value):
    elsewhere = make.make_partnership(regions=())
    foreign = {
        "foreign_objective": elsewhere.objectives.first(),
        "foreign_region": make.make_region("XB-ONE", country=make.make_country("XB")),
        "foreign": make.make_organization(),
        "foreign_award": make.make_award(elsewhere),
    }
    with pytest.raises(ValidationError) as refused:
        log(partnership, officer, today, values, **{field: foreign[value].pk})
    assert list(refused.value.error_dict) == [field.removesuffix("_id")]


def test_an_activity_held_in_the_future_is_refused_and_a_planned_one_is_not(partnership, officer, today, values):
    tomorrow = {"starts_on": make.day("2020-02-11"), "ends_on": make.day("2020-02-11")}
    with pytest.raises(ValidationError, match="still to come"):
        log(partnership, officer, today, values, **tomorrow)
    assert log(partnership, officer, today, values, **tomorrow, state="planned").state == "planned"


@pytest.mark.parametrize(
    "counts",
    [
        {("children", "female", "adult"): 1},
        {("officials", "male", "child"): 1},
        {("ghosts", "male", "adult"): 1},
        {WOMEN: -1},
        {WOMEN: 1_000_001},
        {WOMEN: 1.5},
    ],
)
def test_impossible_counts_are_refused_behind_the_form_too(partnership, officer, today, values, counts):
    with pytest.raises(ValidationError):
        log(partnership, officer, today, values, counts=counts)


def test_an_activity_has_exactly_its_fields(partnership, officer, today, values):
    with pytest.raises(TypeError):
        log(partnership, officer, today, values, place="Calle 8")


def edited(activity, actor, today, *, version=1, counts=None, **changes):
    names = (
        "kind",
        "state",
        "starts_on",
        "ends_on",
        "region_id",
        "objective_id",
        "organization_id",
        "award_id",
        "title",
        "notes",
    )
    fields = {name: getattr(activity, name) for name in names} | changes
    counts = counts_of(activity) if counts is None else counts
    return edit_activity(activity.pk, actor=actor, today=today, version=version, counts=counts, **fields)


def test_an_edit_writes_what_differs_and_raises_the_version(activity, officer, today):
    edited(activity, officer, today, title="Another title", counts={WOMEN: 13, MEN: 0})
    activity.refresh_from_db()
    assert (activity.title, activity.version) == ("Another title", 2)
    assert counts_of(activity) == {WOMEN: 13, MEN: 0}
    assert AuditEvent.objects.get(act="activity.edited").details == {"changed": ["title", "counts"]}


def test_an_edit_that_changes_nothing_writes_nothing(activity, officer, today):
    assert edited(activity, officer, today, version=None).version == 1
    assert not AuditEvent.objects.exists()


def test_an_overtaken_edit_is_a_conflict_that_carries_what_is_there(activity, officer, today):
    edited(activity, officer, today, title="First")
    with pytest.raises(Conflict) as overtaken:
        edited(activity, officer, today, title="Second")
    assert (overtaken.value.current.title, overtaken.value.current.version) == ("First", 2)
    activity.refresh_from_db()
    assert activity.title == "First"


def test_an_edit_sent_twice_is_done_once_and_no_conflict(activity, officer, today):
    for _ in range(2):
        assert edited(activity, officer, today, title="First").version == 2


def test_a_void_needs_a_reason_and_is_for_ever(activity, officer, today):
    with pytest.raises(ValidationError):
        void_activity(activity.pk, actor=officer, reason=" ")
    void_activity(activity.pk, actor=officer, reason="Logged twice")
    activity.refresh_from_db()
    assert (activity.state, activity.reason, activity.version) == ("void", "Logged twice", 2)
    assert AuditEvent.objects.get(act="activity.voided").details == {"reason": "Logged twice"}
    for act in (
        lambda: void_activity(activity.pk, actor=officer, reason="Again"),
        lambda: edited(activity, officer, today, title="New"),
    ):
        with pytest.raises(PermissionDenied, match="void"):
            act()


def test_nobody_can_log_or_edit_into_void(partnership, activity, officer, today, values):
    with pytest.raises(ValidationError, match="by voiding it"):
        log(partnership, officer, today, values, state="void")
    with pytest.raises(ValidationError, match="by voiding it"):
        edited(activity, officer, today, state="void")


@pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)
def test_two_edits_at_the_same_instant_one_wins_and_one_is_told(activity, officer, today):
    start, outcomes = Barrier(2), []

    def edit(title):
        start.wait(5)
        try:
            outcomes.append(edited(activity, officer, today, title=title).version)
        except Conflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [Thread(target=edit, args=(title,)) for title in ("One", "Other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(outcomes, key=str) == [2, "conflict"]


def test_cells_beside_the_offered_columns_survive_an_edit_of_something_else(activity, officer, today):
    add_counts(activity, {("community", "male", "child"): 3})
    edited(activity, officer, today, title="Another title")
    assert counts_of(activity)["community", "male", "child"] == 3
