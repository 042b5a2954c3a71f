"""The page of one date, how a later day is asked for and answered there, and where those look who must act."""

import re
from datetime import date, timedelta

import pytest
from django.utils import translation

from activities.deadlines.changes_forms import AnswerForm, AskForm
from activities.deadlines.services import mark_met
from activities.models import Deadline, DueDateChange, Report, ReportVersion
from activities.reporting import moves
from activities.tasks import recompute
from cpc.core.periods import Period
from tests import factories as make
from tests.approvals.corpus import DAYS, TEXTS

TODAY = date(2020, 2, 10)
QUARTER = Period(date(2020, 1, 1), date(2020, 3, 31))
KEY = "initial-ilo-2020-q1-performance"
LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])
ASKED = {"wanted_on": "2020-05-15", "reason": "The data come late."}


@pytest.fixture
def ilo(db):
    return make.make_organization("ilo", name_en="Labour Organization", organization_class="foreign_public_entity")


@pytest.fixture
def award(partnership, ilo):
    award = make.make_award(partnership, key="initial", title_en="Initial award", recipients=[ilo], rule_class="fpe")
    make.make_action(award, start="2019-10", end="2020-12", effective="2019-10-01")
    recompute(partnership.pk, today=TODAY)
    return award


@pytest.fixture
def deadline(award):
    return Deadline.objects.get(key=KEY)


@pytest.fixture
def preparer(partnership, ilo):
    return make.make_user("partner_preparer", partnership, organization=ilo, name="Paula")


@pytest.fixture
def address(partnership):
    return f"/p/{partnership.key}/deadlines/{KEY}/"


def text_of(answer):
    return answer.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def words_of(answer):
    """The page as it is read, without its marks."""
    return " ".join(re.sub("<[^>]*>", "", text_of(answer)).split())


def test_page_of_a_date_names_rule_inputs_source_and_who_waits(login, officer, award, address):
    text = text_of(login(officer).get(address))
    for part in (
        "Quarterly performance report, January–March 2020",
        "R-FPE-Q, 30 days after the end of the reporting period",
        "31 Mar 2020, end of the reporting period",
        "(assumed)",
        "Thursday",
        "the same day",
        "Nobody yet: the period runs until 31 Mar 2020.",
        "Falls due on 30 Apr 2020",
        "A day ends when it ends in Lima.",
    ):
        assert part in text, part


def test_page_of_a_date_that_moved_tells_what_moved_it(login, officer, partnership, award):
    make.make_action(award, kind="no_cost_extension", amount=None, effective="2020-02-07", end="2022-06-30")
    recompute(partnership.pk, today=TODAY)
    answer = login(officer).get(f"/p/{partnership.key}/deadlines/initial-award-end/")
    sentences = [line["sentence"].replace("\u00a0", " ") for line in answer.context["history"]]
    assert sentences[1] == "7 Feb 2020: was 31 Dec 2020; moved by: No-cost extension, until 30 Jun 2022"


def test_partner_waits_from_the_day_after_the_period(login, preparer, award, partnership):
    text = text_of(login(preparer).get(f"/p/{partnership.key}/deadlines/initial-ilo-2019-q4-performance/"))
    assert "The program officers wait on Labour Organization since 1 Jan 2020, when the period had ended." in text
    assert "Waiting on Labour Organization since 1 Jan 2020" in words_of(login(preparer).get(f"/p/{partnership.key}/deadlines/"))


def test_partner_asks_and_the_date_says_so_everywhere(login, preparer, officer, partnership, address, deadline):
    client = login(preparer)
    assert f'href="{address}later/"' in text_of(client.get(address))
    assert client.post(f"{address}later/", ASKED).url == address
    text = text_of(client.get(address))
    assert "Asked by you: 15 May 2020 instead of 30 Apr 2020" in text
    assert "The data come late." in text
    assert f'href="{address}later/"' not in text
    assert "A request for 15 May 2020 was made on 10 Feb 2020 and waits for its answer." in text
    in_list = client.get(f"/p/{partnership.key}/deadlines/?waiting=answer").context["lines"]
    assert {line.row.key for line in in_list} == {KEY, "initial-ilo-2020-q1-financial"}
    assert in_list[0].request.replace("\u00a0", " ") == "15 May 2020 asked for on 10 Feb 2020; waits for an answer"
    report = text_of(client.get(f"/p/{partnership.key}/reports/initial-ilo-2020-q1/"))
    assert "15 May 2020</time> is asked for; waits for an answer" in report
    queue = text_of(login(officer).get(f"/p/{partnership.key}/deadlines/"))
    assert "1 request for a later day waits for your answer" in queue
    assert queue.count("/answer/") == 1


