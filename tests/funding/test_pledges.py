"""What the host promised and gave: in its own currency, confirmed by each government for itself."""

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.models import Contribution, ContributionConfirmation
from funding.pledges.queries import contributions_on, pledge_progress, promises, waiting_for
from funding.pledges.rules import Agreement, converted
from partners.roles import Role
from tests import factories as make
from tests.files import table

TODAY = date(2020, 2, 10)
PAIR = {"base": "USD", "quote": "PEN"}


def progress(partnership, as_of=TODAY, known_on=TODAY):
    return pledge_progress(partnership, as_of=as_of, known_on=known_on)


def say(contribution, side, agrees, on="2019-06-01", amount=None):
    return ContributionConfirmation.objects.create(
        contribution=contribution, side=side, agrees=agrees, confirmed_on=make.day(on), amount=amount and Decimal(amount)
    )


# Conversion


@pytest.mark.parametrize(
    ("rate", "dollars"),
    [
        ("3.2475", "2463433.41"),
        ("3.253", "2459268.37"),
        ("3.314", "2414001.21"),
        ("3.621", "2209334.44"),
        ("3.858", "2073613.27"),
        ("3.825", "2091503.27"),
    ],
)
def test_eight_million_soles_in_dollars(rate, dollars):
    assert converted(Decimal("8000000.00"), "PEN", **PAIR, rate=Decimal(rate)) == (Decimal(dollars), "USD")


def test_the_pair_converts_both_ways_and_no_other_currency():
    assert converted(Decimal("2.00"), "USD", **PAIR, rate=Decimal("3.2475")) == (Decimal("6.50"), "PEN")
    assert converted(Decimal("2.00"), "EUR", **PAIR, rate=Decimal("3.2475")) is None


def test_halves_are_rounded_up():
    assert converted(Decimal("0.01"), "PEN", **PAIR, rate=Decimal(2)) == (Decimal("0.01"), "USD")
    assert converted(Decimal("-0.01"), "PEN", **PAIR, rate=Decimal(2)) == (Decimal("-0.01"), "USD")


@given(st.decimals(0, 10**12 - 1, places=2), st.decimals("0.00000001", "9999999999", places=8))
def test_a_conversion_is_within_half_a_cent_of_the_exact_quotient(amount, rate):
    found, _currency = converted(amount, "PEN", **PAIR, rate=rate)
    assert abs(Fraction(found) - Fraction(amount) / Fraction(rate)) <= Fraction(1, 200)


# Promise and progress


def test_the_pledge_reads_at_least_and_names_its_own_rate(partnership):
    make.make_pledge(partnership, rate=make.make_rate())
    promise = promises(partnership, as_of=TODAY, known_on=TODAY)[0]
    assert (promise.pledge.qualifier, promise.ends.iso) == ("at_least", "2021-06")
    assert (promise.at_signature.amount, promise.at_signature.currency) == (Decimal("2463433.41"), "USD")
    assert (promise.at_signature.rate.source, promise.at_signature.rate.record_date) == ("IMF", date(2017, 3, 31))


def test_without_a_rate_of_its_own_there_is_no_conversion(partnership):
    make.make_rate()
    make.make_pledge(partnership)
    make.make_pledge(partnership, rate=make.make_rate(base="USD", quote="EUR"))
    make.make_pledge(partnership, amount=None, rate=make.make_rate(record="2018-03-31"), in_kind_en="Posts")
    assert [one.at_signature for one in promises(partnership, as_of=TODAY, known_on=TODAY)] == [None, None, None]


def test_progress_is_priced_money_over_promised_money_beside_what_is_only_counted(partnership):
    make.make_pledge(partnership)
    make.make_contribution(partnership, amount="4100000.00", effective="2018", confirmed=["us", "host"])
    make.make_contribution(partnership, amount="1512400.00", effective="2019", kind="project", confirmed=["host"])
    make.make_contribution(partnership, amount=None, kind="posts", quantity=11, effective="2019")
    make.make_contribution(partnership, amount=None, kind="posts", quantity=3, effective="2019")
    make.make_contribution(partnership, amount=None, kind="shelter", effective="2019")
    found = progress(partnership)
    assert (found.promised, str(found.qualifier), found.contributed) == (Decimal("8000000.00"), "at_least", Decimal("5612400.00"))
    assert found.share == Decimal("0.7016")  # 0.70155, half-up
    assert found.by_agreement == {Agreement.BOTH: Decimal("4100000.00"), Agreement.HOST: Decimal("1512400.00")}
    assert [(one.kind, one.n_rows, one.quantity) for one in found.counted] == [("posts", 2, 14), ("shelter", 1, None)]
    assert (found.n_priced, found.n_rows) == (2, 5)


