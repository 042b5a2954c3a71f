"""The funding page: the sums of the API, opening to their rows; who may see it; what a wrong question gets."""

import re
from decimal import Decimal

import pytest

from partners.roles import Role
from tests import factories as make
from tests.activities.accepted import accept, accept_all, owe_reports
from tests.files import table

NBSP = "\xa0"


@pytest.fixture
def page(login, viewer, partnership):
    client = login(viewer)

    def get(query="", status=200):
        answer = client.get(f"/p/{partnership.key}/funding/{query}")
        assert answer.status_code == status
        return answer

    return get


def words(answer):
    """The page as it reads, without markup and with plain spaces."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", text.replace(NBSP, " "))


def test_the_page_says_what_the_api_says(page, login, viewer, partnership, compact):
    text = words(page("?as_of=2020-02-06"))
    assert "Awarded as of 6 Feb 2020" in text
    assert "US$ 6,700,000" in text
    assert "Unallocated: Ilo and Yana, split not published" in text
    for figure in ("74.6%", "5,000,000", "25.4%", "1,700,000", "U.S. fiscal year 2018", "U.S. fiscal year 2020"):
        assert figure in text
    api = login(viewer).get(f"/api/v1/funding/summary/?partnership={partnership.key}&as_of=2020-02-06").json()
    assert [row["amount"] for row in api["rows"]] == ["6700000.00"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?as_of=2017-10-30", "nothing in force"),
        ("?as_of=2017-10-31", "US$ 5,000,000"),
        ("?as_of=2020-02-05", "US$ 5,000,000"),
        ("?as_of=2020-02-06", "US$ 6,700,000"),
        ("?as_of=2020-02-06&known_on=2020-02-05", "US$ 5,000,000"),
        ("?measure=obligated", "not published"),
    ],
)
def test_the_great_figure_on_the_days_that_matter(page, compact, query, expected):
    big = re.search(r'class="al-big[^"]*">(.*?)</p>', page(query).content.decode()).group(1)
    assert re.sub(r"<[^>]+>", "", big).replace(NBSP, " ") == expected


def test_what_is_not_published_is_said_and_never_zero(page, compact):
    text = words(page())
    assert text.count("not published") >= 3
    for said in ("Obligated not published", "Disbursed not reported", "Spent not reported"):
        assert said in text
    assert "US$ 0" not in text


def test_the_page_that_looks_back_says_so(page, compact):
    assert "You look back" in words(page("?as_of=2020-02-05"))
    assert "You look back" not in words(page())


def test_each_sum_leads_to_its_rows(page, compact):
    html = page().content.decode()
    links = re.findall(r'href="(\?[^"#]*)#ledger"', html)
    assert len(links) == 12  # two awards, partners, years and quarters, and the four amounts of awards and sub-awards
    for link in links:
        narrowed = page(link.replace("&amp;", "&")).content.decode()
        assert len(re.findall(r'<tr id="[a-z0-9-]+">', narrowed)) == 1
        assert "Only rows with" in narrowed


def test_a_day_before_the_first_award_shows_none(page, compact):
    text = words(page("?as_of=2017-10-30"))
    for said in (
        "No award was in force on this day.",
        "No row is in force on this day.",
        "No sub-award was in force on this day.",
    ):
        assert said in text
    for said in ("First award", "Period not published", "Obligated:", "CSV"):
        assert said not in text


def test_the_links_ask_for_the_days_of_the_page(page, compact):
    html = page("?as_of=2020-02-06&known_on=2020-02-08").content.decode()
    days = "as_of=2020-02-06&amp;known_on=2020-02-08"
    rows = re.findall(r'href="(\?[^"#]*)#ledger"', html)
    awards = re.findall(r'href="[^"?]*/funding/awards/[a-z0-9-]+/(\?[^"]*)?"', html)
    assert rows
    assert awards
    assert all(days in link for link in rows + awards)


def test_a_sum_in_two_currencies_leads_to_the_rows_of_its_own(page, compact):
    make.make_action(compact.more, amount="3.00", currency="EUR", kind="supplement", effective="2020-02-07", key="euro-1")
    html = page().content.decode()
    link = next(one for one in re.findall(r'href="(\?[^"#]*)#ledger"', html) if "award=more" in one and "EUR" in one)
    assert re.findall(r'<tr id="([a-z]+-1)">', page(link.replace("&amp;", "&")).content.decode()) == ["euro-1"]


def test_the_ledger_adds_up_over_its_pages(page, compact):
    for n in range(60):
        make.make_action(
            compact.more, amount="1.00", kind="supplement", effective="2020-02-07", recipient=compact.ilo, key=f"s-{n}"
        )
    assert f"US${NBSP}6,700,060" in page("?page=2").content.decode()
    assert "Page 2 of 2" in words(page("?page=2"))


def test_the_file_holds_the_rows_of_the_page(page, compact):
    answer = page("?format=csv&fiscal_year=FY2020")
    assert [(row["Key"], row["Amount"], row["Currency"]) for row in table(answer)] == [("more-1", "1700000.00", "USD")]


def test_page_api_and_file_are_equal_to_the_cent(page, login, viewer, partnership, compact):
    make.make_action(compact.more, amount="0.10", kind="supplement", effective="2020-02-07", recipient=compact.ilo)
    make.make_action(compact.more, amount="-0.03", kind="deobligation", effective="2020-02-08", recipient=compact.ilo)
    total = Decimal("6700000.07")
    client = login(viewer)
    api = client.get(f"/api/v1/funding/summary/?partnership={partnership.key}").json()
    assert api["totals"] == [{"currency": "USD", "amount": str(total), "qualifier": "exact"}]
    for address in (
        f"/p/{partnership.key}/funding/?format=csv",
        f"/api/v1/award-actions/?partnership={partnership.key}&level=prime&format=csv",
    ):
        assert sum(Decimal(row.get("amount") or row.get("Amount")) for row in table(client.get(address))) == total
    assert "US$ 6,700,000.07" in words(page())


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?as_of=2020-02-11", "in the future"),
        ("?known_on=yesterday", "Write a day"),
        ("?as_of=01/02/2020", "Write a day"),
        ("?measure=wasted", "Measure"),
        ("?fiscal_year=2018", "FY2020"),
        ("?award=nothing", "Show all rows"),
        ("?recipient=%00", "Show all rows"),
        ("?quarter=%F0%9F%92%A5", "2020-Q1"),
    ],
)
def test_a_wrong_question_is_answered_at_its_place(page, compact, query, said):
    text = words(page(query, status=400))
    assert "There is a problem" in text
    assert said in text


def test_a_partner_is_refused_with_the_reason_and_a_host_delegate_is_not(client, partnership, compact):
    client.force_login(make.make_user(Role.PARTNER_CERTIFIER, partnership, organization=compact.ilo))
    answer = client.get(f"/p/{partnership.key}/funding/")
    assert answer.status_code == 403
    assert "Host government delegate" in answer.content.decode()
    client.force_login(make.make_user(Role.HOST_DELEGATE, partnership))
    answer = client.get(f"/p/{partnership.key}/funding/")
    assert answer.status_code == 200
    assert "/funding/awards/" not in answer.content.decode()  # that page is not theirs


def test_a_stranger_learns_nothing(login, stranger, partnership, compact):
    assert login(stranger).get(f"/p/{partnership.key}/funding/").status_code == 404


def test_a_title_cannot_bring_markup_along(page, compact):
    compact.initial.title_en = "<script>alert(1)</script>"
    compact.initial.save()
    html = page().content.decode()
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_spanish_readers_get_spanish_titles(page, compact):
    compact.initial.title_es = "Primera subvención"
    compact.initial.save()
    assert "Primera subvención" in words(page("?lang=es"))


def test_as_many_queries_for_two_hundred_awards_as_for_two(page, partnership, compact, django_assert_max_num_queries):
    with django_assert_max_num_queries(10) as few:
        page()
    people = [make.make_organization() for _n in range(3)]
    for n in range(200):
        award = make.make_award(partnership, recipients=people, level="prime" if n % 2 else "sub")
        make.make_action(award, amount="1.00", recipient=people[n % 3], start="2018-01", end="2019-01")
    with django_assert_max_num_queries(10) as many:
        page()
    assert len(many) == len(few)


@pytest.fixture
def reported(compact):
    """Accepted reports of the first award's recipients: one quarter of the ILO is missing, one line is not given."""
    first, _second, third, fourth = owe_reports(compact.initial, compact.ilo, *(f"2019-Q{n}" for n in (1, 2, 3, 4)))
    accept(first, spent="10.00", disbursed="20.00")
    accept(third, spent="42.50", disbursed=None)
    accept(fourth, spent="50.00", disbursed="60.00")
    accept(owe_reports(compact.initial, compact.yana, "2019-Q4")[0], spent="0.00", disbursed=None)
    return compact


