"""Parts of an award's page: what was spent, how complete a sub-award is, its documents, its history, and describing it."""

import re
from html import unescape

import pytest

from cpc.audit.models import AuditEvent
from funding.awards.services import Conflict, describe_award
from funding.models import Award
from partners.models import Organization
from partners.roles import Role
from tests import factories as make
from tests.activities.accepted import accept_all, owe_reports

P = "/p/test-2017/funding/awards/"
TYPED = {
    "description_en": "Training of prosecutors", "description_es": "Capacitación de fiscales", "contact": "Office of Grants",
    "fain": "SEXAMPLE17CA0001", "listing": "19.019", "is_research": "no", "indirect_cost_rate": "10.00", "uei-prime": "",
}  # fmt: skip


def words(answer):
    text = re.sub(r"<[^>]+>", " ", unescape(answer.content.decode()))
    return re.sub(r"\s+", " ", text.replace("\xa0", " "))


@pytest.fixture
def prime(partnership):
    return make.make_organization("prime", name_en="Prime organization")


@pytest.fixture
def award(partnership, prime):
    award = make.make_award(partnership, key="first", recipients=[prime], title_en="First award", listing="19.019")
    make.make_action(award, amount="5000.00", start="2017-10", end="2020-12", key="first-1", basis="signed")
    return award


@pytest.fixture
def page(login, viewer):
    client = login(viewer)
    return lambda key="first", query="": words(client.get(f"{P}{key}/{query}"))


# Disbursed and spent


def test_what_each_accepted_report_adds_is_shown_and_null_is_not_zero(page, award, prime):
    first, second, third, _draft = owe_reports(award, prime, "2018-Q1", "2018-Q2", "2018-Q4", "2019-Q1")
    accept_all(
        [(first, "100.00", "0.00", "2018-05-01"), (second, None, "50.00", "2018-08-01"), (third, "400.00", "80.00", "2019-02-01")]
    )
    text = page()
    for said in (
        "Disbursed, together US$ 400", "Spent, together US$ 80", "January–March 2018 , prime Prime organization US$ 100 US$ 0",
        "April–June 2018 , prime Prime organization not reported US$ 50",
        "October–December 2018 , prime holds all that was added since 1 Apr 2018 Prime organization US$ 300 US$ 30",
    ):  # fmt: skip
        assert said in text, said
    before = page(query="?as_of=2018-12-30&known_on=2018-07-31")
    assert "Disbursed, together US$ 100" in before
    assert "US$ 50" not in before


def test_a_report_that_is_still_silent_makes_the_sum_a_floor(page, award, prime):
    first, second = owe_reports(award, prime, "2018-Q1", "2018-Q2")
    accept_all([(first, "100.00", None, "2018-05-01"), (second, None, None, "2018-08-01")])
    text = page()
    assert "Disbursed, together at least US$ 100" in text
    assert "Spent, together not reported" in text


def test_without_an_accepted_report_the_page_says_so(page, award):
    assert "No accepted report says so yet." in page()


def test_a_partner_sees_what_its_own_reports_say_alone(client, partnership, prime):
    other = make.make_organization("other")
    shared = make.make_award(partnership, key="shared", recipients=[prime, other])
    own, others = (owe_reports(shared, one, "2018-Q1")[0] for one in (prime, other))
    accept_all([(own, "100.00", "90.00", "2018-05-01"), (others, "777.00", "666.00", "2018-05-01")])
    client.force_login(make.make_user(Role.PARTNER_CERTIFIER, partnership, organization=prime))
    text = words(client.get(f"{P}shared/"))
    assert "Spent, together US$ 90" in text
    assert "777" not in text


# Sub-awards


@pytest.fixture
def sub(partnership, award, prime):
    partner = make.make_organization("sub", name_en="Sub organization")
    agency = make.make_organization("state", name_en="U.S. Department of State")
    make.make_member(partnership, agency, part="agency")
    sub = make.make_award(partnership, key="passed", recipients=[partner], level="sub", parent=award, pass_through=prime)
    make.make_action(sub, amount=None, start="2018-07", end="2020-12", recipient=partner)
    return sub