def test_a_contribution_without_value_gives_no_percentage(partnership):
    make.make_contribution(partnership, amount=None, kind="posts", quantity=11)
    found = progress(partnership)
    assert (found.share, found.promised, found.contributed) == (None, None, Decimal(0))


def test_at_least_stays_in_the_sum_of_pledges(partnership):
    make.make_pledge(partnership, amount="8000000.00")
    make.make_pledge(partnership, amount="500.00", qualifier="exact")
    found = progress(partnership)
    assert (found.promised, str(found.qualifier)) == (Decimal("8000500.00"), "at_least")


def test_another_currency_is_never_added(partnership):
    make.make_pledge(partnership)
    make.make_contribution(partnership, amount="100.00")
    entity = make.make_organization(organization_class="government")
    Contribution.objects.create(
        partnership=partnership, entity=entity, kind="project", key="in-dollars", amount=Decimal("7.00"), currency="USD",
        effective_on=date(2019, 1, 1), known_on=date(2019, 1, 1), words_en="-", words_es="-",
    )  # fmt: skip
    found = progress(partnership)
    assert (found.contributed, found.other) == (Decimal("100.00"), {"USD": Decimal("7.00")})


def test_progress_as_of_a_day_and_as_known_on_a_day(partnership):
    make.make_pledge(partnership)
    make.make_contribution(partnership, amount="10.00", effective="2018-05-01")
    late = make.make_contribution(partnership, amount="5.00", effective="2018-06-01")
    Contribution.objects.create(
        partnership=partnership, entity=late.entity, kind="cash", key="void", voids=late, reason="Entered twice.",
        effective_on=date(2019, 1, 1), known_on=date(2019, 1, 1), words_en="-", words_es="-",
    )  # fmt: skip
    assert progress(partnership, as_of=date(2018, 5, 31)).contributed == Decimal("10.00")
    assert progress(partnership, known_on=date(2018, 12, 31)).contributed == Decimal("15.00")
    assert progress(partnership).contributed == Decimal("10.00")
    assert progress(partnership, as_of=date(2017, 6, 14)).promised is None


# Two governments


@pytest.mark.parametrize(
    ("us", "host", "expected"),
    [
        ([], [], "none"),
        ([True], [], "us"),
        ([], [True], "host"),
        ([True], [True], "both"),
        ([False], [True], "disputed"),
        ([True], [False], "disputed"),
        ([False], [], "disputed"),
        ([False, True], [True], "both"),
        ([True, False], [True], "disputed"),
    ],
)
def test_the_newest_word_of_each_side_counts(partnership, us, host, expected):
    row = make.make_contribution(partnership)
    for side, words in (("us", us), ("host", host)):
        for day, agrees in enumerate(words, start=1):
            say(row, side, agrees, on=f"2019-06-0{day}")
    assert contributions_on(partnership, as_of=TODAY, known_on=TODAY).get().agreement == expected


def test_of_two_words_on_one_day_the_later_row_counts(partnership):
    row = make.make_contribution(partnership)
    say(row, "us", True)
    say(row, "us", False)
    assert contributions_on(partnership, as_of=TODAY, known_on=TODAY).get().agreement == "disputed"


def test_a_confirmation_does_not_count_before_its_day(partnership):
    row = make.make_contribution(partnership, effective="2018-05-01")
    say(row, "us", True, on="2019-06-01")
    for days in ({"as_of": date(2019, 5, 31), "known_on": TODAY}, {"as_of": TODAY, "known_on": date(2019, 5, 31)}):
        assert contributions_on(partnership, **days).get().agreement == "none"


def test_what_waits_for_a_side_is_what_it_has_not_spoken_of(partnership):
    silent, spoken, disputed = (make.make_contribution(partnership) for _n in range(3))
    say(spoken, "us", True)
    say(disputed, "us", False)
    assert list(waiting_for(partnership, "us", as_of=TODAY, known_on=TODAY)) == [silent]
    assert len(waiting_for(partnership, "host", as_of=TODAY, known_on=TODAY)) == 3


# The page


def words(answer):
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", text.replace("\xa0", " "))


@pytest.fixture
def address(partnership):
    return f"/p/{partnership.key}/pledges/"