def test_officer_grants_another_day_and_the_page_keeps_the_history(login, officer, address, deadline, preparer):
    change = make.make_due_date_change(deadline, wanted_on="2020-05-15", asked_by=preparer)
    client = login(officer)
    assert client.get(f"{address}answer/").context["form"].initial == {"granted_on": date(2020, 5, 15)}
    sent = {"request": change.pk, "act": "grant", "granted_on": "2020-05-08", "answer": "A week is enough."}
    assert client.post(f"{address}answer/", sent).url == address
    answer = client.get(address)
    assert [line["sentence"].replace("\u00a0", " ") for line in answer.context["history"]] == [
        "Falls due on 8 May 2020",
        "Granted by you: 8 May 2020 instead of 30 Apr 2020",
        "Asked by Paula: 15 May 2020 instead of 30 Apr 2020",
    ]
    assert "A week is enough." in text_of(answer)


def test_refusal_needs_words_and_loses_nothing_of_what_was_typed(login, officer, address, deadline):
    change = make.make_due_date_change(deadline)
    client = login(officer)
    answer = client.post(f"{address}answer/", {"request": change.pk, "act": "refuse", "granted_on": "2020-05-09", "answer": ""})
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["answer"])
    assert 'value="2020-05-09"' in text_of(answer)
    assert client.post(f"{address}answer/", {"request": change.pk, "act": "refuse", "answer": "No."}).status_code == 302
    assert "Refused by you: the date stays" in text_of(client.get(address))


def test_second_answer_is_told_who_and_when_and_keeps_its_words(login, officer, person, address, deadline):
    change = make.make_due_date_change(deadline)
    sent = {"request": change.pk, "act": "refuse", "answer": "No."}
    login(officer).post(f"{address}answer/", sent)
    late = login(person("program_officer")).post(f"{address}answer/", sent | {"answer": "My own words."})
    text = text_of(late)
    assert late.status_code == 409
    assert f"Refused by {officer}: the date stays; 10 Feb 2020" in text
    assert "My own words." in text


def test_second_request_is_told_who_asked_and_keeps_its_words(login, preparer, address, deadline):
    make.make_due_date_change(deadline, wanted_on="2020-06-15", asked_by=preparer)
    colleague = make.make_user("partner_certifier", deadline.partnership, organization=deadline.recipient)
    late = login(colleague).post(f"{address}later/", ASKED | {"reason": "My own reason."})
    assert late.status_code == 409
    assert "Asked by Paula: 15 Jun 2020 instead of 30 Apr 2020; 3 Feb 2020" in text_of(late)
    assert "My own reason." in text_of(late)


def test_request_for_a_report_that_was_sent_meanwhile_is_refused_with_the_day(login, preparer, award, ilo, address):
    mark_met(award_id=award.pk, recipient_id=ilo.pk, period=QUARTER, met_at=make.lima("2020-02-09 12:00"))
    client = login(preparer)
    assert client.get(f"{address}later/").url == address
    late = client.post(f"{address}later/", ASKED)
    assert late.status_code == 409
    assert "The report was submitted on 9 Feb 2020." in text_of(late)


def test_answer_without_a_request_is_told_so(login, officer, address, deadline):
    client = login(officer)
    assert client.get(f"{address}answer/").url == address
    for request in ("", "0", "x", "\x00", "9" * 30):
        assert client.post(f"{address}answer/", {"request": request, "act": "grant"}).status_code == 409


