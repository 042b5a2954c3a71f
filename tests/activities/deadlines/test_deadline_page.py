"""The list of deadlines: what it shows to whom, how it is filtered, and why an award has no date."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.deadlines.jobs import begin_run, end_run, job_of_zone
from activities.deadlines.services import mark_met
from activities.reporting.models import Report, ReportVersion
from activities.tasks import recompute, recompute_all
from cpc.core.periods import Period
from tests import factories as make
from tests.files import table

TODAY = date(2020, 2, 10)


@pytest.fixture
def ilo(partnership):
    return make.make_organization("ilo", name_en="Labour Organization", organization_class="foreign_public_entity")


@pytest.fixture
def award(partnership, ilo):
    """An award with a period, one without, and the partnership's own dates; computed as a night would."""
    award = make.make_award(partnership, key="initial", title_en="Initial award", recipients=[ilo], rule_class="fpe")
    make.make_action(award, start="2019-07", end="2020-12", effective="2019-07-01")
    extra = make.make_award(partnership, key="extension", title_en="Extension", recipients=[ilo], rule_class="fpe")
    make.make_action(extra, kind="initial", effective="2020-02-06")
    make.make_term_event(partnership, new_end="2022-06", effective="2020-02-06")
    make.make_dialogue(partnership, start="2020-02-06")
    recompute_all()
    return award


@pytest.fixture
def show(partnership, login):
    def get(user, query=""):
        return login(user).get(f"/p/{partnership.key}/deadlines/{query}")

    return get


def text_of(answer):
    return answer.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def titles(answer):
    return [(line.title.replace("\u00a0", " "), line.tag) for line in answer.context["lines"]]


def test_list_begins_with_what_is_late_and_leaves_out_what_is_met(show, officer, award, ilo):
    quarter = Period(date(2019, 7, 1), date(2019, 9, 30))
    mark_met(award_id=award.pk, recipient_id=ilo.pk, period=quarter, met_at=make.lima("2019-10-30 12:00"))
    answer = show(officer)
    assert titles(answer)[:5] == [
        ("Set the targets of the coming year, 2018", "605 days late"),
        ("Set the targets of the coming year, 2019", "240 days late"),
        ("Quarterly SF-425, October–December 2019", "11 days late"),
        ("Quarterly performance report, October–December 2019", "11 days late"),
        ("Quarterly SF-425, January–March 2020", "in 80 days"),
    ]
    assert answer.context["found"] == "20 deadlines, 4 late"
    assert "Waiting on <b>Labour Organization</b>" in text_of(answer)
    assert "Waiting on <b>TIP Office and Testland</b>" in text_of(answer)


def test_date_opens_to_rule_inputs_source_and_weekday(show, officer, award):
    text = text_of(show(officer, "?kind=term_end"))
    for part in (
        "R-TERM-END, the day on which the term ends",
        "June 2022 (day not published; 30 June assumed), end of the term",
        "The term as signed and extended (derived)",
        "Thursday",
    ):
        assert part in text


def lines_by_key(answer):
    return {line.row.key: line for line in answer.context["lines"]}


def test_each_date_opens_what_it_is_about(show, officer, partnership, award):
    make.make_pledge(partnership, key="pledge", ends="2021-06")
    recompute(partnership.pk, today=TODAY)
    lines = lines_by_key(show(officer, "?status=all"))
    base = f"/p/{partnership.key}/"
    assert {key: lines[key].url for key in lines if "q1" in key or "q4" not in key and "q" not in key} == {
        "initial-ilo-2020-q1-financial": f"{base}reports/initial-ilo-2020-q1/",
        "initial-ilo-2020-q1-performance": f"{base}reports/initial-ilo-2020-q1/",
        "initial-award-end": f"{base}funding/awards/initial/",
        "pledge-end": f"{base}pledges/",
        f"{partnership.key}-dialogue-1-next": f"{base}dialogues/",
        f"{partnership.key}-dialogue-1-next-indicators": f"{base}dialogues/",
        **{f"{partnership.key}-targets-{year}": f"{base}dialogues/" for year in range(2018, 2023)},
        f"{partnership.key}-term-decision": base,
        f"{partnership.key}-term-end": base,
    }


def test_links_of_two_partners_are_told_apart_without_seeing_the_page(show, officer, partnership, award):
    award.recipients.create(organization=make.make_organization("ngo", name_en="Second partner"), rule_class="fpe")
    recompute(partnership.pk, today=TODAY)
    links = re.findall(r'<a href="[^"]*/deadlines/[^"?]+/">(.*?)</a>', text_of(show(officer, "?status=all")))
    names = [re.sub("<[^>]*>", "", link) for link in links]
    assert "Quarterly SF-425, January–March 2020, Second partner" in names
    assert len(names) == len(set(names)) > 10


def test_every_link_opens_for_the_reader_who_is_shown_it(login, partnership, award, ilo):
    make.make_pledge(partnership, key="pledge", ends="2021-06")
    recompute(partnership.pk, today=TODAY)
    for user in (
        make.make_user("embassy_viewer", partnership),
        make.make_user("host_delegate", partnership),
        make.make_user("partner_certifier", partnership, organization=ilo),
    ):
        client = login(user)
        lines = client.get(f"/p/{partnership.key}/deadlines/?status=all").context["lines"]
        assert lines
        assert {url: client.get(url).status_code for url in {line.url for line in lines}} == {line.url: 200 for line in lines}


