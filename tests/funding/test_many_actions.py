"""Two hundred awards of fifty steps each are asked in as many statements as two of two, and the benchmark prints its ratios."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from funding.models import Award
from partners.roles import Role
from tests import factories as make
from tests.bench import bench_summary
from tests.bench.ledgers import many

pytestmark = pytest.mark.django_db
MOST = 10  # statements of a page or a list: the contract's figure
PAGES = ["", "?measure=obligated", "?measure=spent", "?format=csv", "?format=csv&of=sums"]
SUMMARIES = ["measure=awarded&group_by=award", "measure=obligated&group_by=partner", "measure=spent&group_by=quarter"]
SUMMARIES += ["measure=contributed&group_by=entity", "measure=contributed&currency=USD", "measure=pledged&currency=USD"]
LISTS = ["award-actions/?measure=awarded", "reports/?measure=spent", "awards/?", "contributions/?"]


def statements(client, n_awards, n_actions) -> dict[str, int]:
    partnership = many(n_awards, n_actions, n_contributions=n_awards)
    client.force_login(make.make_user(Role.EMBASSY_VIEWER, partnership))
    of = f"partnership={partnership.key}"
    addresses = {query: f"/p/{partnership.key}/funding/{query}" for query in PAGES}
    addresses |= {query: f"/api/v1/funding/summary/?{of}&{query}" for query in SUMMARIES}
    addresses |= {query: f"/api/v1/{query}&{of}" for query in LISTS}
    found = {}
    client.get(addresses[""])  # what a process reads once
    for name, address in addresses.items():
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert answer.getvalue()
        found[name] = len(queries)
    return found


def test_as_many_statements_for_ten_thousand_steps_as_for_four(client):
    few, lots = statements(client, 2, 2), statements(client, 200, 50)
    assert lots == few
    assert {name: n for name, n in lots.items() if n > MOST} == {}


def test_the_benchmark_prints_a_ratio_for_every_measure(monkeypatch):
    monkeypatch.setattr(bench_summary, "N_AWARDS", 2)
    monkeypatch.setattr(bench_summary, "N_ACTIONS", 2)
    monkeypatch.setattr(bench_summary, "N_HOST_ROWS", 2)
    monkeypatch.setattr("tests.bench.timing.ROUNDS", 1)
    said = StringIO()
    call_command("bench", "summary", stdout=said)
    lines = re.findall(r"^(\w+) +(\w+) +door +[\d.]+x \(\d+\) +API +[\d.]+x \(\d+\)$", said.getvalue(), re.MULTILINE)
    assert {measure for measure, _group in lines} == set(bench_summary.OFFER)
    assert not Award.objects.exists()


def test_an_unknown_benchmark_names_those_that_there_are():
    with pytest.raises(CommandError, match="There are: .*summary"):
        call_command("bench", "nothing")