def test_a_sub_award_says_how_many_elements_are_known_and_which_are_missing(page, sub):
    assert "7 of 18 known" in page("first")
    text = page("passed")
    assert "7 of 18 data elements known" in text
    missing = text[text.index("Missing:") : text.index("All elements")]
    for name in ("Unique entity identifier (UEI)", "Federal award number (FAIN)", "Budget period, first day", "Obligated, total",
                 "Committed, total", "Description of the project", "Research and development", "Indirect cost rate"):  # fmt: skip
        assert name in missing, name
    for name in ("Period of performance, first day", "Day of the federal award", "Federal agency", "Assistance Listing"):
        assert name not in missing, name
    assert "Day of the federal award October 2017" in text


def test_every_element_can_become_known(page, sub, partnership, officer):
    make.make_action(sub, amount="900.00", kind="supplement", effective="2019-02", basis="signed")
    Award.objects.filter(pk=sub.pk).update(
        budget_start_on="2018-07-01", budget_end_on="2020-12-31", committed="1000.00"
    )  # fmt: skip
    ueis = {"sub": "ABCDEFGH1234"}
    texts = {name: value for name, value in TYPED.items() if name not in ("uei-prime", "is_research", "indirect_cost_rate")}
    describe_award(
        sub.pk, actor=officer, version=1, ueis=ueis, is_research=False, indirect_cost_rate=make.Decimal("10.00"), **texts
    )  # fmt: skip
    text = page("passed")
    assert "18 of 18 data elements known" in text
    assert "Missing:" not in text
    for said in ("Obligated, total US$ 900", "Indirect cost rate 10 %", "Research and development no", "ABCDEFGH1234"):
        assert said in text, said


def test_the_parent_is_a_link_for_who_may_see_it(client, partnership, sub, prime, viewer):
    parent = f'href="{P}first/"'
    client.force_login(viewer)
    assert parent in client.get(f"{P}passed/").content.decode()
    client.force_login(make.make_user(Role.PARTNER_PREPARER, partnership, organization=Organization.objects.get(key="sub")))
    answer = client.get(f"{P}passed/")
    assert parent not in answer.content.decode()
    assert "First award" in words(answer)
    assert client.get(f"{P}first/").status_code == 404


# Documents and history


def test_the_documents_of_all_its_rows_are_listed_once(page, partnership, award):
    note, paper = (make.make_document(partnership, key=key, title=key.title()) for key in ("note", "paper"))
    make.make_action(award, amount="10.00", kind="supplement", effective="2019-01", source=note)
    make.make_action(award, amount="20.00", kind="supplement", effective="2019-02", source=note)
    make.make_statement(partnership, measure="awarded", amount="5030.00", as_of="2019-05", award_key="first", source=paper)
    make.make_document(partnership, key="unrelated", title="Unrelated")
    text = page()
    documents = text[text.index("What the rows of this award rest on") : text.index("Steps by the day")]
    assert documents.count("Note") == documents.count("Paper") == 1
    assert "Unrelated" not in documents


def test_the_history_tells_steps_and_texts_with_who(page, award, officer, partnership):
    decider = make.make_user(Role.GRANTS_OFFICER, partnership, name="Grants officer")
    people = {"loaded_from": "", "proposed_by": officer, "decided_by": decider}
    wrong = make.make_action(award, amount="10.00", kind="supplement", effective="2019-01-15", key="first-2", **people)
    make.make_action(award, amount=None, kind="void", effective="2019-02-01", voids=wrong, reason="Entered twice.", **people)
    describe_award(award.pk, actor=officer, version=1, ueis={}, description_en="Training")
    text = page()
    history = text[text.index("Steps by the day") :]
    assert f"15 Jan 2019: Supplement of +US$ 10; proposed by {officer}, approved by Grants officer." in history
    assert f"1 Feb 2019: first-2 taken back; proposed by {officer}, approved by Grants officer. Entered twice." in history
    assert "31 Oct 2017: Initial award of +US$ 5,000; known, loaded from a file." in history
    assert f"described anew by {officer}. Description in English: from “–” to “Training”." in history
    assert history.index("first-2 taken back") < history.index("Supplement of") < history.index("Initial award of")


# Describing


@pytest.fixture
def edit(login, officer, award):
    client = login(officer)

    def send(language="en", **changes):
        changes = {name.replace("__", "-"): value for name, value in changes.items()}
        return client.post(f"{P}first/edit/?lang={language}", TYPED | {"version": "1"} | changes)

    return send