def test_changes_of_a_term_name_the_step_that_moved_it(show, officer, award):
    line = show(officer, "?kind=term_end").context["lines"][0]
    assert [change.replace("\u00a0", " ") for change in line.changes] == [
        "6 Feb 2020: was 30 Jun 2021; moved by: Extended, until June 2022"
    ]
    assert "<dt>Changes</dt>" in text_of(show(officer, "?kind=term_end"))


def test_changes_of_a_final_report_tell_extension_and_void(show, officer, partnership, award):
    extension = make.make_action(award, kind="no_cost_extension", amount=None, effective="2020-02-07", end="2022-06-30")
    recompute(partnership.pk, today=TODAY)
    answer = show(officer, "?kind=final_report")
    assert [change.replace("\u00a0", " ") for change in answer.context["lines"][0].changes] == [
        "7 Feb 2020: was 31 Mar 2021; moved by: No-cost extension, until 30 Jun 2022"
    ]
    gone = show(officer, "?status=superseded").context["lines"][0]
    assert (gone.changes, gone.replaced_by.replace("\u00a0", " ")) == (None, "Final performance report, April–June 2022")
    after = show(officer, gone.replaced_url.partition("deadlines/")[2])
    assert after.context["line"].title.replace("\u00a0", " ") == gone.replaced_by.replace("\u00a0", " ")

    make.make_action(
        award, kind="void", amount=None, effective="2020-02-10", voids=extension, guidance_version="", reason="Wrong."
    )
    recompute(partnership.pk, today=TODAY)
    answer = show(officer, "?kind=final_report")
    assert [change.replace("\u00a0", " ") for change in answer.context["lines"][0].changes] == [
        "7 Feb 2020: was 31 Mar 2021; moved by: No-cost extension, until 30 Jun 2022",
        "10 Feb 2020: was 28 Sep 2022; moved by: Void (No-cost extension, until 30 Jun 2022)",
    ]


def test_date_that_no_step_moved_says_so_and_one_without_a_ledger_says_nothing(show, officer, award):
    assert "None so far" in text_of(show(officer, "?kind=award_end"))
    assert "<dt>Changes</dt>" not in text_of(show(officer, "?kind=dialogue"))


def test_date_met_by_a_sample_report_is_marked_and_so_is_the_count(show, officer, partnership, award, ilo):
    assert 'class="al-sample"' not in text_of(show(officer, "?status=all"))
    report = Report.objects.filter(key="initial-ilo-2019-q3")
    report.update(is_sample=True)
    answer = show(officer, "?status=all")
    assert {line.row.key for line in answer.context["lines"] if line.is_sample} == {
        "initial-ilo-2019-q3-financial",
        "initial-ilo-2019-q3-performance",
    }
    assert text_of(answer).count('class="al-sample"') == 3
    file = show(officer, "?format=csv&kind=financial_report&status=all")
    rows = table(file)
    assert {row["Key"]: row["Sample"] for row in rows}["initial-ilo-2019-q3-financial"] == "true"
    assert [row["Sample"] for row in rows].count("true") == 1


def test_report_behind_a_date_says_its_state_and_when_a_returned_one_is_due_again(show, officer, partnership, award, ilo):
    report = Report.objects.get(key="initial-ilo-2019-q3")
    assert "Report:" not in text_of(show(officer, "?status=all"))
    version = ReportVersion.objects.create(report=report)
    assert "Report: Draft" in text_of(show(officer, "?status=all"))
    for state in ("submitted", "in_review", "returned"):
        ReportVersion.objects.filter(pk=version.pk).update(state=state, due_on=date(2020, 2, 20))
    assert 'Returned; due again <time datetime="2020-02-20">20 Feb 2020</time>' in text_of(show(officer, "?status=all"))


def test_award_without_period_is_listed_with_the_reason(show, officer, award):
    answer = show(officer)
    gaps = {gap.award.key: [reason for _partner, reason in gap.reasons] for gap in answer.context["gaps"]}
    assert gaps == {
        "extension": ["No period of performance is known, so no report falls due."],
        "initial": [
            "No rule is known: final SF-425, foreign public entity.",
            "No rule is known: liquidation of obligations, foreign public entity.",
        ],
    }
    assert "No period of performance is known, so no report falls due." in text_of(answer)


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("?status=overdue", 6),
        ("?status=all", 22),
        ("?status=met", 0),
        ("?kind=dialogue", 1),
        ("?waiting=partners&status=all", 12),
        ("?waiting=governments", 8),
        ("?waiting=me", 8),
        ("?recipient=ilo&kind=financial_report", 5),
        ("?award=initial&kind=award_end", 1),
        ("?award=extension&status=all", 0),
    ],
)
def test_filters_stand_in_the_address(show, officer, award, query, n):
    answer = show(officer, query)
    assert answer.context["page"].count == n
    assert ("No deadline fits this filter" in text_of(answer)) == (n == 0)


