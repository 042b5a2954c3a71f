"""The pages of reports, each for its owner, a stranger and the wrong role; and what a form keeps when it is refused."""

from datetime import date

import pytest
from django.urls import reverse

from activities.models import Deadline
from activities.reporting import moves
from activities.reporting.models import Report, ReportVersion, Section, Transition
from activities.reporting.services import open_report, sync_reports
from cpc.core.periods import Period
from partners.roles import Role
from tests import factories as make
from tests.factories import lima

from .conftest import Q3, Q4, SOON, owe
from .test_moves import ITEM, bring_to

KEY = "test-award-ilo-2019-q4"


def url(name, *rest):
    return reverse(f"reports:{name}", args=["test-2017", KEY, *rest])


LIST = "/p/test-2017/reports/"


def text_of(response):
    return response.content.decode()


# The list


def test_list_shows_what_is_owed_before_anybody_has_begun(world, login):
    page = text_of(login(world.preparer).get(LIST))
    assert "Quarterly report, October–December 2019" in page
    assert "Not yet started" in page
    assert "11 days late" in page  # due 2020-01-30, the tests play on 2020-02-10


def test_list_takes_as_many_queries_for_twenty_rows_as_for_two(world, login, django_assert_max_num_queries):
    client = login(world.officer)

    def queries():
        with django_assert_max_num_queries(60) as counted:
            client.get(LIST)
        return len(counted.captured_queries)

    queries()  # what is cached per process
    few = queries()
    for n in range(20):
        other = make.make_organization(f"org-x{n}")
        award = make.make_award(world.partnership, recipients=[other])
        owe(award, other, Q4)
    sync_reports(world.partnership)
    assert queries() == few


@pytest.mark.parametrize(
    ("query", "found"),
    [("", 2), ("?state=not_started", 1), ("?state=draft", 1), ("?late=yes", 2), ("?late=no", 0), ("?organization=ilo", 2),
     ("?award=test-award&from=2019-10-01", 1), ("?to=2019-09-30", 1), ("?state=accepted", 0)],
)  # fmt: skip
def test_list_filters_what_was_asked(world, draft, login, query, found):
    owe(world.award, world.ilo, Q3, due_on="2019-10-30")
    sync_reports(world.partnership)
    response = login(world.officer).get(LIST + query)
    assert response.context["page"].count == found


@pytest.mark.parametrize("query", ["?state=lost", "?organization=nobody", "?from=31/12/2019", "?late=maybe"])
def test_a_filter_that_does_not_parse_says_so_and_is_not_ignored(world, login, query):
    response = login(world.officer).get(LIST + query)
    assert response.status_code == 400
    assert response.context["page"].count == 0
    assert "usa-error-message" in text_of(response)
    assert login(world.officer).get(f"{LIST}{query}&format=csv").status_code == 400


def test_the_list_as_csv_holds_the_rows_of_the_page(world, login):
    response = login(world.officer).get(f"{LIST}?format=csv")
    body = b"".join(response.streaming_content).decode("utf-8-sig")
    assert body.splitlines()[0].startswith("Key,Report,Award key")
    assert KEY in body
    assert login(world.officer).get(f"{LIST}?format=pdf").status_code == 400


def test_a_period_that_has_not_begun_is_no_row_yet(world, login):
    owe(world.award, world.ilo, Period(date(2020, 4, 1), date(2020, 6, 30)), due_on="2020-07-30")
    sync_reports(world.partnership)
    assert login(world.officer).get(LIST).context["page"].count == 1


# One report


def test_reading_begins_nothing(world, login):
    client = login(world.preparer)
    assert "Start this report" in text_of(client.get(url("detail")))
    for name in ("check", "submit", "receipt", "withdraw", "review", "reopen"):
        assert client.get(url(name)).status_code == 302
    assert not ReportVersion.objects.exists()
    assert client.get(url("open")).status_code == 405
    assert client.post(url("open")).status_code == 302
    assert ReportVersion.objects.get().transitions.get().actor == world.preparer


@pytest.mark.parametrize("name", ["detail", "check", "submit", "receipt", "withdraw", "review", "reopen"])
def test_who_may_open_each_page(world, filled, login, name):
    stranger = make.make_user(Role.PROGRAM_OFFICER, make.make_partnership(regions=("XB-ONE",)))
    other = make.make_user(Role.PARTNER_CERTIFIER, world.partnership)
    host = make.make_user(Role.HOST_DELEGATE, world.partnership)
    assert login(stranger).get(url(name)).status_code == 404
    assert login(other).get(url(name)).status_code == 404
    assert login(host).get(url(name)).status_code == 403
    right = world.officer if name in ("review", "reopen", "detail") else world.certifier
    assert login(right).get(url(name)).status_code in (200, 302)  # receipt: nothing was sent yet


def test_wrong_role_is_told_who_may(world, filled, login):
    page = login(world.preparer).get(url("submit"))
    assert page.status_code == 403
    assert "Partner, certifier" in text_of(page)
    assert login(world.officer).get(url("task", "summary")).status_code == 403
    assert login(world.preparer).get(url("review")).status_code == 403
    assert login(world.officer).get(url("check")).status_code == 403


