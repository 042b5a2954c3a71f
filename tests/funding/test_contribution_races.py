"""Two people, or two clicks of one, act on the same contribution in the same instant, on real transactions."""

from datetime import date

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied

from funding.models import Contribution, ContributionConfirmation
from funding.pledges import services
from partners.roles import Role
from tests import factories as make
from tests.approvals.test_two_deciders import at_once, kinds

from .gifts import given, make_ministry

# Rows that other connections see. Naming the apps lets the clean-up cascade to the table of the swapped-out token model.
pytestmark = pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)
TODAY = date(2020, 2, 10)


@pytest.fixture
def world():
    return make.make_partnership()


@pytest.fixture
def ministry(world):
    return make_ministry(world)


@pytest.fixture
def people(world, ministry):
    return make.make_user(Role.HOST_DELEGATE, world, organization=ministry), make.make_user(Role.PROGRAM_OFFICER, world)


@pytest.fixture
def row(world, ministry):
    return make.make_contribution(world, entity=ministry)


def test_two_clicks_that_enter_write_one_row(world, people, ministry):
    def click():
        return services.enter_contribution(world.pk, given(ministry), actor=people[0], today=TODAY, once="one-sending")

    first, second = at_once(click, click)
    assert first == second
    assert Contribution.objects.count() == 1


def test_two_entries_at_once_get_a_key_each(world, people, ministry):
    acts = [
        lambda who=who: services.enter_contribution(world.pk, given(ministry), actor=who, today=TODAY, once=str(who.pk))
        for who in people
    ]
    assert kinds(at_once(*acts)) == ["Contribution", "Contribution"]
    assert len(set(Contribution.objects.values_list("key", flat=True))) == 2


def test_two_clicks_that_confirm_say_one_word(people, row):
    def click():
        return services.confirm_contribution(row.pk, actor=people[0], today=TODAY)

    assert kinds(at_once(click, click)) == ["ContributionConfirmation"] * 2
    assert ContributionConfirmation.objects.count() == 1


def test_two_corrections_at_once_leave_one_row_in_force(people, ministry, row):
    acts = [
        lambda who=who: services.replace_contribution(
            row.pk, given(ministry), actor=who, today=TODAY, reason="Wrong amount.", once=str(who.pk)
        )
        for who in people
    ]
    assert kinds(at_once(*acts)) == ["Contribution", "Overtaken"]
    assert Contribution.objects.in_force(as_of=TODAY, known_on=TODAY).count() == 1


def test_a_confirmation_and_a_void_at_once_never_confirm_what_is_void(people, row):
    delegate, officer = people
    found = at_once(
        lambda: services.confirm_contribution(row.pk, actor=delegate, today=TODAY),
        lambda: services.void_contribution(row.pk, actor=officer, today=TODAY, reason="Entered twice."),
    )
    refused = [one for one in found if isinstance(one, PermissionDenied)]
    assert Contribution.objects.filter(voids=row).count() == 1
    assert len(refused) + ContributionConfirmation.objects.count() == 1
