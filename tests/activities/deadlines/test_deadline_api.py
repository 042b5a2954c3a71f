"""The API of deadlines: its fields, filters, cursors, and another day."""

import csv
import io
from datetime import date

import pytest

from activities.deadlines.models import Deadline
from activities.deadlines.services import mark_met
from activities.reporting.models import Report
from activities.tasks import recompute, recompute_all
from cpc.core.periods import Period
from tests import factories as make

TODAY = date(2020, 2, 10)
ADDRESS = "/api/v1/deadlines/"


@pytest.fixture
def ilo(partnership):
    return make.make_organization("ilo", organization_class="foreign_public_entity")


@pytest.fixture
def award(partnership, ilo):
    award = make.make_award(partnership, key="initial", recipients=[ilo], rule_class="fpe")
    make.make_action(award, start="2017-10", end="2020-12")
    make.make_term_event(partnership, new_end="2022-06", effective="2020-02-06")
    make.make_dialogue(partnership, start="2020-02-06")
    recompute(partnership.pk, today=TODAY)
    return award


@pytest.fixture
def ask(login, officer):
    def get(query="", user=officer):
        return login(user).get(ADDRESS + query)

    return get


def results(answer):
    assert answer.status_code == 200, answer.json()
    return answer.json()["results"]


def all_pages(ask, query):
    rows, address = [], query
    while address is not None:
        answer = ask(address).json()
        rows += answer["results"]
        address = answer["next"] and "?" + answer["next"].partition("?")[2]
    return rows


def test_row_holds_what_the_contract_names(ask, award):
    row = results(ask("?partnership=test-2017&award=initial&kind=performance_report&limit=1"))[0]
    assert row.pop("explanation").replace("\u00a0", " ") == (
        "R-FPE-Q, 30 days after the end of the reporting period. Counted from 31 Dec 2017, end of the reporting period. "
        "Source: Award terms for foreign public entities; clause not seen, taken to equal 2 CFR 200 (assumed)."
    )
    assert row == {
        "key": "initial-ilo-2017-q4-performance",
        "partnership": "test-2017",
        "kind": "performance_report",
        "title": "Quarterly performance report, October–December 2017",
        "rule": "R-FPE-Q",
        "award": "initial",
        "recipient": "ilo",
        "period": {"from": "2017-10-01", "to": "2017-12-31"},
        "raw_on": "2018-01-30",
        "legal_on": "2018-01-30",
        "decided_on": None,
        "wanted_on": None,
        "granted_on": None,
        "due_on": "2018-01-30",
        "next_business_day": "2018-01-30",
        "status": "overdue",
        "status_label": "Overdue",
        "met_on": None,
        "superseded_by": None,
        "report": "initial-ilo-2017-q4",
        "guidance_version": "",
        "certainty": "assumed",
        "is_sample": False,
    }


def test_date_of_the_partnership_has_no_award_recipient_or_period(ask, award):
    row = results(ask("?kind=term_end"))[0]
    assert (row["award"], row["recipient"], row["period"], row["due_on"]) == (None, None, None, "2022-06-30")


def test_twelve_interims_first_and_last_as_published(ask, award):
    due = [row["due_on"] for row in results(ask("?award=initial&recipient=ilo&kind=performance_report"))]
    assert (len(due), due[0], due[-1]) == (12, "2018-01-30", "2020-10-30")
    assert [row["due_on"] for row in results(ask("?award=initial&kind=final_report"))] == ["2021-03-31"]


@pytest.mark.parametrize("as_of", ["", "&as_of=2020-02-05"])
def test_filters(ask, award, as_of):
    assert {row["status"] for row in results(ask(f"?status=overdue{as_of}"))} == {"overdue"}
    assert {row["kind"] for row in results(ask(f"?kind=award_end{as_of}"))} == {"award_end"}
    assert results(ask(f"?status=waived{as_of}")) == []
    assert len(results(ask(f"?recipient=ilo&limit=200{as_of}"))) == 26


