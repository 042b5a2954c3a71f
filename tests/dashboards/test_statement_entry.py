"""Putting a public statement on record, another in its place, taking one back: what is asked, what is kept, who may."""

import re
from html import unescape

import pytest
from django.db import DatabaseError, transaction

from cpc.audit.models import AuditEvent
from partners.models import Statement
from partners.roles import Role
from partners.statements.services import Overtaken, Said, change_statement, take_back_statement
from tests import factories as make
from tests.funding.test_contribution_input import AMOUNTS, CHOICES, DAYS, TEXTS

NEW = "/p/test-2017/statements/new/"
TYPED = {
    "measure": "us_total", "award": "", "qualifier": "exact", "amount": "7,200,000.00", "currency": "USD", "day": "",
    "as_of": "2019-05", "words_en": "7.2 million dollars in all", "words_es": "7,2 millones de dólares en total",
    "source": "", "certainty": "secondary", "note": "",
}  # fmt: skip
SAYS = {"en": "There is a problem", "es": "Hay un problema"}


def words(answer):
    text = re.sub(r"<[^>]+>", " ", unescape(answer.content.decode()))
    return re.sub(r"\s+", " ", text.replace("\xa0", " "))


@pytest.fixture
def page(login, officer):
    return login(officer)


@pytest.fixture
def statement(partnership):
    return make.make_statement(partnership, amount="7100000.00", as_of="2019", key="said")


def test_a_statement_is_kept_as_it_was_said(page, partnership, officer, today):
    source = make.make_document(partnership, key="note")
    answer = page.post(NEW, TYPED | {"qualifier": "more_than", "source": "note", "note": "Said on the radio."})
    row = Statement.objects.get()
    assert answer["Location"] == f"/p/test-2017/statements/{row.key}/"
    assert (str(row.amount), row.currency, row.qualifier) == ("7200000.00", "USD", "more_than")
    assert (row.effective.iso, row.known_on, row.source, row.certainty) == ("2019-05", today, source, "secondary")
    assert (row.words_es, row.reason, row.entered_by) == ("7,2 millones de dólares en total", "Said on the radio.", officer)
    assert AuditEvent.objects.get(act="statement.registered").subject_key == row.key


def test_the_same_form_sent_twice_is_one_statement(page):
    page.post(NEW, TYPED)
    answer = page.post(NEW, TYPED)
    assert "This is on record already: test-2017-us-total-2019-05." in words(answer)
    assert Statement.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"amount": ""}, "amount", "Enter the amount that was said"),
        ({"currency": ""}, "currency", "An amount needs a currency"),
        ({"day": "2021-06"}, "day", "Only a statement about an end says a day."),
        ({"measure": "term_end"}, "amount", "A statement about an end says a day, not an amount."),
        ({"measure": "award_end", "amount": ""}, "award", "Choose the award whose end this is."),
        ({"award": "first"}, "award", "This measure speaks of the whole partnership."),
        ({"as_of": "2020-02-11"}, "as_of", "This day is still to come."),
        ({"as_of": "2020-02"}, "as_of", "A month or a year counts from its last day, 2020-02-29, which is still to come."),
        ({"words_es": ""}, "words_es", "is missing."),
        ({"measure": ""}, "measure", "is missing."),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(page, partnership, changes, field, says):
    make.make_award(partnership, key="first")
    answer = page.post(NEW, TYPED | changes)
    assert answer.status_code == 200
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert says in words(answer)
    assert not Statement.objects.exists()


def test_a_statement_about_an_end_has_no_amount_and_may_say_no_day(page, partnership):
    make.make_award(partnership, key="first")
    ends = TYPED | {"amount": "", "measure": "award_end", "award": "first", "day": "2020-12"}
    assert page.post(NEW, ends).status_code == 302
    assert page.post(NEW, ends | {"measure": "term_end", "award": "", "day": ""}).status_code == 302
    rows = {row.measure: row for row in Statement.objects.all()}
    assert (rows["award_end"].award_key, rows["award_end"].day_precision, rows["award_end"].currency) == ("first", "month", "")
    assert rows["term_end"].day_on is None