def test_the_page_shows_pledge_conversion_progress_and_both_values_of_a_dispute(login, viewer, partnership, address):
    make.make_pledge(partnership, rate=make.make_rate(), in_kind_en="More posts")
    row = make.make_contribution(partnership, amount="912400.00", effective="2019-06")
    say(row, "host", True)
    say(row, "us", False, on="2019-08-01", amount="800000.00")
    make.make_contribution(partnership, amount=None, kind="posts", quantity=11)
    text = words(login(viewer).get(address))
    for said in (
        "at least S/ 8,000,000", "at least US$ 2,463,433.41 at the rate of signature",
        "1 USD = 3.2475 PEN, IMF, rate of 31 Mar 2017",
        "More posts", "June 2021",
        "11.4% of at least S/ 8,000,000 pledged.", "Disputed", "S/ 912,400", "holds S/ 800,000 right, 1 Aug 2019",
        "Testland 1 Jun 2019", "Posts : 11", "not priced", "no document on file", "Priced rows, PEN S/ 912,400",
    ):  # fmt: skip
        assert said in text, said


def test_each_figure_of_the_progress_leads_to_its_rows(login, viewer, partnership, address):
    make.make_pledge(partnership)
    make.make_contribution(partnership, amount="10.00", confirmed=["us", "host"])
    make.make_contribution(partnership, amount="5.50", confirmed=["host"])
    make.make_contribution(partnership, amount=None, kind="posts", quantity=11)
    client = login(viewer)
    html = client.get(f"{address}?as_of=2020-02-09").content.decode().split('id="gr"')[0]
    found = {}
    for link in re.findall(r'href="(\?[^"#]*)#contributions"', html):
        assert "as_of=2020-02-09" in link
        narrowed = client.get(address + link.replace("&amp;", "&"))
        text = words(narrowed)
        assert "Only rows with" in text
        found[link] = (re.search(r"(\d+) contributions?\b", text).group(1), re.findall(r"Priced rows, PEN S/ ([\d.]+)", text))
    assert sorted(found.values()) == [("1", []), ("1", ["10"]), ("1", ["5.50"]), ("2", ["15.50"])]


def test_the_file_holds_the_contributions_that_the_address_asks_for(login, viewer, partnership, address):
    make.make_contribution(partnership, amount="10.00", confirmed=["us", "host"])
    make.make_contribution(partnership, amount=None, kind="posts", quantity=11)
    assert [row["Kind"] for row in table(login(viewer).get(f"{address}?format=csv&kind=posts"))] == ["posts"]


@pytest.mark.parametrize("query", ["kind=gold", "agreement=all", "priced=1", "format=csv&kind=gold"])
def test_a_filter_that_does_not_exist_is_answered_at_its_place(login, viewer, address, query):
    answer = login(viewer).get(f"{address}?{query}")
    assert answer.status_code == 400
    text = words(answer)
    assert "There is a problem" in text
    assert "Show all rows" in text


def test_no_contribution_is_not_zero(login, viewer, partnership, address):
    make.make_pledge(partnership)
    text = words(login(viewer).get(address))
    assert "None reported" in text
    assert "That is not zero" in text
    assert "None on this day." in text
    assert "Show all rows" not in text
    assert "S/ 0" not in text


def test_the_file_of_contributions(login, viewer, partnership, address):
    make.make_contribution(partnership, amount="4100000.00", confirmed=["us", "host"])
    make.make_contribution(partnership, amount=None, kind="posts", quantity=11)
    rows = table(login(viewer).get(f"{address}?format=csv"))
    assert sorted((row["Amount"], row["Quantity"], row["Confirmed by"]) for row in rows) == [
        ("", "11", "none"), ("4100000.00", "", "both"),
    ]  # fmt: skip


def test_a_day_that_cannot_be_is_answered_at_the_field(login, viewer, address):
    answer = login(viewer).get(f"{address}?as_of=2020-02-11")
    assert answer.status_code == 400
    assert "in the future" in words(answer)


def test_partners_do_not_read_the_pledge_and_host_delegates_do(client, partnership, stranger, address):
    for role, status in ((Role.PARTNER_PREPARER, 403), (Role.HOST_DELEGATE, 200), (Role.EMBASSY_VIEWER, 200)):
        client.force_login(make.make_user(role, partnership))
        assert client.get(address).status_code == status
    client.force_login(stranger)
    assert client.get(address).status_code == 404


def test_as_many_queries_for_two_hundred_contributions_as_for_two(
    login, viewer, partnership, address, django_assert_max_num_queries
):
    client, entity = login(viewer), make.make_organization("ministry", organization_class="government")
    for _n in range(2):
        make.make_contribution(partnership, entity=entity, confirmed=["us"])
    with django_assert_max_num_queries(16) as few:
        client.get(address)
    for _n in range(198):
        make.make_contribution(partnership, entity=entity, confirmed=["us", "host"])
    with django_assert_max_num_queries(16) as many:
        client.get(address)
    assert len(many) == len(few)
