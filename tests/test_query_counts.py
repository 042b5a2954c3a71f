"""A page or a list of the API asks the database as often for two hundred rows as for two.

Generated from the access table, which holds every route: a GET route is measured, or excused here with the reason. Both worlds
are built once, in the same database, and taken back.
"""

import re
from dataclasses import dataclass, field
from datetime import date

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cpc.accounts.models import User

from .access.accounts import with_passwords
from .access.crowd import PERIODS, crowd, report_in
from .access.world import build_world
from .test_access import TABLE

# Building the worlds takes most of the time: one process does it, for all pages.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("query-counts")]

FEW, MANY = 2, 200
# The widest reader first: who sees the most rows of a page shows the most statements.
PREFERENCE = ("program_officer", "administrator", "partner_certifier", "partner_preparer", "grants_officer")

EXCUSED = {
    "approvals:of-row": "leads on to the proposal",
    "healthz": "asks nothing of the database",
    "api:unknown": "is no resource: always a 404",
    "account_login": "leads a person who is logged in away",
    "account_reset_password_from_key": "without a live key it leads on",
    "account_set_password": "leads a person who has a password away",
    "mfa_authenticate": "stands between password and session; leads a person who is logged in away",
    "mfa_deactivate_totp": "asks for the password again first",
    "mfa_view_recovery_codes": "asks for the password again first",
    "mfa_download_recovery_codes": "asks for the password again first",
}


@dataclass(frozen=True)
class Page:
    """One request: a route, as whom, with which words after the address; `state`: the report of the world stands in it."""

    name: str
    actor: str = ""
    query: str = ""
    state: str = ""
    kwargs: dict = field(default_factory=dict, hash=False)

    @property
    def label(self) -> str:
        parts = (self.name, self.actor and f"as {self.actor}", self.state, self.query, " ".join(map(str, self.kwargs.values())))
        return " ".join(part for part in parts if part)


def served(rule) -> str:
    return next((actor for actor in PREFERENCE if actor in rule.served), None) or sorted(rule.served)[0]


STATES = {
    "reports:check": "draft",
    "reports:submit": "draft",
    "reports:receipt": "submitted",
    "reports:withdraw": "submitted",
    "reports:contents": "accepted",
    "reports:review": "in_review",
    "reports:reopen": "accepted",
}
# What a route shows besides its plain address.
MORE = [
    Page("approvals:new", query="?act=term,coverage,action,award,subaward,allocation,pledge,void"),
    Page("approvals:what-if", query="?term_end=2025-03&award=test-award&award_end=2021-06"),
    Page("approvals:what-if", "partner_certifier", query="?award=test-award&award_end=2021-06"),
    Page("dashboards:overview", query="?as_of=2020-02-01&known_on=2020-02-05"),
    Page("dashboards:award", query="?as_of=2020-02-01&known_on=2020-02-05"),
    Page("dashboards:statements", query="?format=csv"),
    Page("activities:list", "partner_certifier"),
    Page("activities:list", query="?q=activity"),
    Page("activities:list", query="?format=csv"),
    Page("activities:detail", "partner_certifier"),
    Page("activities:new", "partner_preparer"),
    Page("deadlines:list", query="?status=all"),
    Page("deadlines:list", query="?waiting=answer"),
    Page("deadlines:detail", "partner_certifier"),
    Page("deadlines:list", query="?format=csv&status=all"),
    Page("deadlines:list", "partner_certifier", query="?status=all"),
    Page("notices:list", query="?show=all"),
    Page("funding:list", query="?format=csv"),
    Page("funding:list", query="?measure=spent"),
    Page("funding:list", query="?measure=disbursed&format=csv&of=sums"),
    Page("pledges:list", query="?format=csv"),
    Page("pledges:list", query="?format=xlsx"),
    Page("activities:list", query="?format=xlsx"),
    Page("rates:list", query="?format=csv"),
    Page("rates:bases", query="?amount=1000&stated=300&day=2020-01-05"),
    Page("pledges:list", "host_delegate"),
    Page("reports:list", "partner_certifier"),
    Page("reports:list", query="?format=csv"),
    *(Page("reports:detail", actor, state=state) for actor in ("program_officer", "partner_certifier")
      for state in ("draft", "submitted", "in_review", "returned", "accepted")),
    *(Page("reports:task", state=state, kwargs={"task": task}) for state in ("draft", "returned")
      for task in ("indicators-1", "summary", "financial")),
    Page("reports:check", state="returned"),
    Page("partners:people", "administrator"),
    Page("api:award-action-list", query="?format=csv"),
    Page("api:award-action-list", query="?partnership=test-2017&format=xlsx"),
    Page("api:funding-summary", query="?partnership=test-2017&group_by=partner"),
    Page("api:funding-summary", query="?partnership=test-2017&group_by=award&format=csv"),
    Page("api:funding-summary", query="?partnership=test-2017&measure=spent&group_by=quarter"),
    Page("api:funding-summary", query="?partnership=test-2017&measure=contributed&group_by=entity&currency=USD"),
    Page("api:report-list", query="?partnership=test-2017&measure=spent"),
    Page("api:contribution-list", query="?partnership=test-2017&converted_to=USD"),
    Page("api:deadline-list", query="?as_of=2020-02-05"),
    *(Page(name, query="?partnership=test-2017&limit=200") for name in sorted(TABLE)
      if re.fullmatch(r"api:(?!partnership).*-list", name)),
]  # fmt: skip
NEED_A_PASSWORD = {"account_change_password"}
READERS = {"dashboards:home": "partner_certifier"}  # officers are led to their dashboard
PAGES = [
    Page(name, READERS.get(name, ""), state=STATES.get(name, ""))
    for name, route in sorted(TABLE.items())
    if route.get and name not in EXCUSED
]
PAGES += MORE


