"""A fingerprint, checked later: the same, or which rows have come and gone; and whose it may be."""

import html
import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import override_settings

from cpc.approvals.services import approve, preview, propose
from cpc.core.fingerprints import LONGEST, digest_of, measured, seal, unseal
from cpc.exports.changes import MOST_CHANGES
from cpc.exports.checking import check
from funding.awards.sheets import ACTIONS
from funding.models import AwardAction, ContributionConfirmation
from partners.models import Statement
from tests import factories as make
from tests.activities.accepted import accept, owe_reports
from tests.files import about, bytes_of

CHECK = "/funding/check/"
API = "/api/v1/"
QUERY = "?partnership=test-2017"


@pytest.fixture
def award(partnership):
    ilo = make.make_organization("ilo")
    award = make.make_award(partnership, recipients=[ilo], key="first")
    make.make_action(award, amount="5000000.00", effective="2017-10", key="first-1")
    make.make_action(award, amount="1700000.00", kind="supplement", effective="2020-02-06", key="first-2", recipient=ilo)
    return award


@pytest.fixture
def client_of(login, viewer, award):
    return login(viewer)


def words(answer) -> str:
    """The words of the page between head and foot."""
    main = re.search(r"<main.*</main>", answer.content.decode(), re.S)[0]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", main))).replace("\xa0", " ")


def asked(client, address) -> str:
    """The fingerprint in the headers of an answer."""
    answer = client.get(f"{API}{address}")
    assert answer.status_code == 200
    bytes_of(answer)
    return answer["Alianza-Fingerprint"]


def checked(client, fingerprint):
    return client.post(CHECK, {"fingerprint": fingerprint})


def verdict(client, fingerprint):
    answer = checked(client, fingerprint)
    assert answer.status_code == 200
    return answer.context["verdict"]


def void(row, *, known="2020-02-10", reason="Entered twice."):
    return type(row).objects.create(
        award=row.award, key=f"{row.key}-void", kind="void", voids=row, reason=reason, basis="announced",
        **make.precise("2020-02-10", "effective"), known_on=make.day(known), loaded_from="test",
    )  # fmt: skip