@pytest.mark.parametrize("query", ["?kind=party", "?status=late", "?recipient=nobody", "?award=none", "?waiting=godot"])
def test_filter_that_does_not_parse_shows_its_error_and_no_rows(show, officer, award, query):
    answer = show(officer, query)
    assert answer.status_code == 200
    assert answer.context["lines"] == []
    assert "There is a problem" in text_of(answer)
    assert "No deadline fits this filter" not in text_of(answer)


def test_each_reader_sees_the_own_dates(show, partnership, award, ilo):
    def kinds(user):
        return {line.row.kind for line in show(user, "?status=all").context["lines"]}

    reports = {"performance_report", "financial_report", "final_report", "award_end", "extension_request"}
    governments = {"term_end", "term_decision", "dialogue", "dialogue_indicators", "targets"}
    assert kinds(make.make_user("partner_preparer", partnership, organization=ilo)) == reports
    assert kinds(make.make_user("partner_preparer", partnership)) == set()
    assert kinds(make.make_user("host_delegate", partnership)) == governments
    assert kinds(make.make_user("embassy_viewer", partnership)) == reports | governments


def test_host_delegate_is_shown_no_awards(show, partnership, award):
    delegate = make.make_user("host_delegate", partnership)
    answer = show(delegate)
    assert answer.context["gaps"] == []
    assert not {"award", "recipient"} & set(answer.context["form"].fields)
    assert "There is a problem" in text_of(show(delegate, "?award=initial"))
    assert "Labour Organization" not in text_of(answer)


def test_what_waits_for_a_partner_are_its_own_reports(show, partnership, award, ilo):
    answer = show(make.make_user("partner_certifier", partnership, organization=ilo), "?waiting=me")
    assert {line.row.kind for line in answer.context["lines"]} == {
        "performance_report",
        "financial_report",
        "final_report",
        "extension_request",
    }


def test_stranger_finds_nothing_and_a_visitor_is_asked_to_log_in(show, client, partnership, award, stranger):
    assert show(stranger).status_code == 404
    client.logout()
    assert client.get(f"/p/{partnership.key}/deadlines/").status_code == 302


def test_before_records_is_said_and_never_late(show, officer, partnership, award):
    partnership.tracked_from = None
    partnership.save()
    answer = show(officer, "?status=before_records")
    assert {tag for _title, tag in titles(answer)} == {"Before records"}
    assert show(officer, "?status=overdue").context["page"].count == 0


def test_met_and_met_late_say_so(show, officer, award, ilo):
    for quarter, met_at in (("2019-09-30", "2019-10-30 12:00"), ("2019-12-31", "2020-02-02 12:00")):
        last = date.fromisoformat(quarter)
        period = Period(date(2019, last.month - 2, 1), last)
        mark_met(award_id=award.pk, recipient_id=ilo.pk, period=period, met_at=make.lima(met_at))
    assert {tag for _title, tag in titles(show(officer, "?status=met"))} == {"Met"}
    answer = show(officer, "?status=met_late")
    assert {tag for _title, tag in titles(answer)} == {"met 3 days late"}
    assert "Waiting on <b>" not in text_of(answer)


def test_page_warns_when_the_nightly_job_stands_still(show, officer, partnership):
    assert "has not run for two days" in text_of(show(officer))
    now = make.lima("2020-02-10 00:01")
    end_run(begin_run(job_of_zone("America/Lima"), now=now, zone="America/Lima"), now=now)
    assert "has not run for two days" not in text_of(show(officer))


def test_file_holds_the_rows_as_filtered(show, officer, award):
    answer = show(officer, "?format=csv&kind=term_end")
    rows = table(answer)
    assert [(row["Key"], row["Due"], row["Status"]) for row in rows] == [("test-2017-term-end", "2022-06-30", "Upcoming")]


def test_page_says_where_a_day_ends(show, officer, partnership):
    partnership.time_zone = "America/Port_of_Spain"
    partnership.save()
    assert "A day ends when it ends in Port of Spain." in text_of(show(officer))


def test_page_is_whole_in_spanish(show, officer, award):
    text = text_of(show(officer, "?lang=es&status=all"))
    assert "Informe trimestral de desempeño, octubre–diciembre de 2019" in text
    assert "Términos para entidades públicas extranjeras" in text


def test_page_takes_as_many_queries_for_two_hundred_rows_as_for_few(login, officer, partnership, award):
    client, address = login(officer), f"/p/{partnership.key}/deadlines/?status=all"

    def ask():
        with CaptureQueriesContext(connection) as queries:
            return client.get(address).context["page"].count, len(queries)

    n_rows, n_queries = ask()
    assert n_rows < 25
    for number in range(4):
        other = make.make_award(partnership, recipients=[make.make_organization()])
        make.make_action(other, start=f"201{number + 1}-01", end="2024-12")
        make.make_action(other, kind="no_cost_extension", amount=None, end="2025-12", effective="2020-02-07")
    recompute(partnership.pk, today=TODAY)
    more_rows, as_many = ask()
    assert more_rows > 200
    assert as_many <= n_queries <= 15
