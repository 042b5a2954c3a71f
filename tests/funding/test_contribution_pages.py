"""The host delegate's pages: enter, put right, void, confirm, dispute, and one contribution with its history."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from funding.models import Contribution, ContributionConfirmation
from funding.pledges import services
from partners.models import Document
from partners.roles import Role
from tests import factories as make

from .gifts import TYPED, given, make_ministry
from .test_pledges import words

TODAY = date(2020, 2, 10)


@pytest.fixture
def delegate(person, ministry):
    return person(Role.HOST_DELEGATE, organization=ministry, name="Ana of the Ministry")


def address(partnership, *path):
    return f"/p/{partnership.key}/pledges/" + "/".join(("contributions", *path, ""))


def once_in(answer):
    return re.search(r'name="once" value="([^"]+)"', answer.content.decode()).group(1)


# Enter


def test_what_is_entered_stands_on_its_page_and_in_the_sum(login, delegate, partnership):
    make.make_pledge(partnership, amount="1000000.00")
    client = login(delegate)
    answer = client.post(address(partnership, "new"), TYPED, follow=True)
    row = Contribution.objects.get()
    assert answer.redirect_chain[-1][0] == address(partnership, row.key)
    text = words(answer)
    for said in ("Saved: Running costs. Nobody has confirmed it yet.", "S/ 1,234.50", "June 2019", "Gastos corrientes",
                 "10 Feb 2020: entered by Ana of the Ministry.", "Confirm for Testland"):  # fmt: skip
        assert said in text, said
    assert "0.1% of at least S/ 1,000,000 pledged." in words(client.get(f"/p/{partnership.key}/pledges/"))


def test_a_form_that_is_sent_twice_writes_one_row(login, delegate, partnership):
    client = login(delegate)
    once = once_in(client.get(address(partnership, "new")))
    answers = [client.post(address(partnership, "new"), {**TYPED, "once": once}) for _n in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Contribution.objects.count() == 1


def test_the_next_form_starts_from_the_last_entry_without_its_amount_and_words(login, delegate, partnership):
    client = login(delegate)
    make.make_document(partnership, key="budget", title="Budget 2019")
    answer = client.post(address(partnership, "new"), TYPED | {"then": "another", "source": "budget"}, follow=True)
    html = answer.content.decode()
    assert answer.redirect_chain[-1][0] == address(partnership, "new")
    assert 'value="cash" required id="id_kind_0" checked' in html or re.search(r'value="cash"[^>]*checked', html)
    assert re.search(r'<option value="ministry" selected', html)
    assert re.search(r'<option value="budget" selected', html)
    assert re.search(r'name="effective" value="2019-06"', html)
    assert "Running costs" not in html.split("<form id", 1)[1]
    assert not re.search(r'name="amount" value', html)
    assert "test-2017-contribution-001" not in words(client.get(address(partnership, "new") + "?empty=1"))


def test_the_first_form_of_a_delegate_starts_with_the_own_entity(login, delegate, partnership):
    html = login(delegate).get(address(partnership, "new")).content.decode()
    assert re.search(r'<option value="ministry" selected', html)


def test_a_duplicate_starts_from_any_row_also_a_void_one(login, delegate, partnership, row):
    services.void_contribution(row.pk, actor=delegate, today=TODAY, reason="Entered for the wrong year.")
    client, page = login(delegate), address(partnership, "new")
    link = re.search(rf'href="({re.escape(page)}\?from=[^"]+)"', client.get(address(partnership, row.key)).content.decode())
    html = client.get(link.group(1)).content.decode()
    for start in ('name="amount" value="100.00"', 'name="words_es" value="Centros de acogida financiados"', row.key):
        assert start in html, start
    for key in ("nothing", "%00", "a b"):
        assert client.get(f"{page}?from={key}").status_code == 404


def test_a_new_document_is_cited_in_the_same_form(login, delegate, partnership):
    cited = {
        "new_title": "Annual report",
        "new_publisher": "MIMP",
        "new_published": "2020",
        "new_address": "https://example.org/a",
    }
    client = login(delegate)
    answer = client.post(address(partnership, "new"), TYPED | cited, follow=True)
    document = Document.objects.get(title="Annual report")
    assert (Contribution.objects.get().source, document.published_precision) == (document, "year")
    assert "Annual report" in words(answer)
    assert f'<option value="{document.key}"' in client.get(address(partnership, "new")).content.decode()


@pytest.mark.parametrize(
    ("cited", "field"),
    [
        ({"new_title": "Report"}, "new_publisher"),
        ({"new_publisher": "MIMP"}, "new_title"),
        ({"new_title": "R", "new_publisher": "M", "new_published": "2021"}, "new_published"),
        ({"new_title": "R", "new_publisher": "M", "new_address": "javascript:alert(1)"}, "new_address"),
        ({"new_title": "R", "new_publisher": "M", "new_address": "ftp://example.org/a"}, "new_address"),
        ({"new_title": "R", "new_publisher": "M", "source": "budget"}, "source"),
    ],
)
def test_a_citation_that_cannot_be_is_refused_at_its_field(login, delegate, partnership, cited, field):
    make.make_document(partnership, key="budget")
    answer = login(delegate).post(address(partnership, "new"), TYPED | cited)
    assert answer.status_code == 200
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert "Running costs" in answer.content.decode()
    assert (Contribution.objects.count(), Document.objects.count()) == (0, 1)


def test_all_that_is_wrong_is_said_at_once(login, delegate, partnership):
    wrong = {"kind": "shelter", "effective": "2021", "region": "nowhere", "amount": "5", "words_en": "", "words_es": ""}
    html = login(delegate).post(address(partnership, "new"), TYPED | wrong).content.decode()
    assert re.findall(r'id="id_(\w+)_error"', html) == ["effective", "region", "valuation", "words_en"]


# Confirm, dispute


def test_each_governments_list_shows_what_waits_and_its_button_confirms(login, client, officer, delegate, partnership, row):
    page = f"/p/{partnership.key}/pledges/"
    for person, side in ((officer, "us"), (delegate, "host")):
        client.force_login(person)
        text = words(client.get(page))
        assert "1 contribution waits for your word" in text
        confirm = re.search(r'action="([^"]+/confirm/)"', client.get(page).content.decode()).group(1)
        assert confirm == address(partnership, row.key, "confirm")
        answer = client.post(confirm, {"then": "list"}, follow=True)
        assert answer.redirect_chain[-1][0] == f"{page}#waiting"
        assert "waits for your word" not in words(answer)
        assert row.confirmations.filter(side=side, agrees=True).count() == 1
    assert "Both governments" in words(client.get(page))


def test_nothing_waits_for_those_who_speak_for_no_government_or_look_back(login, client, viewer, officer, partnership, row):
    page = f"/p/{partnership.key}/pledges/"
    client.force_login(viewer)
    assert "Waiting for your word" not in words(client.get(page))
    client.force_login(officer)
    assert "Waiting for your word" not in words(client.get(f"{page}?as_of=2020-02-09"))


@pytest.mark.parametrize("who", ["officer", "delegate"])
def test_the_alert_of_the_dashboard_leads_to_the_row_with_the_buttons_of_the_readers_side(login, request, partnership, row, who):
    make.make_contribution(partnership, entity=row.entity, amount="7.00", confirmed=("us", "host"))
    side = {"officer": "the United States", "delegate": "Testland"}[who]
    client = login(request.getfixturevalue(who))
    html = client.get(f"/p/{partnership.key}/").content.decode()
    [link] = re.findall(r'href="([^"]+)"[^>]*>Confirm or dispute', html)
    text = words(client.get(link))
    assert link == address(partnership, row.key)
    assert f"Confirm for {side}" in text
    assert "Dispute" in text


def test_a_reader_sees_who_may_confirm_and_change_instead(login, viewer, partnership, row):
    text = words(login(viewer).get(address(partnership, row.key)))
    assert "Each government speaks for itself. Who may: Program officer, Host government delegate" in text
    assert "You can read this contribution, not change it." in text
    assert "Confirm for" not in text


def test_a_dispute_shows_both_values_and_the_reason(login, officer, partnership, row):
    client = login(officer)
    page = address(partnership, row.key, "dispute")
    assert "The number that is right" not in words(client.get(page)), "the row counts nothing"
    refused = client.post(page, {"amount": "1.234,50", "reason": "Counted twice."})
    assert "Use the point for cents" in words(refused)
    assert "Counted twice." in refused.content.decode()
    answer = client.post(page, {"amount": "80", "reason": "Counted twice."}, follow=True)
    for said in ("Disputed", "holds S/ 80 right, 10 Feb 2020", "S/ 100", "Counted twice."):
        assert said in words(answer), said


def test_looking_back_shows_the_word_that_stood_then(login, officer, partnership, row):
    services.confirm_contribution(row.pk, actor=officer, today=date(2020, 2, 9))
    services.dispute_contribution(row.pk, actor=officer, today=TODAY, reason="Counted twice.")
    page = f"/p/{partnership.key}/pledges/?as_of=2020-02-09&known_on=2020-02-09"
    assert "United States only" in words(login(officer).get(page))


# Put right, void


def test_putting_right_starts_from_the_row_and_tells_both_what_became_of_it(login, delegate, officer, partnership, row):
    services.confirm_contribution(row.pk, actor=officer, today=TODAY)
    client = login(delegate)
    page = address(partnership, row.key, "replace")
    html = client.get(page).content.decode()
    for start in ('name="amount" value="100.00"', 'name="effective" value="2018"', 'name="words_en" value="Shelters resourced"'):
        assert start in html, start
    typed = TYPED | {"kind": "project", "amount": "90.00", "valuation": "budget", "effective": "2018"}
    assert "Give a reason" in words(client.post(page, typed)) or "is missing" in words(client.post(page, typed))
    answer = client.post(page, typed | {"reason": "Wrong amount."}, follow=True)
    new = Contribution.objects.get(replaces=row)
    assert answer.redirect_chain[-1][0] == address(partnership, new.key)
    assert "in the place of another row" in words(answer)
    assert "Not confirmed yet" in words(answer)
    old = words(client.get(address(partnership, row.key)))
    for said in (
        "This contribution is void and counts nowhere. Reason: Wrong amount.",
        "voided by Ana of the Ministry and replaced.",
        "confirmed for the United States",
        f"The row in its place: {new.key}",
    ):
        assert said in old, said
    assert "Put it right" not in old


def test_two_corrections_at_once_show_the_second_what_stands_there_now(login, delegate, officer, partnership, row, ministry):
    client = login(delegate)
    page = address(partnership, row.key, "replace")
    once = once_in(client.get(page))
    theirs = services.replace_contribution(
        row.pk, given(ministry, amount=Decimal("70.00")), actor=officer, today=TODAY, reason="Rounded."
    )
    typed = TYPED | {"amount": "90.00", "reason": "Wrong amount.", "once": once}
    answer = client.post(page, typed)
    assert answer.status_code == 409
    text, html = words(answer), answer.content.decode()
    for said in ("Somebody else changed this while you wrote", "90.00", "70.00"):
        assert said in text, said
    assert f'action="{address(partnership, theirs.key, "replace")}"' in html
    assert 'name="amount" value="90.00"' in html
    again = client.post(address(partnership, theirs.key, "replace"), typed, follow=True)
    assert Contribution.objects.get(replaces=theirs).amount == Decimal("90.00")
    assert again.status_code == 200


def test_a_correction_of_what_was_voided_for_good_becomes_a_new_entry(login, delegate, officer, partnership, row):
    client = login(delegate)
    page = address(partnership, row.key, "replace")
    services.void_contribution(row.pk, actor=officer, today=TODAY, reason="Not ours.")
    answer = client.post(page, TYPED | {"reason": "Wrong amount."})
    assert answer.status_code == 409
    assert "Somebody else voided this while you wrote" in words(answer)
    assert f'action="{address(partnership, "new")}"' in answer.content.decode()
    assert client.get(page).status_code == 403


def test_a_void_keeps_the_row_readable(login, delegate, partnership, row):
    client = login(delegate)
    page = address(partnership, row.key, "void")
    assert "is missing" in words(client.post(page, {"reason": " "}))
    answer = client.post(page, {"reason": "Entered twice."}, follow=True)
    assert "Reason: Entered twice." in words(answer)
    assert "None reported" in words(client.get(f"/p/{partnership.key}/pledges/"))
    assert client.post(page, {"reason": "Again."}).status_code == 403
    void = Contribution.objects.get(voids=row)
    assert client.get(address(partnership, void.key)).status_code == 404


# Groups


def test_each_group_leads_to_its_rows_and_adds_up_to_what_is_documented(login, viewer, partnership, ministry):
    other = make_ministry(partnership, "interior")
    region = make.make_region("XA-ONE")
    make.make_contribution(partnership, entity=ministry, amount="70.00", kind="cash", effective="2018")
    make.make_contribution(partnership, entity=other, amount="30.00", kind="shelter", region=region, effective="2019-03-01")
    make.make_contribution(
        partnership, entity=other, amount=None, kind="shelter", region=region, quantity=2, effective="2019-04-01"
    )
    client = login(viewer)
    page = f"/p/{partnership.key}/pledges/"
    html = client.get(f"{page}?as_of=2020-02-09").content.decode()
    groups = html.split('id="gr"', 1)[1].split('id="contributions"', 1)[0]
    found = {}
    for link, label in re.findall(r'<a href="(\?[^"]+)#contributions">([^<]+)</a>', groups):
        narrowed = words(client.get(page + link.replace("&amp;", "&")))
        assert "as_of=2020-02-09" in link
        found[label] = (
            re.search(r"(\d+) contributions?\b", narrowed).group(1),
            re.findall(r"Priced rows, PEN S/ ([\d.]+)", narrowed),
        )
    assert found == {
        "Cash": ("1", ["70"]), "Shelter": ("2", ["30"]), "Ministry": ("1", ["70"]), "Interior": ("2", ["30"]),
        "National": ("1", ["70"]), "Xa-One": ("2", ["30"]), "2018": ("1", ["70"]), "2019": ("2", ["30"]),
    }  # fmt: skip
    assert words_of(groups).count("70%") == 4
    assert words_of(groups).count("1 not priced") == 4


def words_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html).replace("\xa0", " "))


def test_officers_are_led_to_propose_a_pledge_and_delegates_are_not(login, client, officer, delegate, partnership):
    link = reverse("approvals:new", args=[partnership.key]) + "?act=pledge"
    for person, shown in ((officer, True), (delegate, False)):
        client.force_login(person)
        assert (link in client.get(f"/p/{partnership.key}/pledges/").content.decode()) == shown


def test_as_many_queries_for_a_contribution_with_a_long_history(login, officer, partnership, row, django_assert_max_num_queries):
    client, page = login(officer), address(partnership, row.key)
    with django_assert_max_num_queries(12) as few:
        client.get(page)
    for n in range(20):
        ContributionConfirmation.objects.create(
            contribution=row, side="us", agrees=n % 2, confirmed_on=TODAY, confirmed_by=officer
        )
    with django_assert_max_num_queries(12) as many:
        client.get(page)
    assert len(many) == len(few)


@pytest.mark.parametrize("path", ["", "contributions/new/"])
def test_as_many_queries_for_twelve_waiting_rows_entities_and_documents_as_for_two(login, officer, partnership, path):
    client, page = login(officer), f"/p/{partnership.key}/pledges/{path}"

    def add(n):
        for _n in range(n):
            entity = make_ministry(partnership, f"ministry-{next(make.numbers)}")
            make.make_contribution(partnership, entity=entity, source=make.make_document(partnership), entered_by=officer)

    add(2)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    add(10)
    with CaptureQueriesContext(connection) as many:
        assert client.get(page).status_code == 200
    assert len(many) == len(few)


def test_several_pledges_stand_each_with_its_word_and_together_with_the_word_that_stays(login, viewer, partnership):
    make.make_pledge(partnership, amount="8000000.00", qualifier="at_least")
    client, page = login(viewer), f"/p/{partnership.key}/pledges/"
    assert "Together:" not in words(client.get(page))
    make.make_pledge(partnership, amount="500000.00", qualifier="exact", effective="2019-01-01")
    make.make_contribution(partnership, amount="850000.00")
    text = words(client.get(page))
    for said in (
        "at least S/ 8,000,000",
        "S/ 500,000",
        "Together: at least S/ 8,500,000",
        "10% of at least S/ 8,500,000 pledged.",
    ):
        assert said in text, said
