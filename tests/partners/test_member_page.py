"""The page of who works together: what of it was true and could be known on the day that is asked for."""

import re

import pytest

from tests import factories as make


def words(answer):
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", text.replace("\xa0", " "))


@pytest.fixture
def page(login, viewer, partnership):
    client = login(viewer)

    def get(query="", status=200):
        answer = client.get(f"/p/{partnership.key}/partners/{query}")
        assert answer.status_code == status
        return words(answer)

    return get


def test_members_begin_and_end_on_their_days(page, partnership):
    prime = make.make_organization("first", name_en="First House")
    make.make_member(partnership, prime, from_on=make.day("2018-01-01"), to_on=make.day("2019-12-31"))
    assert "First House" not in page("?as_of=2017-12-31")
    assert "1 Jan 2018 – 31 Dec 2019 ended" not in page("?as_of=2019-12-31")
    assert "1 Jan 2018 – 31 Dec 2019 ended" in page()


def test_a_member_of_whom_no_day_is_known_is_shown_in_words(page, partnership):
    make.make_member(partnership, make.make_organization("second", name_en="Second House"), part="sub_recipient")
    assert re.search(r"Sub-recipients .*Second House [^.]*not published", page())


def test_what_a_later_source_says_was_not_known_before(page, partnership):
    source = make.make_document(partnership, title="Later page", published_on=make.day("2019-05-01"))
    undated = make.make_document(partnership, title="Page without a day", published_on=None)
    make.make_member(partnership, make.make_organization("third", name_en="Third House"), source=source)
    make.make_member(partnership, make.make_organization("fourth", name_en="Fourth House"), source=undated)
    before, after = page("?known_on=2019-04-30"), page("?known_on=2019-05-01")
    for said in ("Later page", "Third House"):
        assert said not in before
        assert said in after
    for said in ("Page without a day", "Fourth House", "day not published"):
        assert said in before
    assert "You look back" in before


def test_days_left_follow_the_day_that_is_asked_for(page):
    assert "1,476 days left of the term" in page("?as_of=2017-06-15")
    assert "506 days left of the term" in page()


def test_a_wrong_day_is_answered_at_the_field(page):
    assert "in the future" in page("?as_of=2020-02-11", status=400)


def test_a_stranger_learns_nothing(login, stranger, partnership):
    assert login(stranger).get(f"/p/{partnership.key}/partners/").status_code == 404


def test_as_many_queries_for_fifty_members_as_for_two(login, viewer, partnership, django_assert_max_num_queries):
    client, path = login(viewer), f"/p/{partnership.key}/partners/"
    for _n in range(2):
        make.make_member(partnership)
    with django_assert_max_num_queries(12) as few:
        client.get(path)
    for _n in range(48):
        make.make_member(partnership)
    with django_assert_max_num_queries(12) as many:
        client.get(path)
    assert len(many) == len(few)