def test_a_task_that_does_not_exist_is_404(world, draft, login):
    assert login(world.preparer).get(url("task", "nothing")).status_code == 404
    assert login(world.preparer).get(url("contents", 7)).status_code == 404


def test_page_says_what_this_reader_may_not_do_and_why(world, filled, login):
    page = text_of(login(make.make_user(Role.EMBASSY_VIEWER, world.partnership)).get(url("detail")))
    assert "What you cannot do now, and why" in page
    assert "Your role does not include this" in page


# Filling in


def cells(**changes):
    filled = {f"I-1/{region}/{sex}": "5" for region in ("XA-ONE", "XA-TWO") for sex in ("female", "male")}
    return filled | {name.replace("__", "/"): value for name, value in changes.items()}


def test_saving_a_task_leads_to_the_next_one(world, draft, login):
    data = cells() | {"version": "0", "done": "yes"}
    response = login(world.preparer).post(url("task", "indicators-1"), data)
    assert response.status_code == 302
    assert response.url == f"{url('task', 'indicators-2')}?saved=indicators-1"
    assert draft.cells.count() == 4
    assert draft.sections.get().is_done


def test_a_change_from_the_check_page_returns_there(world, filled, login):
    data = {"text": "Better.", "language": "en", "version": "1", "done": "yes"}
    response = login(world.preparer).post(url("task", "summary") + "?from=check", data)
    assert response.url == f"{url('check')}?saved=summary#summary"


def test_completed_with_a_blank_cell_is_saved_and_stays_open(world, draft, login):
    data = cells() | {"I-1/XA-ONE/male": "", "version": "0", "done": "yes"}
    response = login(world.preparer).post(url("task", "indicators-1"), data, follow=True)
    assert "1 cell needs a number or a reason" in text_of(response)
    assert not draft.sections.get().is_done
    assert draft.cells.count() == 3


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("typed", "stored"),
    [("12", 12), (" 1,234 ", 1234), ("0", 0), ("not collected", "not_collected"), ("NOT APPLICABLE", "not_applicable"),
     ("withheld for safety", "withheld"), ("withheld", "withheld"), ("", None)],
)  # fmt: skip
def test_cells_read_numbers_and_reasons_in_both_languages(world, draft, login, language, typed, stored):
    data = cells() | {"I-1/XA-ONE/male": typed, "version": "0", "done": "no"}
    response = login(world.preparer).post(url("task", "indicators-1") + f"?lang={language}", data)
    assert response.status_code == 302
    cell = draft.cells.filter(region__key="XA-ONE", category="male").first()
    assert (cell and (cell.value if cell.value is not None else cell.empty)) == stored


HOSTILE = [
    "-1",
    "1.5",
    "1.234,50",
    "NaN",
    "1e5",
    "١٢",
    "0x10",
    "9" * 40,
    "9999999999",
    "<svg onload=x>",
    "=1+1",
    "perhaps",
    "1;2",
    "\u202e12",
]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("typed", HOSTILE)
def test_a_hostile_cell_is_answered_at_the_cell_and_nothing_is_lost(world, draft, login, language, typed):
    data = cells() | {"I-1/XA-ONE/male": typed, "I-1/XA-TWO/male": "77", "version": "0", "done": "no"}
    response = login(world.preparer).post(url("task", "indicators-1") + f"?lang={language}", data)
    assert response.status_code == 200
    assert response.context["problems"][0].anchor == "I-1/XA-ONE/male"
    page = text_of(response)
    assert 'value="77"' in page
    assert 'aria-invalid="true"' in page
    assert "<svg onload" not in page
    assert not draft.cells.exists()
    assert not draft.sections.exists()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "typed", ["1.234,50", "1.2345", "NaN", "Infinity", "-5", "1e9", "US$ 5", "S/ 5", "١٢٫٥", "9999999999999", "--1", "1,23"]
)
def test_hostile_money_is_answered_at_the_line(world, draft, login, language, typed):
    data = {"basis": "cash", "10a": typed, "10b": "90.00", "remarks": "kept", "version": "0", "done": "no"}
    response = login(world.preparer).post(url("task", "financial") + f"?lang={language}", data)
    assert response.status_code == 200
    assert response.context["problems"][0].anchor == "id_10a"
    assert 'value="90.00"' in text_of(response)
    assert "kept" in text_of(response)
    assert not Section.objects.exists()


def test_lines_are_computed_and_contradictions_shown_at_the_line(world, draft, login):
    data = {
        "basis": "cash",
        "10a": "1,000.50",
        "10b": "900.25",
        "10d": "500",
        "10e": "600",
        "10f": "0",
        "version": "0",
        "done": "yes",
    }
    client = login(world.preparer)
    response = client.post(url("task", "financial"), data, follow=True)
    assert response.redirect_chain[-1][0].startswith(url("task", "financial"))
    page = text_of(response)
    assert "100.25" in page
    assert "Line 10g, the total federal share, is higher than line 10d" in page
    assert 'aria-describedby="e10d"' in page


