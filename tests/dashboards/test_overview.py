"""The dashboard's page: what it asks the database does not grow with the rows, and what rests on a job that did not run says
so."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories as make


def fill(partnership, n):
    dialogue = make.make_dialogue(partnership, ordinal=n)
    for _number in range(n):
        award = make.make_award(partnership, recipients=[make.make_organization()])
        make.make_action(award)
        make.make_activity(partnership)
        make.make_commitment(dialogue, due_on=make.day("2020-02-08"))
        make.make_contribution(partnership)
        make.make_statement(partnership, amount=f"{n}00.00")


def test_dashboard_asks_as_often_for_twenty_rows_as_for_two(login, viewer, partnership):
    client = login(viewer)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/p/{partnership.key}/").status_code == 200
        return len(queries)

    fill(partnership, 2)
    few = count()
    fill(partnership, 20)
    assert count() == few


def test_dashboard_says_that_the_nightly_job_has_not_run(login, viewer, partnership):
    assert "has not run for two days" in login(viewer).get(f"/p/{partnership.key}/").content.decode()


def test_csv_of_the_grid_holds_the_cells_of_the_page(login, viewer, partnership):
    make.make_activity(partnership, starts_on="2019-11-05")
    answer = login(viewer).get(f"/p/{partnership.key}/grid.csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert "XA-ONE,prosecute,2019-Q4,1,held" in lines
    assert "XA-TWO,prosecute,2019-Q4,0,silent" in lines