ADDRESSES = [
    f"award-actions/{QUERY}&format=csv",
    f"award-actions/{QUERY}&format=csv&level=prime&measure=awarded&fiscal_year=FY2020",
    f"award-actions/{QUERY}&format=xlsx&known_on=2020-02-10",
    f"pledges/{QUERY}&format=csv",
    f"contributions/{QUERY}&format=csv&agreement=us",
    f"term-events/{QUERY}&format=csv&kind=signed",
    f"statements/{QUERY}&format=xlsx&measure=us_total",
    *(f"funding/summary/{QUERY}&measure={measure}" for measure in ("awarded", "obligated", "disbursed", "spent", "pledged")),
    f"funding/summary/{QUERY}&measure=contributed&group_by=entity&format=csv",
    f"funding/summary/{QUERY}&measure=pledged&currency=USD&rate_basis=signature&format=xlsx",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_has_not_changed_is_the_same(client_of, partnership, address):
    make.make_pledge(partnership, rate=make.make_rate())
    make.make_contribution(partnership, confirmed=["us"])
    make.make_statement(partnership)
    answer = checked(client_of, asked(client_of, address))
    assert answer.status_code == 200
    assert answer.context["verdict"].is_same
    assert "The figures are the same today" in words(answer)
    assert "Partnership Test compact" in words(answer)


def test_the_files_of_the_pages_carry_one_too(client_of, partnership):
    make.make_contribution(partnership)
    make.make_statement(partnership)
    for page in ("funding", "pledges", "statements"):
        said = about(client_of.get(f"/p/test-2017/{page}/?format=csv"))
        assert verdict(client_of, said["Fingerprint"]).is_same
        assert said["Where to check it"] == "http://testserver/funding/check/"


def test_a_row_that_came_since_is_named(client_of, award):
    before = asked(client_of, f"award-actions/{QUERY}&format=csv")
    make.make_action(award, amount="250000.00", kind="supplement", effective="2020-02-07", key="first-3", reason="More work.")
    found = checked(client_of, before)
    (comparison,) = found.context["verdict"].comparisons
    (change,) = comparison.changes
    assert (change.is_new, change.key, change.amount, change.reason) == (True, "first-3", Decimal("250000.00"), "More work.")
    assert (change.on.iso, change.since) == ("2020-02-07", date(2020, 2, 7))
    assert change.where == "/p/test-2017/funding/awards/first/#first-3"
    text = words(found)
    assert "The figures have changed" in text
    assert "In the file 10 Feb 2020 10 Feb 2020 2 US$ 6,700,000" in text
    assert "The same question, asked now 10 Feb 2020 10 Feb 2020 3 US$ 6,950,000 changed" in text
    assert "Supplement, Award first-3 Added 7 Feb 2020 7 Feb 2020 More work. +US$ 250,000" in text


def test_a_row_that_was_voided_since_is_named_with_the_reason(client_of, award):
    before = asked(client_of, f"award-actions/{QUERY}&format=csv")
    void(award.actions.get(key="first-2"))
    (comparison,) = verdict(client_of, before).comparisons
    (change,) = comparison.changes
    assert (change.is_new, change.key, change.reason) == (False, "first-2", "Entered twice.")
    assert change.since == date(2020, 2, 10)
    assert comparison.found.totals == {"USD": Decimal("5000000.00")}


def test_what_two_people_decided_since_is_named_with_their_reason(client_of, partnership, award, person):
    """What is only proposed changes nothing; approved, it is a new row and a void."""
    before = asked(client_of, f"award-actions/{QUERY}&format=csv")
    acts = [
        {"act": "action_void", "award": "first", "voids": "first-2"},
        {"act": "action", "award": "first", "kind": "supplement", "amount": "1650000.00", "recipient": "ilo", "basis": "signed"},
    ]
    at = make.lima("2020-02-10 12:00")
    proposal = propose(partnership.pk, acts, actor=person("program_officer"), at=at, reason="The award letter says 1.65 M.")
    assert verdict(client_of, before).is_same
    approve(proposal.pk, actor=person("grants_officer"), at=at, seen=preview(proposal, at=at).fingerprint)
    (comparison,) = verdict(client_of, before).comparisons
    assert comparison.found.totals == {"USD": Decimal("6650000.00")}
    assert [(change.is_new, change.amount, change.reason) for change in comparison.changes] == [
        (True, Decimal("1650000.00"), "The award letter says 1.65 M."),
        (False, Decimal("1700000.00"), "The award letter says 1.65 M."),
    ]


def test_what_was_only_known_later_is_told_apart_from_what_was_changed(client_of):
    before = asked(client_of, f"award-actions/{QUERY}&format=csv&known_on=2020-02-05")
    found = verdict(client_of, before)
    same, today = found.comparisons
    assert (same.is_same, same.known_on) == (True, date(2020, 2, 5))
    assert (today.is_same, today.known_on) == (False, date(2020, 2, 10))
    assert [change.key for change in today.changes] == ["first-2"]
    assert "Nothing was changed; more is known since" in words(checked(client_of, before))


def test_a_filter_holds_for_the_check_as_it_did_for_the_list(client_of, award):
    of_2020 = asked(client_of, f"award-actions/{QUERY}&format=csv&fiscal_year=FY2020")
    of_2018 = asked(client_of, f"award-actions/{QUERY}&format=csv&fiscal_year=FY2018")
    make.make_action(award, amount="1.00", kind="supplement", effective="2020-02-07", key="first-3")
    assert not verdict(client_of, of_2020).is_same
    found = verdict(client_of, of_2018)
    assert found.is_same
    assert ("U.S. fiscal year", "FY2018") in found.words


def test_a_sum_names_the_rows_of_the_ledger_behind_it(client_of, award):
    before = asked(client_of, f"funding/summary/{QUERY}&group_by=partner")
    make.make_action(award, amount="-0.03", kind="deobligation", effective="2020-02-08", key="first-3")
    make.make_action(award, amount=None, kind="administrative", effective="2020-02-08", key="no-money")
    (comparison,) = verdict(client_of, before).comparisons
    assert comparison.found.totals == {"USD": Decimal("6699999.97")}
    assert [change.key for change in comparison.changes] == ["first-3"]


def test_all_sums_of_the_page_are_checked_together(client_of, partnership, award):
    sub = make.make_award(partnership, key="sub", level="sub", parent=award)
    make.make_action(sub, amount="10.00", effective="2020-02-06")
    before = about(client_of.get("/p/test-2017/funding/?format=csv&of=sums"))
    assert before["Total, USD"] == "6700000.00"
    assert before["Only rows with"].startswith(
        "Measure: Awarded; Level: Prime awards, Sub-awards; Grouped: not grouped, by partner"
    )
    assert verdict(client_of, before["Fingerprint"]).is_same
    make.make_action(sub, amount="5.00", kind="supplement", effective="2020-02-07", key="more-of-sub")
    (comparison,) = verdict(client_of, before["Fingerprint"]).comparisons
    assert [change.key for change in comparison.changes] == ["more-of-sub"]
    assert comparison.found.totals == {"USD": Decimal("6700000.00")}


def test_sub_awards_are_no_rows_of_a_sum_of_primes(client_of, partnership, award):
    before = asked(client_of, f"funding/summary/{QUERY}")
    sub = make.make_award(partnership, key="sub", level="sub", parent=award)
    make.make_action(sub, amount="10.00", effective="2020-02-08")
    assert verdict(client_of, before).is_same


def test_a_pledge_that_came_since_changes_the_sum_in_any_currency(client_of, partnership):
    rate = make.make_rate()
    make.make_pledge(partnership, rate=rate)
    addresses = [f"funding/summary/{QUERY}&measure=pledged{more}" for more in ("", "&currency=USD&rate_basis=signature")]
    before = [asked(client_of, address) for address in addresses]
    make.make_pledge(partnership, amount="100.00", rate=rate, key="another", effective="2020-02-07")
    for fingerprint in before:
        (comparison,) = verdict(client_of, fingerprint).comparisons
        assert [change.key for change in comparison.changes] == ["another"]


def test_a_change_that_no_row_accounts_for_is_said_and_not_guessed(client_of, award):
    """As after the data were loaded anew: the signed digest is another than that of any rows that are here."""
    before = unseal(asked(client_of, f"award-actions/{QUERY}&format=csv"))
    other = seal(replace(before, digest="0" * 64))
    (comparison,) = verdict(client_of, other).comparisons
    assert (comparison.is_same, comparison.is_told, comparison.changes) == (False, False, [])
    assert "Which rows these are cannot be told" in words(checked(client_of, other))


def test_a_confirmation_given_since_is_not_taken_for_a_change_of_the_row(client_of, partnership):
    """The list of what the United States alone confirmed loses a row to the other side's word, and says which."""
    row = make.make_contribution(partnership, confirmed=["us"])
    before = asked(client_of, f"contributions/{QUERY}&format=csv&agreement=us")
    ContributionConfirmation.objects.create(contribution=row, side="host", agrees=True, confirmed_on=date(2020, 2, 10))
    (comparison,) = verdict(client_of, before).comparisons
    (change,) = comparison.changes
    assert (change.key, change.is_new, change.is_void, change.reason) == (row.key, False, False, "")
    assert "Left: it no longer fits the filters" in words(checked(client_of, before))
    assert verdict(client_of, asked(client_of, f"contributions/{QUERY}&format=csv")).is_same


def test_a_sum_of_other_rows_than_are_here_names_none(client_of, award):
    before = unseal(asked(client_of, f"funding/summary/{QUERY}"))
    earlier = before.written_until - timedelta(days=1)
    found = verdict(client_of, seal(replace(before, digest="0" * 64, written_until=earlier)))
    assert [(one.is_told, one.changes) for one in found.comparisons] == [(False, [])]


def test_a_report_that_was_accepted_since_is_named_to_who_reads_reports(client_of, partnership, award, login, person):
    sealed = unseal(asked(client_of, f"funding/summary/{QUERY}&measure=spent"))
    before = seal(replace(sealed, made_at=make.lima("2020-02-10 08:00")))
    (report,) = owe_reports(award, award.recipients.get().organization, "2019-Q4")
    accept(report, spent="120.50", on="2020-02-10")
    (comparison,) = verdict(client_of, before).comparisons
    (change,) = comparison.changes
    assert comparison.found.totals == {"USD": Decimal("120.50")}
    assert (change.key, change.since, change.where) == (report.key, date(2020, 2, 10), f"/p/test-2017/reports/{report.key}/")
    (hidden,) = verdict(login(person("host_delegate")), before).comparisons
    assert (hidden.is_same, hidden.is_told, hidden.changes) == (False, False, [])


def test_many_changes_are_counted_in_full_and_named_in_part(client_of, award, rf, viewer, partnership):
    before = asked(client_of, f"award-actions/{QUERY}&format=csv")
    for n in range(MOST_CHANGES + 3):
        make.make_action(award, amount="1.00", kind="supplement", effective="2020-02-07", key=f"many-{n}")
    (comparison,) = verdict(client_of, before).comparisons
    assert (len(comparison.changes), comparison.n_changes) == (MOST_CHANGES, MOST_CHANGES + 3)
    assert f"the first {MOST_CHANGES} are shown" in words(checked(client_of, before))


def test_as_many_queries_for_two_hundred_changes_as_for_two(client_of, award, django_assert_num_queries):
    before = asked(client_of, f"award-actions/{QUERY}&format=csv")

    def queries(n) -> int:
        for number in range(n):
            make.make_action(award, amount="1.00", kind="supplement", effective="2020-02-07", key=f"more-{n}-{number}")
        with django_assert_num_queries(QUERIES):
            checked(client_of, before)

    queries(2)
    queries(150)


QUERIES = 9


def test_a_forged_fingerprint_is_refused_in_words_that_help(client_of):
    text = asked(client_of, f"award-actions/{QUERY}&format=csv")
    raised = replace(unseal(text), totals={"USD": Decimal("7200000.00")})
    with override_settings(SECRET_KEY="z" * 60):
        forged = seal(raised)
    for wrong in (forged, text[:-4], "7.2 million", ":", "x" * (LONGEST + 1), ""):
        answer = checked(client_of, wrong)
        assert answer.status_code == 400
        assert answer.context["verdict"] is None
        assert 'href="#id_fingerprint"' in answer.content.decode()
    assert "This is no fingerprint of this site" in words(checked(client_of, forged))
    assert "longer than any fingerprint" in words(checked(client_of, "x" * (LONGEST + 1)))


def test_another_partnership_is_as_one_that_does_not_exist(client_of, award, login, stranger):
    text = asked(client_of, f"award-actions/{QUERY}&format=csv")
    nothing = seal(replace(unseal(text), partnership="nothing"))
    client = login(stranger)
    answers = [checked(client, text), checked(client, nothing)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert (
        len({re.sub(r"name=\"csrf[^>]+>|<textarea.*?</textarea>", "", answer.content.decode(), flags=re.S) for answer in answers})
        == 1
    )
    assert "There is no such partnership, or it is not yours to see" in words(answers[0])
    assert "5,000,000" not in answers[0].content.decode()


def test_who_does_not_read_funding_is_told_who_does(login, person):
    answer = login(person("partner_certifier")).get(CHECK)
    assert answer.status_code == 403
    assert "Program officer" in answer.content.decode()


def test_a_partner_s_file_has_no_fingerprint_since_others_would_see_other_rows(login, partnership, award):
    ilo = award.recipients.get().organization
    client = login(make.make_user("partner_preparer", partnership, organization=ilo))
    answer = client.get(f"{API}award-actions/{QUERY}&format=csv")
    assert answer["Alianza-Rows"] == "2"
    assert answer["Alianza-Total-USD"] == "6700000.00"
    assert "Alianza-Fingerprint" not in answer


def test_a_list_of_all_partnerships_has_none(client_of):
    answer = client_of.get(f"{API}award-actions/?format=csv")
    assert answer["Alianza-Rows"] == "2"
    assert "Alianza-Fingerprint" not in answer


def test_a_host_delegate_checks_without_a_link_to_what_it_may_not_open(client_of, login, person, award):
    before = asked(client_of, f"award-actions/{QUERY}&format=csv")
    make.make_action(award, amount="1.00", kind="supplement", effective="2020-02-07", key="first-3")
    (comparison,) = verdict(login(person("host_delegate")), before).comparisons
    assert [change.where for change in comparison.changes] == [None]


def test_a_list_or_a_filter_that_is_no_longer_kept_is_said(client_of, award):
    text = unseal(asked(client_of, f"award-actions/{QUERY}&format=csv"))
    answer = checked(client_of, seal(replace(text, of="gifts")))
    assert answer.status_code == 400
    assert "no longer kept" in words(answer)
    answer = checked(client_of, seal(replace(text, asked={"award": "gone"})))
    assert answer.status_code == 200
    assert "This question can no longer be asked" in words(answer)
    assert not answer.context["verdict"].is_same
    answer = checked(client_of, seal(replace(text, of="funding-summary", asked={"measure": "donated", "group_by": "none"})))
    assert "This question can no longer be asked" in words(answer)


def test_the_database_computes_the_digest_that_python_computes(award):
    rows = ACTIONS.canon.prepare(AwardAction.objects.all())
    found = measured(AwardAction.objects.order_by("-pk"), ACTIONS.canon)
    assert found.digest == digest_of(rows.values_list(*ACTIONS.canon.fields))
    assert found.totals == {"USD": Decimal("6700000.00")}
    assert (found.n_rows, found.n_unpriced) == (2, 0)
    assert measured(AwardAction.objects.none(), ACTIONS.canon).digest == digest_of([])


def test_what_was_written_later_is_left_out_of_what_is_rebuilt(partnership):
    early = make.make_statement(partnership)
    late = make.make_statement(partnership)
    days = {"as_of": date(2020, 2, 10), "known_on": date(2020, 2, 10)}
    rows = Statement.objects.in_force(**days, written_until=late.recorded_at - timedelta(microseconds=1))
    assert set(rows) == {early}
    assert set(Statement.objects.in_force(**days)) == {early, late}


def test_checking_writes_nothing(client_of, award, rf, viewer, partnership, django_assert_max_num_queries):
    text = asked(client_of, f"award-actions/{QUERY}&format=csv")
    request = rf.post(CHECK)
    request.user = viewer
    with django_assert_max_num_queries(10) as captured:
        check(unseal(text), partnership, request, today=date(2020, 2, 10))
    assert all(query["sql"].startswith("SELECT") for query in captured.captured_queries)
