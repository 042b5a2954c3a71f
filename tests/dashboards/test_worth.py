"""What a pledge is in another currency: each line names the day of its rate, and nothing is converted before it can be known."""

import re

import pytest

from partners.roles import Role
from tests import factories as make


@pytest.fixture
def lines(login, viewer, partnership, settings):
    """`lines(as_of)`: the rows of the table on a day, in words; None where there is no table."""
    settings.ALIANZA_TODAY = make.day("2026-11-24")
    client = login(viewer)

    def read(as_of="2026-11-24"):
        html = client.get(f"/p/{partnership.key}/statements/?as_of={as_of}&known_on={as_of}").content.decode()
        found = re.search(r'aria-labelledby="worth-1">(.*?)</section>', html, re.S)
        if found is None:
            return None
        rows = re.findall(r'<tr><th scope="row">.*?</tr>', found[1], re.S)
        return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).replace("\xa0", " ").strip() for row in rows]

    return read


@pytest.fixture
def pledged(partnership):
    """Eight million soles at 3.2475, "2.4 million dollars" in May 2021, rates of the quarters, and a term to June 2022."""
    make.make_pledge(partnership, rate=make.make_rate())
    make.make_term_event(partnership)
    make.make_rate(record="2021-06-30", rate="3.858")
    make.make_rate(record="2022-06-30", rate="3.825")
    make.make_rate(record="2022-06-30", rate="9", source="somebody else")
    make.make_statement(partnership, measure="pledged", amount="2400000.00", currency="USD", as_of="2021-05", qualifier="about")


AT_SIGNATURE = "31 Mar 2017 At signature, the pledge&#x27;s own rate 3.2475 US$ 2,463,433.41"


def test_each_line_is_the_pledge_at_the_rate_of_its_day(pledged, lines):
    assert lines() == [
        AT_SIGNATURE,
        "May 2021 day not published; 31 May assumed As said in public not said about US$ 2,400,000",
        "30 Jun 2021 End of the quarter in which that was said; End of the pledge 3.858 US$ 2,073,613.27",
        "30 Jun 2022 End of the term as extended 3.825 US$ 2,091,503.27",
    ]


def test_a_day_that_is_not_over_has_no_rate_yet(pledged, lines):
    assert lines("2020-02-10") == [AT_SIGNATURE]
    assert lines("2021-06-29")[1:] == [
        "May 2021 day not published; 31 May assumed As said in public not said about US$ 2,400,000"
    ]
    assert len(lines("2021-06-30")) == 3


def test_a_pledge_without_a_rate_of_its_own_is_not_converted(partnership, lines):
    make.make_pledge(partnership)
    make.make_rate(record="2021-06-30")
    assert lines() is None


def test_who_may_not_read_pledges_sees_no_conversion(client, pledged, partnership):
    client.force_login(make.make_user(Role.PARTNER_PREPARER, partnership))
    page = client.get(f"/p/{partnership.key}/statements/").content.decode()
    assert "depends on the day" not in page
