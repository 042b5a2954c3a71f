"""An award's page: its ledger with what counts, its period, what was passed on, and what falls due for it."""

import re
from datetime import date, timedelta

import pytest

from activities.models import Deadline
from partners.roles import Role
from tests import factories as make


def words(answer):
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", text.replace("\xa0", " "))


@pytest.fixture
def prime(partnership):
    return make.make_organization("prime", name_en="Prime organization")


@pytest.fixture
def award(partnership, prime):
    award = make.make_award(partnership, key="first", recipients=[prime], title_en="First award", listing="19.019")
    make.make_action(award, amount="5000.00", start="2017-10", end="2020-12", key="first-1")
    return award


@pytest.fixture
def page(login, viewer, partnership):
    client = login(viewer)

    def get(key="first", query="", status=200):
        answer = client.get(f"/p/{partnership.key}/funding/awards/{key}/{query}")
        assert answer.status_code == status
        return words(answer)

    return get


def test_the_page_shows_who_how_much_and_from_when_to_when(page, award):
    text = page()
    for said in (
        "First award", "US$ 5,000", "Prime organization", "recipient under 2 CFR 200", "October 2017", "1 October assumed",
        "December 2020", "31 December assumed", "Active", "19.019", "Award number (FAIN) not published", "split not published",
    ):  # fmt: skip
        assert said in text, said


def test_a_voided_row_stays_to_be_read_and_counts_for_nothing(page, award):
    wrong = make.make_action(award, amount="70.00", kind="supplement", effective="2019-01-01", key="wrong")
    make.make_action(award, amount=None, kind="void", effective="2019-02-01", voids=wrong, reason="Entered twice.")
    text = page()
    assert "Voided, not counted" in text
    assert "Takes back wrong" in text
    assert "Entered twice." in text
    assert "Awarded, rows in force US$ 5,000 " in text
    before = page(query="?as_of=2019-01-15&known_on=2019-01-15")
    assert "Voided" not in before
    assert "Awarded, rows in force US$ 5,070 " in before


def test_every_change_of_the_period_is_listed(page, award):
    make.make_action(award, amount=None, kind="no_cost_extension", effective="2020-02-01", end="2021-06-30")
    text = page()
    assert "30 Jun 2021" in text
    assert "No-cost extension" in text
    assert "30 Jun 2021" not in page(query="?as_of=2020-01-31")


def test_an_award_without_a_period_says_why_nothing_falls_due(page, partnership, prime):
    bare = make.make_award(partnership, key="bare", recipients=[prime])
    make.make_action(bare, amount="1700.00", recipient=prime)
    text = page("bare")
    assert "no period is published" in text
    assert "No source that we hold says when it starts or ends." in text
    assert "No period of performance is known, so no report falls due." in text
    assert "Period not published" in text


def test_reports_and_deadlines_of_this_award_alone(page, partnership, award, prime):
    report = make.make_report(award, prime)
    make.make_deadline(
        partnership, award=award, recipient=prime, due_on="2020-03-30", period_from=report.period_from, period_to=report.period_to
    )
    other = make.make_award(partnership, recipients=[prime])
    make.make_deadline(partnership, award=other, recipient=prime, due_on="2020-04-15")
    text = page()
    assert "October–December 2019" in text
    assert "Draft" in text
    assert "30 Mar 2020" in text
    assert "in 49 days" in text
    assert "15 Apr 2020" not in text
    assert Deadline.objects.count() == 2


def test_a_deadline_of_an_invented_report_is_marked_and_both_lists_name_their_day(page, partnership, award, prime):
    report = make.make_report(award, prime, is_sample=True)
    other = make.make_organization()
    days = {"due_on": "2020-03-30", "period_from": report.period_from, "period_to": report.period_to}
    make.make_deadline(partnership, award=award, recipient=prime, **days)
    make.make_deadline(partnership, award=award, recipient=other, **days)
    text = page(query="?as_of=2019-12-31")
    deadlines = text[text.index("They run from this award") :]
    assert deadlines.count("sample Prime organization") == 1
    assert deadlines.count("in 49 days") == 2
    assert f"sample {other.name_en}" not in deadlines
    assert text.count("As they stand today, 10 Feb 2020.") == 2


def test_what_was_passed_on_is_listed_and_never_added(page, partnership, award, prime):
    sub = make.make_organization("sub")
    passed = make.make_award(
        partnership, key="passed", recipients=[sub], level="sub", parent=award, pass_through=prime, title_en="Passed on"
    )
    make.make_action(passed, amount=None, recipient=sub)
    text = page()
    assert "Passed on" in text
    assert "not published" in text
    assert "Awarded, rows in force US$ 5,000 " in text
    text = page("passed")
    assert "Parent award First award" in text
    assert "Passed on by Prime organization" in text


def test_an_award_is_not_there_before_it_could_be_known(page, partnership, prime):
    make.make_award(partnership, key="late", recipients=[prime], known_on=make.day("2020-02-06"))
    page("late")
    page("late", "?known_on=2020-02-05", status=404)
    page("nothing", status=404)


def test_partners_see_their_own_awards_and_the_others_do_not_exist(client, partnership, award, prime, stranger):
    address = f"/p/{partnership.key}/funding/awards/first/"
    own = make.make_user(Role.PARTNER_PREPARER, partnership, organization=prime)
    another = make.make_user(Role.PARTNER_PREPARER, partnership)
    for person, status in ((own, 200), (another, 404), (stranger, 404), (make.make_user(Role.HOST_DELEGATE, partnership), 403)):
        client.force_login(person)
        assert client.get(address).status_code == status
    client.force_login(own)
    assert f'href="/p/{partnership.key}/funding/"' not in client.get(address).content.decode()


def test_an_award_of_another_partnership_is_not_found_under_this_one(page, officer, prime):
    other = make.make_partnership(regions=("XB-ONE",))
    make.make_award(other, key="elsewhere", recipients=[prime])
    page("elsewhere", status=404)


def test_as_many_queries_with_two_hundred_rows_as_with_two(
    login, viewer, partnership, award, prime, django_assert_max_num_queries
):
    client, address = login(viewer), f"/p/{partnership.key}/funding/awards/first/"
    make.make_award(partnership, recipients=[prime], level="sub", parent=award)
    with django_assert_max_num_queries(20) as few:
        client.get(address)
    first = date(2018, 1, 1)
    for n in range(100):
        make.make_action(award, amount="1.00", kind="supplement", effective="2019-01-01", recipient=prime)
        make.make_deadline(
            partnership, award=award, recipient=prime, due_on="2020-03-01", period_from=first, period_to=first + timedelta(days=n)
        )
        make.make_award(partnership, recipients=[prime], level="sub", parent=award)
    with django_assert_max_num_queries(20) as many:
        client.get(address)
    assert len(many) == len(few)
