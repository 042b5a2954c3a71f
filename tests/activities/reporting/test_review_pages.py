"""The pages of who sends a report, and of who reviews it."""

from datetime import date

import pytest

from activities.reporting import moves
from activities.reporting.models import ReportVersion, Transition
from partners.roles import Role
from tests import factories as make
from tests.factories import lima

from .conftest import KEY, SOON, text_of, url
from .test_moves import ITEM, bring_to


def test_certifier_submits_and_gets_a_receipt_twice(world, filled, login):
    client = login(world.certifier)
    page = client.get(url("submit"))
    seen = page.context["n_moves"]
    refused = client.post(url("submit"), {"seen": seen})
    assert "Confirm the certification to submit." in text_of(refused)
    data = {"seen": seen, "certified": "on"}
    first, again = client.post(url("submit"), data), client.post(url("submit"), data)
    assert first.url == f"{url('receipt')}?saved=all"
    assert again.url == url("receipt")
    assert Transition.objects.filter(move="submit").count() == 1
    page = text_of(client.get(url("receipt")))
    assert f"{KEY}-v1-1" in page
    assert "Time in Lima" in page
    assert "Time in Washington" in page
    assert "11 days late" in page


def test_receipt_counts_by_lima(world, filled, login):
    moves.submit(filled.pk, actor=world.certifier, at=lima("2020-01-30 23:59"), certified=True)
    page = text_of(login(world.certifier).get(url("receipt")))
    assert "sent in time" in page
    assert "30 Jan 2020, 23:59" in page.replace("\u00a0", " ")
    assert "30 Jan 2020, 23:59" in page.replace("\u00a0", " ")


def test_withdrawing_asks_once_more(world, filled, login):
    bring_to(world, filled, "submitted")
    client = login(world.certifier)
    seen = client.get(url("withdraw")).context["n_moves"]
    assert client.post(url("withdraw"), {"seen": seen, "comment": "One figure is wrong."}).status_code == 302
    filled.refresh_from_db()
    assert filled.state == "draft"
    assert "One figure is wrong." in text_of(client.get(url("detail")))
    assert client.get(url("receipt")).url == url("detail")


def test_review_returns_with_items_in_their_places(world, filled, login):
    bring_to(world, filled, "submitted")
    client = login(world.officer)
    seen = client.get(url("detail")).context["n_moves"]
    client.post(url("start-review"), {"seen": seen})
    page = client.get(url("review") + "?at=financial/10e")
    place = page.context["return_form"]["place-0"].value()
    assert place == "SF-425, line 10e, Federal share of expenditures"
    data = {"seen": page.context["n_moves"], "place-0": place, "text-0": "Cash or accrual?", "due_on": "2020-02-28",
            "place-1": "I-1, Xa-One, Female", "text-1": "Is it 5?", "comment": "Thank you."}  # fmt: skip
    assert client.post(url("return"), data).status_code == 302
    filled.refresh_from_db()
    assert (filled.state, filled.due_on) == ("returned", date(2020, 2, 28))
    assert list(filled.return_items.values_list("section_key", "field")) == [
        ("financial", "10e"),
        ("indicators-1", "I-1/XA-ONE/female"),
    ]
    partner = text_of(login(world.preparer).get(url("detail")))
    assert "The reviewer asks for 2 changes" in partner
    task = text_of(login(world.preparer).get(url("task", "financial")))
    assert "Cash or accrual?" in task
    assert 'href="#id_10e"' in task


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Name at least one thing that must change."),
        ({"place-0": "Nowhere", "text-0": "x"}, "Choose a place from the list"),
        ({"place-0": "Summarize the period"}, "Say what must change."),
        ({"place-0": "Summarize the period", "text-0": "x", "due_on": "2020-02-10"}, "The new due day is after today."),
        ({"place-0": "Summarize the period", "text-0": "x", "due_on": "10/02/2020"}, "2020-02-06"),
    ],
)
def test_a_return_that_is_not_whole_keeps_what_was_typed(world, filled, login, data, words):
    bring_to(world, filled, "in_review")
    client = login(world.officer)
    seen = client.get(url("review")).context["n_moves"]
    response = client.post(url("return"), {"seen": seen, "due_on": "2020-02-24", "comment": "My words"} | data)
    assert response.status_code == 200
    assert words in text_of(response)
    assert "My words" in text_of(response)
    filled.refresh_from_db()
    assert filled.state == "in_review"


def test_more_rows_keep_what_was_typed(world, filled, login):
    bring_to(world, filled, "in_review")
    response = login(world.officer).post(
        url("return"), {"place-0": "Here", "text-0": "Typed", "place-1": "", "place-2": "", "more": "1"}
    )
    assert len(response.context["return_form"].rows) == 6
    assert "Typed" in text_of(response)
    assert "There is a problem" not in text_of(response)


def test_round_two_shows_what_changed(world, filled, login):
    bring_to(world, filled, "returned")
    item = filled.return_items.get()
    data = {"text": "A much longer text.", "language": "en", "version": "1", "done": "yes", f"answer-{item.pk}": "Written anew."}
    assert login(world.preparer).post(url("task", "summary"), data).status_code == 302
    moves.submit(filled.pk, actor=world.certifier, at=SOON, certified=True)
    moves.start_review(filled.pk, actor=world.officer, at=SOON)
    page = login(world.officer).get(url("review"))
    assert [(change.place, change.before, change.after) for change in page.context["changes"]] == [
        ("Summarize the period", "3 words", "4 words")
    ]
    assert "Written anew." in text_of(page)


def test_accepting_a_report_that_went_on_meanwhile_is_told_who_was_faster(world, filled, login):
    bring_to(world, filled, "in_review")
    client = login(world.officer)
    seen = client.get(url("review")).context["n_moves"]
    moves.return_report(filled.pk, actor=world.other_officer, at=SOON, items=[ITEM])
    response = client.post(url("accept"), {"seen": seen})
    assert response.status_code == 409
    assert "Returned by Oscar" in text_of(response)


def test_certifier_who_is_an_officer_sees_why_accept_is_closed(world, filled, login):
    make.grant(world.certifier, Role.PROGRAM_OFFICER, world.partnership)
    bring_to(world, filled, "in_review")
    client = login(world.certifier)
    page = client.get(url("review"))
    assert "the certifier of a version may not accept it" in text_of(page)
    assert client.post(url("accept"), {"seen": page.context["n_moves"]}).status_code == 403


def test_accept_release_and_reopen_through_the_pages(world, filled, login):
    bring_to(world, filled, "in_review")
    client = login(world.officer)

    def post(name, **data):
        seen = client.get(url("detail")).context["n_moves"]
        return client.post(url(name), {"seen": seen} | data)

    assert post("release-review").status_code == 302
    assert post("start-review").status_code == 302
    assert post("accept", comment="Good work.").status_code == 302
    assert "Reason" in text_of(post("reopen"))
    assert post("reopen", reason="A count came late.").status_code == 302
    assert ReportVersion.objects.filter(report=world.report).count() == 2
    page = text_of(login(world.preparer).get(url("detail")))
    assert "A count came late." in page
    assert "Read version 1, accepted" in page
    assert text_of(client.get(url("contents", 1))).count("Text of summary.") == 1