def test_texts_change_at_once_and_nothing_of_money_or_dates(edit, award, prime, officer):
    sent = {"committed": "9.00", "budget_start_on": "2018-01-01", "known_on": "2001-01-01", "level": "sub", "currency": "PEN"}
    assert edit(uei__prime="ABCDEFGH1234", **sent)["Location"] == f"{P}first/"
    award.refresh_from_db()
    prime.refresh_from_db()
    assert (award.description_es, award.is_research, str(award.indirect_cost_rate)) == (
        "Capacitación de fiscales",
        False,
        "10.00",
    )
    assert (prime.uei, award.version) == ("ABCDEFGH1234", 2)
    assert (award.committed, award.budget_start_on, award.level, award.currency) == (None, None, "prime", "USD")
    event = AuditEvent.objects.get(act="award.described")
    assert event.after["uei prime"] == "ABCDEFGH1234"
    assert "listing" not in event.after  # it was 19.019 before


def test_the_same_again_writes_nothing(edit, award):
    edit()
    edit(version="2")
    award.refresh_from_db()
    assert award.version == 2
    assert AuditEvent.objects.filter(act="award.described").count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("fain", "with blank"), ("fain", "lower"), ("listing", "19019"), ("listing", "19.01"), ("indirect_cost_rate", "100.01"),
        ("indirect_cost_rate", "-1"), ("indirect_cost_rate", "10,5"), ("indirect_cost_rate", "NaN"), ("is_research", "perhaps"),
        ("uei-prime", "ABCDEFGHI234"), ("uei-prime", "0BCDEFGH1234"), ("uei-prime", "A123456789BC"), ("uei-prime", "ABC"),
        ("contact", "ana@example.org"), ("description_en", "DNI 12345678"), ("description_es", "x" * 4001), ("contact", "a\x00b"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_at_its_field(edit, award, field, value):
    for language in ("en", "es"):
        answer = edit(language, **{field: value})
        assert answer.status_code == 200
        assert f'id="id_{field}_error"' in answer.content.decode(), field
    award.refresh_from_db()
    assert award.version == 1


def test_the_second_of_two_edits_is_shown_both_versions(edit, award, partnership):
    other = make.make_user(Role.PROGRAM_OFFICER, partnership, name="Another officer")
    describe_award(award.pk, actor=other, version=1, ueis={}, description_en="Something else")
    answer = edit()
    assert answer.status_code == 409
    text, html = words(answer), answer.content.decode()
    for said in ("Another officer saved it", "Training of prosecutors Something else", "Listing 19.019 the same"):
        assert said in text, said
    assert 'name="version" value="2"' in html
    assert edit(version="2").status_code == 302
    award.refresh_from_db()
    assert (award.description_en, award.version) == ("Training of prosecutors", 3)


def test_a_version_that_is_none_is_a_conflict(edit, award, officer):
    assert edit(version="nonsense").status_code == 409
    with pytest.raises(Conflict):
        describe_award(award.pk, actor=officer, version=None, ueis={}, contact="Office")


def test_only_a_program_officer_describes_and_only_officers_propose(client, partnership, award, prime, stranger):
    address = f"{P}first/edit/"
    for role in (Role.GRANTS_OFFICER, Role.EMBASSY_VIEWER, Role.HOST_DELEGATE, Role.ADMINISTRATOR):
        client.force_login(make.make_user(role, partnership))
        assert client.get(address).status_code == 403, role
        assert client.post(address, TYPED | {"version": "1"}).status_code == 403, role
    client.force_login(make.make_user(Role.PARTNER_CERTIFIER, partnership, organization=prime))
    assert client.post(address, TYPED | {"version": "1"}).status_code == 403
    assert "Propose a change" not in words(client.get(f"{P}first/"))
    for person in (stranger, make.make_user(Role.PARTNER_CERTIFIER, partnership)):
        client.force_login(person)
        assert client.get(address).status_code == 404
    client.force_login(make.make_user(Role.GRANTS_OFFICER, partnership))
    html = client.get(f"{P}first/").content.decode()
    assert 'href="/p/test-2017/proposals/new/?act=action&amp;award=first"' in html
    assert address not in html
    award.refresh_from_db()
    assert award.version == 1
