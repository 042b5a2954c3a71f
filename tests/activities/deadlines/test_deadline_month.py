"""The month beside the list of deadlines, and the list between two days."""

from datetime import date

import pytest
from django.core.exceptions import BadRequest
from django.utils.translation import override

from activities.deadlines.month import asked_month, month_of
from activities.deadlines.queries import rows_of
from activities.tasks import recompute
from cpc.core.workdays import is_holiday
from tests import factories as make

TODAY = date(2020, 2, 10)
day = date.fromisoformat


@pytest.fixture
def award(partnership):
    ilo = make.make_organization("ilo", short_name="ILO", organization_class="foreign_public_entity")
    award = make.make_award(partnership, key="initial", recipients=[ilo], rule_class="fpe")
    make.make_action(award, start="2019-07", end="2020-12", effective="2019-07-01")
    recompute(partnership.pk, today=TODAY)
    return award


def month(officer, partnership, first, **more):
    rows = list(rows_of(officer, partnership, today=TODAY))
    return month_of(rows, partnership, first=day(first), today=TODAY, **({"closed_days": {}} | more))


def cells(found):
    return {cell.day.isoformat(): cell for week in found.weeks for cell in week}


def test_month_is_whole_weeks_with_its_dates_and_the_late_ones_stand_out(officer, partnership, award):
    found = month(officer, partnership, "2020-02-01")
    assert [len(week) for week in found.weeks] == [7] * 5
    shown = cells(found)
    assert list(shown)[0] == "2020-01-27"
    assert (shown["2020-01-30"].is_out, shown["2020-02-01"].is_out) == (True, False)
    assert [day for day, cell in shown.items() if cell.is_today] == ["2020-02-10"]
    entries = shown["2020-01-30"].entries
    assert {entry.words for entry in entries} == {"ILO: report", "ILO: SF-425"}
    assert {entry.look for entry in entries} == {"al-late"}
    assert not [cell for cell in shown.values() if cell.entries and cell.day.isoformat() != "2020-01-30"]
    for first, on, words in (("2021-06-01", "2021-06-30", "Term ends"), ("2021-03-01", "2021-03-31", "ILO: final report")):
        assert [(entry.words, entry.look) for entry in cells(month(officer, partnership, first))[on].entries] == [(words, "")]


def test_holidays_of_both_countries_are_named_and_days_closed_by_decree(officer, partnership, award):
    closed = {"XA": {day("2020-02-18")}}
    shown = cells(month(officer, partnership, "2020-02-01", closed_days=closed))
    assert {day: cell.holidays for day, cell in shown.items() if cell.holidays} == {
        "2020-02-17": ["United States"],
        "2020-02-18": ["Testland"],
    }


def test_weekend_is_no_holiday_and_an_observed_day_is_one():
    assert not is_holiday(day("2020-02-15"), "US")
    assert is_holiday(day("2020-07-03"), "US")  # Independence Day fell on a Saturday
    assert is_holiday(day("2020-07-28"), "PE")
    assert not is_holiday(day("2020-07-28"), "XA")


def test_months_turn_over_the_year_and_end_with_the_calendar(officer, partnership, award):
    with override("en"):
        assert month(officer, partnership, "2020-02-01").before == ("2020-01", "January")
        assert month(officer, partnership, "2020-12-01").after == ("2021-01", "January 2021")
        assert month(officer, partnership, "1900-01-01").before is None
        assert month(officer, partnership, "2199-12-01").after is None


@pytest.mark.parametrize("text", ["", "2020", "2020-13", "2020-2", "2020-02-01", "0000-01", "1899-12", "2200-01", "٢٠٢٠-٠٢", "x"])
def test_month_that_does_not_exist_is_refused(text):
    with pytest.raises(BadRequest):
        asked_month(text, default=TODAY)


def test_month_of_the_address_or_of_the_first_day_asked_for_or_of_today(login, officer, partnership, award):
    client, address = login(officer), f"/p/{partnership.key}/deadlines/"
    for query, label in (("", "February 2020"), ("?month=2021-03", "March 2021"), ("?from=2020-07-15", "July 2020")):
        assert client.get(address + query).context["month"].label == label
    assert client.get(f"{address}?month=soon").status_code == 400
    text = client.get(f"{address}?month=2020-05&kind=dialogue").content.decode()
    assert "kind=dialogue&amp;month=2020-06#month" in text or "month=2020-06&amp;kind=dialogue#month" in text


def test_list_holds_what_falls_due_between_two_days(login, officer, partnership, award):
    client, address = login(officer), f"/p/{partnership.key}/deadlines/"
    query = "?status=all&from=2020-01-30&to=2020-04-30"
    assert {line.row.due_on.isoformat() for line in client.get(address + query).context["lines"]} == {"2020-01-30", "2020-04-30"}
    shown = client.get(f"{address}?from=30/01/2020")
    assert shown.context["lines"] == []
    assert "Write a day as year-month-day, for example 2020-02-06." in shown.content.decode()
    for as_of in ("", "&as_of=2020-02-11"):
        rows = client.get(f"/api/v1/deadlines/?partnership={partnership.key}&from=2020-01-30&to=2020-04-30{as_of}").json()[
            "results"
        ]
        assert {row["due_on"] for row in rows} == {"2020-01-30", "2020-04-30"}
    assert client.get(f"/api/v1/deadlines/?partnership={partnership.key}&to=2020-02-30").status_code == 400