def test_text_is_kept_whole_with_its_language(world, draft, login):
    text = "Ñandú <script>alert(1)</script>\r\nsegunda línea"
    data = {"text": text, "language": "es", "version": "0", "done": "yes"}
    login(world.preparer).post(url("task", "summary"), data)
    section = draft.sections.get()
    assert (section.text, section.language) == ("Ñandú <script>alert(1)</script>\nsegunda línea", "es")
    page = text_of(login(world.preparer).get(url("contents", 1)))
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_a_text_that_is_too_long_comes_back(world, draft, login):
    data = {"text": "x" * 20_001, "language": "en", "version": "0", "done": "yes"}
    response = login(world.preparer).post(url("task", "summary"), data)
    assert response.status_code == 200
    assert "x" * 20_001 in text_of(response)
    assert not Section.objects.exists()


# Two tabs, two people


def test_the_second_tab_gets_both_versions_and_may_then_keep_its_own(world, draft, login):
    first = {"text": "From the first tab", "language": "en", "version": "0", "done": "no"}
    second = first | {"text": "From the second tab"}
    client = login(world.preparer)
    client.post(url("task", "summary"), first)
    response = client.post(url("task", "summary"), second)
    page = text_of(response)
    assert response.status_code == 409
    assert page.count("From the first tab") == 1
    assert page.count("From the second tab") == 2  # beside theirs, and in the form
    assert 'name="version" value="1"' in page
    assert draft.sections.get().text == "From the first tab"
    assert client.post(url("task", "summary"), second | {"version": "1"}).status_code == 302
    assert draft.sections.get().text == "From the second tab"


def test_conflict_in_the_grid_names_only_the_cells_that_differ(world, draft, login):
    client = login(world.preparer)
    client.post(url("task", "indicators-1"), cells() | {"version": "0", "done": "no"})
    response = client.post(url("task", "indicators-1"), cells() | {"I-1/XA-TWO/male": "8", "version": "0", "done": "no"})
    assert response.status_code == 409
    assert [(row["yours"], row["theirs"]) for row in response.context["conflict"]["rows"]] == [("8", "5")]


def test_what_is_typed_after_the_submission_stays_on_the_page(world, filled, login):
    moves.submit(filled.pk, actor=world.certifier, at=SOON, certified=True)
    data = {"text": "A late thought", "language": "en", "version": "1", "done": "yes"}
    response = login(world.preparer).post(url("task", "summary"), data)
    assert response.status_code == 409
    page = text_of(response)
    assert "A late thought" in page
    assert "Certified and submitted by Carla" in page
    assert "Save and continue" not in page
    assert filled.sections.get(key="summary").text == "Text of summary."


# Sending


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


# Reviewing


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


# Protected counts


def test_protected_counts_show_to_their_circle_only(world, filled, login):
    world.partnership.indicators.filter(key="I-2").update(protected=True)
    Transition.objects.all()
    filled.cells.filter(indicator__key="I-2").update(value=7919)
    bring_to(world, filled, "submitted")
    viewer = make.make_user(Role.EMBASSY_VIEWER, world.partnership)
    trusted = make.make_user(Role.EMBASSY_VIEWER, world.partnership, exact_counts=True)
    pages = {who: login(who).get(url("contents", 1)) for who in (world.preparer, world.officer, trusted, viewer)}
    assert all("7,919" in text_of(pages[who]) for who in (world.preparer, world.officer, trusted))
    assert "7,919" not in text_of(pages[viewer])
    assert "7919" not in text_of(pages[viewer])
    assert "15,838" not in text_of(pages[viewer])  # nor a sum
    assert "protected" in text_of(pages[viewer])
    assert pages[viewer].headers["Cache-Control"] == "no-store"


def test_a_prime_sees_no_protected_count_of_its_sub_recipient(world, login):
    sub = make.make_organization("sub")
    award = make.make_award(
        world.partnership, recipients=[sub], level="sub", pass_through=world.ilo, parent=world.award, key="sub"
    )
    make.make_deadline(world.partnership, rule="R-SUB-Q", award=award, recipient=sub, period_from=Q4.first, period_to=Q4.last)
    world.partnership.indicators.update(protected=True)
    person = make.make_user(Role.PARTNER_PREPARER, world.partnership, organization=sub)
    version = open_report(award, sub, Q4, actor=person, at=SOON)
    from activities.reporting.drafts import save_indicators

    save_indicators(version.pk, "indicators-1", cells={"I-1/XA-ONE/female": 7919}, actor=person, at=SOON, revision=0, done=False)
    address = reverse("reports:contents", args=["test-2017", version.report.key, 1])
    assert "7,919" in text_of(login(person).get(address))
    assert "7,919" not in text_of(login(world.preparer).get(address))


def test_before_records_is_listed_and_never_overdue(world, login):
    world.partnership.tracked_from = None
    world.partnership.save()
    page = login(world.officer).get(LIST)
    assert "Before records" in text_of(page)
    assert "late" not in text_of(page).split("<tbody>")[1]
    assert login(world.officer).get(f"{LIST}?late=yes").context["page"].count == 0
    assert Deadline.objects.count() == 2
    assert Report.objects.count() == 1