def test_what_was_spent_opens_to_the_reports_that_say_it(page, login, viewer, partnership, reported):
    html = page("?measure=spent").content.decode()
    text = words(page("?measure=spent"))
    assert "Spent as of 10 Feb 2020 US$ 50" in text
    assert "Reported for several periods together" in text
    assert "Disbursed at least US$ 60" in text
    links = dict.fromkeys(re.findall(r'href="(\?[^"#]*)#ledger"', html))
    assert len(links) == 8  # an award, two partners, two years, and by quarter two and the gap
    api = login(viewer).get(f"/api/v1/funding/summary/?partnership={partnership.key}&measure=spent&group_by=quarter").json()
    for row in api["rows"]:
        link = next(one for one in links if f"quarter={row['key']}" in one)
        narrowed = words(page(link.replace("&amp;", "&")))
        assert "Only rows with" in narrowed
        assert len(re.findall(r"Quarterly report", narrowed)) == (2 if row["key"] == "2019-Q4" else 1)


def test_what_was_not_reported_is_null_and_zero_is_zero(page, reported):
    text = words(page("?measure=disbursed"))
    assert "Yana" in text
    assert "not reported" in text
    assert "1 accepted report" not in text
    assert "2 accepted reports do not give this figure." in text
    assert "US$ 0" in words(page("?measure=spent&organization=yana"))