@pytest.mark.parametrize("as_of", ["", "as_of=2020-02-05&"])
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("kind=party", "kind"),
        ("status=late", "status"),
        ("award=none", "award"),
        ("recipient=nobody", "recipient"),
        ("colour=red", "colour"),
        ("limit=201", "limit"),
        ("cursor=bad", "cursor"),
    ],
)
def test_unknown_parameter_or_value_is_a_400_that_names_it(ask, award, as_of, query, field):
    answer = ask(f"?{as_of}{query}")
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("day", ["06/02/2020", "2020-02", "2020-02-30", ""])
def test_day_that_is_none_is_a_400(ask, award, day):
    answer = ask(f"?as_of={day}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "as_of"


@pytest.mark.parametrize("as_of", ["", "&as_of=2020-02-05"])
def test_unknown_partnership_and_one_out_of_scope_are_a_404(ask, award, stranger, as_of):
    assert ask(f"?partnership=nowhere{as_of}").status_code == 404
    assert ask(f"?partnership=test-2017{as_of}", user=stranger).status_code == 404
    assert "test-2017" not in {row["partnership"] for row in results(ask(f"?limit=200{as_of}", user=stranger))}


def test_another_day_has_its_own_term_and_the_same_award_dates(ask, award):
    before, after = (all_pages(ask, f"?partnership=test-2017&as_of={day}") for day in ("2020-02-05", "2020-02-06"))
    terms = [{row["due_on"] for row in rows if row["kind"] == "term_end"} for rows in (before, after)]
    assert terms == [{"2021-06-30"}, {"2022-06-30"}]
    dates = [[(row["key"], row["due_on"]) for row in rows if row["award"]] for rows in (before, after)]
    assert dates[0] == dates[1]
    assert len(dates[0]) == 27


def test_today_asked_by_its_day_is_today(ask, award):
    assert ask("?partnership=test-2017&as_of=2020-02-10&limit=200").json() == ask("?partnership=test-2017&limit=200").json()


@pytest.mark.parametrize("query", ["?limit=7", "?limit=7&as_of=2020-02-05"])
def test_cursors_lead_through_the_whole_list_and_back(ask, award, query):
    rows = all_pages(ask, query)
    keys = [row["key"] for row in rows]
    assert keys == [row["key"] for row in results(ask(query.replace("=7", "=200")))]
    assert [row["due_on"] for row in rows] == sorted(row["due_on"] for row in rows)
    second = "?" + ask(query).json()["next"].partition("?")[2]
    assert ask("?" + ask(second).json()["previous"].partition("?")[2]).json()["results"] == rows[:7]


def test_cursor_of_stored_rows_is_none_of_another_day_s_list(ask, award):
    stored = "?" + ask("?limit=7").json()["next"].partition("?")[2]
    answer = ask(f"{stored}&as_of=2020-02-05")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "bad_cursor")


def test_detail_today_and_on_another_day(ask, award):
    assert ask("test-2017-term-end/").json()["due_on"] == "2022-06-30"
    assert ask("test-2017-term-end/?as_of=2020-02-05").json()["due_on"] == "2021-06-30"
    assert ask("test-2017-dialogue-1-next/").status_code == 200
    assert ask("test-2017-dialogue-1-next/?as_of=2020-02-05").status_code == 404


def test_partner_sees_its_own_rows_on_any_day(ask, partnership, award, ilo):
    own = make.make_user("partner_preparer", partnership, organization=ilo)
    other = make.make_user("partner_preparer", partnership)
    for query in ("?limit=200", "?limit=200&as_of=2020-02-05"):
        assert {row["award"] for row in results(ask(query, user=own))} == {"initial"}
        assert results(ask(query, user=other)) == []


def test_superseded_row_names_what_took_its_place(ask, partnership, award):
    make.make_action(award, amount=None, kind="no_cost_extension", end="2022-06", effective="2020-02-10")
    recompute(partnership.pk, today=TODAY)
    row = results(ask("?status=superseded"))[0]
    assert (row["key"], row["superseded_by"]) == (
        "initial-ilo-2020-q4-final-performance",
        "initial-ilo-2022-q2-final-performance",
    )


def test_met_on_is_the_day_in_the_partnership_s_zone(ask, award, ilo):
    quarter = Period(date(2019, 10, 1), date(2019, 12, 31))
    mark_met(award_id=award.pk, recipient_id=ilo.pk, period=quarter, met_at=make.lima("2020-01-30 23:59:59"))
    rows = [row for row in results(ask("?limit=200")) if row["period"] == {"from": "2019-10-01", "to": "2019-12-31"}]
    assert {(row["status"], row["met_on"]) for row in rows} == {("met", "2020-01-30")}


