"""The pages of reports, each for its owner, a stranger and the wrong role."""

from datetime import date

import pytest

from activities.models import Deadline
from activities.reporting.models import Report, ReportVersion
from activities.reporting.services import sync_reports
from cpc.core.periods import Period
from partners.roles import Role
from tests import factories as make

from .conftest import KEY, LIST, Q3, Q4, owe, text_of, url


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


def test_before_records_is_listed_and_never_overdue(world, login):
    world.partnership.tracked_from = None
    world.partnership.save()
    page = login(world.officer).get(LIST)
    assert "Before records" in text_of(page)
    assert "late" not in text_of(page).split("<tbody>")[1]
    assert login(world.officer).get(f"{LIST}?late=yes").context["page"].count == 0
    assert Deadline.objects.count() == 2
    assert Report.objects.count() == 1


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