def test_a_host_delegate_sees_the_sums_and_not_the_reports(client, partnership, reported):
    client.force_login(make.make_user(Role.HOST_DELEGATE, partnership))
    answer = client.get(f"/p/{partnership.key}/funding/?measure=spent")
    assert answer.status_code == 200
    text = words(answer)
    assert "US$ 50" in text
    assert "Quarterly report" not in text
    assert "Your role does not include this. Who may: Program officer" in text
    assert not re.findall(r'href="\?[^"#]*#ledger"', answer.content.decode())
    assert client.get(f"/p/{partnership.key}/funding/?measure=spent&format=csv").status_code == 403
    assert client.get(f"/p/{partnership.key}/funding/?measure=spent&format=csv&of=sums").status_code == 200


@pytest.mark.parametrize("measure", ["awarded", "obligated", "disbursed", "spent"])
def test_the_file_of_the_sums_holds_what_the_api_says(page, login, viewer, partnership, reported, measure):
    make.make_action(reported.more, amount="7.00", kind="supplement", effective="2020-02-07", basis="signed")
    answer = page(f"?measure={measure}&format=csv&of=sums")
    written = [(row["Grouped by"], row["Level"], row["Key"], row["Amount"] or None) for row in table(answer)]
    expected = []
    for level in ("prime", "sub"):
        for group in ("none", "partner", "award", "fiscal_year", "quarter"):
            query = f"partnership={partnership.key}&measure={measure}&level={level}&group_by={group}"
            rows = login(viewer).get(f"/api/v1/funding/summary/?{query}").json()["rows"]
            expected += [(group, level, row["key"], row["amount"]) for row in rows]
    assert written == expected


def test_the_file_of_the_reports_adds_up_to_the_sum(page, reported):
    rows = table(page("?measure=spent&format=csv"))
    assert sum(Decimal(row["Amount"]) for row in rows) == Decimal("50.00")
    assert [row["Amount"] for row in table(page("?measure=disbursed&format=csv&organization=yana"))] == [""]


def test_as_many_queries_for_two_hundred_reports_as_for_two(page, reported, django_assert_max_num_queries):
    address = "?measure=spent"
    with django_assert_max_num_queries(12) as few:
        page(address)
    rows = []
    for n in range(50):
        person = make.make_organization(f"many-{n}")
        rows += [(report, "1.00", f"{n}.10", "2020-01-15") for report in owe_reports(reported.more, person, "2019-Q3", "2019-Q4")]
    accept_all(rows)
    with django_assert_max_num_queries(12) as many:
        page(address)
    assert len(many) == len(few)
