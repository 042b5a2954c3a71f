"""The demonstration: facts, marked sample, a report in every state, and accounts that can log in."""

import io
from collections import Counter
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from activities.deadlines.queries import stale_job_message
from activities.models import Activity, Commitment, Deadline, Dialogue, Indicator, JobRun, Report, ReportVersion, Target
from activities.reporting.sf425 import CUMULATIVE, Lines
from cpc.accounts.models import User
from cpc.dashboards.management.demo_accounts import ACCOUNTS
from funding.models import Award, AwardAction, Contribution, Pledge
from partners.models import Partnership, Statement, TermEvent
from tests.partners.loader.state import everything

from .conftest import SETTINGS, TODAY


@pytest.fixture(autouse=True)
def as_the_demonstration(settings):
    for name, value in SETTINGS.items():
        setattr(settings, name, value)


def test_loading_twice_changes_nothing(demo):
    before = everything()
    call_command("load_demo", stdout=io.StringIO())
    assert everything() == before


def test_the_nightly_job_has_run_and_the_first_page_does_not_say_that_it_is_late(demo):
    assert list(JobRun.objects.values_list("job", "failure")) == [("deadlines America/Lima", "")]
    assert stale_job_message(demo, today=TODAY) == ""


def test_reports_stand_in_every_state_and_one_is_overdue(demo):
    newest = {report.key: report.versions.first() for report in Report.objects.filter(versions__isnull=False).distinct()}
    states = Counter(version.state for version in newest.values())
    assert set(states) == set(ReportVersion.State.values)
    assert (states["returned"], states["in_review"]) == (1, 1)
    late = Deadline.objects.filter(met_at=None, superseded_at=None, due_on__lt=TODAY, period_to__isnull=False)
    assert {(row.recipient.key, row.period_to, row.due_on) for row in late} == {("ilo", date(2019, 12, 31), date(2020, 1, 30))}
    assert all(Report.objects.get(key=key).is_sample for key in newest)


def test_reports_of_both_primes_are_complete(demo):
    for organization in ("ilo", "yanapanakusun"):
        ends = (
            Report.objects.filter(organization__key=organization, versions__isnull=False)
            .distinct()
            .values_list("period_to", flat=True)
        )
        assert len(ends) == 9
        assert max(ends) == date(2019, 12, 31)


def test_money_of_the_reports_only_rises_and_fits(demo):
    for organization in ("ilo", "yanapanakusun"):
        versions = ReportVersion.objects.filter(report__organization__key=organization, financial__isnull=False)
        previous = None
        for version in versions.select_related("financial").order_by("report__period_to", "number"):
            lines = Lines.of(version.financial)
            assert lines.h >= 0
            assert lines.c >= 0
            for line in CUMULATIVE if previous else ():
                assert lines[line] is None or lines[line] >= previous[line]
            previous = lines


def test_activities_stand_in_all_regions_and_objectives_since_2017(demo):
    held = Activity.objects.filter(state="held", region__isnull=False)
    assert set(held.values_list("region__key", flat=True)) == {"PE-LMA", "PE-CUS", "PE-LOR", "PE-MDD", "PE-PUN"}
    assert set(held.values_list("objective__key", flat=True)) == {"prosecute", "protect", "prevent"}
    assert held.earliest("starts_on").starts_on.year == 2017
    assert held.latest("starts_on").starts_on < TODAY
    new = held.filter(region__key__in=["PE-MDD", "PE-PUN"])
    assert new.earliest("starts_on").starts_on >= date(2020, 2, 6)
    assert set(Activity.objects.values_list("state", flat=True)) == {"held", "planned", "cancelled"}
    assert 120 <= Activity.objects.count() <= 150


def test_what_the_sample_adds_is_marked_and_the_facts_are_not(demo):
    for model in (Activity, Commitment, Contribution, Indicator, Target):
        assert set(model.objects.values_list("is_sample", flat=True)) == {True}
    for model in (Partnership, Award, AwardAction, TermEvent, Pledge, Statement, Dialogue):
        assert set(model.objects.values_list("is_sample", flat=True)) == {False}


def test_both_sides_promised_and_confirm_differently(demo):
    assert set(Commitment.objects.values_list("side", flat=True)) == {"us", "host"}
    assert Commitment.objects.filter(us_confirmed_on__isnull=False, host_confirmed_on__isnull=False).exists()
    assert Commitment.objects.filter(us_confirmed_on=None).exists()
    assert set(Contribution.objects.values_list("kind", flat=True)) == {"cash", "posts", "project", "shelter"}


def test_accounts_log_in_with_their_roles(demo, client):
    for account in ACCOUNTS:
        user = User.objects.get(email=account.email)
        assert user.check_password("for-the-tests-alone")
        assert [m.role for m in user.memberships.all()] == [account.role]
        assert not user.emailaddress_set.exists()
    assert User.objects.get(email="program_officer@example.org").memberships.get().exact_counts
    answer = client.post("/accounts/login/", {"login": "embassy_viewer@example.org", "password": "for-the-tests-alone"})
    assert answer.status_code == 302


def test_new_password_reaches_all_accounts(demo, settings):
    settings.ALIANZA_DEMO_PASSWORD = "another-one-for-the-tests"
    with transaction.atomic():
        call_command("load_demo", stdout=io.StringIO())
        assert all(User.objects.get(email=account.email).check_password("another-one-for-the-tests") for account in ACCOUNTS)
        transaction.set_rollback(True)


def test_what_people_did_survives_the_next_start(demo):
    with transaction.atomic():
        Activity.objects.filter(key="peru-2017-sample-001").update(title="Edited", version=2)
        call_command("load_demo", stdout=io.StringIO())
        assert Activity.objects.get(key="peru-2017-sample-001").title == "Edited"
        transaction.set_rollback(True)


def test_accounts_are_printed_without_writing(demo):
    before, out = everything(), io.StringIO()
    call_command("load_demo", "--print-accounts", stdout=out)
    assert all(account.email in out.getvalue() for account in ACCOUNTS)
    assert "for-the-tests-alone" in out.getvalue()
    assert everything() == before


@pytest.mark.parametrize(("name", "value"), [("ALIANZA_DEMO", False), ("ALIANZA_DEMO_PASSWORD", "")])
def test_refused_outside_the_demonstration_and_without_a_password(settings, name, value):
    setattr(settings, name, value)
    with pytest.raises(CommandError):
        call_command("load_demo")