def test_language_changes_the_words_and_not_the_codes(ask, award):
    row = ask("initial-ilo-2020-q1-performance/?lang=es").json()
    assert row["title"] == "Informe trimestral de desempeño, enero–marzo de 2020"
    assert (row["kind"], row["status"]) == ("performance_report", "upcoming")


def test_list_takes_as_many_queries_for_many_rows_as_for_few(login, officer, partnership, award, django_assert_num_queries):
    client, n_rows = login(officer), Deadline.objects.count()
    with django_assert_num_queries(6):
        assert len(client.get(f"{ADDRESS}?limit=2").json()["results"]) == 2
    with django_assert_num_queries(6):
        assert len(client.get(f"{ADDRESS}?limit=200").json()["results"]) == n_rows


SAMPLE = "This answer rests on sample rows, invented for the demonstration."
STALE = "The nightly check of deadlines has not run for two days. Dates may miss what came into force since."


@pytest.mark.parametrize("day", ["", "&as_of=2020-02-07"])
def test_answer_says_that_it_rests_on_sample_rows(ask, award, day):
    recompute_all()
    assert ask(f"?award=initial{day}").json()["messages"] == []
    Report.objects.filter(key="initial-ilo-2019-q3").update(is_sample=True)
    answer = ask(f"?award=initial{day}").json()
    assert answer["messages"] == [SAMPLE]
    assert {row["report"] for row in answer["results"] if row["is_sample"]} == {"initial-ilo-2019-q3"}
    assert ask(f"?kind=term_end{day}").json()["messages"] == []


def test_sample_award_makes_each_of_its_dates_a_sample(ask, award):
    award.is_sample = True
    award.save()
    assert ask("initial-award-end/").json()["is_sample"]
    assert SAMPLE in ask("?kind=award_end").json()["messages"]


def test_answer_says_that_the_job_has_not_run(ask, award):
    assert ask().json()["messages"] == [STALE]
    assert ask("?kind=pledge_end").json() == {"results": [], "next": None, "previous": None, "messages": [STALE]}
    recompute_all()
    assert ask().json()["messages"] == []
    assert ask("?lang=es").json()["messages"] == []


def test_report_of_another_partner_is_not_named(ask, partnership, award):
    reader = make.make_user("partner_preparer", partnership)
    assert results(ask(user=reader)) == []


@pytest.mark.parametrize("day", ["", "&as_of=2020-02-07"])
def test_file_holds_the_whole_list_as_filtered(ask, award, day):
    answer = ask(f"?format=csv&kind=financial_report{day}")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    wanted = results(ask(f"?kind=financial_report&limit=200{day}"))
    assert [(row["key"], row["due_on"], row["is_sample"]) for row in rows] == [
        (row["key"], row["due_on"], "false") for row in wanted
    ]
    assert len(rows) == 12
    assert ask("?format=csv&limit=2").status_code == 400


def test_unchanged_answer_is_a_304(login, officer, award):
    client = login(officer)
    tag = client.get(ADDRESS)["ETag"]
    assert client.get(ADDRESS, headers={"If-None-Match": tag}).status_code == 304


def test_row_says_which_later_day_is_asked_for_and_which_was_granted_on_each_day(ask, award, officer, partnership):
    row = Deadline.objects.get(key="initial-ilo-2020-q1-performance")
    granted = {"granted_on": date(2020, 5, 10), "decided_by": officer, "decided_at": make.lima("2020-02-05 23:59:59")}
    make.make_due_date_change(row, asked_at=make.lima("2020-02-03 12:00"), **granted)
    make.make_due_date_change(row, wanted_on="2020-06-01", asked_at=make.lima("2020-02-08 12:00"))

    def days(query):
        found = next(one for one in results(ask(f"?partnership=test-2017{query}&limit=200")) if one["key"] == row.key)
        return found["wanted_on"], found["granted_on"]

    assert days("") == ("2020-06-01", "2020-05-10")
    assert days("&as_of=2020-03-01") == ("2020-06-01", "2020-05-10")
    assert days("&as_of=2020-02-07") == (None, "2020-05-10")
    assert days("&as_of=2020-02-04") == ("2020-05-14", None)
    assert days("&as_of=2020-02-02") == (None, None)