def test_date_of_an_award_teaches_that_it_follows_the_award(login, preparer, partnership, award):
    base = f"/p/{partnership.key}/deadlines/initial-award-end/"
    client = login(preparer)
    assert "this date follows its rule." in text_of(client.get(base))
    assert client.get(f"{base}later/").status_code == 403


def test_date_of_a_commitment_names_its_words_its_owner_and_that_it_is_a_sample(login, viewer, partnership, award):
    owner = make.make_organization(name_en="Ministry of Justice")
    dialogue = make.make_dialogue(partnership)
    promise = make.make_commitment(dialogue, owner=owner, is_sample=True, due_on=date(2020, 2, 1))
    recompute(partnership.pk, today=TODAY)
    row = Deadline.objects.get(kind="commitment")
    client, listed = login(viewer), f"/p/{partnership.key}/deadlines/?kind=commitment&status=all"
    text = words_of(client.get(f"/p/{partnership.key}/deadlines/{row.key}/"))
    assert "Name mentors" in text
    assert "Waiting on Ministry of Justice." in text
    (line,) = client.get(listed).context["lines"]
    assert (line.url, line.is_sample) == (f"/p/{partnership.key}/dialogues/{dialogue.key}/#{promise.key}", True)
    assert "Waiting on Ministry of Justice" in words_of(client.get(listed))
    assert client.get(f"/api/v1/deadlines/{row.key}/").json()["is_sample"] is True


def test_superseded_date_leads_to_what_took_its_place(login, officer, partnership, award):
    make.make_action(award, kind="no_cost_extension", amount=None, effective="2020-02-07", end="2022-06-30")
    recompute(partnership.pk, today=TODAY)
    gone = Deadline.objects.get(key="initial-ilo-2020-q4-final-performance")
    text = text_of(login(officer).get(f"/p/{partnership.key}/deadlines/{gone.key}/"))
    assert "Replaced by another date" in text
    assert f'href="/p/{partnership.key}/deadlines/{gone.superseded_by.key}/"' in text


def errors_of(client, address):
    return client.post(address, {"wanted_on": "15/05/2020", "reason": ""}).context["form"].errors


@LANGUAGES
def test_days_that_cannot_be_read_are_told_at_their_field_and_stay_as_typed(language):
    with translation.override(language):
        for typed in DAYS:
            for form in (AskForm({"wanted_on": typed, "reason": "x"}), AnswerForm({"act": "grant", "granted_on": typed})):
                name = "wanted_on" if "wanted_on" in form.fields else "granted_on"
                if form.errors.get(name):
                    assert form[name].value() == typed
                else:
                    assert form.cleaned_data[name].isoformat() == typed.strip(), typed


@LANGUAGES
def test_hostile_words_and_days_save_nothing_and_fail_nothing(login, preparer, officer, address, deadline, language):
    change = make.make_due_date_change(deadline)
    asker, kept = login(preparer), list(DueDateChange.objects.values())
    for number, typed in enumerate(TEXTS):
        sent = {"wanted_on": DAYS[number % len(DAYS)], "reason": typed}
        answer = asker.post(f"{address}later/?lang={language}", sent)
        assert answer.status_code in (200, 409), typed
        assert b"<svg onload" not in answer.content
    decider = login(officer)
    for number, typed in enumerate(TEXTS):
        sent = {"request": change.pk, "act": ["grant", "x", ""][number % 3], "granted_on": DAYS[number % 20], "answer": typed}
        answer = decider.post(f"{address}answer/?lang={language}", sent)
        assert answer.status_code == 200, typed
        assert b"<svg onload" not in answer.content
    assert list(DueDateChange.objects.values()) == kept


def test_sentence_at_the_field_is_in_the_readers_language(login, preparer, address, deadline):
    client = login(preparer)
    said = [
        {name: list(errors) for name, errors in errors_of(client, f"{address}later/?lang={language}").items()}
        for language in ("en", "es")
    ]
    assert list(said[0]) == list(said[1]) == ["wanted_on", "reason"]
    assert said[0]["wanted_on"] != said[1]["wanted_on"]
    assert all("2020-02-06" in one["wanted_on"][0] for one in said)
    early = client.post(f"{address}later/?lang=en", ASKED | {"wanted_on": "2020-04-30"})
    assert early.context["form"].errors["wanted_on"][0].replace("\u00a0", " ") == (
        "The new day is after 30 Apr 2020, the present due day."
    )


