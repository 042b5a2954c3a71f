"""How commitments stand on a day, and both languages of a text with the state of each."""

from datetime import date

import pytest

from activities.dialogues.labels import sides_of
from activities.dialogues.queries import count_by_side, standing_of
from activities.models import Commitment, Dialogue

TODAY = date(2020, 2, 10)


def standing(*, as_of=TODAY, known_on=TODAY, **fields):
    return standing_of(Commitment(**fields), as_of=as_of, known_on=known_on)


@pytest.mark.parametrize(
    ("due", "late"), [(None, None), (date(2020, 2, 11), None), (date(2020, 2, 10), None), (date(2020, 2, 9), 1)]
)
def test_an_open_commitment_is_late_from_the_day_after_its_date(due, late):
    assert standing(due_on=due).days_late == late


def test_what_ended_is_never_late_and_was_open_before():
    ended = {"due_on": date(2020, 2, 6), "state": "dropped", "state_on": date(2020, 2, 8)}
    assert (standing(**ended).state, standing(**ended).days_late) == ("dropped", None)
    before = standing(**ended, as_of=date(2020, 2, 7))
    assert (before.state, before.days_late, before.is_open) == ("open", 1, True)


@pytest.mark.parametrize("days", [{"as_of": date(2020, 2, 7)}, {"known_on": date(2020, 2, 7)}])
def test_what_was_confirmed_or_closed_later_was_not_so_yet(days):
    later = {"us_confirmed_on": date(2020, 2, 8), "host_confirmed_on": date(2020, 2, 7), "state": "closed", "state_on": TODAY}
    assert standing(**later).us_on == date(2020, 2, 8)
    found = standing(**later, **days)
    assert (found.us_on, found.host_on, found.state) == (None, date(2020, 2, 7), "open")


def test_each_side_is_counted_for_itself():
    rows = [
        standing(side="us", due_on=date(2020, 2, 9)),
        standing(side="us", state="closed", state_on=TODAY),
        standing(side="host"),
    ]
    assert [(one.side, one.closed, one.open, one.late, one.total) for one in count_by_side(rows)] == [
        ("us", 1, 0, 1, 2), ("host", 0, 1, 0, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("original", "state", "en", "es", "expected"),
    [
        ("en", "draft", "One", "Uno", [("original", "full"), ("draft", "half")]),
        ("es", "checked", "One", "Uno", [("checked", "full"), ("original", "full")]),
        ("en", "stale", "One", "Uno", [("original", "full"), ("stale", "soon")]),
        ("es", "missing", " ", "Uno", [("missing", "off"), ("original", "full")]),
        ("en", "checked", "", "", [("missing", "off"), ("missing", "off")]),
    ],
)
def test_each_language_of_a_text_says_how_far_it_can_be_relied_on(original, state, en, es, expected):
    row = Dialogue(record_original=original, record_state=state, record_en=en, record_es=es)
    sides = sides_of(row, "record")
    assert [(side.state, side.tag) for side in sides] == expected
    assert [side.language for side in sides] == ["en", "es"]
