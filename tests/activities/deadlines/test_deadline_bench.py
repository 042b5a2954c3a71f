"""The benchmark of the recomputation counts right, and its numbers hold in the small."""

import re
from io import StringIO

import pytest
from django.core.management import call_command

from activities.models import Deadline
from tests.bench import bench_recompute

pytestmark = pytest.mark.django_db


def test_few_statements_at_first_and_not_one_row_written_again(monkeypatch):
    monkeypatch.setattr(bench_recompute, "N_AWARDS", 2)
    monkeypatch.setattr("tests.bench.timing.ROUNDS", 1)
    said = StringIO()
    call_command("bench", "recompute", stdout=said)
    _title, first, again, ratio = said.getvalue().splitlines()
    n_written, n_statements, n_writing = numbers(first)
    assert n_written > 2 * 40 * 2  # ten years of quarters, two reports each
    assert n_statements <= bench_recompute.MOST_STATEMENTS
    assert n_writing
    n_written, n_statements, n_writing = numbers(again)
    assert (n_written, n_writing) == (0, 0)
    assert n_statements <= bench_recompute.MOST_STATEMENTS
    assert re.search(r"\d\.\d\dx", ratio)
    assert not Deadline.objects.exists()


def numbers(line: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", line)]
