"""Where a person begins: what a partner owes and when, the dashboard of the others, a choice, or nothing yet."""

import re

import pytest

from partners.roles import Role
from tests import factories as make


def words(answer):
    text = re.sub(r"<[^>]+>", " ", re.search(r"<main.*</main>", answer.content.decode(), re.S)[0])
    return re.sub(r"\s+", " ", text).replace("\xa0", " ").strip()


@pytest.fixture
def owing(partnership):
    """A partner whose report for the last quarter of 2019 is late, with a draft begun, and the next one is not due yet."""
    organization = make.make_organization("owing", short_name="Owing")
    award = make.make_award(partnership, recipients=[organization], title_en="The award")
    for due, period in (("2020-01-30", ("2019-10-01", "2019-12-31")), ("2020-04-30", ("2020-01-01", "2020-03-31"))):
        report = make.make_report(award, organization, period=period)
        days = {"period_from": report.period_from, "period_to": report.period_to}
        make.make_deadline(partnership, award=award, recipient=organization, due_on=due, **days)
    return organization


@pytest.mark.parametrize("role", [Role.PARTNER_PREPARER, Role.PARTNER_CERTIFIER])
def test_partner_reads_what_it_owes_and_when_the_most_urgent_first(login, partnership, owing, role):
    text = words(login(make.make_user(role, partnership, organization=owing)).get("/"))
    assert text.startswith("What we owe ")
    late, next_one = text.index("Quarterly report, October–December 2019"), text.index("Quarterly report, January–March 2020")
    assert late < next_one
    assert "30 Jan 2020 11 days late" in text
    assert "30 Apr 2020 in 80 days" in text
    assert "The award" in text


def test_partner_that_owes_nothing_is_told_so(login, partnership, owing):
    text = words(login(make.make_user(Role.PARTNER_PREPARER, partnership)).get("/"))
    assert "Nothing is owed on this day." in text
    assert "Quarterly report" not in text


@pytest.mark.parametrize("role", [Role.PROGRAM_OFFICER, Role.EMBASSY_VIEWER, Role.ADMINISTRATOR])
def test_others_come_to_the_dashboard_of_their_only_partnership(login, partnership, role):
    answer = login(make.make_user(role, partnership)).get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/p/{partnership.key}/")


def test_person_without_a_partnership_is_told_who_gives_a_role(login, partnership):
    answer = login(make.make_user()).get("/")
    assert answer.status_code == 200
    assert "You have no role in any partnership." in words(answer)
    assert f"/p/{partnership.key}/" not in answer.content.decode()


def test_person_in_several_partnerships_chooses_and_switches_in_the_head(login, partnership):
    other, alien = make.make_partnership("other-2018"), make.make_partnership("alien-2019")
    person = make.make_user(Role.EMBASSY_VIEWER, partnership)
    make.grant(person, Role.EMBASSY_VIEWER, other)
    client = login(person)
    home = client.get("/")
    main = re.search(r"<main.*</main>", home.content.decode(), re.S)[0]
    assert re.findall(r'href="(/p/[^"]+)"', main) == ["/p/other-2018/", f"/p/{partnership.key}/"]
    page = client.get("/p/other-2018/").content.decode()
    switch = re.search(r'<ul[^>]*id="scope".*?</ul>', page, re.S)[0]
    assert re.findall(r'href="(/p/[^"]+)"( aria-current="true")?', switch) == [
        ("/p/other-2018/", ' aria-current="true"'),
        (f"/p/{partnership.key}/", ""),
    ]
    assert alien.key not in page


def test_membership_in_no_partnership_holds_for_every_one(login, partnership):
    make.make_partnership("other-2018")
    client = login(make.make_user(Role.ADMINISTRATOR, None))
    assert all(client.get(f"/p/{key}/").status_code == 200 for key in ("other-2018", partnership.key))
    assert client.get("/p/nothing/").status_code == 404


def test_partner_of_two_partnerships_reads_what_it_owes_in_both(login, partnership, owing):
    other = make.make_partnership("other-2018")
    person = make.make_user(Role.PARTNER_CERTIFIER, partnership, organization=owing)
    make.grant(person, Role.PARTNER_CERTIFIER, other, organization=owing)
    answer = login(person).get("/")
    assert answer.content.decode().count('<section aria-labelledby="owing-') == 2