NO_DAYS = ("2019-13", "2019-00", "2019-02-29", "2100-02-29", "2019-06-31", "0000")
CASES = {
    "amount": AMOUNTS,
    "as_of": [entry for entry in DAYS if entry not in ("2017-06-14", "2017-05", "2016", "2017-06-15", "2019")],
    "day": [entry for entry in DAYS if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", entry) or entry in NO_DAYS],
    **dict.fromkeys(("measure", "qualifier", "certainty"), CHOICES),
    **dict.fromkeys(("award", "currency", "source"), [entry for entry in CHOICES if entry]),
    **dict.fromkeys(("words_en", "words_es"), TEXTS),
}  # fmt: skip


def refused(page, name, entry, language):
    rest = {"measure": "term_end", "amount": ""} if name == "day" else {}
    answer = page.post(f"{NEW}?lang={language}", TYPED | rest | {name: entry})
    label = f"{name} {ascii(entry[:40])} {language}"
    assert answer.status_code == 200, label
    html = answer.content.decode()
    assert SAYS[language] in html, label
    assert f'id="id_{name}_error"' in html, label


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_answered_at_its_field(page, name):
    """Every third entry, one language after the other; the long suite asks all of them in both."""
    for number, entry in enumerate(CASES[name][::3]):
        refused(page, name, entry, ("en", "es")[number % 2])
    assert not Statement.objects.exists()


@pytest.mark.deep
@pytest.mark.parametrize("language", SAYS)
@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_answered_at_its_field_in_both_languages(page, name, language):
    for entry in CASES[name]:
        refused(page, name, entry, language)
    assert not Statement.objects.exists()


# In the place of another


def test_an_edit_takes_the_old_one_back_and_puts_a_new_one_in_its_place(page, partnership, statement, officer):
    change = f"/p/test-2017/statements/{statement.key}/change/"
    assert 'value="7,100,000.00"' in page.get(change).content.decode()
    typed = TYPED | {"as_of": "2019", "why": "The page says 7.2."}
    row = Statement.objects.get(pk=int(change_of(page, change, typed).pk))
    assert (row.replaces, str(row.amount), row.entered_by) == (statement, "7200000.00", officer)
    void = Statement.objects.get(voids=statement)
    assert void.reason == "The page says 7.2."
    shown = words(page.get("/p/test-2017/statements/"))
    assert "US$ 7,200,000" in shown
    assert "US$ 7,100,000" not in shown
    known_before = words(page.get("/p/test-2017/statements/?known_on=2020-02-09"))
    assert "US$ 7,100,000" in known_before
    assert "US$ 7,200,000" not in known_before


def change_of(page, address, typed):
    answer = page.post(address, typed)
    assert answer.status_code == 302, words(answer)
    return Statement.objects.get(key=answer["Location"].rstrip("/").rpartition("/")[2])


def test_the_history_tells_both_and_why(page, statement):
    row = change_of(page, f"/p/test-2017/statements/{statement.key}/change/", TYPED | {"why": "The page says 7.2."})
    text = words(page.get(f"/p/test-2017/statements/{row.key}/"))
    assert "10 Feb 2020: corrected by program_officer" in text
    assert "Amount: from “US$ 7,100,000” to “US$ 7,200,000”." in text
    assert "What was said, in English: from “planned total” to “7.2 million dollars in all”." in text
    assert "Why: The page says 7.2." in text
    assert "Award: from" not in text
    old = words(page.get(f"/p/test-2017/statements/{statement.key}/"))
    assert "Replaced on 10 Feb 2020: The page says 7.2." in old
    assert "What stands now" in old
    assert "Take back" not in old
    before = words(page.get(f"/p/test-2017/statements/{statement.key}/?known_on=2020-02-09"))
    assert "The page says 7.2." not in before
    assert page.get(f"/p/test-2017/statements/{row.key}/?known_on=2020-02-09").status_code == 404


def test_a_change_needs_a_reason_and_a_difference(page, statement):
    change = f"/p/test-2017/statements/{statement.key}/change/"
    same = TYPED | {
        "amount": "7100000", "as_of": "2019", "words_en": "planned total", "words_es": "total previsto", "certainty": "primary"
    }  # fmt: skip
    assert 'id="id_why_error"' in page.post(change, TYPED).content.decode()
    assert "Nothing differs from what is on record." in words(page.post(change, same | {"why": "None."}))
    assert Statement.objects.count() == 1


def test_the_second_of_two_changes_is_shown_both_versions_and_goes_on_from_the_first(page, partnership, statement, today):
    other = make.make_user(Role.PROGRAM_OFFICER, partnership, name="Another officer")
    said = Said.of(statement)
    first = change_statement(
        statement.pk, Said(**vars(said) | {"amount": make.Decimal("7150000.00")}), actor=other, today=today, reason="Typo."
    )  # fmt: skip
    change = f"/p/test-2017/statements/{statement.key}/change/"
    answer = page.post(change, TYPED | {"why": "The page says 7.2."})
    assert answer.status_code == 409
    text, html = words(answer), answer.content.decode()
    for shown in ("Somebody else changed this while you wrote", "Another officer", "7150000.00", "7200000.00"):
        assert shown in text, shown
    address = f"/p/test-2017/statements/{first.key}/change/"
    assert f'action="{address}"' in html
    assert 'value="7,200,000.00"' in html
    row = change_of(page, address, TYPED | {"why": "The page says 7.2."})
    assert row.replaces == first


def test_taken_back_by_another_leaves_nothing_to_go_on_from(page, partnership, statement, officer, today):
    take_back_statement(statement.pk, actor=officer, today=today, reason="Never said.")
    answer = page.post(f"/p/test-2017/statements/{statement.key}/change/", TYPED | {"why": "The page says 7.2."})
    assert answer.status_code == 409
    assert "Somebody else took this statement back: Never said." in words(answer)
    assert page.get(f"/p/test-2017/statements/{statement.key}/change/").status_code == 403
    with pytest.raises(Overtaken):
        take_back_statement(statement.pk, actor=officer, today=today, reason="Again.")


def test_taking_back_needs_a_reason_and_keeps_the_row(page, statement):
    address = f"/p/test-2017/statements/{statement.key}/take-back/"
    assert page.post(address, {"why": " "}).status_code == 200
    assert Statement.objects.count() == 1
    assert page.post(address, {"why": "Never said."}).status_code == 302
    assert "No public total is on record" in words(page.get("/p/test-2017/statements/"))
    text = words(page.get(f"/p/test-2017/statements/{statement.key}/"))
    assert "Taken back on 10 Feb 2020: Never said." in text
    assert "10 Feb 2020: taken back by program_officer" in text


def test_the_database_changes_no_statement(statement):
    for act in (lambda: Statement.objects.update(amount=1), lambda: Statement.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


# Who


@pytest.mark.parametrize("path", ["new/", "said/change/", "said/take-back/"])
def test_only_a_program_officer_keeps_the_register(client, partnership, statement, stranger, path):
    address = f"/p/test-2017/statements/{path}"
    for role in (Role.GRANTS_OFFICER, Role.EMBASSY_VIEWER, Role.PARTNER_CERTIFIER, Role.HOST_DELEGATE, Role.ADMINISTRATOR):
        client.force_login(make.make_user(role, partnership))
        for answer in (client.get(address), client.post(address, TYPED | {"why": "So."})):
            assert answer.status_code == 403, role
            assert "Program officer" in words(answer)
    client.force_login(stranger)
    assert client.post(address, TYPED).status_code == 404
    assert Statement.objects.count() == 1


def test_a_reader_is_offered_no_act(login, viewer, statement):
    text = login(viewer).get("/p/test-2017/statements/said/").content.decode()
    assert "/statements/said/change/" not in text
    assert "Register a statement" not in login(viewer).get("/p/test-2017/statements/").content.decode()


def test_a_statement_of_another_partnership_is_not_found_under_this_one(page, stranger):
    other = make.make_partnership(regions=("XB-ONE",))
    make.make_statement(other, key="elsewhere")
    for path in ("elsewhere/", "elsewhere/change/", "nothing/"):
        assert page.get(f"/p/test-2017/statements/{path}").status_code == 404