@pytest.fixture
def sent_report(award, ilo, partnership):
    """The report of October to December 2019, certified on Friday 31 January 2020 and waiting for an officer."""
    report, at = Report.objects.get(key="initial-ilo-2019-q4"), make.lima("2020-01-31 12:00")
    version = ReportVersion.objects.create(report=report)
    ReportVersion.objects.filter(pk=version.pk).update(state="submitted", submitted_at=at)
    mark_met(award_id=award.pk, recipient_id=ilo.pk, period=Period(report.period_from, report.period_to), met_at=at)
    return report


def test_report_on_the_officers_clock_is_shown_to_both_sides(login, officer, preparer, partnership, sent_report):
    """30 days after 31 January is Sunday 1 March; the next business day in the United States is the 2nd."""
    for user in (officer, preparer):
        answer = login(user).get(f"/p/{partnership.key}/deadlines/?month=2020-03&status=all")
        (line,) = answer.context["reviews"]
        assert (line["review"].submitted_on, line["review"].due_on) == (date(2020, 1, 31), date(2020, 3, 2))
        assert line["tag"] == "in 21 days"
        assert "Answer to Labour Organization" in text_of(answer)
        assert "Waiting on the <b>program officers</b> since" in text_of(answer)
    text = text_of(login(preparer).get(f"/p/{partnership.key}/deadlines/initial-ilo-2019-q4-performance/"))
    assert "waits on the program officers since 31 Jan 2020, when the report was submitted." in text
    assert "an answer by 2 Mar 2020" in text


def test_officers_clock_names_the_reviewer_and_ends_with_the_answer(login, officer, partnership, sent_report):
    version = sent_report.versions.get()
    moves.start_review(version.pk, actor=officer, at=make.lima("2020-02-03 12:00"))
    client, page = login(officer), f"/p/{partnership.key}/deadlines/"
    assert client.get(page).context["reviews"][0]["review"].reviewer == str(officer)
    moves.accept(version.pk, actor=officer, at=make.lima("2020-02-04 12:00"))
    assert client.get(page).context["reviews"] == []


def test_host_delegate_sees_no_reports_and_no_requests(login, person, partnership, sent_report, deadline):
    make.make_due_date_change(deadline)
    answer = login(person("host_delegate")).get(f"/p/{partnership.key}/deadlines/")
    assert (answer.context["reviews"], answer.context["requests"]) == ([], [])


@pytest.mark.parametrize(
    ("sent", "status", "late"), [("2020-07-31T04:59:59+00:00", "met", 0), ("2020-07-31T05:00:00+00:00", "met_late", 1)]
)
def test_day_of_a_report_ends_at_midnight_in_lima(login, client, officer, award, ilo, partnership, settings, sent, status, late):
    """Due on 30 July 2020: the last second of that day in Lima is 04:59:59 UTC of the 31st."""
    settings.ALIANZA_TODAY = date(2020, 7, 30)
    page = f"/p/{partnership.key}/deadlines/initial-ilo-2020-q2-performance/"
    row = Deadline.objects.get(key="initial-ilo-2020-q2-performance")
    assert row.due_on == date(2020, 7, 30)
    login(officer)
    assert "Due today" in text_of(client.get(page))
    instant = make.datetime.fromisoformat(sent)
    mark_met(award_id=award.pk, recipient_id=ilo.pk, period=Period(row.period_from, row.period_to), met_at=instant)
    settings.ALIANZA_TODAY = date(2020, 8, 3)
    answer = client.get(page)
    assert answer.context["row"].status == status
    assert ("met 1 day late" in text_of(answer)) == bool(late)
    api = client.get(f"/api/v1/deadlines/{row.key}/").json()
    assert (api["status"], api["met_on"]) == (status, (row.due_on + timedelta(days=late)).isoformat())
