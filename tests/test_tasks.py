"""Every Celery task, run three times, leaves the database as one run does. Made from the registry: a new task cannot escape."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection

from cpc.celery import app
from funding.pledges.rate_sources.transport import Transport
from tests.access.world import build_world
from tests.funding.test_rate_sources import recorded

app.loader.import_default_modules()
TASKS = sorted(name for name in app.tasks if not name.startswith("celery."))
AT = datetime(2020, 2, 10, 15, tzinfo=UTC)
# Tables that hold nothing of ours.
FOREIGN = {"django_migrations"}


def test_registry_knows_the_tasks_that_beat_asks_for():
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(TASKS)


def tables() -> dict[str, str]:
    """A digest of the rows of each table."""
    names = sorted(set(connection.introspection.table_names()) - FOREIGN)
    digest = "SELECT '{0}', coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM \"{0}\" t"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(digest.format(name) for name in names))
        return dict(cursor.fetchall())


@pytest.mark.django_db
@pytest.mark.parametrize("name", TASKS)
def test_task_run_three_times_leaves_what_one_run_leaves(name, settings, monkeypatch):
    settings.ALIANZA_FETCH_RATES = ["bcrp"]
    monkeypatch.setattr(Transport, "ask", lambda self, path: recorded("bcrp-daily.json"))
    with time_machine.travel(AT, tick=False):
        build_world()
        before = tables()
        app.tasks[name]()
        once = tables()
        assert once != before, "the task has nothing to do in this world: give it something"
        app.tasks[name]()
        app.tasks[name]()
        assert tables() == once
