"""Entering what the host gave, putting it right, voiding it; confirming and disputing, each government for itself."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from cpc.audit.models import AuditEvent
from cpc.core.dates import PreciseDate
from funding.models import Contribution, ContributionConfirmation
from funding.pledges import services
from funding.pledges.checks import Citation
from funding.pledges.permissions import may_change_contribution, may_speak, side_of
from funding.pledges.queries import contributions_on, pledge_progress
from partners.models import Document
from partners.roles import Role
from tests import factories as make

from .gifts import given, make_ministry

TODAY = date(2020, 2, 10)


@pytest.fixture
def delegate(person, ministry):
    return person(Role.HOST_DELEGATE, organization=ministry)


def enter(partnership, actor, what, **rest):
    return services.enter_contribution(partnership.pk, what, actor=actor, today=TODAY, **rest)


def agreement(contribution):
    return contributions_on(contribution.partnership, as_of=TODAY, known_on=TODAY).get(pk=contribution.pk).agreement


# Enter


def test_an_entry_is_known_from_today_in_the_hosts_currency_and_confirmed_by_nobody(partnership, delegate, ministry):
    row = enter(partnership, delegate, given(ministry))
    row.refresh_from_db()
    assert (row.amount, row.currency, row.known_on, row.effective.iso) == (Decimal("1234.50"), "PEN", TODAY, "2019-06")
    assert (row.key, row.certainty, row.entered_by, agreement(row)) == (
        "test-2017-contribution-001", "secondary", delegate, "none",
    )  # fmt: skip
    event = AuditEvent.objects.get(act="contribution.entered")
    assert (event.actor, event.subject_key) == (delegate, row.key)


def test_posts_are_counted_and_have_no_currency(partnership, officer, ministry):
    row = enter(partnership, officer, given(ministry, kind="posts", amount=None, quantity=6))
    assert (row.amount, row.currency, row.quantity) == (None, "", 6)


def test_the_same_sending_twice_writes_one_row(partnership, delegate, ministry):
    first, second = (enter(partnership, delegate, given(ministry), once="a-name") for _n in range(2))
    assert first == second
    assert Contribution.objects.count() == 1
    assert enter(partnership, delegate, given(ministry), once="another").key.endswith("-002")


def test_the_name_of_a_sending_is_its_senders_own(partnership, delegate, officer, ministry):
    enter(partnership, delegate, given(ministry), once="a-name")
    enter(partnership, officer, given(ministry), once="a-name")
    assert Contribution.objects.count() == 2


def test_a_new_document_is_cited_with_the_entry(partnership, delegate, ministry):
    citation = Citation("Ejecución presupuestal 2019", "MEF", PreciseDate.parse("2020-01"), "https://www.example.org/a")
    row = enter(partnership, delegate, given(ministry, citation=citation))
    assert (row.source.key, row.source.published_on, row.source.published_precision, row.certainty) == (
        "ejecucion-presupuestal-2019", date(2020, 1, 31), "month", "primary",
    )  # fmt: skip
    assert AuditEvent.objects.get(act="document.added").subject_key == row.source.key
    again = enter(partnership, delegate, given(ministry, citation=citation))
    assert again.source.key == "ejecucion-presupuestal-2019-2"


FAULTS = [
    ({"kind": "cash", "amount": None}, "amount"),
    ({"kind": "cash", "quantity": 3}, "quantity"),
    ({"kind": "shelter", "valuation": "none"}, "valuation"),
    ({"kind": "posts", "amount": None, "valuation": "stated"}, "amount"),
    ({"kind": "posts", "amount": None, "quantity": 0}, "quantity"),
    ({"kind": "posts", "amount": None, "quantity": 1_000_001}, "quantity"),
    ({"effective": PreciseDate.parse("2020-02-11")}, "effective"),
    ({"effective": PreciseDate.parse("2020-02")}, "effective"),
    ({"effective": PreciseDate.parse("2020")}, "effective"),
    ({"effective": PreciseDate.parse("2017-06-14")}, "effective"),
    ({"effective": PreciseDate.parse("2016")}, "effective"),
    ({"words_en": "", "words_es": " "}, "words_en"),
    ({"words_en": "DNI 12345678"}, "words_en"),
    ({"words_es": "a\u202eb"}, "words_es"),
    ({"citation": Citation("", "MEF", None, "")}, "new_title"),
    ({"citation": Citation("Title", " ", None, "")}, "new_publisher"),
    ({"citation": Citation("Title", "MEF", PreciseDate.parse("2020-03"), "")}, "new_published"),
]


@pytest.mark.parametrize(("changes", "field"), FAULTS)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_saved(partnership, delegate, ministry, changes, field):
    with pytest.raises(ValidationError) as refused:
        enter(partnership, delegate, given(ministry, **changes))
    assert list(refused.value.error_dict) == [field]
    assert (Contribution.objects.count(), Document.objects.count()) == (0, 0)


@pytest.mark.parametrize("iso", ["2017", "2017-06", "2017-06-15", "2020-02-10", "2020-01"])
def test_days_from_the_signing_to_today_are_taken_as_exact_as_they_are_known(partnership, delegate, ministry, iso):
    assert enter(partnership, delegate, given(ministry, effective=PreciseDate.parse(iso))).effective.iso == iso


def test_entity_region_and_document_belong_to_the_partnership(partnership, delegate, ministry, stranger):
    other = stranger.memberships.get().partnership
    foreign = make.make_region("ZZ-ONE", country=make.make_country("ZZ"))
    for changes, field in (
        ({"entity_id": make_ministry(other, "elsewhere-ministry").pk}, "entity"),
        ({"entity_id": make.make_member(partnership).organization_id}, "entity"),
        ({"region_id": foreign.pk}, "region"),
        ({"document_id": make.make_document(other).pk}, "source"),
        ({"document_id": make.make_document(partnership).pk, "citation": Citation("T", "P", None, "")}, "source"),
    ):
        with pytest.raises(ValidationError) as refused:
            enter(partnership, delegate, given(ministry, **changes))
        assert list(refused.value.error_dict) == [field]


@pytest.mark.parametrize("role", [Role.GRANTS_OFFICER, Role.EMBASSY_VIEWER, Role.ADMINISTRATOR, Role.PARTNER_CERTIFIER])
def test_only_program_officers_and_host_delegates_write(partnership, person, ministry, row, role):
    actor = person(role)
    for act in (
        lambda: enter(partnership, actor, given(ministry)),
        lambda: services.replace_contribution(row.pk, given(ministry), actor=actor, today=TODAY, reason="Wrong year."),
        lambda: services.void_contribution(row.pk, actor=actor, today=TODAY, reason="Entered twice."),
        lambda: services.confirm_contribution(row.pk, actor=actor, today=TODAY),
        lambda: services.dispute_contribution(row.pk, actor=actor, today=TODAY, reason="Not so."),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert (Contribution.objects.count(), ContributionConfirmation.objects.count()) == (1, 0)


# Put right, void


def test_putting_right_voids_the_old_row_and_enters_one_without_confirmations(partnership, delegate, officer, ministry, row):
    for actor in (delegate, officer):
        services.confirm_contribution(row.pk, actor=actor, today=TODAY)
    assert agreement(row) == "both"
    new = services.replace_contribution(
        row.pk, given(ministry, amount=Decimal("90.00")), actor=delegate, today=TODAY, reason="Wrong amount."
    )
    assert (new.replaces, agreement(new)) == (row, "none")
    assert list(contributions_on(partnership, as_of=TODAY, known_on=TODAY)) == [new]
    yesterday = date(2020, 2, 9)
    assert list(contributions_on(partnership, as_of=TODAY, known_on=yesterday)) == [row], "the old question, the old answer"
    assert Contribution.objects.get(voids=row).reason == "Wrong amount."


def test_putting_right_twice_by_one_sending_writes_once_and_by_two_is_overtaken(delegate, officer, ministry, row):
    once = {"reason": "Wrong amount.", "today": TODAY}
    first = services.replace_contribution(row.pk, given(ministry), actor=delegate, once="x", **once)
    assert services.replace_contribution(row.pk, given(ministry), actor=delegate, once="x", **once) == first
    with pytest.raises(services.Overtaken):
        services.replace_contribution(row.pk, given(ministry), actor=officer, once="y", **once)
    assert Contribution.objects.count() == 3


@pytest.mark.parametrize("is_sample", [True, False])
def test_what_is_put_right_of_a_sample_stays_a_sample(partnership, delegate, ministry, is_sample):
    row = make.make_contribution(partnership, entity=ministry, is_sample=is_sample)
    new = services.replace_contribution(row.pk, given(ministry), actor=delegate, today=TODAY, reason="Wrong amount.")
    assert (new.is_sample, Contribution.objects.get(voids=row).is_sample) == (is_sample, is_sample)


def test_a_refused_correction_leaves_the_old_row_in_force(partnership, delegate, ministry, row):
    with pytest.raises(ValidationError) as refused:
        services.replace_contribution(row.pk, given(ministry, amount=None), actor=delegate, today=TODAY, reason=" ")
    assert sorted(refused.value.error_dict) == ["amount", "reason"]
    assert list(contributions_on(partnership, as_of=TODAY, known_on=TODAY)) == [row]


def test_a_void_needs_a_reason_is_for_ever_and_takes_the_money_out_of_the_progress(partnership, delegate, row):
    make.make_pledge(partnership, amount="1000.00")
    with pytest.raises(ValidationError) as refused:
        services.void_contribution(row.pk, actor=delegate, today=TODAY, reason="")
    assert list(refused.value.error_dict) == ["reason"]
    assert pledge_progress(partnership, as_of=TODAY, known_on=TODAY).contributed == Decimal("100.00")
    services.void_contribution(row.pk, actor=delegate, today=TODAY, reason="Entered twice.")
    assert pledge_progress(partnership, as_of=TODAY, known_on=TODAY).contributed == 0
    row = Contribution.objects.get(pk=row.pk)
    assert (may_change_contribution(delegate, row).code, may_speak(delegate, row).code) == ("void", "void")
    with pytest.raises(PermissionDenied):
        services.void_contribution(row.pk, actor=delegate, today=TODAY, reason="Again.")


@pytest.mark.parametrize("table", ["funding_contribution", "funding_contributionconfirmation"])
@pytest.mark.parametrize("act", ["UPDATE {} SET is_sample = NOT is_sample", "DELETE FROM {}"])
def test_nothing_can_be_changed_by_sql_either(delegate, row, table, act):
    services.confirm_contribution(row.pk, actor=delegate, today=TODAY)
    with pytest.raises(DatabaseError, match="Cannot (update|delete)"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act.format(table))


# Confirm, dispute


def test_each_government_confirms_for_itself(partnership, delegate, officer, row):
    assert [side_of(actor, partnership.pk) for actor in (delegate, officer)] == ["host", "us"]
    word = services.confirm_contribution(row.pk, actor=delegate, today=TODAY)
    assert (word.side, word.agrees, word.confirmed_by, agreement(row)) == ("host", True, delegate, "host")
    services.confirm_contribution(row.pk, actor=officer, today=TODAY)
    assert agreement(row) == "both"


def test_a_second_click_writes_nothing(delegate, row):
    first, second = (services.confirm_contribution(row.pk, actor=delegate, today=TODAY) for _n in range(2))
    assert first == second
    assert ContributionConfirmation.objects.count() == 1
    assert AuditEvent.objects.filter(act="contribution.confirmed").count() == 1


def test_a_dispute_carries_the_value_that_its_side_holds_right_and_the_newest_word_counts(delegate, officer, row):
    services.confirm_contribution(row.pk, actor=delegate, today=TODAY)
    word = services.dispute_contribution(row.pk, actor=officer, today=TODAY, amount=Decimal("80.00"), reason="Counted twice.")
    assert (word.side, word.agrees, word.amount, word.reason, agreement(row)) == (
        "us", False, Decimal("80.00"), "Counted twice.", "disputed",
    )  # fmt: skip
    services.confirm_contribution(row.pk, actor=officer, today=TODAY)
    assert agreement(row) == "both"


def test_a_number_of_posts_is_disputed_by_another_number(partnership, officer, ministry):
    posts = make.make_contribution(partnership, entity=ministry, kind="posts", amount=None, quantity=6)
    word = services.dispute_contribution(posts.pk, actor=officer, today=TODAY, quantity=4, reason="Two are vacant.")
    assert (word.amount, word.quantity) == (None, 4)
    assert contributions_on(partnership, as_of=TODAY, known_on=TODAY).get().us_quantity == 4


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"reason": ""}, ["reason"]),
        ({"reason": "x" * 1001}, ["reason"]),
        ({"reason": "Call +51 987 654 321"}, ["reason"]),
        ({"reason": "Same.", "amount": Decimal("100.00")}, ["amount"]),
        ({"reason": "Posts.", "quantity": 3}, ["quantity"]),
    ],
)
def test_a_dispute_that_says_nothing_is_refused(officer, row, said, fields):
    with pytest.raises(ValidationError) as refused:
        services.dispute_contribution(row.pk, actor=officer, today=TODAY, **said)
    assert list(refused.value.error_dict) == fields
    assert not ContributionConfirmation.objects.exists()


def test_nobody_speaks_for_both_governments(partnership, delegate, row):
    make.grant(delegate, Role.PROGRAM_OFFICER, partnership)
    assert side_of(delegate, partnership.pk) is None
    with pytest.raises(PermissionDenied, match="cannot speak for both"):
        services.confirm_contribution(row.pk, actor=delegate, today=TODAY)