class Counter:
    """Asks the pages of one world."""

    def __init__(self, world):
        self.world, self.reports = world, {"": world.report}
        self.reports |= {state: report_in(world, state) for state in PERIODS}

    def ask(self, page: Page) -> tuple[int, int, list]:
        """Status, number of statements, and the statements of one request. What the route needed to be asked is taken back."""
        self.world.report = self.reports[page.state]
        with transaction.atomic():
            route = TABLE[page.name]
            if page.name in NEED_A_PASSWORD:
                with_passwords(self.world)
            address = reverse(page.name, kwargs=route.kwargs(self.world) | page.kwargs) + (page.query or route.query)
            # read anew: what the route needed may have changed the passwords, and with them what a session is good for
            person, client = User.objects.get(pk=self.world.actors[page.actor or served(route.get)].pk), Client()
            client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(address)
                if answer.streaming:
                    answer.getvalue()
            transaction.set_rollback(True)
        return answer.status_code, len(queries), [query["sql"] for query in queries]


def measure(n: int, pages) -> dict[str, tuple]:
    with transaction.atomic():
        world = build_world()
        crowd(world, n)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # else the planner takes the tables for empty, and some pages take minutes
        counter = Counter(world)
        found = {page.label: counter.ask(page) for page in pages}
        transaction.set_rollback(True)
    return found


@pytest.fixture(scope="module")
def counts(django_db_setup, django_db_blocker):
    """Label of a page → what it asked for few rows, and for many."""
    quick = {
        "ALIANZA_TODAY": date(2020, 2, 10),
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    }
    with django_db_blocker.unblock(), override_settings(**quick):
        cache.clear()
        few, many = measure(FEW, PAGES), measure(MANY, PAGES)
        # whoever asks first may also fill what the process keeps: where the counts differ, few rows are asked once more
        if differing := [page for page in PAGES if few[page.label][1] != many[page.label][1]]:
            few |= measure(FEW, differing)
    return {label: (few[label], many[label]) for label in few}


def test_every_get_route_is_measured_or_excused():
    measured = {page.name for page in PAGES}
    assert measured.isdisjoint(EXCUSED)
    assert measured | set(EXCUSED) == {name for name, route in TABLE.items() if route.get}
    assert len({page.label for page in PAGES}) == len(PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.label)
def test_page_asks_as_often_for_many_rows_as_for_few(counts, page):
    (status, few, _small), (status_of_many, many, statements) = counts[page.label]
    assert (status, status_of_many) == (200, 200), "a page that does not answer is not measured; excuse it or give it its state"
    assert many == few, "\n".join(repeated(statements))


def repeated(statements) -> list[str]:
    """The statements that were asked more than once, by their beginning, the most frequent first."""
    heads = [sql[:160] for sql in statements]
    return sorted({f"{heads.count(head)} × {head}" for head in heads if heads.count(head) > 1}, reverse=True)
