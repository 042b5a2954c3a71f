"""The dashboard's page: what it asks the database does not grow with the rows, each card is true alone and says of which days,
and what rests on a job that did not run says so."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.models import Commitment
from partners.roles import Role
from tests import factories as make

MOST = 15  # statements of the dashboard of today, whoever reads it


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\xa0", " ").strip()


@pytest.fixture
def page(login, viewer, partnership):
    client = login(viewer)

    def get(query=""):
        return client.get(f"/p/{partnership.key}/{query}").content.decode()

    return get


@pytest.fixture
def card(page):
    """`card("f2", "?as_of=…")`: the words of one card."""

    def read(name, query=""):
        return words(re.search(rf'<section[^>]*aria-labelledby="{name}">(.*?)</section>', page(query), re.S)[1])

    return read


def fill(partnership, n):
    """`n` rows of each kind that a card counts."""
    dialogue = make.make_dialogue(partnership, ordinal=n)
    somebody, base = make.make_organization(), {"base_on": "2020-02-06"}
    for number in range(n):
        organization = make.make_organization()
        award = make.make_award(partnership, recipients=[organization])
        make.make_action(award)
        make.make_report(award, organization)
        due = {"due_on": "2020-01-30", "period_from": date(2019, 10, 1), "period_to": date(2019, 12, 31)}
        make.make_deadline(partnership, award=award, recipient=organization, **due)
        make.make_deadline(partnership, kind="dialogue", subject_key=f"{n}-{number}", due_on="2021-02-06", inputs=base)
        make.make_activity(partnership, organization=somebody, starts_on="2019-11-05")
        make.make_commitment(dialogue, owner=somebody, due_on=make.day("2020-02-08"))
        make.make_contribution(partnership, entity=somebody, confirmed=("us", "host")[: number % 3])
        make.make_statement(partnership, amount=f"{n}{number}00.00")
        make.make_pledge(partnership)
        make.make_coverage(partnership, make.make_region(f"{'XC' if n == 2 else 'XA'}-{number:03}"))
        make.make_term_event(partnership)


def test_dashboard_asks_as_often_for_two_hundred_rows_as_for_two(page, partnership):
    def counts():
        found = []
        for query in ("", "?as_of=2020-02-06&known_on=2020-02-07"):
            with CaptureQueriesContext(connection) as queries:
                assert "al-figs" in page(query)
            found.append(len(queries))
        return found

    fill(partnership, 2)
    few = counts()
    fill(partnership, 200)
    assert counts() == few
    assert few[0] <= MOST
    assert few[1] <= MOST + 4, "looking back asks the engine of deadlines as well"


@pytest.mark.parametrize("role", [Role.PROGRAM_OFFICER, Role.HOST_DELEGATE, Role.ADMINISTRATOR])
def test_no_reader_of_the_dashboard_costs_more(login, partnership, role, django_assert_max_num_queries):
    organization = make.make_organization() if role == Role.HOST_DELEGATE else None
    client = login(make.make_user(role, partnership, organization=organization))
    with django_assert_max_num_queries(MOST):
        assert client.get(f"/p/{partnership.key}/").status_code == 200


def test_dashboard_says_that_the_nightly_job_has_not_run(page):
    assert "has not run for two days" in page()


def test_each_card_names_both_days_when_one_looks_back(page):
    back = words(page("?as_of=2020-02-06&known_on=2020-02-05"))
    assert back.count("As of 6 Feb 2020 , as known on 5 Feb 2020") == 5
    assert back.count("Held by 6 Feb 2020 , as recorded today") == 3
    assert "You are looking back: figures as of 6 Feb 2020, as known on 5 Feb 2020." in back
    today = words(page())
    assert "as known on 10" not in today
    assert "as recorded today" not in today
    assert today.count("As of 10 Feb 2020") == 8


def test_links_of_a_day_in_the_past_keep_both_days(page, partnership):
    make.make_commitment(make.make_dialogue(partnership, start="2020-01-15"), due_on=make.day("2020-01-20"))
    html = page("?as_of=2020-02-06&known_on=2020-02-05")
    days = "?as_of=2020-02-06&amp;known_on=2020-02-05"
    for address in ("funding/", "pledges/", "partners/", "dialogues/", "dialogues/1/"):
        if address == "dialogues/1/":
            assert re.search(rf'href="/p/{partnership.key}/dialogues/[^/"]+/{re.escape(days)}#', html)
        else:
            assert f'href="/p/{partnership.key}/{address}{days}' in html, address
    assert "?as_of" not in page().replace('name="as_of"', "")


def test_region_that_came_in_later_is_no_zero(page, partnership):
    outline = "M10 10h300v300h-300z"
    country = partnership.host_country
    country.map_width, country.map_height = 400, 600
    country.save()
    for key in ("XA-ONE", "XA-TWO"):
        region = make.make_region(key)
        region.outline = outline
        region.save()
    make.make_region("XA-NEW", outline=outline)
    make.make_coverage(partnership, make.make_region("XA-NEW"), from_on=date(2020, 2, 6))
    make.make_activity(partnership, starts_on="2019-11-05")
    assert re.findall(r'al-map__n"[^>]*>(.*?)</text>', page()) == ["1", "0", "–"]


def test_before_any_full_quarter_no_activity_is_claimed(page):
    assert "No region was in the partnership for a full quarter yet" in page("?as_of=2017-06-14")


def test_after_the_term_no_quarter_is_silent(page, card, settings):
    settings.ALIANZA_TODAY = date(2026, 11, 24)
    html = page()
    heads = re.findall(r'<th scope="colgroup" colspan="(\d)">(\d{4})</th>', html)
    assert heads[-1] == ("2", "2021")
    assert card("f6").startswith("Activities held, April–June 2021 0 in 0 regions")
    assert "Activities held, July–September 2020" in page("?as_of=2020-12-30")


def test_national_activities_are_said_to_be_of_no_region(card, partnership):
    make.make_activity(partnership, starts_on="2019-11-05")
    make.make_activity(partnership, starts_on="2019-11-06", region=None)
    assert "2 in 1 region 2 more than the quarter before. 1 was national." in card("f6")


def test_activities_open_the_very_rows(page, partnership, login, viewer):
    make.make_activity(partnership, starts_on="2019-11-05")
    make.make_activity(partnership, starts_on="2020-01-15")
    address = re.search(r'href="([^"]*activities/\?state=held[^"]*)"', page())[1].replace("&amp;", "&")
    assert "1 activity" in words(login(viewer).get(address).content.decode())


def test_public_totals_keep_their_qualifiers(card, partnership):
    make.make_action(make.make_award(partnership), amount="5000000.00")
    make.make_statement(partnership, amount="5000000.00")
    assert "Public totals" not in card("f2")
    make.make_statement(partnership, amount="11000000.00", qualifier="more_than")
    assert "Public totals: 5.0 to more than 11.0 million" in card("f2")
    make.make_statement(partnership, amount="12000000.00", as_of="2020-02-08")
    assert "to 12.0 million" in card("f2")
    assert "to more than 11.0 million" in card("f2", "?as_of=2020-02-07")


def test_contribution_in_another_currency_is_named_and_not_added(card, partnership):
    make.make_pledge(partnership)
    make.make_contribution(partnership, amount="1000.00")
    other = make.make_contribution(partnership, amount=None, quantity=4)
    text = card("f3")
    assert "S/ 1,000 " in text
    assert "Not added" not in text
    type(other).objects.create(
        partnership=partnership, key="dollars", kind="cash", entity=other.entity, amount="70.00", currency="USD",
        effective_on=date(2018, 12, 31), known_on=date(2018, 12, 31), words_en="x", words_es="x",
    )  # fmt: skip
    text = card("f3")
    assert "S/ 1,000 " in text
    assert "Not added: US$ 70." in text


def test_alerts_are_the_latest_first_and_at_most_three(card, partnership):
    dialogue = make.make_dialogue(partnership, start="2019-02-06")
    owner = make.make_organization(short_name="Ministry")
    for n, due in enumerate(("2020-02-01", "2020-02-08", "2019-12-01"), start=1):
        row = make.make_commitment(dialogue, owner=owner, due_on=make.day(due))
        Commitment.objects.filter(pk=row.pk).update(text_en=f"Commitment {n}")
    make.make_contribution(partnership, amount="1200.00", effective="2018-01-05")
    text = card("f0")
    assert [int(n) for n in re.findall(r"Commitment (\d)", text)] == [3, 1, 2]
    assert text.count("Ministry") == 3
    assert "Confirm or dispute" not in text


def test_what_waits_names_the_amount_and_whose_word_is_missing(card, partnership):
    make.make_contribution(partnership, amount="1200.00", effective="2020-02-01")
    make.make_contribution(partnership, amount="5.00", effective="2020-02-01", confirmed=("us",))
    assert card("f0") == "Needs attention Confirm or dispute: S/ 1,200 waiting 9 days · U.S."


def test_csv_of_the_grid_holds_the_cells_of_the_page(login, viewer, partnership):
    make.make_activity(partnership, starts_on="2019-11-05")
    answer = login(viewer).get(f"/p/{partnership.key}/grid.csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert "XA-ONE,prosecute,2019-Q4,1,held" in lines
    assert "XA-TWO,prosecute,2019-Q4,0,silent" in lines


def test_officer_is_led_to_a_request_for_a_later_day_once_for_each_report(login, partnership, officer, viewer):
    partner = make.make_organization(name_en="Partner of ours")
    award = make.make_award(partnership, recipients=[partner])
    quarter = {"period_from": date(2020, 1, 1), "period_to": date(2020, 3, 31)}
    for half, rule in (("financial", "R-FFR-Q"), ("performance", "R-PPR-Q")):
        row = make.make_deadline(
            partnership,
            key=f"a-{half}",
            award=award,
            recipient=partner,
            due_on="2020-04-30",
            kind=f"{half}_report",
            rule=rule,
            **quarter,
        )
        make.make_due_date_change(row)
    address = f"/p/{partnership.key}/"
    text = login(officer).get(address).content.decode()
    assert text.count("Answer: a later due day is asked for") == 1
    assert f'href="{address}deadlines/a-financial/answer/"' in text
    assert "waiting 7 days" in text
    assert "later due day" not in login(viewer).get(address).content.decode()
    assert "later due day" not in login(officer).get(f"{address}?as_of=2020-02-09").content.decode()
