"""The pages of the dialogues: what was announced, what was agreed, who confirmed it, on the day that is asked for."""

import re

import pytest

from partners.roles import Role
from tests import factories as make


def words(answer):
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", text.replace("\xa0", " "))


@pytest.fixture
def dialogue(partnership):
    return make.make_dialogue(partnership, record_en="The term is longer.", record_original="en", record_state="missing")


@pytest.fixture
def address(partnership, dialogue):
    return f"/p/{partnership.key}/dialogues/{dialogue.key}/"


def test_a_commitment_shows_owner_test_date_evidence_and_both_confirmations(login, viewer, partnership, dialogue, address):
    evidence = make.make_document(partnership, title="List of mentors", address="https://example.org/list")
    make.make_commitment(
        dialogue, side="host", owner=make.make_organization("mininter", name_en="Ministry"), test_en="Two mentors are there.",
        due_on=make.day("2020-02-08"), us_confirmed_on=make.day("2020-02-07"), evidence=evidence,
    )  # fmt: skip
    make.make_commitment(
        dialogue, state="closed", state_on=make.day("2020-02-09"), state_reason="Sent.", host_confirmed_on=make.day("2020-02-09")
    )
    text = words(login(viewer).get(address))
    for said in (
        "1 of 2 open , 1 past its date", "United States: 0 of 1 open", "Testland: 1 of 1 open", "Ministry", "Test: Two mentors",
        "8 Feb 2020", "2 days late", "List of mentors", "United States only", "Closed, 9 Feb 2020", "Sent.",
        "no evidence on file", "No test agreed that can be measured.", "no day agreed", "Testland only", "waiting",
    ):  # fmt: skip
        assert said in text, said


def test_the_page_of_an_earlier_day_knows_nothing_of_later_ones(login, viewer, dialogue, address):
    make.make_commitment(
        dialogue, us_confirmed_on=make.day("2020-02-08"), state="closed", state_on=make.day("2020-02-09"), state_reason="Sent."
    )
    client = login(viewer)
    before = words(client.get(f"{address}?as_of=2020-02-07&known_on=2020-02-07"))
    assert "You look back" in before
    assert "Not confirmed yet" in before
    assert "Sent." not in before
    now = words(client.get(address))
    assert "You look back" not in now
    assert "United States only" in now
    assert "Sent." in now
    assert client.get(f"{address}?as_of=2020-02-05").status_code == 404
    assert "No dialogue yet" in words(client.get(address.replace(f"{dialogue.key}/", "?known_on=2020-02-05")))


def test_both_languages_stand_side_by_side_with_their_states(login, viewer, dialogue, address):
    make.make_commitment(dialogue, text_original="es", text_state="stale", is_sample=True)
    text = words(login(viewer).get(address))
    assert "The term is longer." in text
    assert "Español missing Not written yet" in text
    assert "English sample stale Name mentors Español sample original Designar mentores" in text


def test_the_list_names_the_dialogue_of_each_commitment_and_keeps_the_days(login, viewer, partnership, dialogue):
    make.make_commitment(dialogue)
    html = login(viewer).get(f"/p/{partnership.key}/dialogues/?as_of=2020-02-08").content.decode()
    links = re.findall(rf'href="/p/{partnership.key}/dialogues/{dialogue.key}/([^"]*)"', html)
    assert len(links) == 2
    assert all(link.startswith("?as_of=2020-02-08&amp;known_on=2020-02-10") for link in links)


def test_a_dialogue_of_which_only_the_year_is_known_has_one_year(login, viewer, partnership):
    make.make_dialogue(partnership, start="2019")
    text = words(login(viewer).get(f"/p/{partnership.key}/dialogues/"))
    assert " 2019 " in text
    assert "2019 – 2019" not in text


def test_a_wrong_day_is_answered_at_the_field(login, viewer, address):
    answer = login(viewer).get(f"{address}?as_of=2020-02-31")
    assert answer.status_code == 400
    assert "There is a problem" in words(answer)


def test_every_role_reads_and_a_stranger_learns_nothing(client, partnership, stranger, address):
    for role in (Role.PARTNER_PREPARER, Role.HOST_DELEGATE, Role.ADMINISTRATOR):
        client.force_login(make.make_user(role, partnership))
        assert client.get(address).status_code == 200
    client.force_login(stranger)
    assert client.get(address).status_code == 404


def test_as_many_queries_for_two_hundred_commitments_as_for_two(
    login, viewer, partnership, dialogue, address, django_assert_max_num_queries
):
    client, owner = login(viewer), make.make_organization("ministry", organization_class="government")
    for _n in range(2):
        make.make_commitment(dialogue, owner=owner)
    for path in (address, f"/p/{partnership.key}/dialogues/"):
        with django_assert_max_num_queries(8):
            client.get(path)
    with django_assert_max_num_queries(8) as few:
        client.get(address)
    for _n in range(198):
        make.make_commitment(dialogue, owner=owner)
    with django_assert_max_num_queries(8) as many:
        client.get(address)
    assert len(many) == len(few)
